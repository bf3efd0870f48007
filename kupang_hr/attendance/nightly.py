"""The night of the days: yesterday, today so far, and what has come in since for days before.

The night begins where the last one stopped, so that one after an outage takes all the days in between. Permits,
corrections, rotas and holidays change their days at once; here is what changes days without a document of theirs:
punches that came in late, exits and stand-downs entered late, first contracts dated back. A permit or correction
is looked at again too: a site may have imported it, or its day may have been closed and opened.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe

from kupang_hr.attendance.days import LONGEST_RANGE, RebuildDays
from kupang_hr.bulk import query
from kupang_hr.bulk.run import start
from kupang_hr.clock import today

ONE_DAY = timedelta(days=1)


def rebuild_days() -> list[dict[str, Any]]:
	"""Build yesterday and today, and what the last night has not seen. Answers the Bulk Runs."""
	day = today()
	last = last_night(day)
	first = max(min(day - ONE_DAY, last.as_of if last else day), day - timedelta(days=LONGEST_RANGE - 1))
	night = {"night": day.isoformat(), "last": day.isoformat()}
	answers = []
	if last:
		answers += [_start(first=on, last=on) for on in holidays_known_since(last.as_of, first)]
		if ranges := touched(last, first):
			answers.append(start(RebuildDays.action, {**night, "first": first.isoformat(), "ranges": ranges}))
	return [*answers, start(RebuildDays.action, {**night, "first": first.isoformat()})]


def _start(**criterion: Any) -> dict[str, Any]:
	return start(RebuildDays.action, {key: str(value) for key, value in criterion.items()})


def last_night(day: date) -> Any | None:
	"""The newest night before or on `day` that went through: the day it worked as of, and when it began."""
	run = frappe.qb.DocType("Bulk Run")
	rows = query.run(
		frappe.qb.from_(run)
		.select(run.as_of, run.started_at)
		.where((run.action == RebuildDays.action) & (run.status == "Completed") & (run.as_of <= day))
		.where(run.run_key.like(f"{RebuildDays.action}/night %"))
		.orderby(run.as_of, order=frappe.qb.desc)
		.orderby(run.started_at, order=frappe.qb.desc)
		.limit(1)
	)
	return rows[0] if rows else None


def holidays_known_since(since: date, first: date) -> list[date]:
	"""Days before `first` that a revision has made a holiday, or taken from them, from `since` on."""
	rows = frappe.get_all(
		"Local Holiday",
		filters={"known_from": ("between", (since, today())), "day": ("<", first)},
		pluck="day",
		order_by="day asc",
	)
	earliest = first - timedelta(days=LONGEST_RANGE)
	return [day for day in rows if day > earliest]


def touched(last: Any, first: date) -> dict[str, tuple[str, str]]:
	"""The days before `first` to build anew, by person: the first and the last of them, as ISO dates."""
	earliest, latest = first - timedelta(days=LONGEST_RANGE - 1), first - ONE_DAY
	found: dict[str, tuple[date, date]] = {}
	for person, start_day, end_day in _changes(last, first):
		start_day, end_day = max(start_day, earliest), min(end_day or latest, latest)
		if start_day <= end_day:
			before = found.get(person, (start_day, end_day))
			found[person] = (min(before[0], start_day), max(before[1], end_day))
	return {person: (days[0].isoformat(), days[1].isoformat()) for person, days in sorted(found.items())}


def _changes(last: Any, first: date) -> Iterator[tuple[str, date, date | None]]:
	"""Person, first and last day of what has changed; no last day: from the first on."""
	yield from _late_punches(last.as_of, first)
	for doctype, begins, ends, made_by_hand in (
		("Absence Permit", "from_date", "to_date", False),
		("Attendance Correction", "day", "day", False),
		("Personnel Exit", "exit_date", None, False),
		("Stand Down Line", "effective_date", None, False),
		("PTT Contract", "start_date", None, True),
	):
		table = frappe.qb.DocType(doctype)
		rows = frappe.qb.from_(table).where(table[begins] < first)
		if made_by_hand:  # an SK counts from its day, and a contract is stamped each time its status changes
			rows = rows.where((table.creation >= last.started_at) & table.decree.isnull())
		else:
			rows = rows.where(table.modified >= last.started_at)
		if doctype != "Stand Down Line":
			rows = rows.where(table.docstatus > 0)
		rows = rows.select(table.personnel, table[begins], *([table[ends]] if ends else []))
		for person, start_day, *end_day in query.run(rows, as_dict=False):
			yield person, start_day, end_day[0] if end_day else None


def _late_punches(since: date, first: date) -> Iterator[tuple[str, date, date]]:
	"""Entries received from `since` on that count before `first`: to their day, or to the night before."""
	punch = frappe.qb.DocType("Attendance Punch")
	rows = (
		frappe.qb.from_(punch)
		.select(punch.personnel, punch.counted_at)
		.where(punch.received_at >= datetime.combine(since, time.min))
		.where(punch.counted_at < datetime.combine(first, time.min))
	)
	for person, when in query.run(rows, as_dict=False):
		yield person, when.date() - 2 * ONE_DAY, when.date()
