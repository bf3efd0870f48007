"""The figures of a day and of a month, read from the Attendance Logs by set, each with its base.

A question is one grouped count over the index that holds all of it (see Attendance Log), whatever the number of
people; OPD names, capacities and the last seal come with a few small ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Sum
from frappe.utils import cstr, get_first_day, get_last_day, getdate

from kupang_hr.access.criterion import visible
from kupang_hr.access.seats import below, capacities, capacity_on, opd_tree
from kupang_hr.attendance.evidence import last_seal
from kupang_hr.bulk import query
from kupang_hr.exceptions import DayRangeError
from kupang_hr.rules.attendance import (
	CODES,
	DEVICE,
	DIRUMAHKAN,
	EXPECTED_CODES,
	HOLIDAY_CODES,
	LEAVE,
	OFF_SHIFT,
	OFFICIAL_DUTY,
	PERMITTED,
	PRESENT_CODES,
	SICK,
	STUDY_DUTY,
	UNEXCUSED,
	WFO,
	attendance_percent,
)
from kupang_hr.rules.rota import seats

LOG = "Attendance Log"
PENDING = ""  # the code of a day that is not over: expected, not yet known
MODES_IN_OFFICE = (WFO, DEVICE)
CODES_OF_COUNT: Mapping[str, frozenset[str]] = {
	"measured": frozenset({*CODES, PENDING}),
	"expected": EXPECTED_CODES | {PENDING},
	"present": PRESENT_CODES,
	"sick": frozenset({SICK}),
	"on_leave": frozenset({LEAVE}),
	"permitted": frozenset({PERMITTED}),
	"official_duty": frozenset({OFFICIAL_DUTY}),
	"study_duty": frozenset({STUDY_DUTY}),
	"unexcused": frozenset({UNEXCUSED}),
	"pending": frozenset({PENDING}),
	"stood_down": frozenset({DIRUMAHKAN}),
	"holiday": HOLIDAY_CODES,
	"off": frozenset({OFF_SHIFT}),
}
SUMS = ("minutes_late", "minutes_early", "missing_entries")
MONTH_LENGTH = len("2021-01")


def daily(day: date | str, user: str | None = None, opd: str | None = None) -> dict[str, Any]:
	"""The figures of a day, for all whom `user` (None: the session's) sees, or for an OPD with its subtree.

	Counts are people: those of CODES_OF_COUNT, late (any minute), in_office (present, recorded there).
	`attendance_percent`: Decimal, None where nobody was expected; `base` says of what. `by_opd`: the same by OPD,
	with headcount (measured and not stood down), capacity_percent of it, capacity in people, over_capacity.
	`last_seal`: day, seal, sealed_at and punches of the newest, or None. Raises DayRangeError.
	"""
	day = day_of(day)
	log = frappe.qb.DocType(LOG)
	rows = (
		_logs(log, day, day, user, opd)
		.select(
			log.opd,
			log.code,
			log.mode,
			Count("*").as_("people"),
			Sum(Case().when(log.minutes_late > 0, 1).else_(0)).as_("late"),
		)
		.groupby(log.opd, log.code, log.mode)
	)
	by_opd = _by_opd(query.run(rows), _of_day)
	tree, percents = opd_tree(), capacities()
	for name, found in by_opd.items():
		found.update(_capacity(found, capacity_on(name, day, tree, percents)))
	total = _total(by_opd.values(), (*CODES_OF_COUNT, "late", "in_office"))
	return {
		"date": day,
		**total,
		"base": base_in_words(total),
		"by_opd": _named(by_opd, tree),
		"last_seal": last_seal(),
	}


def monthly(month: date | str, user: str | None = None, opd: str | None = None) -> dict[str, Any]:
	"""The figures of a month ("2021-01", or any day of it), scope and arguments as of `daily`.

	`days`: days of people by code; with pending, expected, present, attendance_percent and its `base`, minutes_late,
	minutes_early and missing_entries; `by_opd`: the same by OPD.
	"""
	first = month_of(month)
	log = frappe.qb.DocType(LOG)
	rows = (
		_logs(log, first, getdate(get_last_day(first)), user, opd)
		.select(log.opd, log.code, Count("*").as_("people"))
		.select(*[Sum(log[column]).as_(column) for column in SUMS])
		.groupby(log.opd, log.code)
	)
	by_opd = _by_opd(query.run(rows), _of_month)
	total = _total(by_opd.values(), (*CODES_OF_COUNT, *SUMS))
	total["days"] = {code: sum(found["days"][code] for found in by_opd.values()) for code in CODES}
	return {
		"month": first,
		**total,
		"base": base_in_words(total, in_days=True),
		"by_opd": _named(by_opd, opd_tree()),
	}


def latest_day() -> date | None:
	"""The newest day that has logs."""
	log = frappe.qb.DocType(LOG)
	rows = frappe.qb.from_(log).select(log.day).orderby(log.day, order=frappe.qb.desc).limit(1)
	found = query.values(rows)
	return found[0] if found else None


def base_in_words(total: Mapping[str, int], in_days: bool = False) -> str:
	"""What the percentage is a share of."""
	text = (
		_(
			"Percentage: days present (office, home, field or official duty) of {0} days expected,"
			" which are {1} days of people less {2} stood down, {3} on holiday and {4} off by shift."
		)
		if in_days
		else _(
			"Percentage: people present (office, home, field or official duty) of {0} expected,"
			" which are {1} measured less {2} stood down, {3} on holiday and {4} off by shift."
		)
	)
	counts = (total[key] for key in ("expected", "measured", "stood_down", "holiday", "off"))
	return text.format(*counts)


# What is asked for


def day_of(value: date | str | None) -> date:
	"""A day as given by a client, "2021-01-31". Raises DayRangeError."""
	try:
		return date.fromisoformat(cstr(value))
	except ValueError:
		frappe.throw(_("Give the day as a date."), DayRangeError)


def month_of(value: date | str | None) -> date:
	"""The first day of a month, given as "2021-01" or as any day of it. Raises DayRangeError."""
	text = cstr(value)
	return getdate(get_first_day(day_of(f"{text}-01" if len(text) == MONTH_LENGTH else value)))


def _logs(log: Any, first: date, last: date, user: str | None, opd: str | None):
	rows = frappe.qb.from_(log).where(log.day[first:last])
	return narrowed(rows, log, user, opd)


def narrowed(rows: Any, log: Any, user: str | None, opd: str | None):
	"""A query over logs, less what the user does not see or did not ask for."""
	if opd:
		rows = rows.where(log.opd.isin(below(opd)))
	return visible(rows, LOG, log, user)


# Counting


def _by_opd(rows: Sequence[Any], of_row: Any) -> dict[str, dict[str, Any]]:
	"""Grouped rows added up by OPD."""
	by_opd: dict[str, dict[str, Any]] = {}
	for row in rows:
		code, people = row.code or PENDING, int(row.people)
		found = by_opd.setdefault(row.opd or "", {"days": dict.fromkeys(CODES, 0)})
		counted = {key: people for key, codes in CODES_OF_COUNT.items() if code in codes}
		for key, number in {**dict.fromkeys(CODES_OF_COUNT, 0), **counted, **of_row(row, code)}.items():
			found[key] = found.get(key, 0) + number
		if code:
			found["days"][code] += people
	for found in by_opd.values():
		found["attendance_percent"] = attendance_percent(found["present"], found["expected"])
	return by_opd


def _of_day(row: Any, code: str) -> dict[str, int]:
	in_office = code in PRESENT_CODES and row.mode in MODES_IN_OFFICE
	return {"late": int(row.late or 0), "in_office": int(row.people) if in_office else 0}


def _of_month(row: Any, code: str) -> dict[str, int]:
	return {column: int(row[column] or 0) for column in SUMS}


def _total(found: Iterable[Mapping], keys: Sequence[str]) -> dict[str, Any]:
	rows = list(found)
	total: dict[str, Any] = {key: sum(row[key] for row in rows) for key in keys}
	total["attendance_percent"] = attendance_percent(total["present"], total["expected"])
	return total


def _capacity(found: Mapping[str, int], percent: int) -> dict[str, Any]:
	headcount = found["measured"] - found["stood_down"]
	capacity = seats(headcount, percent)
	return {
		"headcount": headcount,
		"capacity_percent": percent,
		"capacity": capacity,
		"over_capacity": found["in_office"] > capacity,
	}


def _named(by_opd: Mapping[str, dict], tree: Mapping[str, Any]) -> list[dict[str, Any]]:
	"""In the order of the tree; OPDs that are gone last."""
	order = {name: number for number, name in enumerate(tree)}
	return [
		{"opd": name, "opd_name": tree[name].opd_name if name in tree else name, **by_opd[name]}
		for name in sorted(by_opd, key=lambda name: (order.get(name, len(order)), name))
	]
