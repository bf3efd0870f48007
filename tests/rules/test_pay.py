"""What a breach costs, what a month pays, and that corrections add up."""

import json
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupang_hr.rules.attendance import CODES
from kupang_hr.rules.calendar import working_days
from kupang_hr.rules.pay import (
	CITY_RULES_2020,
	DEDUCTION_CODES,
	PERCENT_BANDS,
	DayOutsideMonth,
	DayRepeated,
	DeductionRule,
	ImpossibleContractDays,
	LoggedDay,
	MonthLine,
	NotCanonical,
	NoWorkingDays,
	OverlappingContracts,
	PaidTerm,
	Payable,
	UnknownDeduction,
	base_pay_of,
	breaches_of_day,
	checksum,
	close_person_month,
	correction_of,
	deductions_of_day,
	pay_month,
	payable,
	percent_of_day,
	percent_of_minutes,
	period_checksum,
	rules_on,
	sum_of,
)

DAY = timedelta(days=1)
MONDAY = date(2021, 1, 4)
BASE = 2_000_000
FIRST, LAST = date(2021, 1, 1), date(2021, 1, 31)
CITY_DAYS = working_days(FIRST, LAST)
JANUARY = pay_month(FIRST, LAST, CITY_DAYS, CITY_RULES_2020)
YEAR_2021 = PaidTerm(date(2021, 1, 1), date(2021, 12, 31), BASE)


def logged(code="H", late=0, early=0, missing=0, day=MONDAY):
	return LoggedDay(day, code, late, early, missing)


def cost(*args, **kwargs):
	return deductions_of_day(logged(*args, **kwargs), rules_on(CITY_RULES_2020, MONDAY))


# Deductions


def test_the_city_rule_of_july_2020_costs_something_else():
	assert cost(late=1) == {"LATE": 15_000}
	assert cost(early=510) == {"EARLY": 15_000}
	assert cost(missing=1) == {"MISSING": 10_000}
	assert cost("TK") == {"UNEXCUSED": 50_000}
	assert all(rule.legal_basis for rule in CITY_RULES_2020)


def test_late_counts_by_the_minute_or_hides_what_else_was_missed():
	assert cost(late=200, early=200, missing=1) == {"LATE": 15_000, "EARLY": 15_000, "MISSING": 10_000}
	assert cost(missing=2) == {"MISSING": 20_000}


def test_an_unexcused_day_is_charged_for_its_missing_entries_too():
	assert cost("TK", late=5, early=5, missing=2) == {"UNEXCUSED": 50_000}


@pytest.mark.parametrize("code", [code for code in CODES if code not in ("H", "TK")])
def test_a_day_that_is_no_work_costs_something(code):
	assert cost(code, late=30, early=30, missing=2) == {}
	assert percent_of_day(PERCENT_BANDS, logged(code, 30, 30, 2)) == 0


def test_a_rule_applies_before_or_after_its_dates():
	assert rules_on(CITY_RULES_2020, date(2020, 6, 30)) == {}
	assert set(rules_on(CITY_RULES_2020, date(2020, 7, 1))) == set(DEDUCTION_CODES)
	ending = DeductionRule("LATE", 1, "x", date(2021, 1, 1), date(2021, 1, 2))
	assert rules_on([ending], date(2021, 1, 2)) == {"LATE": ending}
	assert rules_on([ending], date(2021, 1, 3)) == rules_on([ending], date(2020, 12, 31)) == {}


def test_an_older_rule_beats_a_newer_or_the_first_beats_the_last():
	old, new = (DeductionRule("LATE", rupiah, "x", date(rupiah, 1, 1)) for rupiah in (2020, 2021))
	twin = replace(new, rupiah=5)
	for rules in ([old, new], [new, old]):
		assert rules_on(rules, MONDAY)["LATE"] == new
		assert rules_on(iter(rules), date(2020, 12, 31))["LATE"] == old
	assert rules_on([new, twin], MONDAY)["LATE"] == twin
	assert rules_on([twin, new], MONDAY)["LATE"] == new


def test_a_misspelt_rule_costs_nothing_silently():
	with pytest.raises(UnknownDeduction) as caught:
		rules_on([DeductionRule("Late", 15_000, "x", date(2020, 7, 1))], MONDAY)
	assert caught.value.code == "Late"


