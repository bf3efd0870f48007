"""People whose unexcused days of a year reach a threshold of the settings: a list, never an action."""

from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import cint, getdate
from pypika.functions import Extract

from kupang_hr.attendance.report import LOG, narrowed
from kupang_hr.bulk import query
from kupang_hr.exceptions import DayRangeError
from kupang_hr.rules.attendance import UNEXCUSED, Thresholds, over_threshold

YEARS, MONTHS = range(1900, 2200), range(1, 13)


def thresholds() -> Thresholds:
	"""Those of the settings; 0 is none."""
	settings = frappe.get_cached_doc("Kupang HR Settings")
	return Thresholds(settings.unexcused_days_month or None, settings.unexcused_days_year or None)


def unexcused(
	year: int | str, month: int | str | None = None, user: str | None = None, opd: str | None = None
) -> list[dict[str, Any]]:
	"""Every threshold that somebody reached, the most days first: personnel, personnel_name, opd, employment_type,
	month (1 to 12, None for the year), days, limit.

	Only people whom `user` (None: the session's) sees; `month`: of that month alone; `opd`: days spent in that OPD
	or below it. Two queries over any number of people. Raises DayRangeError.
	"""
	year, month = _year_and_month(year, month)
	limits = thresholds()
	reached = {
		name: found
		for name, by_month in _unexcused_by_month(year, user, opd).items()
		if (found := over_threshold(by_month, sum(by_month.values()), limits))
	}
	people = _people(sorted(reached))
	rows = [
		{**people[name], "month": each.month, "days": each.days, "limit": each.limit}
		for name, found in reached.items()
		if name in people
		for each in found
		if month in (None, each.month)
	]
	return sorted(rows, key=lambda row: (-row["days"], row["personnel"], row["month"] or 0))


def _year_and_month(year: Any, month: Any) -> tuple[int, int | None]:
	year, number = cint(year), cint(month)
	if year not in YEARS or (month not in (None, "") and number not in MONTHS):
		frappe.throw(_("Give a year, and a month from 1 to 12 if any."), DayRangeError)
	return year, number or None


def _unexcused_by_month(year: int, user: str | None, opd: str | None) -> dict[str, dict[int, int]]:
	log = frappe.qb.DocType(LOG)
	month = Extract("MONTH", log.day)
	rows = (
		frappe.qb.from_(log)
		.select(log.personnel, month.as_("month"), Count("*").as_("days"))
		.where((log.code == UNEXCUSED) & log.day[getdate(f"{year}-01-01") : getdate(f"{year}-12-31")])
		.groupby(log.personnel, month)
	)
	found: dict[str, dict[int, int]] = {}
	for person, number, days in query.run(narrowed(rows, log, user, opd), as_dict=False):
		found.setdefault(person, {})[int(number)] = int(days)
	return found


def _people(names: list[str]) -> dict[str, dict[str, Any]]:
	if not names:
		return {}
	person = frappe.qb.DocType("Personnel")
	rows = frappe.qb.from_(person).select(
		person.name.as_("personnel"),
		person.full_name.as_("personnel_name"),
		person.opd,
		person.employment_type,
	)
	return query.rows_by(rows.where(person.name.isin(query.NAMES)), "personnel", names=tuple(names))
