"""The steps that the calendar performs: nightly by the scheduler, or by hand as of a date.

Each works from the date, so that a night after an outage does all that is due, and a second run the same day
changes nothing.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import add_days

from kupang_hr.access.criterion import visible
from kupang_hr.bulk import query
from kupang_hr.bulk.run import finish, start
from kupang_hr.clock import as_of, today
from kupang_hr.cycle.stand_down import carry_out, prepare_order
from kupang_hr.notices.scores import remind


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
	"""One digest an OPD, within the days of the setting before the deadline: how many wait for scores; the raters told."""
	days = frappe.db.get_single_value("Kupang HR Settings", "rating_reminder_days") or 0
	rounds = frappe.get_all(
		"Renewal Round",
		filters={"status": "Open", "rating_deadline": ("<=", add_days(today(), days))},
		fields=["name", "rating_deadline"],
		order_by="year asc",
	)
	return [user for row in rounds for user in remind(row.name, row.rating_deadline)]


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
	found: dict[str, dict[str, int]] = {}
	for row in query.run(visible(rows, "Contract Renewal", renewal)):
		found.setdefault(row.opd, {})[row.workflow_state] = row.people
	return found


STEPS: tuple[Callable, ...] = (expire_contracts, prepare_stand_down, carry_out_stand_down, remind_raters)


def run_all(day: date | str | None = None) -> dict[str, Any]:
	"""Every nightly step in its order, as of a date; the answer of each by its name."""
	with as_of(day):
		return {step.__name__: step() for step in STEPS}


def runs_of(steps: dict[str, Any]) -> list[dict[str, Any]]:
	"""The runs that the steps of a night have started, by the answer of `run_all`."""
	return [run for run in (*steps["expire_contracts"], *steps["carry_out_stand_down"]) if run["name"]]


def finish_all(steps: dict[str, Any]) -> list[dict[str, Any]]:
	"""Do here what `run_all` has left to a worker; the runs of its answer become as they have ended."""
	for run in (runs := runs_of(steps)):
		run.update(finish(run["name"]))
	return runs