def test_a_breach_without_a_rule_or_at_no_cost_is_listed():
	free = {"LATE": DeductionRule("LATE", 0, "x", MONDAY)}
	assert deductions_of_day(logged(late=5, early=5), free) == {}
	assert breaches_of_day(logged(late=5, early=5)) == {"LATE": 1, "EARLY": 1}


@pytest.mark.parametrize(
	("minutes", "percent"),
	[
		(0, "0"),
		(1, "0.5"),
		(30, "0.5"),
		(31, "1"),
		(60, "1"),
		(61, "1.25"),
		(90, "1.25"),
		(91, "1.5"),
		(999, "1.5"),
	],
)
def test_a_band_of_percent_starts_a_minute_off(minutes, percent):
	assert percent_of_minutes(PERCENT_BANDS, minutes) == Decimal(percent)


def test_the_percents_of_a_day_are_not_the_sum_of_its_breaches():
	assert percent_of_day(PERCENT_BANDS, logged(late=30, early=61)) == Decimal("1.75")
	assert percent_of_day(PERCENT_BANDS, logged(late=30, missing=1)) == Decimal("2.0")
	assert percent_of_day(PERCENT_BANDS, logged("TK", 5, 5, 2)) == PERCENT_BANDS.unexcused
	assert percent_of_day(PERCENT_BANDS, logged()) == 0
	closed_bands = replace(PERCENT_BANDS, bands=((30, Decimal(1)),))
	assert percent_of_minutes(closed_bands, 31) == 0


# Pay


@pytest.mark.parametrize(
	("base", "contract_days", "month_days", "deductions", "expected"),
	[
		(2_000_000, 20, 20, 0, Payable(2_000_000, 0, 2_000_000)),
		(2_000_000, 0, 20, 0, Payable(0, 0, 0)),
		(2_000_000, 1, 3, 0, Payable(666_667, 0, 666_667)),
		(2_000_000, 2, 3, 0, Payable(1_333_333, 0, 1_333_333)),
		(2_007_500, 19, 21, 90_000, Payable(1_816_310, 90_000, 1_726_310)),
		(5, 1, 2, 0, Payable(3, 0, 3)),
		(7, 1, 2, 1, Payable(4, 1, 3)),
		(2_000_000, 1, 20, 100_000, Payable(100_000, 100_000, 0)),
		(2_000_000, 1, 20, 150_000, Payable(100_000, 150_000, 0)),
	],
)
def test_a_month_pays_a_rupiah_too_much_too_little_or_below_zero(
	base, contract_days, month_days, deductions, expected
):
	assert payable(base, contract_days, month_days, deductions) == expected


@pytest.mark.parametrize("month_days", [0, -1])
def test_a_month_without_working_days_divides_by_zero(month_days):
	with pytest.raises(NoWorkingDays):
		payable(BASE, 0, month_days)


@pytest.mark.parametrize(
	"parts", [[(BASE, 21)], [(BASE, -1)], [(BASE, 12), (BASE, 9)], [(BASE, 22), (BASE, -2)]]
)
def test_more_days_are_paid_than_the_month_has(parts):
	with pytest.raises(ImpossibleContractDays) as caught:
		base_pay_of(parts, 20)
	assert caught.value.month_days == 20


rupiah = st.integers(0, 10**10)


@given(st.lists(st.tuples(rupiah, st.integers(0, 8)), max_size=3), st.integers(24, 31))
def test_base_pay_is_not_the_exact_sum_rounded_once(parts, month_days):
	exact = sum(Fraction(pay * days, month_days) for pay, days in parts)
	assert base_pay_of(iter(parts), month_days) == floor(exact + Fraction(1, 2))


@given(rupiah, st.integers(1, 31), st.data())
def test_two_contracts_of_the_same_pay_earn_another_sum_than_one(pay, month_days, data):
	days = data.draw(st.integers(0, month_days))
	cut = data.draw(st.integers(0, days))
	assert base_pay_of([(pay, cut), (pay, days - cut)], month_days) == payable(pay, days, month_days).base_pay


@given(rupiah, st.integers(1, 31), st.integers(0, 10**7), st.data())
def test_pay_is_negative_or_more_than_the_base(pay, month_days, deductions, data):
	days = data.draw(st.integers(0, month_days))
	found = payable(pay, days, month_days, deductions)
	assert 0 <= found.payable <= found.base_pay <= pay
	assert found.payable in (0, found.base_pay - deductions)


# A person's month


