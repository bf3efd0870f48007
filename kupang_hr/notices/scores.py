"""Scores due: each OPD that has people without scores is told how many, at most once a day."""

from datetime import date
from functools import partial
from typing import Any

import frappe
from frappe import _

from kupang_hr.clock import today
from kupang_hr.cycle.rating import unrated_by_opd
from kupang_hr.notices.addressees import Office, offices
from kupang_hr.notices.digest import SCORES_DUE, Digest, Message, send, was_sent


def remind(round_name: str, deadline: date | None) -> list[str]:
	"""Tell each OPD of a round that has unrated people, its rater and its clerk; the raters who were told."""
	told = [office.rater for office in _offices(round_name) if send(_digest(round_name, deadline, office))]
	return list(dict.fromkeys(filter(None, told)))


def raters_to_remind(round_name: str) -> list[dict[str, Any]]:
	"""Who would be told now: user, full_name, people without scores; the most first."""
	waiting: dict[str, int] = {}
	for office in _offices(round_name):
		if office.rater and not was_sent(_digest(round_name, None, office)):
			waiting[office.rater] = waiting.get(office.rater, 0) + _people(office)
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


def _offices(round_name: str) -> list[Office]:
	return offices(unrated_by_opd(round_name))


def _people(office: Office) -> int:
	return sum(office.about.values())


def _digest(round_name: str, deadline: date | None, office: Office) -> Digest:
	return Digest(
		kind=SCORES_DUE,
		event=f"{round_name}/{today()}",
		opd=office.opd,
		recipients=(office.rater, office.clerk),
		compose=partial(_message, round_name, deadline, office),
		reference=("Renewal Round", round_name),
	)


def _message(round_name: str, deadline: date | None, office: Office) -> Message:
	subject = _("{0}: {1} people wait for scores in round {2}").format(
		office.opd, _people(office), round_name
	)
	if deadline:
		subject = _("{0}, due {1}").format(subject, frappe.format(deadline, "Date"))
	counts = [_("{0}: {1} people").format(opd, people) for opd, people in office.about.items()]
	return Message(subject, (subject + ".",), ((_("By OPD"), counts),) if len(counts) > 1 else ())
