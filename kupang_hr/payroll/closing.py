"""Closing a month: one line a person, and when it is closed again a difference line for whoever has news.

What a month comes to is always made afresh, from the days, the contracts and the rules; the lines that are there are
subtracted, and what is left over becomes a new line. So a closed line never changes, and closing again without news
adds nothing. Days that are not over yet are left out; they come with the next closing.

The first closing takes the Attendance Logs, which it freezes; whoever lacks one for a day with hours is derived from
the facts instead. Once the month is closed its logs stand still, so every later closing derives everybody, and what
a log had missed becomes a difference line.

Everybody is looked at each time: whether somebody has news is known only after that. The run goes through people
in the order of their names, see `WholeStep`. A closing that dies leaves lines of a version that nobody is shown;
the next one takes them as they are and goes on.

A line holds to the working days of the schedule, and to the OPD, that the person's first line of the month had.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from kupang_hr.attendance.facts import holiday_codes
from kupang_hr.attendance.schedules import Roster, days_between
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.run import start
from kupang_hr.bulk.step import WholeStep
from kupang_hr.clock import now, today
from kupang_hr.exceptions import PeriodError
from kupang_hr.payroll import days, lines, periods
from kupang_hr.rules.calendar import MONDAY_TO_FRIDAY
from kupang_hr.rules.pay import (
	PERCENT_BANDS,
	DeductionRule,
	MonthLine,
	NoWorkingDays,
	OverlappingContracts,
	PaidTerm,
	PayError,
	PayMonth,
	close_person_month,
	correction_of,
	pay_month,
	period_checksum,
	sum_of,
)


def close_period(period: str) -> dict[str, Any]:
	"""Close a month, or close it again; answers the Bulk Run. Raises PeriodError, PermissionError."""
	return start(ClosePeriod.action, {"period": period})


class ClosePeriod(WholeStep):
	"""Write the lines of a month. Criterion: `period`, like 2021-01; always for everybody."""

	action = "close-period"
	doctype = "Personnel"
	writes = (lines.LINE,)
	roles = ("BKPPD Head",)
	can_rehearse = True

	def prepare(self) -> None:
		self.period = self.criterion.get("period")
		periods.check_may_close(self.period)
		if set(self.criterion) - {"period"}:
			frappe.throw(_("A month is closed for everybody."), PeriodError)

	def subject(self) -> str:
		return self.period

	def waiting(self):
		return frappe.qb.from_(self.table)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		place = place_of(self.period)
		rows, refused = new_lines(names, place)
		trail.insert(lines.LINE, rows)
		return refused

	def takes(self, names: Sequence[str], made: Mapping[str, Sequence[Mapping]]) -> Sequence[str]:
		"""Whoever gets a line."""
		return [row["personnel"] for row in made.get(lines.LINE, ())]

	def finish(self, failed: int) -> None:
		"""Show the lines of this closing to the finance office; those of whom it could not be said are missing."""
		row = periods.lock(self.period)
		version = row.version + 1
		self.added = added = lines.figures(self.period, version)
		if row.status == periods.CLOSED and not added["lines"]:
			return
		moment = {"version": version, "closed_by": self.user, "closed_at": now()}
		moment["checksum"] = period_checksum(lines.checksums(self.period))
		shown = {key: added[key] for key in ("people", "lines", "payable")}
		doc = frappe.get_doc(periods.PERIOD, self.period, for_update=True)
		doc.write_closing({**lines.figures(self.period), **moment}, {**shown, **moment})

	def outcome(self) -> str:
		"""How many lines this closing has added: who has one that is still right gets none."""
		return _("Lines added: {0}, of {1} people.").format(self.added["lines"], self.added["people"])


@dataclass(frozen=True)
class Place:
	"""Where new lines go: month, the version under way, and the month that pays them."""

	period: str
	version: int
	booked_in: str


def place_of(period: str) -> Place:
	"""Lock the month and say where its next lines go."""
	row = periods.lock(period)
	return Place(period, row.version + 1, periods.booking_month(period, row.status))


@dataclass
class Calendar:
	"""The month by Work Schedule, worked out once for everybody who shares it."""

	first: date
	last: date
	roster: Roster
	holidays: Mapping[date, str]
	rules: Sequence[DeductionRule]
	in_percent: bool
	_months: dict[tuple, PayMonth] = field(default_factory=dict)

	@classmethod
	def read(cls, period: str) -> "Calendar":
		first, last = periods.bounds(period)
		settings = frappe.get_cached_doc("Kupang HR Settings")
		rules = [
			DeductionRule(
				row.code,
				row.rupiah,
				row.legal_basis,
				getdate(row.valid_from),
				getdate(row.valid_to) if row.valid_to else None,
			)
			for row in settings.deduction_rules
		]
		holidays = holiday_codes(first, last, today())
		return cls(first, last, Roster.read(first, last), holidays, rules, bool(settings.percent_bands))

	def month(self, schedule: str | None, is_asn: bool) -> PayMonth:
		"""The month of a schedule; percents are computed for civil servants alone, if at all."""
		key = (schedule, is_asn and self.in_percent)
		if key not in self._months:
			working = self.working_days(schedule)
			percents = PERCENT_BANDS if key[1] else None
			self._months[key] = pay_month(self.first, self.last, working, self.rules, percents)
		return self._months[key]

	def working_days(self, schedule: str | None) -> list[date]:
		"""Days with hours that are no holiday, Monday to Friday where there is no schedule."""
		month, windows = days_between(self.first, self.last), self.roster.windows(schedule)
		if not windows:
			with_hours = [day for day in month if day.weekday() in MONDAY_TO_FRIDAY]
		else:
			with_hours = [day for day in month if day in windows]
		if self.roster.works_on_holidays(schedule):
			return with_hours
		return [day for day in with_hours if day not in self.holidays]


def new_lines(names: Sequence[str], place: Place) -> tuple[list[dict[str, Any]], dict[str, str]]:
	"""The lines that are to be added for these people, and why there can be none, by person.

	A constant number of queries; the caller holds the lock of the month.
	"""
	calendar = Calendar.read(place.period)
	people, terms = _people(names), _paid_terms(names, calendar.first, calendar.last)
	before = lines.closed_lines(place.period, names)
	months = _months(people, calendar, place)
	rows, refused = [], {}
	for name, person in people.items():
		old, terms_of_person = before.get(name, ()), terms.get(name, ())
		own = months[name]
		if not (own or terms_of_person or old):
			continue
		seat = _seat(person, old, own.opd or person.opd, calendar.roster)
		is_asn = person.employment_type == lines.ASN
		month = calendar.month(seat["work_schedule"], is_asn)
		try:
			whole = close_person_month(own.days, None if is_asn else terms_of_person, month)
		except PayError as error:
			refused[name] = _refusal(error)
			continue
		if own.others:
			whole = sum_of((whole, MonthLine(days=own.others)))
		if line := _to_add(whole, old, place):
			rows.append(lines.row_of(line, len(month.working_days), _keys(person, place, old, seat)))
	return rows, refused


def _to_add(whole: MonthLine, old: Sequence[Any], place: Place) -> MonthLine | None:
	"""What the lines that are there lack to the whole month; None where they lack nothing."""
	if old or place.version > 1:
		return correction_of(map(lines.month_line, old), whole)
	return whole if whole.days or whole.contract_days else None


def _months(people: Mapping[str, Any], calendar: Calendar, place: Place) -> dict[str, days.Month]:
	"""The days of each person."""
	found = days.from_logs(people, calendar.roster) if place.version == 1 else {}
	if missing := [name for name in people if name not in found]:
		found.update(days.from_facts(missing, calendar.first, calendar.last))
	return found


def _seat(person: Any, old: Sequence[Any], opd: str, roster: Roster) -> dict[str, Any]:
	"""OPD and schedule: of the first line of the month, otherwise of its last day."""
	if old:
		return {"opd": old[0].opd, "work_schedule": old[0].work_schedule or None}
	return {"opd": opd, "work_schedule": roster.usual(opd, person.work_schedule)}


def _keys(person: Any, place: Place, old: Sequence[Any], seat: Mapping[str, Any]) -> dict[str, Any]:
	return {
		"name": f"{place.period}-{person.name}-{len(old) + 1}",
		"period": place.period,
		"version": place.version,
		"booked_in": place.booked_in,
		"refers_to": old[-1].name if old else None,
		"personnel": person.name,
		"personnel_name": person.full_name,
		**seat,
	}


def _people(names: Sequence[str]) -> dict[str, Any]:
	person = frappe.qb.DocType("Personnel")
	fields = ("name", "full_name", "employment_type", "opd", "work_schedule")
	rows = frappe.qb.from_(person).select(*fields).where(person.name.isin(query.NAMES))
	return query.rows_by(rows.orderby(person.name), "name", names=tuple(names))


def _paid_terms(names: Sequence[str], first: date, last: date) -> dict[str, list[PaidTerm]]:
	"""The submitted contracts of each person that reach into the month, shortened where service ended early."""
	contract = frappe.qb.DocType("PTT Contract")
	rows = (
		frappe.qb.from_(contract)
		.select(
			contract.personnel,
			contract.start_date,
			contract.end_date,
			contract.terminated_on,
			contract.monthly_pay,
		)
		.where(contract.personnel.isin(query.NAMES) & (contract.docstatus == 1))
		.where((contract.start_date <= last) & (contract.end_date >= first))
		.orderby(contract.start_date)
	)
	found: dict[str, list[PaidTerm]] = {}
	for person, start_date, end, ended, pay in query.run(rows, as_dict=False, names=tuple(names)):
		end = min(end, ended or end)
		if end >= max(start_date, first):
			found.setdefault(person, []).append(PaidTerm(start_date, end, round(pay)))
	return found


def _refusal(error: PayError) -> str:
	"""Why there is no line, in the user's words."""
	if isinstance(error, NoWorkingDays):
		return _("The schedule of this person has no working day in the month.")
	if isinstance(error, OverlappingContracts):
		return _("Two contracts of this person share a day.")
	return str(error)
