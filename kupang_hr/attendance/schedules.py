"""Whose hours count on which day: shift of the rota, the person's own schedule, the OPD's, the city's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_time, getdate

from kupang_hr.access.seats import inherited, opd_tree
from kupang_hr.bulk import query
from kupang_hr.rules.attendance import (
	ROTA_OFF,
	Hours,
	ScheduleProblem,
	Window,
	WorkSchedule,
	day_in_windows,
	windows_between,
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ONE_DAY = timedelta(days=1)
MARGIN = 2 * ONE_DAY  # windows of days around a range, so that every punch finds its day


@dataclass(frozen=True, slots=True)
class RotaDay:
	"""What a submitted rota says of a person's day. `shift`: a Work Schedule other than the usual one."""

	place: str | None
	shift: str | None


def schedule_of(doc: Any, rows: Iterable[Any] | None = None) -> WorkSchedule:
	"""A Work Schedule document, or its row with the rows of its hours, as the rule takes it."""
	hours = [
		Hours(
			WEEKDAYS.index(row.weekday) if row.weekday in WEEKDAYS else len(WEEKDAYS),
			get_time(row.start_time),
			get_time(row.end_time),
			row.break_minutes or 0,
			getdate(row.valid_from) if row.valid_from else None,
			getdate(row.valid_to) if row.valid_to else None,
		)
		for row in (doc.hours if rows is None else rows)
		if None not in (row.start_time, row.end_time)  # Frappe asks for those after validate()
	]
	early, late = doc.early_minutes or 0, doc.late_minutes or 0
	return WorkSchedule(doc.name or doc.schedule_name, tuple(hours), bool(doc.works_on_holidays), early, late)


def problem_text(number: int | None, problem: ScheduleProblem) -> str:
	"""A problem of a schedule in the user's words; `number`: the row from 0, None for the schedule."""
	text = {
		ScheduleProblem.NO_SUCH_WEEKDAY: _("Choose a weekday."),
		ScheduleProblem.RANGE_REVERSED: _("The hours end before they begin to be valid."),
		ScheduleProblem.BREAK_TOO_LONG: _("The break is as long as the work."),
		ScheduleProblem.ROW_REPEATED: _("The same weekday and dates stand twice."),
		ScheduleProblem.MARGIN_OUT_OF_RANGE: _(
			"Entries are taken at most 12 hours before and after the hours."
		),
	}[problem]
	return text if number is None else _("Row {0}: {1}").format(number + 1, text)


@dataclass
class Roster:
	"""All schedules, and the windows of a range of days worked out once for everybody who shares them."""

	first: date
	last: date
	schedules: Mapping[str, WorkSchedule]
	tree: Mapping[str, Any]
	default: str | None
	_windows: dict[str | None, dict[date, Window]] = field(default_factory=dict)
	_usual: dict[tuple, str | None] = field(default_factory=dict)

	@classmethod
	def read(cls, first: date, last: date) -> "Roster":
		"""Four queries: schedules, hours, the OPD tree, the setting."""
		default = frappe.db.get_single_value("Kupang HR Settings", "default_work_schedule")
		return cls(first, last, all_schedules(), opd_tree(), default or None)

	def usual(self, opd: str, own: str | None) -> str | None:
		"""The schedule of somebody of an OPD, `own` being the person's."""
		key = (opd, own)
		if key not in self._usual:
			name = own or inherited(opd, "work_schedule", self.tree) or self.default
			self._usual[key] = name if name in self.schedules else None
		return self._usual[key]

	def windows(self, name: str | None) -> dict[date, Window]:
		"""The windows of a schedule in the range and two days around it; none without a schedule."""
		if name not in self._windows:
			schedule = self.schedules.get(name)
			around = (self.first - MARGIN, self.last + MARGIN)
			self._windows[name] = windows_between(schedule, *around) if schedule else {}
		return self._windows[name]

	def span(self, names: Iterable[str | None]) -> tuple[datetime, datetime]:
		"""From when on, and before when, an entry can count to a day of the range by one of these schedules."""
		opening = datetime.combine(self.first, time.min)
		closing = datetime.combine(self.last + ONE_DAY, time.min)
		for name in names:
			for window in self.windows(name).values():
				if self.first <= window.day <= self.last:
					opening, closing = min(opening, window.opens), max(closing, window.closes)
		return opening, closing

	def works_on_holidays(self, name: str | None) -> bool:
		return name in self.schedules and self.schedules[name].works_on_holidays

	def own_windows(
		self, usual: Mapping[date, str | None], rota: Mapping[date, RotaDay]
	) -> tuple[dict[date, Window], dict[date, Window]]:
		"""The windows of a person whose days differ: those of the shifts, and those that take punches.

		`usual`: the schedule of each day around the range. Where shifts of different schedules follow each other
		closer than their margins, the time between them is halved; a day off takes no punches, so that the end of
		the night before it is not counted to it.
		"""
		shifts = {day: rota[day].shift if day in rota and rota[day].shift else usual[day] for day in usual}
		found = {day: window for day, name in shifts.items() if (window := self.windows(name).get(day))}
		working = {day: window for day, window in found.items() if not _is_off(rota.get(day))}
		taking = _apart(working)
		return found | taking, taking


