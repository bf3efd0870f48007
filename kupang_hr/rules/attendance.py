"""Hours, punches and the day that comes out of them.

Times are naive: the wall clock of WITA (UTC+8, no summer time). Nothing here reads a clock: "as of" is an
argument. One rule derives a day, for a single person on a form and for 7,000 at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from kupang_hr.rules.calendar import JOINT_HOLIDAY, PUBLIC_HOLIDAY
from kupang_hr.rules.contract import LEFT, ON_DUTY, STOOD_DOWN

PRESENT, SICK, PERMITTED, LEAVE, OFFICIAL_DUTY, STUDY_DUTY = "H", "S", "I", "C", "DL", "TB"
UNEXCUSED, DIRUMAHKAN, OFF_SHIFT = "TK", "DR", "LS"

CODES = (
	PRESENT,
	SICK,
	PERMITTED,
	LEAVE,
	OFFICIAL_DUTY,
	STUDY_DUTY,
	UNEXCUSED,
	DIRUMAHKAN,
	PUBLIC_HOLIDAY,
	JOINT_HOLIDAY,
	OFF_SHIFT,
)
PERMIT_CODES = frozenset({SICK, PERMITTED, LEAVE, OFFICIAL_DUTY, STUDY_DUTY})
HOLIDAY_CODES = frozenset({PUBLIC_HOLIDAY, JOINT_HOLIDAY})
# The base of the percentage: everybody but those stood down, on holiday or off by shift.
EXPECTED_CODES = frozenset(CODES) - HOLIDAY_CODES - {DIRUMAHKAN, OFF_SHIFT}
# Official duty is work elsewhere on the city's order; study duty is excused: in the base, not present.
PRESENT_CODES = frozenset({PRESENT, OFFICIAL_DUTY})

IN, OUT = "In", "Out"
WFO, WFH, FIELD, DEVICE = "WFO", "WFH", "Field", "Device"
ROTA_OFFICE, ROTA_HOME, ROTA_OFF = "Office", "Home", "Off"
MORNING, AFTERNOON = "Morning", "Afternoon"

FROM_PUNCH, FROM_PERMIT, FROM_CORRECTION = "Punch", "Permit", "Correction"
FROM_CALENDAR, FROM_DUTY, FROM_ROTA = "Calendar", "Duty", "Rota"

EARLY_MINUTES, LATE_MINUTES = 4 * 60, 6 * 60
LONGEST_MARGIN = 12 * 60
# Punches without a direction that lie closer together than this are one (a card held twice).
REPEAT = timedelta(minutes=5)
# A break is due after four hours. Source: Law 13/2003, article 79.
MINUTES_BEFORE_BREAK = 4 * 60

ONE_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NOON = time(12)

# (local time, "In", "Out" or None where the source does not know, mode or None)
Punch = tuple[datetime, "str | None", "str | None"]


class UnknownCode(ValueError):
	"""A word that this rule does not know, and the field it came in."""

	def __init__(self, field: str, value: object):
		super().__init__(f"Unknown {field}: {value!r}")
		self.field, self.value = field, value


class ImpossibleAttendance(ValueError):
	"""Negative counts, or more people present than expected."""

	def __init__(self, present: int, expected: int):
		super().__init__(f"{present} present of {expected} expected")
		self.present, self.expected = present, expected


def attendance_percent(present: int, expected: int) -> Decimal | None:
	"""100 x present / expected, one decimal, half up; None where nobody is expected.

	`present`: people (or days) with a code of `PRESENT_CODES`: H in any mode, and DL. `expected`, the base:
	those with a code of `EXPECTED_CODES`, so everybody except DR, L, CB and LS; S, I, C, TB and TK lower the
	figure. Raises ImpossibleAttendance.
	"""
	if not 0 <= present <= expected:
		raise ImpossibleAttendance(present, expected)
	if not expected:
		return None
	return Decimal((2000 * present + expected) // (2 * expected)).scaleb(-1)


# Hours


@dataclass(frozen=True, slots=True)
class Hours:
	"""The hours of one weekday (Monday is 0), always or from `valid_from` to `valid_to`, both included.

	An `end` at or before `start` lies on the next day; equal times are a shift of 24 hours.
	"""

	weekday: int
	start: time
	end: time
	break_minutes: int = 0
	valid_from: date | None = None
	valid_to: date | None = None

	@property
	def length(self) -> timedelta:
		start, end = datetime.combine(date.min, self.start), datetime.combine(date.min, self.end)
		return end - start if end > start else end + ONE_DAY - start

	def is_valid_on(self, day: date) -> bool:
		return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True)
class WorkSchedule:
	"""Named weekly hours.

	A weekday without a row is no working day. Rows with dates (Ramadan, a half day) win over those without;
	of several with dates the shortest range wins, then the latest start, then the row given last.
	`works_on_holidays`: hospital, fire; those free on a holiday have "Off" in the rota.
	`early_minutes`, `late_minutes`: how long before the start an In, and after the end an Out, belongs to
	the shift; at most 12 hours each.
	"""

	name: str
	rows: tuple[Hours, ...]
	works_on_holidays: bool = False
	early_minutes: int = EARLY_MINUTES
	late_minutes: int = LATE_MINUTES


class ScheduleProblem(str, Enum):
	"""What is wrong with a schedule; the caller words it for people."""

	NO_SUCH_WEEKDAY = "no-such-weekday"
	RANGE_REVERSED = "range-reversed"
	BREAK_TOO_LONG = "break-too-long"
	ROW_REPEATED = "row-repeated"
	MARGIN_OUT_OF_RANGE = "margin-out-of-range"

	def __str__(self) -> str:
		return self.value


def schedule_problems(schedule: WorkSchedule) -> tuple[tuple[int | None, ScheduleProblem], ...]:
	"""Each problem with the position of its row (from 0), None for the schedule as a whole."""
	found: list[tuple[int | None, ScheduleProblem]] = []
	seen = set()
	for number, row in enumerate(schedule.rows):
		key = (row.weekday, row.valid_from, row.valid_to)
		checks = {
			ScheduleProblem.NO_SUCH_WEEKDAY: row.weekday not in range(7),
			ScheduleProblem.RANGE_REVERSED: (row.valid_from or date.min) > (row.valid_to or date.max),
			ScheduleProblem.BREAK_TOO_LONG: not 0
			<= row.break_minutes * MINUTE.seconds
			< row.length.total_seconds(),
			ScheduleProblem.ROW_REPEATED: key in seen,
		}
		seen.add(key)
		found += [(number, problem) for problem, wrong in checks.items() if wrong]
	if any(not 0 <= margin <= LONGEST_MARGIN for margin in (schedule.early_minutes, schedule.late_minutes)):
		found.append((None, ScheduleProblem.MARGIN_OUT_OF_RANGE))
	return tuple(found)


@dataclass(frozen=True, slots=True)
class Window:
	"""The shift of `day` and when its punches are taken: from `opens` on, before `closes`."""

	day: date
	start: datetime
	end: datetime
	opens: datetime
	closes: datetime
	break_minutes: int = 0

	@property
	def middle(self) -> datetime:
		return self.start + (self.end - self.start) / 2


def hours_on(schedule: WorkSchedule, day: date) -> Window | None:
	"""The window of the shift that starts on `day`, None on a day without hours; holidays do not matter here.

	It opens `early_minutes` before the start and closes `late_minutes` after the end, but never beyond half
	way to the shift before or after (of shifts that overlap: half way into the overlap), so that no punch
	belongs to two days.
	"""
	row = _row_on(schedule, day)
	if row is None:
		return None
	start, end = _span(row, day)
	opens = start - timedelta(minutes=schedule.early_minutes)
	closes = end + timedelta(minutes=schedule.late_minutes)
	# A shift of 24 hours with its margins reaches into the second day after.
	before = _first_span(schedule, (day - ONE_DAY, day - 2 * ONE_DAY))
	after = _first_span(schedule, (day + ONE_DAY, day + 2 * ONE_DAY))
	if before:
		opens = max(opens, before[1] + (start - before[1]) / 2)
	if after:
		closes = min(closes, end + (after[0] - end) / 2)
	return Window(day, start, end, opens, closes, row.break_minutes)


def windows_between(schedule: WorkSchedule, first: date, last: date) -> dict[date, Window]:
	"""The windows of every day with hours from `first` to `last`, both included: worked out once for many."""
	days = (first + number * ONE_DAY for number in range((last - first).days + 1))
	return {day: window for day in days if (window := hours_on(schedule, day))}


def day_of_punch(schedule: WorkSchedule | None, when: datetime) -> date:
	"""The day that a punch at `when` belongs to: the one whose window holds it, otherwise its calendar date.

	06:05 after a night shift is yesterday's; without a schedule it is always the calendar date.
	"""
	if schedule is None:
		return when.date()
	return day_in_windows(windows_between(schedule, when.date() - 2 * ONE_DAY, when.date() + ONE_DAY), when)


def day_in_windows(windows: Mapping[date, Window], when: datetime) -> date:
	"""As `day_of_punch`, with windows at hand that cover two days before `when` to one day after it."""
	day = when.date()
	for candidate in (day, day - ONE_DAY, day + ONE_DAY, day - 2 * ONE_DAY):
		window = windows.get(candidate)
		if window and window.opens <= when < window.closes:
			return candidate
	return day


def _row_on(schedule: WorkSchedule, day: date) -> Hours | None:
	weekday = day.weekday()
	found = [
		(-_width(row), row.valid_from or date.min, number)
		for number, row in enumerate(schedule.rows)
		if row.weekday == weekday and row.is_valid_on(day)
	]
	return schedule.rows[max(found)[-1]] if found else None


def _width(row: Hours) -> int:
	"""Days that the row is for; without dates it is the widest there is."""
	return ((row.valid_to or date.max) - (row.valid_from or date.min)).days


def _span(row: Hours, day: date) -> tuple[datetime, datetime]:
	start = datetime.combine(day, row.start)
	return start, start + row.length


def _first_span(schedule: WorkSchedule, days: Iterable[date]) -> tuple[datetime, datetime] | None:
	for day in days:
		row = _row_on(schedule, day)
		if row:
			return _span(row, day)
	return None


# One person, one day


@dataclass(frozen=True, slots=True)
class DayFacts:
	"""All that decides one person's day.

	`duty`: On Duty, Stood Down, or Left; None before the first contract.
	`window`: of this day, None on a day without hours.
	`holiday`: "L", "CB" or None; `works_on_holidays` as of the person's schedule.
	`rota`: "Office", "Home", "Off" or None.
	`permit`: an approved "S", "I", "C", "DL", "TB" or None; `permit_part`: "Morning", "Afternoon", or None
	for the whole day.
	`punches`: those that `day_of_punch` gives to this day, in any order.
	`corrected_in`, `corrected_out`, `corrected_code`: of approved corrections; each stands in place of what
	the punches say.
	"""

	duty: str | None
	window: Window | None
	holiday: str | None = None
	works_on_holidays: bool = False
	rota: str | None = None
	permit: str | None = None
	permit_part: str | None = None
	punches: Sequence[Punch] = ()
	corrected_in: datetime | None = None
	corrected_out: datetime | None = None
	corrected_code: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
	"""What came out. `code` None: nothing recorded yet and the window still open.

	Minutes are whole, seconds dropped. `mode`: of the In, else of the Out, else the rota's.
	`source`: Punch, Permit, Correction, Calendar, Duty or Rota; None while `code` is.
	"""

	code: str | None
	first_in: datetime | None = None
	last_out: datetime | None = None
	mode: str | None = None
	minutes_late: int = 0
	minutes_early: int = 0
	missing_in: bool = False
	missing_out: bool = False
	minutes_worked: int = 0
	source: str | None = None


def derive_day(facts: DayFacts, as_of: datetime | None = None, grace_minutes: int = 0) -> Day | None:
	"""One person's day; None where there is none: not employed, or no hours and nothing recorded.

	The first that applies decides the code:
	1. stood down: DR, whatever else there is (no day without hours);
	2. the code of an approved correction;
	3. a holiday, over permits and punches too, unless the person works on holidays;
	4. a day without hours, or "Off" in the rota: LS;
	5. a permit for the whole day, over punches too;
	6. an In or an Out: H, also with a permit for half the day;
	7. nothing recorded: TK once the window has closed, before that a code of None.
	Entries are kept in all of them; late, early and missing are counted in 6 alone. A permit for the morning
	takes away late and missing In, one for the afternoon early and missing Out; half a permit and no entry
	at all is TK.

	`as_of`: what is known by then; None: the day is over. An Out is early from the end of the shift on,
	missing from the close of the window on. `grace_minutes`: up to so many count as none, more count whole.
	Nobody is late or early by more than the shift's length. Punches outside the window do not count.
	Raises UnknownCode.
	"""
	_check(facts.duty, facts.holiday, facts.rota, facts.permit, facts.permit_part, facts.corrected_code)
	if facts.duty not in (ON_DUTY, STOOD_DOWN) or _is_no_day(facts):
		return None
	arrival, departure = _entries(facts)
	mode = _mode(facts, arrival, departure)
	first_in = facts.corrected_in or (arrival and arrival[0])
	last_out = facts.corrected_out or (departure and departure[0])
	worked = _worked(first_in, last_out, facts.window)
	settled = _settled(facts)
	if settled:
		code, source = settled
		return Day(code, first_in, last_out, mode, minutes_worked=worked, source=source)
	window = facts.window
	if not (first_in or last_out):
		is_open = as_of is not None and as_of < window.closes
		return Day(None) if is_open else Day(UNEXCUSED, source=FROM_PUNCH)
	is_corrected = facts.corrected_in or facts.corrected_out
	return Day(
		PRESENT,
		first_in,
		last_out,
		mode,
		_late(facts, first_in, grace_minutes),
		_early(facts, last_out, as_of, grace_minutes),
		first_in is None and facts.permit_part != MORNING,
		_misses_out(facts, last_out, as_of),
		worked,
		FROM_CORRECTION if is_corrected else FROM_PUNCH,
	)


_KNOWN = (
	("duty", frozenset({None, ON_DUTY, STOOD_DOWN, LEFT})),
	("holiday", HOLIDAY_CODES | {None}),
	("rota", frozenset({None, ROTA_OFFICE, ROTA_HOME, ROTA_OFF})),
	("permit", PERMIT_CODES | {None}),
	("permit_part", frozenset({None, MORNING, AFTERNOON})),
	("corrected_code", frozenset({None, *CODES})),
)


@lru_cache(maxsize=4096)
def _check(*words: str | None) -> None:
	"""Raises UnknownCode; cached, since 7,000 people share few combinations."""
	for (field, known), word in zip(_KNOWN, words, strict=True):
		if word not in known:
			raise UnknownCode(field, word)


def _is_no_day(facts: DayFacts) -> bool:
	if facts.window is not None:
		return False
	recorded = facts.punches or facts.corrected_code or facts.corrected_in or facts.corrected_out
	return facts.duty == STOOD_DOWN or not recorded


def _settled(facts: DayFacts) -> tuple[str, str] | None:
	"""Code and source where entries do not decide."""
	if facts.duty == STOOD_DOWN:
		return DIRUMAHKAN, FROM_DUTY
	if facts.corrected_code:
		return facts.corrected_code, FROM_CORRECTION
	if facts.holiday and not facts.works_on_holidays:
		return facts.holiday, FROM_CALENDAR
	if facts.window is None:
		return OFF_SHIFT, FROM_CALENDAR
	if facts.rota == ROTA_OFF:
		return OFF_SHIFT, FROM_ROTA
	if facts.permit and not facts.permit_part:
		return facts.permit, FROM_PERMIT
	return None


def _entries(facts: DayFacts) -> tuple[Punch | None, Punch | None]:
	"""The first In and the last Out, of two at the same time the one given first.

	A punch without a direction may be either: the earliest can be the In, the latest the Out. Where these are
	less than `REPEAT` apart they are one entry. An Out that is not after the In is none.
	"""
	arrival = departure = None
	opens, closes = _opening(facts.window)
	for punch in facts.punches:
		when, direction, _mode = punch
		if not opens <= when < closes:
			continue
		if direction != OUT and (arrival is None or when < arrival[0]):
			arrival = punch
		if direction != IN and (departure is None or when > departure[0]):
			departure = punch
	if arrival and departure and departure[0] - arrival[0] < REPEAT:
		return _one_entry(facts, arrival, departure)
	return arrival, departure


def _opening(window: Window | None) -> tuple[datetime, datetime]:
	return (window.opens, window.closes) if window else (datetime.min, datetime.max)


def _one_entry(facts: DayFacts, arrival: Punch, departure: Punch) -> tuple[Punch | None, Punch | None]:
	"""Which of the two a single entry is: what a punch beside it says, else by the nearer half of the shift.

	Before a known In it can be no Out.
	"""
	if None not in (arrival[1], departure[1]):
		return arrival, (departure if departure[0] > arrival[0] else None)
	window = facts.window
	opens, closes = _opening(window)
	others = [punch for punch in facts.punches if punch[1] and opens <= punch[0] < closes]
	if any(punch[1] == IN for punch in others):
		return arrival, None
	if any(abs(punch[0] - arrival[0]) < REPEAT for punch in others):
		return None, departure
	middle = window.middle if window else datetime.combine(arrival[0].date(), NOON)
	return (arrival, None) if arrival[0] < middle else (None, departure)


def _mode(facts: DayFacts, arrival: Punch | None, departure: Punch | None) -> str | None:
	entry = arrival or departure
	if entry:
		return entry[2]
	if facts.corrected_in or facts.corrected_out:
		return {ROTA_OFFICE: WFO, ROTA_HOME: WFH}.get(facts.rota)
	return None


def _worked(first_in: datetime | None, last_out: datetime | None, window: Window | None) -> int:
	"""Minutes from In to Out less the break, which only comes off what is beyond four hours."""
	if not (first_in and last_out):
		return 0
	stay = max(0, (last_out - first_in) // MINUTE)
	break_minutes = window.break_minutes if window else 0
	return max(min(stay, MINUTES_BEFORE_BREAK), stay - break_minutes)


def _late(facts: DayFacts, first_in: datetime | None, grace_minutes: int) -> int:
	window = facts.window
	if first_in is None or facts.permit_part == MORNING or first_in <= window.start:
		return 0
	return _beyond_grace(min(first_in, window.end) - window.start, grace_minutes)


def _early(facts: DayFacts, last_out: datetime | None, as_of: datetime | None, grace_minutes: int) -> int:
	window = facts.window
	if last_out is None or facts.permit_part == AFTERNOON or last_out >= window.end:
		return 0
	if as_of is not None and as_of < window.end:
		return 0
	return _beyond_grace(window.end - max(last_out, window.start), grace_minutes)


def _beyond_grace(passed: timedelta, grace_minutes: int) -> int:
	minutes = passed // MINUTE
	return minutes if minutes > grace_minutes else 0


def _misses_out(facts: DayFacts, last_out: datetime | None, as_of: datetime | None) -> bool:
	if last_out is not None or facts.permit_part == AFTERNOON:
		return False
	return as_of is None or as_of >= facts.window.closes


# Warnings


@dataclass(frozen=True)
class Thresholds:
	"""How many unexcused days put a person on the warning list; None or 0: no such threshold."""

	days_a_month: int | None = None
	days_a_year: int | None = None


@dataclass(frozen=True)
class ThresholdReached:
	"""Why a person is on the list: `days` unexcused, `limit` or more. `month` 1 to 12, None for the year."""

	month: int | None
	days: int
	limit: int


def over_threshold(
	unexcused_by_month: Mapping[int, int], year_total: int, thresholds: Thresholds
) -> list[ThresholdReached]:
	"""Every threshold that a person's unexcused days of one year reach, months in order, the year last.

	A list to look at: nothing follows from it by itself. Source: practice of Kupang, reported as 4 a month,
	5, or 15.
	"""
	month_limit, year_limit = thresholds.days_a_month, thresholds.days_a_year
	found = [
		ThresholdReached(month, days, month_limit)
		for month, days in sorted(unexcused_by_month.items())
		if month_limit and days >= month_limit
	]
	if year_limit and year_total >= year_limit:
		found.append(ThresholdReached(None, year_total, year_limit))
	return found