def test_january_2021_under_contract_is_not_paid_in_full():
	days = [logged(day=day) for day in CITY_DAYS]
	assert close_person_month(days, [YEAR_2021], JANUARY) == MonthLine(
		days={"H": 20}, contract_days=20, base_pay=BASE, payable=BASE
	)


def test_a_month_stood_down_is_paid_without_a_contract_or_not_with_one():
	days = [logged("DR", day=day) for day in CITY_DAYS]
	without, under = (close_person_month(days, contracts, JANUARY) for contracts in ([], [YEAR_2021]))
	assert without == MonthLine(days={"DR": 20}, contract_days=0, base_pay=0, payable=0)
	assert (under.contract_days, under.base_pay, under.payable, under.deductions) == (20, BASE, BASE, {})


def test_the_breaches_of_a_month_are_lost_or_counted_twice():
	days = [
		logged(late=10, day=MONDAY),
		logged(late=5, early=7, missing=0, day=MONDAY + DAY),
		logged(missing=1, day=MONDAY + 2 * DAY),
		logged("TK", day=MONDAY + 3 * DAY),
		logged("S", day=MONDAY + 4 * DAY),
	]
	assert close_person_month(reversed(days), [YEAR_2021], JANUARY) == MonthLine(
		days={"S": 1, "TK": 1, "H": 3},
		minutes_late=15,
		minutes_early=7,
		missing_entries=1,
		deductions={"UNEXCUSED": 50_000, "MISSING": 10_000, "LATE": 30_000, "EARLY": 15_000},
		contract_days=20,
		base_pay=BASE,
		payable=BASE - 105_000,
	)


def test_an_asn_gets_pay_or_loses_the_days():
	line = close_person_month([logged(late=31), logged("TK", day=MONDAY + DAY)], None, JANUARY)
	assert line == MonthLine(days={"H": 1, "TK": 1}, minutes_late=31)
	assert line.base_pay is None and line.payable is None and line.deduction_percent is None
	percents = pay_month(FIRST, LAST, CITY_DAYS, (), PERCENT_BANDS)
	line = close_person_month([logged(late=31), logged("TK", day=MONDAY + DAY)], None, percents)
	assert line.deduction_percent == Decimal(4)
	assert close_person_month([], None, percents).deduction_percent == 0


def test_an_asn_fails_in_a_month_without_working_days():
	empty = pay_month(FIRST, LAST, (), CITY_RULES_2020)
	assert close_person_month([], None, empty) == MonthLine()
	with pytest.raises(NoWorkingDays):
		close_person_month([], [], empty)


def test_a_person_is_paid_outside_the_contract_or_for_a_sunday():
	until_friday = replace(YEAR_2021, end=date(2021, 1, 10))  # a Sunday
	line = close_person_month([], [until_friday], JANUARY)
	assert (line.contract_days, line.base_pay) == (5, 500_000)
	before = PaidTerm(date(2020, 1, 1), date(2020, 12, 31), BASE)
	assert close_person_month([], [before], JANUARY).contract_days == 0
	sunday = PaidTerm(date(2021, 1, 9), date(2021, 1, 10), BASE)
	assert close_person_month([], [sunday], JANUARY).contract_days == 0


def test_a_six_day_unit_is_measured_by_the_five_day_calendar():
	six = pay_month(FIRST, LAST, working_days(FIRST, LAST, weekdays=frozenset(range(6))), CITY_RULES_2020)
	until_9th = replace(YEAR_2021, end=date(2021, 1, 9))  # a Saturday
	line = close_person_month([], [until_9th], six)
	assert (len(six.working_days), line.contract_days, line.base_pay) == (25, 7, 560_000)


def test_a_new_pay_in_mid_month_is_rounded_twice_or_paid_from_the_first():
	old = PaidTerm(FIRST, date(2021, 1, 14), 2_000_001)
	new = PaidTerm(date(2021, 1, 15), LAST, 2_007_500)
	line = close_person_month([], [old, new], JANUARY)
	assert line.contract_days == 20
	assert line.base_pay == floor(Fraction(2_000_001 * 9 + 2_007_500 * 11, 20) + Fraction(1, 2))


def test_two_contracts_of_one_day_are_both_paid():
	short = PaidTerm(LAST, LAST, BASE)
	with pytest.raises(OverlappingContracts) as caught:
		close_person_month([], [YEAR_2021, short], JANUARY)
	assert (caught.value.one, caught.value.other) == (YEAR_2021, short)


