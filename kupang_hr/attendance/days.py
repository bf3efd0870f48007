"""The day of a person, made of everything on file; written as Attendance Log by set, as often as anybody likes.

`derive` only reads: it is what a day is, closed month or not. `rebuild` brings the logs of the months that are
not closed to it, and writes only what differs. A log has no Version (`track_changes` is off): it can be made again
from its facts, which have theirs, and the Bulk Run says who had it made when.

The seat of a day is the one that its log was first written with: who moves later does not take the past along.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import get_first_day, get_last_day, getdate

from kupang_hr.access.criterion import visible
from kupang_hr.access.seats import opd_tree
from kupang_hr.attendance import violations
from kupang_hr.attendance.facts import Correction, Facts, read_facts
from kupang_hr.attendance.schedules import MARGIN, ONE_DAY, days_between
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.step import WholeStep
from kupang_hr.clock import now, today
from kupang_hr.exceptions import DayRangeError
from kupang_hr.rules.attendance import Day, DayFacts, Window, day_in_windows, derive_day
from kupang_hr.rules.contract import STOOD_DOWN

LOG = "Attendance Log"
LONGEST_RANGE = 366
COLUMNS = (
	"personnel",
	"personnel_name",
	"day",
	"opd",
	"code",
	"mode",
	"first_in",
	"last_out",
	"minutes_worked",
	"minutes_late",
	"minutes_early",
	"missing_entries",
	"source",
	"permit",
	"correction",
)
NOTHING: Mapping = {}


class Derived(NamedTuple):
	"""A day with the documents that it rests on. `outside`: a punch outside the region that counts to it."""

	day: Day
	permit: str | None
	correction: str | None
	opd: str
	outside: str | None = None

	@property
	def missing_entries(self) -> int:
		return self.day.missing_in + self.day.missing_out

	def logged(self, on: date) -> tuple:
		"""As rules.pay.LoggedDay takes it; a code of None is a day that is not over."""
		day = self.day
		return on, day.code, day.minutes_late, day.minutes_early, self.missing_entries


def derive(
	names: Sequence[str], first: date, last: date, as_of: datetime | None = None
) -> dict[str, dict[date, Derived]]:
	"""The days of people from `first` to `last`, both included, by person and day; a person without any is empty.

	Missing are days on which somebody is not employed, and days without hours on which nothing was recorded.
	A code of None: nothing recorded yet on a day that is not over at `as_of` (naive WITA; None: now). Reads with
	a constant number of queries and locks nothing; a month of a thousand people at a time is a good size.
	"""
	return {name: days for name, days, _facts in _derived(names, first, last, as_of)}


def _derived(
	names: Sequence[str], first: date, last: date, as_of: datetime | None
) -> Iterator[tuple[str, dict[date, Derived], Facts | None]]:
	"""Each person's days, with the facts that all of them share."""
	if not names:
		return
	as_of = as_of or now()
	facts = read_facts(names, first, last, as_of)
	days, around = days_between(first, last), days_between(first - MARGIN, last + MARGIN)
	for name in names:
		found = dict(_Person(name, facts, around).days(days, as_of)) if name in facts.people else {}
		yield name, found, facts


