"""The year of a person out of the logs: days expected, present and unexcused, for the attendance component.

The logs replace the source, not the rule: the appraisal computes its score from the summary as ever. A summary
that was imported stays until the logs know at least as many expected days as it tells; a year in which the app
began late keeps the count that was brought along.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import cint

from kupang_hr.access.criterion import visible
from kupang_hr.attendance.days import LOG
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Change, Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.step import WholeStep
from kupang_hr.clock import today
from kupang_hr.exceptions import DayRangeError
from kupang_hr.rules.attendance import EXPECTED_CODES, PRESENT_CODES, UNEXCUSED

SUMMARY = "Attendance Summary"
FROM_LOGS, IMPORTED = "Attendance Logs", "Import"
COUNTS = ("days_expected", "days_present", "days_unexcused")


class SummarizeAttendance(WholeStep):
	"""Compute the Attendance Summaries of a year from the logs. Criterion: `year`, and `names` of people."""

	action = "summarize-attendance"
	doctype = "Personnel"
	writes = (SUMMARY,)
	is_counted = True
	roles = ("BKPPD Clerk",)

	def prepare(self) -> None:
		self.year = cint(self.criterion.get("year"))
		if not 2000 <= self.year <= today().year:
			frappe.throw(_("Give a year that has begun."), DayRangeError)

	def subject(self) -> int:
		return self.year

	def waiting(self):
		log, person = frappe.qb.DocType(LOG), self.table
		logged = frappe.qb.from_(log).select(log.personnel).where(_in_year(log, self.year))
		rows = frappe.qb.from_(person).where(person.name.isin(logged))
		return visible(rows, self.doctype, person, self.user)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		people = lock_rows("Personnel", names, ("full_name",))
		there = lock_rows(SUMMARY, _there([f"{name}-{self.year}" for name in people]), (*COUNTS, "source"))
		counted = {f"{name}-{self.year}": row for name, row in count_days(list(people), self.year).items()}
		trail.update(
			SUMMARY,
			{
				name: Change(row, {**counted[name], "source": FROM_LOGS})
				for name, row in there.items()
				if name in counted and is_replaced(row, counted[name])
			},
		)
		new = [
			{
				"name": f"{name}-{self.year}",
				"personnel": name,
				"personnel_name": person.full_name,
				"year": self.year,
				"source": FROM_LOGS,
				**counted[f"{name}-{self.year}"],
			}
			for name, person in people.items()
			if f"{name}-{self.year}" in counted and f"{name}-{self.year}" not in there
		]
		trail.insert(SUMMARY, new)
		return {}


def _there(names: Sequence[str]) -> list[str]:
	"""Those of the names that exist: a lock on a missing row would lock a gap."""
	if not names:
		return []
	summary = frappe.qb.DocType(SUMMARY)
	rows = frappe.qb.from_(summary).select(summary.name).where(summary.name.isin(query.NAMES))
	return query.values(rows, names=tuple(names))


def is_replaced(row: Any, counted: Mapping[str, int]) -> bool:
	"""Whether the logs take the place of a summary that is there."""
	return row.source != IMPORTED or counted["days_expected"] >= (row.days_expected or 0)


def count_days(names: Sequence[str], year: int) -> dict[str, dict[str, int]]:
	"""The counts of a year by person, of those who have any log in it."""
	if not names:
		return {}
	log = frappe.qb.DocType(LOG)
	rows = (
		frappe.qb.from_(log)
		.select(log.personnel, log.code, Count("*"))
		.where(log.personnel.isin(query.NAMES) & _in_year(log, year))
		.groupby(log.personnel, log.code)
	)
	by_code: dict[str, dict[str, int]] = {}
	for person, code, days in query.run(rows, as_dict=False, names=tuple(names)):
		by_code.setdefault(person, {})[code] = days
	return {person: _counts(codes) for person, codes in by_code.items()}


def _counts(days: Mapping[str, int]) -> dict[str, int]:
	sums = (_sum(days, EXPECTED_CODES), _sum(days, PRESENT_CODES), _sum(days, (UNEXCUSED,)))
	return dict(zip(COUNTS, sums, strict=True))


def _sum(days: Mapping[str, int], codes: Iterable[str]) -> int:
	return sum(days.get(code, 0) for code in codes)


def _in_year(log, year: int):
	return log.day[date(year, 1, 1) : date(year, 12, 31)]
