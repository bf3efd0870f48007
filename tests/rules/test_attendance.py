"""Which day a punch belongs to, what comes out of a day, and what the percentage is of."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupang_hr.rules.attendance import (
	CODES,
	EXPECTED_CODES,
	HOLIDAY_CODES,
	PERMIT_CODES,
	PRESENT_CODES,
	Day,
	DayFacts,
	Hours,
	ImpossibleAttendance,
	ScheduleProblem,
	ThresholdReached,
	Thresholds,
	UnknownCode,
	Window,
	WorkSchedule,
	attendance_percent,
	day_in_windows,
	day_of_punch,
	derive_day,
	hours_on,
	over_threshold,
	schedule_problems,
	windows_between,
)
from kupang_hr.rules.contract import LEFT, ON_DUTY, STOOD_DOWN

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TUESDAY = date(2020, 12, 29)


def week(start, end, days=range(5), break_minutes=60, **dates):
	return tuple(Hours(day, start, end, break_minutes, **dates) for day in days)


CITY = WorkSchedule(
	"City", (*week(time(7, 30), time(16), range(4)), Hours(4, time(7, 30), time(16, 30), break_minutes=90))
)
SIX_DAYS = WorkSchedule("Six days", week(time(7, 30), time(14, 0), range(6), 30))
NIGHT = WorkSchedule("Night", week(time(20), time(8), range(7), 60), works_on_holidays=True)
FULL_DAY = WorkSchedule("24 hours", week(time(8), time(8), range(7)), works_on_holidays=True)
RAMADAN = WorkSchedule(
	"Ramadan",
	(
		*CITY.rows,
		*week(time(8), time(15), break_minutes=30, valid_from=date(2021, 4, 13), valid_to=date(2021, 5, 11)),
		Hours(2, time(8), time(12), 0, date(2021, 5, 5), date(2021, 5, 5)),  # a half day within it
	),
)


def at(hour, minute=0, second=0, day=TUESDAY):
	return datetime.combine(day, time(hour, minute, second))


def ins(*when, mode="WFO"):
	return tuple((each, "In", mode) for each in when)


def outs(*when, mode="WFO"):
	return tuple((each, "Out", mode) for each in when)


def loose(*when):
	"""Punches of a device that knows no direction."""
	return tuple((each, None, None) for each in when)


WINDOW = hours_on(CITY, TUESDAY)
ON_TIME = ins(at(7, 20)) + outs(at(16, 5))


def facts(**given_facts):
	return DayFacts(**{"duty": ON_DUTY, "window": WINDOW, **given_facts})


def day(as_of=None, grace_minutes=0, **given_facts):
	return derive_day(facts(**given_facts), as_of, grace_minutes)


# The percentage


def test_29_december_2020_is_not_99_percent():
	counts = {"H": 6930, "S": 3, "C": 2, "TK": 65}
	present = sum(count for code, count in counts.items() if code in PRESENT_CODES)
	expected = sum(count for code, count in counts.items() if code in EXPECTED_CODES)
	assert (present, expected) == (6930, 7000)
	assert attendance_percent(present, expected) == Decimal("99.0")
	assert str(attendance_percent(present, expected)) == "99.0"


def test_the_base_counts_people_who_are_not_expected_or_forgets_some():
	assert EXPECTED_CODES == {"H", "S", "I", "C", "DL", "TB", "TK"}
	assert PRESENT_CODES == {"H", "DL"}
	assert len(CODES) == len(set(CODES)) == 11


@pytest.mark.parametrize(
	("present", "expected", "percent"),
	[
		(0, 0, None),
		(0, 7, "0.0"),
		(7, 7, "100.0"),
		(1, 3, "33.3"),
		(2, 3, "66.7"),
		(1999, 2000, "100.0"),
		(1, 2000, "0.1"),
	],
)
def test_a_percentage_is_rounded_otherwise_than_half_up(present, expected, percent):
	assert attendance_percent(present, expected) == (percent and Decimal(percent))


@given(st.integers(0, 9000), st.integers(1, 9000))
def test_a_percentage_is_more_than_half_a_tenth_off(present, expected):
	present = min(present, expected)
	percent = attendance_percent(present, expected)
	off = Fraction(percent) - Fraction(100 * present, expected)
	assert -Fraction(1, 20) < off <= Fraction(1, 20)
	assert percent.as_tuple().exponent == -1


@pytest.mark.parametrize(("present", "expected"), [(-1, 5), (6, 5), (0, -1), (1, 0)])
def test_an_impossible_count_gives_a_percentage(present, expected):
	with pytest.raises(ImpossibleAttendance) as caught:
		attendance_percent(present, expected)
	assert (caught.value.present, caught.value.expected) == (present, expected)


# Hours


def test_the_city_works_other_hours_than_37_and_a_half_a_week():
	windows = windows_between(CITY, date(2020, 12, 28), date(2021, 1, 3)).values()
	worked = sum((each.end - each.start - each.break_minutes * MINUTE for each in windows), timedelta())
	assert worked == timedelta(hours=37.5)
	assert [each.day.weekday() for each in windows] == [0, 1, 2, 3, 4]


def test_a_window_is_not_cut_half_way_to_the_next_shift():
	assert WINDOW == Window(TUESDAY, at(7, 30), at(16), at(3, 30), at(22), 60)
	late_out = replace(CITY, late_minutes=12 * 60, early_minutes=12 * 60)
	window = hours_on(late_out, TUESDAY)
	assert window.closes == at(23, 45)  # half way from 16:00 to 07:30
	assert window.opens == at(23, 45, day=TUESDAY - DAY)
	friday = date(2021, 1, 8)
	assert hours_on(late_out, friday).closes == datetime(2021, 1, 9, 4, 30)  # nothing on Saturday


def test_the_middle_of_a_night_shift_lies_before_midnight():
	assert hours_on(NIGHT, TUESDAY).middle == datetime(2020, 12, 30, 2, 0)
	assert WINDOW.middle == at(11, 45)


def test_a_five_day_unit_works_on_saturday_or_a_six_day_unit_does_not():
	saturday = date(2021, 1, 2)
	assert hours_on(CITY, saturday) is None
	assert hours_on(SIX_DAYS, saturday).end == datetime(2021, 1, 2, 14)
	assert hours_on(SIX_DAYS, saturday + DAY) is None


def test_a_leap_day_has_no_hours_or_ends_on_a_day_that_is_none():
	leap_day = date(2020, 2, 29)  # a Saturday
	assert hours_on(SIX_DAYS, leap_day).start == datetime(2020, 2, 29, 7, 30)
	assert hours_on(NIGHT, leap_day).end == datetime(2020, 3, 1, 8)
	assert hours_on(NIGHT, date(2021, 2, 28)).end == datetime(2021, 3, 1, 8)
	assert day_of_punch(NIGHT, datetime(2020, 3, 1, 6, 5)) == leap_day


@pytest.mark.parametrize(
	("day", "start", "end"),
	[
		(date(2021, 4, 12), time(7, 30), time(16)),
		(date(2021, 4, 13), time(8), time(15)),
		(date(2021, 5, 4), time(8), time(15)),
		(date(2021, 5, 5), time(8), time(12)),
		(date(2021, 5, 11), time(8), time(15)),
		(date(2021, 5, 12), time(7, 30), time(16)),
	],
)
def test_ramadan_or_a_half_day_within_it_has_the_hours_of_other_weeks(day, start, end):
	window = hours_on(RAMADAN, day)
	assert (window.start.time(), window.end.time()) == (start, end)


def test_of_two_dated_rows_the_wider_the_earlier_or_the_first_wins():
	def end_on(*rows):
		return hours_on(WorkSchedule("x", rows), TUESDAY).end.hour

	plain = Hours(1, time(8), time(10))
	open_ended = Hours(1, time(8), time(11), valid_from=date(2020, 1, 1))
	later_open = Hours(1, time(8), time(12), valid_from=date(2020, 12, 1))
	until = Hours(1, time(8), time(13), valid_to=date(2020, 12, 31))
	month = Hours(1, time(8), time(14), valid_from=date(2020, 12, 1), valid_to=date(2020, 12, 31))
	shifted = Hours(1, time(8), time(15), valid_from=date(2020, 12, 2), valid_to=date(2021, 1, 1))
	again = replace(shifted, end=time(16))
	assert end_on(plain, open_ended) == end_on(open_ended, plain) == 11
	assert end_on(open_ended, later_open) == end_on(later_open, open_ended) == 12
	assert end_on(plain, until) == end_on(until, plain) == 13
	assert end_on(month, open_ended) == end_on(open_ended, month) == 14
	assert end_on(month, shifted) == end_on(shifted, month) == 15
	assert end_on(shifted, again) == 16 and end_on(again, shifted) == 15


def test_a_schedule_that_cannot_be_worked_is_passed():
	for margin in (0, 720):
		assert schedule_problems(replace(CITY, early_minutes=margin, late_minutes=margin)) == ()
	assert schedule_problems(RAMADAN) == schedule_problems(NIGHT) == schedule_problems(FULL_DAY) == ()
	rows = (
		Hours(7, time(8), time(16)),
		Hours(1, time(8), time(16), valid_from=date(2021, 1, 2), valid_to=date(2021, 1, 1)),
		Hours(2, time(8), time(9), break_minutes=60),
		Hours(2, time(8), time(9), break_minutes=59, valid_to=date(2021, 1, 1)),
		Hours(3, time(8), time(16)),
		Hours(3, time(7), time(15)),
		Hours(4, time(8), time(7, 59), break_minutes=-1),
	)
	assert schedule_problems(WorkSchedule("x", rows, late_minutes=721)) == (
		(0, ScheduleProblem.NO_SUCH_WEEKDAY),
		(1, ScheduleProblem.RANGE_REVERSED),
		(2, ScheduleProblem.BREAK_TOO_LONG),
		(5, ScheduleProblem.ROW_REPEATED),
		(6, ScheduleProblem.BREAK_TOO_LONG),
		(None, ScheduleProblem.MARGIN_OUT_OF_RANGE),
	)


# The day of a punch


@pytest.mark.parametrize(
	("schedule", "when", "belongs_to"),
	[
		(CITY, at(7, 25), TUESDAY),
		(CITY, at(23, 59), TUESDAY),
		(CITY, at(0, 1), TUESDAY),
		(CITY, at(0, 1, day=TUESDAY + DAY), TUESDAY + DAY),
		(CITY, datetime(2021, 1, 3, 9, 0), date(2021, 1, 3)),  # a Sunday
		(NIGHT, at(19, 50), TUESDAY),
		(NIGHT, at(23, 59), TUESDAY),
		(NIGHT, at(0, 1, day=TUESDAY + DAY), TUESDAY),
		(NIGHT, at(6, 5), TUESDAY - DAY),
		(NIGHT, at(13, 59, 59), TUESDAY - DAY),
		(NIGHT, at(14), TUESDAY),  # half way from 08:00 to 20:00
		(NIGHT, datetime(2021, 1, 1, 6, 5), date(2020, 12, 31)),
		(FULL_DAY, at(7, 59, 59), TUESDAY - DAY),
		(FULL_DAY, at(8), TUESDAY),
		(None, at(23, 59, 59), TUESDAY),
		(None, at(0), TUESDAY),
	],
)
def test_a_punch_falls_on_another_day(schedule, when, belongs_to):
	assert day_of_punch(schedule, when) == belongs_to


def test_an_early_shift_after_midnight_loses_the_in_of_the_evening_before():
	early = WorkSchedule("Early", (Hours(2, time(1), time(9)),))
	assert day_of_punch(early, at(23, 30)) == TUESDAY + DAY
	assert day_of_punch(early, at(21)) == TUESDAY + DAY
	assert day_of_punch(early, at(20, 59, 59)) == TUESDAY


def test_the_end_of_a_day_long_shift_is_forgotten_two_days_later():
	guard = WorkSchedule("Guard", (Hours(1, time(23), time(23)),))
	assert day_of_punch(guard, datetime(2020, 12, 31, 4, 30)) == TUESDAY
	assert day_of_punch(guard, datetime(2020, 12, 31, 5, 0)) == date(2020, 12, 31)


times = st.times().map(lambda each: each.replace(microsecond=0))
rows = st.builds(Hours, st.integers(0, 6), times, times)
dates = st.dates(date(2020, 2, 20), date(2021, 1, 10))
schedules = st.builds(
	WorkSchedule,
	st.just("x"),
	st.lists(rows, max_size=7, unique_by=lambda row: row.weekday).map(tuple),
	early_minutes=st.integers(0, 720),
	late_minutes=st.integers(0, 720),
)
moments = st.builds(datetime.combine, dates, times)


@given(schedules, dates)
def test_a_moment_lies_in_two_windows(schedule, first):
	windows = list(windows_between(schedule, first, first + 9 * DAY).values())
	for number, one in enumerate(windows):
		for other in windows[number + 1 :]:
			assert min(one.closes, other.closes) <= max(one.opens, other.opens)


@given(schedules, dates)
def test_a_shift_that_overlaps_no_other_lies_outside_its_window(schedule, first):
	windows = list(windows_between(schedule, first - 2 * DAY, first + 9 * DAY).values())
	for before, one, after in zip(windows, windows[1:], windows[2:], strict=False):
		if before.end <= one.start and one.end <= after.start:
			assert one.opens <= one.start < one.end <= one.closes


@given(schedules, moments)
def test_a_punch_goes_elsewhere_with_windows_at_hand_or_far_from_its_date(schedule, when):
	found = day_of_punch(schedule, when)
	around = windows_between(schedule, when.date() - 5 * DAY, when.date() + 5 * DAY)
	holding = [each.day for each in around.values() if each.opens <= when < each.closes]
	assert found == day_in_windows(around, when)
	assert [found] == (holding or [when.date()])


# A day


def test_a_day_on_time_is_late_early_or_misses_an_entry():
	assert day(punches=ON_TIME) == Day("H", at(7, 20), at(16, 5), "WFO", minutes_worked=465, source="Punch")


@pytest.mark.parametrize(
	("arrived", "left", "late", "early"),
	[
		(at(7, 30), at(16), 0, 0),
		(at(7, 30, 59), at(15, 59, 1), 0, 0),
		(at(7, 31), at(15, 59), 1, 1),
		(at(8, 45, 59), at(14, 0, 1), 75, 119),
		(at(17), at(18), 510, 0),
		(at(5), at(6), 0, 510),
	],
)
def test_a_started_minute_counts_or_more_than_the_shift_does(arrived, left, late, early):
	found = day(punches=ins(arrived) + outs(left))
	assert (found.minutes_late, found.minutes_early) == (late, early)


def test_grace_is_taken_off_a_longer_delay_or_not_given_to_a_shorter():
	late = ins(at(7, 40)) + outs(at(15, 50))
	assert day(grace_minutes=10, punches=late).minutes_late == 0
	assert day(grace_minutes=10, punches=late).minutes_early == 0
	found = day(grace_minutes=9, punches=late)
	assert (found.minutes_late, found.minutes_early) == (10, 10)


def test_nobody_recorded_and_it_is_not_unexcused():
	assert day() == Day("TK", source="Punch")


def test_a_day_without_entry_is_decided_before_its_window_closes():
	assert day(as_of=at(0)) == day(as_of=at(21, 59, 59)) == Day(None)
	assert day(as_of=at(22)).code == "TK"


def test_an_out_is_missing_before_the_window_closes_or_never():
	assert not day(as_of=at(21, 59, 59), punches=ins(at(7))).missing_out
	found = day(as_of=at(22), punches=ins(at(7)))
	assert (found.code, found.missing_in, found.missing_out, found.minutes_worked) == ("H", False, True, 0)


def test_leaving_is_early_while_the_shift_still_runs():
	lunch = ins(at(7)) + outs(at(12))
	assert day(as_of=at(15, 59), punches=lunch).minutes_early == 0
	assert day(as_of=at(16), punches=lunch).minutes_early == day(punches=lunch).minutes_early == 240


def test_an_out_alone_does_not_miss_its_in():
	found = day(punches=outs(at(16, 1), mode="WFH"))
	assert (found.first_in, found.last_out, found.mode) == (None, at(16, 1), "WFH")
	assert (found.missing_in, found.missing_out) == (True, False)


def test_a_second_in_or_an_earlier_out_decides():
	punches = ins(at(13), mode="WFH") + ins(at(7, 20), mode="Field") + outs(at(16, 5)) + outs(at(12))
	found = day(punches=punches)
	assert (found.first_in, found.last_out, found.mode) == (at(7, 20), at(16, 5), "Field")


def test_of_two_entries_in_one_second_the_last_given_decides_the_mode():
	same = ins(at(7)) + ins(at(7), mode="WFH")
	assert day(punches=same).mode == "WFO"
	assert day(punches=outs(at(16), mode="WFH") + outs(at(16))).mode == "WFH"


def test_an_out_before_the_in_or_in_the_same_second_counts():
	for early_out in (at(7, 25), at(7, 30)):
		found = day(punches=outs(early_out) + ins(at(7, 30)))
		assert (found.first_in, found.last_out, found.missing_out) == (at(7, 30), None, True)


def test_an_entry_outside_the_window_counts():
	assert day(punches=ins(at(3, 29, 59)) + outs(at(22))).code == "TK"
	assert day(punches=ins(at(3, 30)) + outs(at(21, 59, 59))).minutes_worked > 0


@pytest.mark.parametrize(
	("when", "arrives"), [(at(7, 20), True), (at(11, 44, 59), True), (at(11, 45), False), (at(16, 5), False)]
)
def test_one_punch_without_direction_goes_to_the_farther_half(when, arrives):
	found = day(punches=((when, None, "Device"),))
	assert (found.first_in, found.last_out) == ((when, None) if arrives else (None, when))
	assert (found.missing_in, found.missing_out) == (not arrives, arrives)


def test_the_single_punch_of_a_night_goes_by_the_half_of_the_calendar_day():
	window = hours_on(NIGHT, TUESDAY)
	morning = datetime(2020, 12, 30, 7, 0)
	assert day(window=window, punches=((morning, None, None),)).last_out == morning
	assert day(window=window, punches=((at(19, 50), None, None),)).first_in == at(19, 50)


def test_a_card_held_twice_is_an_in_and_an_out():
	found = day(punches=((at(7, 29, 58), None, "Device"), (at(7, 30, 3), None, "Device")))
	assert (found.first_in, found.last_out, found.missing_out) == (at(7, 29, 58), None, True)
	found = day(punches=((at(16, 1), None, "Device"), (at(16, 2), None, "Device")))
	assert (found.first_in, found.last_out, found.missing_in) == (None, at(16, 2), True)


@pytest.mark.parametrize(
	("punches", "first_in", "last_out"),
	[
		(ins(at(7, 30)) + loose(at(16)), at(7, 30), at(16)),
		(ins(at(7, 30)) + loose(at(7, 31)), at(7, 30), None),
		(outs(at(16)) + loose(at(7, 30)), at(7, 30), at(16)),
		(outs(at(9)) + loose(at(9, 1)), None, at(9, 1)),
		(outs(at(6)) + loose(at(7, 30)), at(7, 30), None),
		(ins(at(16)) + loose(at(14)), at(14), None),
		(loose(at(7, 30), at(12), at(16)), at(7, 30), at(16)),
		(loose(at(7, 30), at(7, 35)), at(7, 30), at(7, 35)),
		(outs(at(9)) + loose(at(9, 5)), at(9, 5), None),
		(ins(at(3)) + loose(at(16)), None, at(16)),
		(ins(at(22)) + loose(at(16)), None, at(16)),
	],
)
def test_a_punch_without_direction_is_read_against_the_others(punches, first_in, last_out):
	found = day(punches=punches)
	assert (found.first_in, found.last_out) == (first_in, last_out)


def test_the_break_comes_off_a_stay_that_has_none():
	def worked(*stay):
		return day(punches=ins(stay[0]) + outs(stay[1])).minutes_worked

	assert worked(at(8), at(12)) == 240
	assert worked(at(8), at(12, 30)) == 240
	assert worked(at(8), at(13)) == 240
	assert worked(at(8), at(13, 1)) == 241
	assert worked(at(7, 30), at(16)) == 450


def test_a_night_over_the_year_is_torn_in_two():
	window = hours_on(NIGHT, date(2020, 12, 31))
	punches = ins(datetime(2020, 12, 31, 20, 4)) + outs(datetime(2021, 1, 1, 8, 1))
	found = day(window=window, holiday="CB", works_on_holidays=True, punches=punches)
	assert (found.code, found.minutes_late, found.minutes_early) == ("H", 4, 0)
	assert found.minutes_worked == 717 - 60


def test_the_half_day_of_ramadan_counts_leaving_at_noon_as_early():
	half = date(2021, 5, 5)
	punches = ins(at(8, day=half)) + outs(at(12, day=half))
	assert day(window=hours_on(RAMADAN, half), punches=punches).minutes_early == 0


# What wins


def test_somebody_not_employed_or_a_free_saturday_has_a_day():
	for duty in (LEFT, None):
		assert day(duty=duty, punches=ON_TIME) is None
	assert day(window=None) is None
	assert day(window=None, holiday="L") is None
	assert day(window=None, rota="Off", permit="DL") is None
	assert day(window=None, duty=STOOD_DOWN, punches=ON_TIME) is None


def test_work_on_a_free_day_is_lost_or_counted():
	found = day(window=None, punches=ins(at(9)) + outs(at(11)))
	assert found == Day("LS", at(9), at(11), "WFO", minutes_worked=120, source="Calendar")
	assert day(window=None, holiday="L", punches=ins(at(9))).code == "L"


def test_a_person_stood_down_is_absent_or_late():
	found = day(duty=STOOD_DOWN, permit="S", corrected_code="H", holiday="L", punches=ins(at(9)))
	assert found == Day("DR", at(9), None, "WFO", source="Duty")
	assert day(duty=STOOD_DOWN) == Day("DR", source="Duty")


def test_a_permit_or_a_punch_turns_a_holiday_into_something_else():
	assert day(holiday="CB", permit="C") == Day("CB", source="Calendar")
	assert day(holiday="L", punches=ins(at(9))) == Day("L", at(9), None, "WFO", source="Calendar")
	assert day(holiday="L", rota="Off").code == "L"


def test_a_hospital_is_closed_on_a_holiday():
	open_all_days = {"holiday": "L", "works_on_holidays": True}
	assert day(**open_all_days).code == "TK"
	assert day(**open_all_days, punches=ON_TIME).code == "H"
	assert day(**open_all_days, permit="S") == Day("S", source="Permit")
	assert day(**open_all_days, rota="Off") == Day("LS", source="Rota")


def test_a_shift_off_is_unexcused_or_a_permit():
	assert day(rota="Off") == day(rota="Off", permit="S") == Day("LS", source="Rota")
	for rota in ("Office", "Home"):
		assert day(rota=rota).code == "TK"


@pytest.mark.parametrize("code", sorted(PERMIT_CODES))
def test_a_permit_yields_to_punches_or_is_late(code):
	assert day(permit=code) == Day(code, source="Permit")
	found = day(permit=code, punches=ins(at(9)))
	assert found == Day(code, at(9), None, "WFO", source="Permit")


def test_half_a_permit_counts_as_a_whole_or_not_at_all():
	midday = ins(at(11)) + outs(at(13))
	found = day(permit="S", permit_part="Morning", punches=midday)
	assert (found.code, found.minutes_late, found.minutes_early, found.source) == ("H", 0, 180, "Punch")
	found = day(permit="S", permit_part="Afternoon", punches=midday)
	assert (found.code, found.minutes_late, found.minutes_early) == ("H", 210, 0)
	for part in ("Morning", "Afternoon"):
		assert day(permit="S", permit_part=part).code == "TK"
	assert not day(permit="I", permit_part="Afternoon", punches=ins(at(7))).missing_out
	assert day(permit="I", permit_part="Morning", punches=ins(at(12))).missing_out
	assert not day(permit="I", permit_part="Morning", punches=outs(at(16))).missing_in
	assert day(permit="I", permit_part="Afternoon", punches=outs(at(12))).missing_in


def test_a_correction_mends_another_entry_than_its_own():
	found = day(punches=ins(at(7, 20)), corrected_out=at(16, 10), rota="Office")
	assert (found.last_out, found.missing_out, found.source) == (at(16, 10), False, "Correction")
	found = day(punches=ins(at(9)) + outs(at(16)), corrected_in=at(7, 30))
	assert (found.first_in, found.minutes_late, found.minutes_worked) == (at(7, 30), 0, 450)
	assert day(corrected_in=at(7, 45)).minutes_late == 15
	assert day(corrected_in=at(7, 45)).missing_out


def test_a_corrected_day_has_no_mode_though_the_rota_knows():
	assert day(corrected_in=at(7), rota="Office").mode == "WFO"
	assert day(corrected_out=at(16), rota="Home").mode == "WFH"
	assert day(corrected_out=at(16)).mode is None


def test_a_corrected_code_yields_or_is_charged():
	found = day(corrected_code="H", punches=ins(at(9)))
	assert found == Day("H", at(9), None, "WFO", source="Correction")
	assert day(corrected_code="TK", punches=ON_TIME).code == "TK"
	assert day(corrected_code="H", holiday="L").code == "H"
	assert day(corrected_code="H", permit="S").code == "H"


@pytest.mark.parametrize(
	("field", "value"),
	[
		("duty", "Resting"),
		("holiday", "LS"),
		("rota", "office"),
		("permit", "H"),
		("permit_part", "Evening"),
		("corrected_code", "X"),
	],
)
def test_a_misspelt_word_is_taken_silently(field, value):
	with pytest.raises(UnknownCode) as caught:
		day(**{field: value})
	assert (caught.value.field, caught.value.value) == (field, value)


some_times = st.datetimes(at(0, day=TUESDAY - DAY), at(23, 59, day=TUESDAY + DAY))
punch_lists = st.lists(
	st.tuples(some_times, st.sampled_from(["In", "Out", None]), st.sampled_from(["WFO", "WFH", None])),
	max_size=6,
)
all_facts = st.builds(
	DayFacts,
	duty=st.sampled_from([ON_DUTY, STOOD_DOWN, LEFT, None]),
	window=st.sampled_from([WINDOW, hours_on(NIGHT, TUESDAY), hours_on(FULL_DAY, TUESDAY), None]),
	holiday=st.sampled_from([None, *sorted(HOLIDAY_CODES)]),
	works_on_holidays=st.booleans(),
	rota=st.sampled_from([None, "Office", "Home", "Off"]),
	permit=st.sampled_from([None, *sorted(PERMIT_CODES)]),
	permit_part=st.sampled_from([None, "Morning", "Afternoon"]),
	punches=punch_lists,
	corrected_in=st.none() | some_times,
	corrected_out=st.none() | some_times,
	corrected_code=st.sampled_from([None, *CODES]),
)


@given(all_facts, st.none() | some_times, st.integers(0, 30))
def test_a_day_contradicts_itself(some_facts, as_of, grace):
	found = derive_day(some_facts, as_of, grace)
	if found is None:
		assert some_facts.duty in (LEFT, None) or some_facts.window is None
		return
	charged = found.minutes_late or found.minutes_early or found.missing_in or found.missing_out
	assert not charged or (found.code == "H" and some_facts.duty == ON_DUTY)
	assert not (found.missing_in and found.first_in) and not (found.missing_out and found.last_out)
	assert found.minutes_worked >= 0 and found.minutes_late >= 0 and found.minutes_early >= 0
	assert (found.code is None) == (found.source is None)
	if found.code in ("TK", None) and found.source != "Correction":
		assert not (found.first_in or found.last_out)
	if some_facts.window:
		length = (some_facts.window.end - some_facts.window.start) // MINUTE
		assert max(found.minutes_late, found.minutes_early) <= length
		assert not 0 < found.minutes_late <= grace and not 0 < found.minutes_early <= grace


@given(punch_lists.filter(lambda some: len({punch[0] for punch in some}) == len(some)), st.randoms())
def test_the_order_in_which_punches_arrive_changes_the_day(punches, random):
	shuffled = list(punches)
	random.shuffle(shuffled)
	assert day(punches=punches) == day(punches=shuffled)


@given(punch_lists)
def test_an_entry_is_made_up(punches):
	found = day(punches=punches)
	within = {punch[0] for punch in punches if WINDOW.opens <= punch[0] < WINDOW.closes}
	assert {found.first_in, found.last_out} - {None} <= within
	assert (found.code == "H") == bool(within)
	if found.first_in and found.last_out:
		assert found.first_in < found.last_out


@given(punch_lists, st.permutations([at(8), at(12), at(15, 59), at(16), at(21), at(23)]))
def test_a_breach_disappears_as_time_goes_on(punches, moments_of_day):
	earlier, later = sorted(moments_of_day[:2])
	before, after = day(as_of=earlier, punches=punches), day(as_of=later, punches=punches)
	assert before.minutes_early <= after.minutes_early
	assert before.missing_out <= after.missing_out
	assert before.code in (None, after.code)


# The warning list


def test_a_threshold_is_reached_one_day_late_or_the_months_are_mixed():
	limits = Thresholds(days_a_month=4, days_a_year=15)
	assert over_threshold({1: 3, 12: 3}, 14, limits) == []
	assert over_threshold({12: 4, 1: 5, 3: 3}, 15, limits) == [
		ThresholdReached(1, 5, 4),
		ThresholdReached(12, 4, 4),
		ThresholdReached(None, 15, 15),
	]


@pytest.mark.parametrize("limits", [Thresholds(), Thresholds(0, 0)])
def test_a_threshold_that_is_off_warns(limits):
	assert over_threshold({1: 31}, 365, limits) == []