def _is_off(rota: RotaDay | None) -> bool:
	return rota is not None and rota.place == ROTA_OFF


def _apart(windows: Mapping[date, Window]) -> dict[date, Window]:
	"""Windows of following days that no longer overlap."""
	found = dict(sorted(windows.items()))
	for day in list(found):
		after = found.get(day + ONE_DAY)
		if after and found[day].closes > after.opens:
			middle = found[day].end + (after.start - found[day].end) / 2
			found[day] = replace(found[day], closes=min(found[day].closes, middle))
			found[day + ONE_DAY] = replace(after, opens=max(after.opens, middle))
	return found


def all_schedules() -> dict[str, WorkSchedule]:
	"""Every Work Schedule by name; two queries."""
	docs = frappe.get_all(
		"Work Schedule",
		fields=["name", "works_on_holidays", "early_minutes", "late_minutes"],
		order_by="name asc",
	)
	rows = frappe.get_all(
		"Work Schedule Hours",
		filters={"parenttype": "Work Schedule"},
		fields=["parent", "weekday", "start_time", "end_time", "break_minutes", "valid_from", "valid_to"],
		order_by="parent asc, idx asc",
	)
	hours: dict[str, list] = {}
	for row in rows:
		hours.setdefault(row.parent, []).append(row)
	return {doc.name: schedule_of(doc, hours.get(doc.name, [])) for doc in docs}


def rota_days(names: Sequence[str], first: date, last: date) -> dict[str, dict[date, RotaDay]]:
	"""What submitted rotas say of each person's days."""
	if not names:
		return {}
	line, rota = frappe.qb.DocType("Office Rota Line"), frappe.qb.DocType("Office Rota")
	rows = (
		frappe.qb.from_(line)
		.join(rota)
		.on(rota.name == line.office_rota)
		.select(line.personnel, line.day, line.place, line.work_schedule)
		.where(line.personnel.isin(query.NAMES) & line.day[first:last] & (rota.docstatus == 1))
	)
	found: dict[str, dict[date, RotaDay]] = {}
	for person, day, place, shift in query.run(rows, as_dict=False, names=tuple(names)):
		found.setdefault(person, {})[day] = RotaDay(place or None, shift or None)
	return found


# One person, for a page or a form


def windows_of(personnel: str, first: date, last: date) -> dict[date, Window]:
	"""The hours of a person from `first` to `last`, shifts of the rota included; days without hours are missing."""
	found, _taking = _windows_around(personnel, first, last)
	return {day: window for day, window in found.items() if first <= day <= last}


def window_on(personnel: str, day: date) -> Window | None:
	"""The hours of a person on a day."""
	return windows_of(personnel, day, day).get(day)


def day_of(personnel: str, when: datetime) -> date:
	"""The day that an entry of a person at `when` counts to."""
	_found, taking = _windows_around(personnel, when.date(), when.date())
	return day_in_windows(taking, when)


def places_of(personnel: str, first: date, last: date) -> dict[date, str]:
	"""Where submitted rotas want a person: Office, Home or Off by day."""
	days = rota_days([personnel], first, last).get(personnel, {})
	return {day: row.place for day, row in sorted(days.items()) if row.place}


def _windows_around(personnel: str, first: date, last: date):
	opd, own = frappe.db.get_value("Personnel", personnel, ["opd", "work_schedule"]) or (None, None)
	roster = Roster.read(first, last)
	around = days_between(first - MARGIN, last + MARGIN)
	rota = rota_days([personnel], around[0], around[-1]).get(personnel, {})
	return roster.own_windows(dict.fromkeys(around, roster.usual(opd, own)), rota)


def days_between(first: date, last: date) -> list[date]:
	"""The days from `first` to `last`, both included."""
	return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def people_without_schedule() -> list[str]:
	"""People not gone who have no hours at all: nobody is unexcused without them. For the data's quality."""
	roster = Roster.read(date.min + MARGIN, date.min + MARGIN)
	rows = frappe.get_all(
		"Personnel",
		filters={"duty_status": ("!=", "Left")},
		fields=["name", "opd", "work_schedule"],
		order_by="name asc",
		limit=0,
	)
	return [row.name for row in rows if roster.usual(row.opd, row.work_schedule) is None]