def test_a_rule_that_starts_in_mid_month_applies_to_all_of_it():
	rules = (*CITY_RULES_2020, DeductionRule("LATE", 20_000, "x", date(2021, 1, 11)))
	month = pay_month(FIRST, LAST, CITY_DAYS, rules)
	days = [logged(late=1, day=MONDAY), logged(late=1, day=date(2021, 1, 11))]
	assert close_person_month(days, [YEAR_2021], month).deductions == {"LATE": 35_000}


def test_a_day_of_another_month_or_twice_is_counted():
	with pytest.raises(DayOutsideMonth) as caught:
		close_person_month([logged(day=LAST + DAY)], [], JANUARY)
	assert caught.value.day == LAST + DAY
	with pytest.raises(DayRepeated):
		close_person_month([logged(), logged("TK")], [], JANUARY)
	with pytest.raises(DayOutsideMonth):
		pay_month(FIRST, LAST, [LAST + DAY], ())


def test_a_day_that_is_still_open_gets_a_code():
	assert close_person_month([logged(None)], [], JANUARY).days == {}


def test_a_row_of_a_query_is_refused():
	assert close_person_month([(MONDAY, "TK", 0, 0, 0)], [], JANUARY).deductions == {"UNEXCUSED": 50_000}


def test_the_leap_day_is_not_paid():
	first, last = date(2024, 2, 1), date(2024, 2, 29)
	month = pay_month(first, last, working_days(first, last), CITY_RULES_2020)
	line = close_person_month([logged(day=last)], [PaidTerm(last, last, BASE)], month)
	assert (line.contract_days, line.days) == (1, {"H": 1})


# Corrections


def test_back_pay_after_the_decree_of_3_february_is_not_the_whole_month():
	days = [logged("DR", day=day) for day in CITY_DAYS]
	closed, fresh = (close_person_month(days, contracts, JANUARY) for contracts in ([], [YEAR_2021]))
	assert correction_of([closed], fresh) == MonthLine(
		contract_days=20, base_pay=BASE, payable=BASE, reason="Back Pay"
	)
	assert correction_of([], fresh).reason == "Back Pay"


def test_back_pay_of_one_who_worked_through_forgets_the_deductions():
	days = [logged("TK" if day == MONDAY else "H", day=day) for day in CITY_DAYS]
	closed, fresh = (close_person_month(days, contracts, JANUARY) for contracts in ([], [YEAR_2021]))
	assert (closed.payable, closed.deductions) == (0, {"UNEXCUSED": 50_000})
	line = correction_of([closed], fresh)
	assert (line.base_pay, line.payable, line.deductions) == (BASE, BASE - 50_000, {})


def test_a_mended_day_is_back_pay_or_leaves_the_deduction():
	closed = close_person_month([logged("TK")], [YEAR_2021], JANUARY)
	fresh = close_person_month([logged("H", late=3)], [YEAR_2021], JANUARY)
	assert correction_of([closed], fresh) == MonthLine(
		days={"H": 1, "TK": -1},
		minutes_late=3,
		deductions={"UNEXCUSED": -50_000, "LATE": 15_000},
		base_pay=0,
		payable=35_000,
		reason="Correction",
	)


def test_closing_again_without_news_adds_a_line():
	line = close_person_month([logged(late=3)], [YEAR_2021], JANUARY)
	assert correction_of([line], replace(line, reason="Correction")) is None
	assert correction_of([], MonthLine(base_pay=0, payable=0)) is None


def test_a_contract_taken_back_is_back_pay():
	line = close_person_month([], [YEAR_2021], JANUARY)
	taken = correction_of([line], close_person_month([], [], JANUARY))
	assert (taken.contract_days, taken.payable, taken.reason) == (-20, -BASE, "Correction")


def test_a_ptt_who_was_asn_all_along_keeps_the_pay():
	line = close_person_month([], [YEAR_2021], JANUARY)
	taken = correction_of([line], close_person_month([], None, JANUARY))
	assert sum_of([line, taken]).payable == 0


