"""The steps that the calendar performs: nightly by the scheduler, or by hand as of a date.

Each works from the date, so that a night after an outage does all that is due, and a second run the same day
changes nothing.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import add_days

from kupang_hr.access.criterion import criterion
from kupang_hr.access.seats import opd_tree, rater_of
from kupang_hr.bulk import query
from kupang_hr.bulk.run import start
from kupang_hr.clock import as_of, today
from kupang_hr.cycle.stand_down import carry_out, prepare_order
from kupang_hr.rules.renewal import DRAFT


def expire_contracts() -> list[dict[str, Any]]:
	"""Expire contracts whose last day has passed, begin those whose first has come, and bring duty up to date."""
	return [start("expire", {}), start("refresh-duty", {})]


def prepare_stand_down() -> list[str]:
	"""Make the draft order of each open round whose day is near; its name."""
	ahead = frappe.db.get_single_value("Kupang HR Settings", "stand_down_lead_days") or 0
	rounds = frappe.get_all(
		"Renewal Round",
		filters={"status": "Open", "ending_to": ("<=", add_days(today(), ahead))},
		pluck="name",
		order_by="year asc",
	)
	orders = [prepare_order(name) for name in rounds if _still_ahead(name)]
	return [order for order in orders if order]


def _still_ahead(round_name: str) -> bool:
	"""Whether nobody of the round has been issued an SK yet: after that an order would come too late."""
	return not frappe.db.exists("Contract Renewal", {"round": round_name, "docstatus": 1})


def carry_out_stand_down() -> list[dict[str, Any]]:
	"""Carry out the submitted orders whose day has come, if the setting says so."""
	if not frappe.db.get_single_value("Kupang HR Settings", "automatic_stand_down"):
		return []
	due = frappe.get_all(
		"Stand Down Order",
		filters={"docstatus": 1, "status": "Ready", "effective_date": ("<=", today())},
		pluck="name",
		order_by="effective_date asc",
	)
	return [carry_out(name) for name in due]


def remind_raters() -> list[str]:
	"""One notification a rater, within the days of the setting before the deadline: how many wait for scores."""
	days = frappe.db.get_single_value("Kupang HR Settings", "rating_reminder_days") or 0
	rounds = frappe.get_all(
		"Renewal Round",
		filters={"status": "Open", "rating_deadline": ("<=", add_days(today(), days))},
		fields=["name", "rating_deadline"],
		order_by="year asc",
	)
	return [user for row in rounds for user in remind_round(row.name, row.rating_deadline)]


def remind_round(round_name: str, deadline: date | None) -> list[str]:
	"""Notify each rater of a round who has unrated people, at most once a day; who was notified."""
	reminded = []
	for user, people in _not_reminded(round_name).items():
		subject = _("{0} people wait for your scores in round {1}").format(people, round_name)
		if deadline:
			subject += " · " + _("due {0}").format(frappe.format(deadline, "Date"))
		_notify(user, round_name, subject)
		reminded.append(user)
	return reminded


def raters_to_remind(round_name: str) -> list[dict[str, Any]]:
	"""Who would be notified now: user, full_name, people without scores; the most first."""
	waiting = _not_reminded(round_name)
	names = dict(
		frappe.get_all(
			"User",
			filters={"name": ("in", list(waiting))},
			fields=["name", "full_name"],
			as_list=True,
			order_by="name asc",
		)
	)
	rows = [
		{"user": user, "full_name": names.get(user), "people": people} for user, people in waiting.items()
	]
	return sorted(rows, key=lambda row: (-row["people"], row["user"]))


def _not_reminded(round_name: str) -> dict[str, int]:
	"""How many people wait for the scores of each rater who has not been notified today."""
	notified = _notified_today(round_name)
	return {user: people for user, people in unrated_by_rater(round_name).items() if user not in notified}


def unrated_by_rater(round_name: str) -> dict[str, int]:
	"""How many people of a round each rater has not rated."""
	renewal, person = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("Personnel")
	rows = (
		frappe.qb.from_(renewal)
		.join(person)
		.on(person.name == renewal.personnel)
		.select(person.opd, Count("*").as_("people"))
		.where((renewal.round == round_name) & (renewal.workflow_state == DRAFT))
		.groupby(person.opd)
		.orderby(person.opd)
	)
	tree, found = opd_tree(), {}
	for row in query.run(rows):
		if rater := rater_of(row.opd, today(), tree):
			found[rater] = found.get(rater, 0) + row.people
	return found


def states_by_opd(round_name: str) -> dict[str, dict[str, int]]:
	"""How many renewals of a round are in each state, by present seat; of those the session's user sees."""
	renewal, person = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("Personnel")
	rows = (
		frappe.qb.from_(renewal)
		.join(person)
		.on(person.name == renewal.personnel)
		.select(person.opd, renewal.workflow_state, Count("*").as_("people"))
		.where(renewal.round == round_name)
		.groupby(person.opd, renewal.workflow_state)
		.orderby(person.opd)
	)
	seen = criterion("Contract Renewal", renewal, frappe.session.user)
	found: dict[str, dict[str, int]] = {}
	for row in query.run(rows if seen is None else rows.where(seen)):
		found.setdefault(row.opd, {})[row.workflow_state] = row.people
	return found


def _notified_today(round_name: str) -> set[str]:
	log = frappe.qb.DocType("Notification Log")
	rows = (
		frappe.qb.from_(log)
		.select(log.for_user)
		.where((log.document_type == "Renewal Round") & (log.document_name == round_name))
		.where(log.creation >= today())
	)
	return set(query.values(rows))


def _notify(user: str, round_name: str, subject: str) -> None:
	note = frappe.new_doc("Notification Log")
	note.update(
		{
			"type": "Alert",
			"for_user": user,
			"from_user": frappe.session.user,
			"document_type": "Renewal Round",
			"document_name": round_name,
			"subject": subject,
		}
	)
	note.insert(ignore_permissions=True)


STEPS: tuple[Callable, ...] = (expire_contracts, prepare_stand_down, carry_out_stand_down, remind_raters)


def run_all(day: date | str | None = None) -> dict[str, Any]:
	"""Every nightly step in its order, as of a date; the answer of each by its name."""
	with as_of(day):
		return {step.__name__: step() for step in STEPS}