class _Person:
	"""One person's share of the facts."""

	def __init__(self, name: str, facts: Facts, around: Sequence[date]) -> None:
		self.row, self.facts, self.duty = facts.people[name], facts, facts.duty[name]
		self.seats, self.rota = facts.seats.get(name, NOTHING), facts.rota.get(name, NOTHING)
		self.permits = facts.permits.get(name, NOTHING)
		self.corrections = facts.corrections.get(name, NOTHING)
		self.usual = facts.roster.usual(self.row.opd, self.row.work_schedule)
		self.schedules: Mapping[date, str | None] = (
			NOTHING  # of each day, where they are not all the usual one
		)
		self.windows = taking = facts.roster.windows(self.usual)
		if self.seats or self.rota:
			self.schedules = {day: self.schedule_on(day) for day in around}
			self.windows, taking = facts.roster.own_windows(self.schedules, self.rota)
		self.entries: dict[date, list[tuple]] = {}
		for punch in facts.punches.get(name, ()):
			self.entries.setdefault(day_in_windows(taking, punch[0]), []).append(punch)

	def schedule_on(self, day: date) -> str | None:
		rota = self.rota.get(day)
		if rota and rota.shift:
			return rota.shift
		return self.facts.roster.usual(self.seats.get(day, self.row.opd), self.row.work_schedule)

	def days(self, days: Sequence[date], as_of: datetime) -> Iterator[tuple[date, Derived]]:
		for day in days:
			window, entries, correction = (
				self.windows.get(day),
				self.entries.get(day, ()),
				self.corrections.get(day),
			)
			if window is None and not entries and correction is None:
				continue
			facts = self.facts_of(day, window, entries, correction)
			derived = derive_day(facts, as_of, self.facts.grace_minutes)
			if derived:
				permit = self.permits.get(day)
				outside = next((entry[3] for entry in entries if entry[4]), None)
				seat = self.seats.get(day, self.row.opd)
				yield (
					day,
					Derived(derived, permit and permit.name, correction and correction.name, seat, outside),
				)

	def facts_of(self, day: date, window: Window | None, entries, correction: Correction | None) -> DayFacts:
		rota, permit = self.rota.get(day), self.permits.get(day)
		corrected = (correction.in_at, correction.out_at, correction.code) if correction else (None,) * 3
		punches = [entry[:3] for entry in entries]
		if correction:
			punches += correction.entries
		return DayFacts(
			self.duty_on(day, punches, corrected),
			window,
			self.facts.holidays.get(day),
			self.facts.roster.works_on_holidays(self.schedules.get(day, self.usual)),
			rota.place if rota else None,
			permit.code if permit else None,
			permit.part if permit else None,
			punches,
			*corrected,
		)

	def duty_on(self, day: date, punches: Sequence, corrected: Sequence) -> str | None:
		"""On the day a back-dated SK is signed, who has not come yet is still at home."""
		if day in self.duty.recalls and not punches and not any(corrected):
			return STOOD_DOWN
		return self.duty.on(day)


# Writing


def rebuild(names: Sequence[str], first: date, last: date, trail: Trail, lock: bool = False) -> int:
	"""Bring the logs of people up to date, in the open transaction; how many rows were written or taken away.

	Days to come and days of closed months are left alone. The caller holds the people's rows, or says `lock`, as a
	document does whose transaction has begun before: then rows are read as they are now. Violations that the days
	show are made or closed too.
	"""
	last = min(last, today())
	if lock:
		lock_rows("Personnel", sorted(set(names)), ())
	return sum(_rebuild_open(names, *part, trail, lock) for part in open_parts(first, last))


def open_parts(first: date, last: date) -> Iterator[tuple[date, date]]:
	"""The range month by month, without the months that are closed."""
	closed = closed_months(first, last)
	while first <= last:
		month_end = get_last_day(first)
		if get_first_day(first) not in closed:
			yield first, min(last, month_end)
		first = month_end + ONE_DAY


def closed_months(first: date, last: date) -> set[date]:
	"""The first days of the closed months that the range touches."""
	months = frappe.get_all(
		"Attendance Period",
		filters={"status": "Closed", "month": ("between", (get_first_day(first), last))},
		pluck="month",
		order_by="month asc",
	)
	return set(months)


def _rebuild_open(names: Sequence[str], first: date, last: date, trail: Trail, lock: bool) -> int:
	there = _written(names, first, last, lock)
	rows, days, facts = {}, {}, None
	for name, days[name], facts in _derived(names, first, last, None):
		title = facts.people[name].full_name if days[name] else None
		rows.update((f"{name}-{day}", _row(name, title, day, each)) for day, each in days[name].items())
	new = {name: row for name, row in rows.items() if there.get(name) != row}
	gone = [name for name in there if name not in rows or name in new]
	if lock:
		gone = sorted({*gone, *new})
	_delete(gone)
	trail.insert(LOG, [{"name": name, **dict(zip(COLUMNS, row, strict=True))} for name, row in new.items()])
	if facts:
		violations.record(days, facts, first, last, trail)
	return len(new) + sum(name not in rows for name in there)