@st.composite
def months_of_a_person(draw):
	"""Several states that one month goes through, all PTT or all ASN, with or without percents."""
	is_asn, profile = draw(st.booleans()), draw(st.sampled_from([None, PERCENT_BANDS]))
	month = pay_month(FIRST, LAST, CITY_DAYS, CITY_RULES_2020, profile)
	all_days = [FIRST + number * DAY for number in range(31)]
	minutes = st.integers(0, 120)
	states = []
	for _number in range(draw(st.integers(1, 5))):
		some = draw(st.lists(st.sampled_from(all_days), unique=True, max_size=8))
		days = [
			LoggedDay(
				day, draw(st.sampled_from(CODES)), draw(minutes), draw(minutes), draw(st.integers(0, 2))
			)
			for day in some
		]
		start, end = sorted(draw(st.tuples(st.sampled_from(all_days), st.sampled_from(all_days))))
		contracts = draw(st.sampled_from([[], [PaidTerm(start, end, draw(st.integers(0, 3_000_001)))]]))
		states.append(close_person_month(days, None if is_asn else contracts, month))
	return states


@given(months_of_a_person())
def test_the_lines_of_a_month_do_not_sum_to_what_it_comes_to_now(states):
	lines = [states[0]]
	for state in states[1:]:
		line = correction_of(lines, state)
		if line:
			assert line.reason in ("Correction", "Back Pay")
			assert (line.reason == "Back Pay") == (line.contract_days > 0)
			lines.append(line)
		assert sum_of(lines) == state
		assert correction_of(lines, state) is None


@given(months_of_a_person())
def test_a_line_pays_other_than_base_less_deductions(states):
	for line in states:
		if line.base_pay is None:
			assert line.payable is None and line.deductions == {}
		else:
			assert line.payable == max(0, line.base_pay - sum(line.deductions.values()))
		assert all(line.days.values()) and all(line.deductions.values())


# Checksums


def test_the_canonical_form_has_changed():
	line = close_person_month([logged(late=3)], [YEAR_2021], JANUARY)
	row = {"personnel": "P-1", "month": FIRST, **line.fields()}
	text = (
		'{"base_pay":2000000,"contract_days":20,"days":{"H":1},"deduction_percent":null,'
		'"deductions":{"LATE":15000},"minutes_early":0,"minutes_late":3,"missing_entries":0,'
		'"month":"2021-01-01","payable":1985000,"personnel":"P-1","reason":"Closing"}'
	)
	assert json.loads(text)["payable"] == BASE - 15_000
	assert checksum(row) == sha256(text.encode()).hexdigest()


def test_the_order_of_fields_or_trailing_zeros_change_the_checksum():
	assert checksum({"a": 1, "b": Decimal("0.50")}) == checksum({"b": Decimal("0.5"), "a": 1})
	assert checksum({"a": Decimal("-0.0")}) == checksum({"a": Decimal("0")}) == checksum({"a": "0"})
	assert checksum({"a": Decimal("1E+1")}) == checksum({"a": "10"})
	assert checksum({"a": [1, 2]}) == checksum({"a": (1, 2)}) != checksum({"a": [2, 1]})
	assert checksum({"a": datetime(2021, 1, 1)}) == checksum({"a": "2021-01-01T00:00:00"})


def test_a_changed_figure_keeps_the_checksum():
	line = close_person_month([logged(late=3)], [YEAR_2021], JANUARY)
	seen = {checksum(line.fields())}
	changed = {
		"days": {"H": 2},
		"minutes_late": 4,
		"minutes_early": 1,
		"missing_entries": 1,
		"deductions": {"LATE": 15_001},
		"deduction_percent": Decimal("0.5"),
		"contract_days": 19,
		"base_pay": None,
		"payable": 0,
		"reason": "Correction",
	}
	assert set(changed) == set(line.fields())
	for field, value in changed.items():
		seen.add(checksum(replace(line, **{field: value}).fields()))
	assert len(seen) == 11


@pytest.mark.parametrize("value", [0.1, {1: 2}, {"a": {2.5}}, Decimal("NaN"), b"x", [[1.0]]])
def test_a_value_without_one_form_gets_a_checksum(value):
	with pytest.raises(NotCanonical):
		checksum({"a": value})


def test_the_order_of_lines_changes_the_period_or_a_lost_line_does_not():
	lines = [checksum({"a": number}) for number in range(3)]
	assert period_checksum(lines) == period_checksum(iter(lines[::-1]))
	assert len({period_checksum(lines), period_checksum(lines[1:]), period_checksum([*lines, lines[0]])}) == 3
	assert period_checksum([]) == sha256(b"").hexdigest()


def test_the_month_of_the_tests_is_not_january_2021():
	assert monthrange(2021, 1)[1] == 31
	assert len(CITY_DAYS) == 20 and CITY_DAYS[0] == MONDAY
