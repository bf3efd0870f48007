"""The city's calendar: who is told to come, and from which day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupang_hr.rules import calendar
from kupang_hr.rules.calendar import (
	MONDAY_TO_FRIDAY,
	REVISION_KINDS,
	Holiday,
	NoWorkingDay,
	Revision,
	UnknownRevisionKind,
	city_holidays,
	first_working_day_after,
	is_working_day,
	working_days,
)

DECEMBER_2020 = {9: "L", 24: "CB", 25: "L", 31: "CB"}
HOLIDAYS_2021 = {
	date(2021, month, day): code
	for month, day, code in (
		(1, 1, "L"),
		(2, 12, "L"),
		(3, 11, "L"),
		(3, 14, "L"),
		(4, 2, "L"),
		(5, 1, "L"),
		(5, 12, "CB"),
		(5, 13, "L"),
		(5, 14, "L"),
		(5, 26, "L"),
		(6, 1, "L"),
		(7, 20, "L"),
		(8, 11, "L"),
		(8, 17, "L"),
		(10, 20, "L"),
		(12, 25, "L"),
	)
}
SPAN = (date(2019, 1, 1), date(2028, 12, 31))

dates = st.dates(*SPAN)
spans = st.tuples(dates, st.integers(0, 420)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
some_weekdays = st.frozensets(st.integers(0, 6), min_size=1)


def revisions_of(days):
	return st.builds(Revision, days, st.sampled_from(REVISION_KINDS), st.text(max_size=8), st.none() | dates)


@st.composite
def span_and_revisions(draw):
	first, last = draw(spans)
	near = st.dates(first - timedelta(days=10), last + timedelta(days=10))
	return first, last, draw(st.lists(revisions_of(near), max_size=12))


def codes(first, last, revisions=(), as_of=None):
	return {day: holiday.code for day, holiday in city_holidays(first, last, revisions, as_of).items()}


def test_december_2020_differs_from_the_official_revised_list():
	found = codes(date(2020, 12, 1), date(2020, 12, 31))
	assert found == {date(2020, 12, day): code for day, code in DECEMBER_2020.items()}


def test_2021_differs_from_the_official_revised_list():
	assert codes(date(2021, 1, 1), date(2021, 12, 31)) == HOLIDAYS_2021


def test_the_days_between_christmas_and_new_year_2020_are_not_working_days():
	assert working_days(date(2020, 12, 24), date(2021, 1, 4)) == [
		date(2020, 12, 28),
		date(2020, 12, 29),
		date(2020, 12, 30),
		date(2021, 1, 4),
	]


def test_stand_down_does_not_start_on_monday_4_january_2021():
	assert first_working_day_after(date(2020, 12, 31)) == date(2021, 1, 4)


def test_a_six_day_unit_does_not_start_on_saturday_2_january_2021():
	assert first_working_day_after(date(2020, 12, 31), weekdays=frozenset(range(6))) == date(2021, 1, 2)


def test_names_are_not_indonesian():
	found = city_holidays(date(2020, 12, 24), date(2021, 1, 1))
	assert found[date(2020, 12, 24)].name == "Cuti Bersama Hari Raya Natal"
	assert found[date(2021, 1, 1)] == Holiday(date(2021, 1, 1), "L", "Tahun Baru Masehi")


def test_an_estimated_day_is_dropped_or_loses_its_mark():
	estimated = city_holidays(date(2030, 2, 4), date(2030, 2, 4))
	assert estimated[date(2030, 2, 4)].code == "L"
	assert estimated[date(2030, 2, 4)].name.endswith("(perkiraan)")


def test_a_day_that_is_public_and_joint_is_counted_as_joint(monkeypatch):
	monkeypatch.setattr(calendar, "_library_days", lambda year, category: {date(year, 5, 5): category})
	calendar._library_year.cache_clear()
	try:
		found = city_holidays(date(2021, 1, 1), date(2021, 12, 31))
	finally:
		calendar._library_year.cache_clear()
	assert found == {date(2021, 5, 5): Holiday(date(2021, 5, 5), "L", "public")}


def test_a_revision_does_not_count_from_its_date_of_effect_only():
	day = date(2020, 12, 28)
	planned = Revision(day, "Joint Holiday", "SKB lama", known_from=date(2020, 5, 20))
	withdrawn = Revision(day, "Working Day", "SKB 1 Desember 2020", known_from=date(2020, 12, 1))
	for revisions in ([planned, withdrawn], [withdrawn, planned]):
		assert codes(day, day, revisions, as_of=date(2020, 5, 19)) == {}
		assert codes(day, day, revisions, as_of=date(2020, 5, 20)) == {day: "CB"}
		assert codes(day, day, revisions, as_of=date(2020, 11, 30)) == {day: "CB"}
		assert codes(day, day, revisions, as_of=date(2020, 12, 1)) == {}
		assert codes(day, day, revisions) == {}


def test_a_local_day_does_not_replace_the_national_one():
	day = date(2020, 12, 24)
	local = Revision(day, "Holiday", "Hari Jadi Kota")
	assert city_holidays(day, day, [local]) == {day: Holiday(day, "L", "Hari Jadi Kota")}


def test_a_removed_holiday_still_moves_the_stand_down():
	worked = Revision(date(2021, 1, 1), "Working Day", "Lembur")
	end_of_term = date(2020, 12, 31)
	assert first_working_day_after(end_of_term, [worked]) == date(2021, 1, 1)
	assert first_working_day_after(end_of_term, iter([worked]), date(2020, 1, 1)) == date(2021, 1, 1)


def test_of_two_revisions_known_together_the_one_given_last_loses():
	day = date(2021, 3, 1)
	revisions = [Revision(day, "Holiday", "a"), Revision(day, "Joint Holiday", "b")]
	assert codes(day, day, revisions) == {day: "CB"}
	assert codes(day, day, revisions[::-1]) == {day: "L"}


def test_a_working_day_revision_turns_a_weekend_into_work():
	saturday = date(2021, 3, 6)
	assert working_days(saturday, saturday, [Revision(saturday, "Working Day", "Ganti hari")]) == []


def test_a_misspelt_kind_is_taken_silently():
	wrong = Revision(date(2021, 3, 1), "holiday", "Kecil")
	with pytest.raises(UnknownRevisionKind) as caught:
		city_holidays(date(2021, 1, 1), date(2021, 12, 31), [wrong])
	assert caught.value.revision == wrong


def test_a_calendar_without_working_days_never_ends():
	with pytest.raises(NoWorkingDay) as caught:
		first_working_day_after(date(2020, 12, 31), weekdays=frozenset())
	assert caught.value.day == date(2020, 12, 31)


def test_a_period_that_ends_before_it_starts_has_days():
	assert working_days(date(2021, 1, 10), date(2021, 1, 4)) == []
	assert city_holidays(date(2021, 1, 10), date(2020, 12, 1)) == {}


def test_the_library_is_asked_again_for_a_year_it_has_given(monkeypatch):
	city_holidays(date(2021, 1, 1), date(2021, 12, 31))
	monkeypatch.setattr(calendar, "country_holidays", None)
	assert city_holidays(date(2021, 1, 1), date(2021, 1, 1))


def test_a_caller_spoils_the_cached_year_for_the_next():
	day = date(2021, 1, 1)
	city_holidays(day, day).clear()
	city_holidays(day, day, [Revision(day, "Working Day", "")])
	assert codes(day, day) == {day: "L"}


@given(span_and_revisions(), st.none() | dates)
def test_holidays_lie_outside_the_period_or_out_of_order(case, as_of):
	first, last, revisions = case
	found = city_holidays(first, last, revisions, as_of)
	assert list(found) == sorted(found)
	for day, holiday in found.items():
		assert first <= day <= last
		assert holiday.day == day
		assert holiday.code in ("L", "CB")


@given(span_and_revisions(), st.none() | dates, dates)
def test_a_period_counts_other_days_than_its_two_parts(case, as_of, cut):
	first, last, revisions = case
	cut = min(max(cut, first), last)
	after = cut + timedelta(days=1)
	whole = city_holidays(first, last, revisions, as_of)
	assert whole == city_holidays(first, cut, revisions, as_of) | city_holidays(after, last, revisions, as_of)
	parts = working_days(first, cut, revisions, as_of) + working_days(after, last, revisions, as_of)
	assert working_days(first, last, revisions, as_of) == parts


@given(span_and_revisions(), st.none() | dates)
def test_the_last_revision_in_effect_does_not_decide_its_day(case, as_of):
	first, last, revisions = case
	plain, found = city_holidays(first, last), city_holidays(first, last, revisions, as_of)
	for number in range((last - first).days + 1):
		day = first + timedelta(days=number)
		deciding = None
		for revision in revisions:
			known = revision.known_from or date.min
			if revision.day != day or (as_of and known > as_of):
				continue
			if deciding is None or known >= (deciding.known_from or date.min):
				deciding = revision
		expected = {
			None: plain.get(day),
			"Working Day": None,
			"Holiday": deciding and Holiday(day, "L", deciding.description),
			"Joint Holiday": deciding and Holiday(day, "CB", deciding.description),
		}[deciding and deciding.kind]
		assert found.get(day) == expected


@given(span_and_revisions())
def test_revisions_given_twice_change_the_calendar_again(case):
	first, last, revisions = case
	assert city_holidays(first, last, revisions) == city_holidays(first, last, revisions + revisions)


@given(span_and_revisions(), some_weekdays)
def test_a_day_is_both_off_and_working_or_neither(case, weekdays):
	first, last, revisions = case
	holidays = city_holidays(first, last, revisions)
	working = working_days(first, last, revisions, weekdays=weekdays)
	assert working == sorted(set(working))
	for number in range((last - first).days + 1):
		day = first + timedelta(days=number)
		off = day in holidays or day.weekday() not in weekdays
		assert (day in working) is not off
		assert is_working_day(day, holidays, weekdays) is not off


@given(span_and_revisions(), some_weekdays)
def test_a_working_day_is_skipped_or_a_day_off_is_found(case, weekdays):
	day, _last, revisions = case
	found = first_working_day_after(day, revisions, weekdays=weekdays)
	assert found > day
	assert working_days(day + timedelta(days=1), found, revisions, weekdays=weekdays) == [found]


@given(dates, dates)
def test_a_later_end_of_term_brings_an_earlier_return(one, other):
	earlier, later = sorted((one, other))
	assert first_working_day_after(earlier) <= first_working_day_after(later)


def test_the_usual_week_is_not_monday_to_friday():
	assert MONDAY_TO_FRIDAY == {0, 1, 2, 3, 4}
	assert date(2021, 1, 4).weekday() == 0