def _row(name: str, title: str, day: date, derived: Derived) -> tuple:
	"""The values of a log in the order of COLUMNS."""
	found = derived.day
	return (
		name,
		title,
		day,
		derived.opd,
		found.code,
		found.mode,
		found.first_in,
		found.last_out,
		found.minutes_worked,
		found.minutes_late,
		found.minutes_early,
		derived.missing_entries,
		found.source,
		derived.permit,
		derived.correction,
	)


def _written(names: Sequence[str], first: date, last: date, lock: bool) -> dict[str, tuple]:
	"""The logs that are there, by name. `lock`: as they are now; (personnel, day) is a unique key."""
	if not names:
		return {}
	log = frappe.qb.DocType(LOG)
	rows = (
		frappe.qb.from_(log)
		.select(log.name, *[log[column] for column in COLUMNS])
		.where(log.personnel.isin(query.NAMES) & log.day[first:last])
	)
	found = query.run(rows.for_update() if lock else rows, as_dict=False, names=tuple(names))
	return {row[0]: row[1:] for row in found}


def _delete(names: Sequence[str]) -> None:
	if names:
		log = frappe.qb.DocType(LOG)
		query.run(frappe.qb.from_(log).delete().where(log.name.isin(query.NAMES)), names=tuple(names))


class RebuildDays(WholeStep):
	"""Bring the Attendance Logs of many people up to date.

	Criterion: `first` and `last` (ISO dates, both included), and optionally `opd` (with its subtree), `names` of
	people, or `ranges`: by person the first and last day instead. An OPD head does so for their own people.
	"""

	action = "rebuild-days"
	doctype = "Personnel"
	writes = (LOG, violations.VIOLATION)
	is_counted = True
	roles = ("BKPPD Clerk", "BKPPD Head", "OPD Head", "System Manager")
	by_user = True

	def prepare(self) -> None:
		self.days = day_range(self.criterion.get("first"), self.criterion.get("last"))
		ranges = self.criterion.get("ranges") or {}
		self.ranges = {name: day_range(*days) for name, days in ranges.items()}
		if ranges:
			self.criterion["names"] = sorted(ranges)

	def subject(self) -> str:
		night = self.criterion.get("night")
		return f"night {night}" if night else "/".join(map(str, self.days))

	def waiting(self):
		person = self.table
		rows = frappe.qb.from_(person)
		if self.criterion.get("opd"):
			rows = rows.where(person.opd.isin(subtree(self.criterion["opd"])))
		return visible(rows, self.doctype, person, self.user)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		alike: dict[tuple[date, date], list[str]] = {}
		for name in lock_rows("Personnel", names, ()):
			alike.setdefault(self.ranges.get(name, self.days), []).append(name)
		for days, those in alike.items():
			rebuild(those, *days, trail)
		return {}


def day_range(first: Any, last: Any) -> tuple[date, date]:
	"""Two dates in order, not in the future and not further apart than a year. Raises DayRangeError."""
	try:
		start, end = getdate(first), getdate(last)
	except (ValueError, frappe.ValidationError):
		start = end = None
	if not (first and last and start and end):
		frappe.throw(_("Give the first and the last day as dates."), DayRangeError)
	if end < start:
		frappe.throw(_("The last day lies before the first."), DayRangeError)
	if start > today():
		frappe.throw(_("Days to come cannot be built."), DayRangeError)
	if (end - start).days >= LONGEST_RANGE:
		frappe.throw(_("At most {0} days at once.").format(LONGEST_RANGE), DayRangeError)
	return start, end


def subtree(opd: str) -> list[str]:
	"""An OPD and all below it."""
	return [seat.name for seat in opd_tree().values() if opd in (seat.name, *seat.ancestors)]
