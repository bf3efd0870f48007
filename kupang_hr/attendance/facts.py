"""All that decides people's days, read by set: the same number of queries for one person and for a thousand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import frappe

from kupang_hr.attendance.duty import Duty, duty_of
from kupang_hr.attendance.schedules import MARGIN, Roster, RotaDay, days_between, rota_days
from kupang_hr.bulk import query
from kupang_hr.cycle.stand_down import local_revisions
from kupang_hr.rules.attendance import (
	AFTERNOON,
	IN,
	LEAVE,
	MORNING,
	OFFICIAL_DUTY,
	OUT,
	PERMITTED,
	SICK,
	STUDY_DUTY,
)
from kupang_hr.rules.calendar import city_holidays

OUT_OF_REGION = "Out of Region"
CODE_OF_KIND = {
	"Sick": SICK,
	"Permitted": PERMITTED,
	"Leave": LEAVE,
	"Official Duty": OFFICIAL_DUTY,
	"Study Duty": STUDY_DUTY,
}
EXCUSES_LEAVING = ("Official Duty", OUT_OF_REGION)
TIMES, CODE, CLAIMED_TIME = "Times", "Code", "Claimed Time"
LEFT_REGION = "Outside Region"  # a flag of rules.geo, as Attendance Punch keeps it


@dataclass(frozen=True, slots=True)
class Permit:
	"""What permits say of one day: code and part as the rule takes them, and the document that says so."""

	name: str
	code: str
	part: str | None


@dataclass(slots=True)
class Correction:
	"""What corrections say of one day. `entries`: late received punches at the time that was accepted."""

	name: str
	in_at: datetime | None = None
	out_at: datetime | None = None
	code: str | None = None
	entries: list[tuple] = field(default_factory=list)


@dataclass(frozen=True)
class Facts:
	"""The facts of some people and a range of days, each by person and most of them by day."""

	roster: Roster
	people: Mapping[str, Any]
	duty: Mapping[str, Duty]
	seats: Mapping[str, Mapping[date, str]]
	rota: Mapping[str, Mapping[date, RotaDay]]
	permits: Mapping[str, Mapping[date, Permit]]
	excused: Mapping[str, Mapping[date, str]]
	corrections: Mapping[str, Mapping[date, Correction]]
	punches: Mapping[str, Sequence[tuple]]
	holidays: Mapping[date, str]
	grace_minutes: int


def read_facts(names: Sequence[str], first: date, last: date, as_of: datetime) -> Facts:
	"""Everything about these people from `first` to `last`, as known at `as_of`. The names must not be empty."""
	names = tuple(names)
	roster = Roster.read(first, last)
	people = _people(names)
	seats = _seats(names, first, last)
	rota = rota_days(names, first - MARGIN, last + MARGIN)
	span = roster.span(_schedules_in_use(roster, people, seats, rota))
	permits, excused = _permits(names, first, last)
	corrections, accepted = _corrections(names, first, last, span)
	return Facts(
		roster=roster,
		people=people,
		duty=duty_of(list(people.values())),
		seats=seats,
		rota=rota,
		permits=permits,
		excused=excused,
		corrections=corrections,
		punches=_punches(names, span, accepted),
		holidays=holiday_codes(first, last, as_of.date()),
		grace_minutes=frappe.db.get_single_value("Kupang HR Settings", "grace_minutes") or 0,
	)


def _schedules_in_use(roster: Roster, people: Mapping, seats: Mapping, rota: Mapping) -> set[str | None]:
	kinds = {(person.opd, person.work_schedule) for person in people.values()}
	kinds |= {(opd, people[name].work_schedule) for name, days in seats.items() for opd in set(days.values())}
	shifts = {row.shift for days in rota.values() for row in days.values() if row.shift}
	return {roster.usual(*kind) for kind in kinds} | shifts


def holiday_codes(first: date, last: date, as_of: date | None = None) -> dict[date, str]:
	"""L or CB of each holiday of the city, as known on a date."""
	holidays = city_holidays(first, last, local_revisions(), as_of)
	return {day: holiday.code for day, holiday in holidays.items()}


class Person(NamedTuple):
	"""What of a Personnel decides days."""

	name: str
	full_name: str
	employment_type: str
	opd: str
	work_schedule: str | None
	duty_status: str
	duty_status_since: date | None


def _people(names: tuple[str, ...]) -> dict[str, Person]:
	person = frappe.qb.DocType("Personnel")
	rows = frappe.qb.from_(person).select(*Person._fields).where(person.name.isin(query.NAMES))
	return {row[0]: Person(*row) for row in query.run(rows, as_dict=False, names=names)}


def _seats(names: tuple[str, ...], first: date, last: date) -> dict[str, dict[date, str]]:
	"""The seats of days whose log was written when the person sat elsewhere: a move does not change the past."""
	log, person = frappe.qb.DocType("Attendance Log"), frappe.qb.DocType("Personnel")
	rows = (
		frappe.qb.from_(log)
		.join(person)
		.on(person.name == log.personnel)
		.select(log.personnel, log.day, log.opd)
		.where(log.personnel.isin(query.NAMES) & log.day[first:last] & (log.opd != person.opd))
	)
	found: dict[str, dict[date, str]] = {}
	for personnel, day, opd in query.run(rows, as_dict=False, names=names):
		found.setdefault(personnel, {})[day] = opd
	return found


def _permits(names: tuple[str, ...], first: date, last: date):
	"""The permit of each day; and what allows to leave the region, by person and day."""
	permit = frappe.qb.DocType("Absence Permit")
	rows = (
		frappe.qb.from_(permit)
		.select(permit.personnel, permit.name, permit.kind, permit.part, permit.from_date, permit.to_date)
		.where(permit.personnel.isin(query.NAMES) & (permit.docstatus == 1))
		.where((permit.from_date <= last) & (permit.to_date >= first))
		.orderby(permit.from_date)
		.orderby(permit.name)
	)
	permits: dict[str, dict[date, Permit]] = {}
	excused: dict[str, dict[date, str]] = {}
	for person, name, kind, part, start, end in query.run(rows, as_dict=False, names=names):
		for day in days_between(max(start, first), min(end, last)):
			if kind in EXCUSES_LEAVING:
				excused.setdefault(person, {})[day] = name
			if kind in CODE_OF_KIND:
				own = permits.setdefault(person, {})
				own[day] = _together(own.get(day), Permit(name, CODE_OF_KIND[kind], part or None))
	return permits, excused


def _together(one: Permit | None, other: Permit) -> Permit:
	"""Of two permits for a day the one for all of it, otherwise the one that begins later; two halves are a day."""
	if one is None or (one.part and not other.part):
		return other
	if other.part and not one.part:
		return one
	if {one.part, other.part} == {MORNING, AFTERNOON}:
		return Permit(one.name, one.code, None)
	return other


def _corrections(names: tuple[str, ...], first: date, last: date, span: tuple[datetime, datetime]):
	"""The correction of each day; and the punches that count at another time than they were received."""
	correction, punch = frappe.qb.DocType("Attendance Correction"), frappe.qb.DocType("Attendance Punch")
	rows = (
		frappe.qb.from_(correction)
		.left_join(punch)
		.on(punch.name == correction.punch)
		.select(
			correction.personnel,
			correction.day,
			correction.name,
			correction.kind,
			correction.in_at,
			correction.out_at,
			correction.code,
			correction.punch,
			punch.mode,
		)
		.where(correction.personnel.isin(query.NAMES) & (correction.docstatus == 1))
		.where(correction.day[first:last] | punch.counted_at[span[0] : span[1]])
		.orderby(correction.name)
	)
	found: dict[str, dict[date, Correction]] = {}
	accepted = set()
	for row in query.run(rows, names=names):
		own = found.setdefault(row.personnel, {}).setdefault(row.day, Correction(row.name))
		if row.kind == CLAIMED_TIME:
			accepted.add(row.punch)
			own.entries += _claimed(row)
			continue
		own.name = row.name
		own.in_at, own.out_at, own.code = row.in_at, row.out_at, row.code or None
	return found, accepted


def _claimed(row: Any) -> list[tuple]:
	entries = ((row.in_at, IN, row.mode), (row.out_at, OUT, row.mode))
	return [entry for entry in entries if entry[0]]


def _punches(
	names: tuple[str, ...], span: tuple[datetime, datetime], accepted: set[str]
) -> dict[str, list[tuple]]:
	"""Entries in order: time, direction, mode, name, and whether it was made outside the region."""
	punch = frappe.qb.DocType("Attendance Punch")
	rows = (
		frappe.qb.from_(punch)
		.select(
			punch.personnel, punch.counted_at, punch.direction, punch.mode, punch.name, punch.raised_flags
		)
		.where(punch.personnel.isin(query.NAMES) & (punch.counted_at >= span[0]))
		.where(punch.counted_at < span[1])
		.orderby(punch.counted_at)
		.orderby(punch.name)
	)
	found: dict[str, list[tuple]] = {}
	for person, when, direction, mode, name, flags in query.run(rows, as_dict=False, names=names):
		if name not in accepted:
			outside = bool(flags) and LEFT_REGION in flags
			found.setdefault(person, []).append((when, direction or None, mode or None, name, outside))
	return found
