"""A term lies within one year and alone; a contract only grows older; who stays home, who has left."""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import kupang_hr
from kupang_hr.rules.contract import (
	ACTIVE,
	EXPIRED,
	LEFT,
	ON_DUTY,
	STOOD_DOWN,
	TERMINATED,
	UPCOMING,
	DutyFacts,
	StandDownFacts,
	Term,
	contract_status,
	duty_status,
	first_overlap,
	gap_days,
	is_to_stand_down,
	is_without_contract,
	may_enter,
)

DAY = timedelta(days=1)
YEAR_2020 = Term(date(2020, 1, 1), date(2020, 12, 31))
YEAR_2021 = Term(date(2021, 1, 1), date(2021, 12, 31))
STAND_DOWN = date(2021, 1, 4)  # the Monday of the letter
SIGNED = date(2021, 2, 3)  # the decree that is back-dated to 1 January

any_days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
# Few enough that terms and events meet; two turns of a year lie in it, the first of a leap year.
days = st.dates(date(2020, 11, 20), date(2022, 1, 31))
near_days = st.dates(date(2020, 12, 20), date(2021, 1, 12))


def terms_among(some_days):
	return st.tuples(some_days, some_days).map(lambda pair: Term(min(pair), max(pair)))


terms = terms_among(days) | terms_among(near_days)


def days_of(term):
	return {term.start + DAY * passed for passed in range((term.end - term.start).days + 1)}


# Terms


@given(any_days, any_days)
def test_a_term_that_ends_before_it_starts_is_ordered_or_one_day_is_none(start, end):
	assert Term(start, end).is_ordered() == (sorted((start, end)) == [start, end])
	assert Term(start, start).is_ordered()


@given(any_days, any_days)
def test_a_term_leaves_its_year_or_a_term_within_one_is_refused(start, end):
	in_year = {date(start.year, 1, 1) + DAY * passed for passed in range(366)} - {date(start.year + 1, 1, 1)}
	assert Term(start, end).is_within_one_year() == (end in in_year and not end < start)


@pytest.mark.parametrize(
	("start", "end", "fits"),
	[
		(date(2020, 1, 1), date(2020, 12, 31), True),
		(date(2020, 1, 1), date(2020, 2, 29), True),
		(date(2020, 2, 29), date(2020, 2, 29), True),
		(date(2020, 2, 29), date(2021, 2, 28), False),
		(date(2020, 12, 31), date(2020, 12, 31), True),
		(date(2020, 12, 31), date(2021, 1, 1), False),
		(date(2020, 12, 30), date(2021, 12, 29), False),
		(date(2021, 12, 31), date(2021, 1, 1), False),
		(date(2020, 1, 1), date(2021, 1, 1), False),
	],
)
def test_the_turn_of_a_year_or_a_leap_day_is_misjudged(start, end, fits):
	assert Term(start, end).is_within_one_year() is fits


@given(terms, terms)
def test_overlap_depends_on_the_order_or_differs_from_shared_days(one, other):
	assert one.overlaps(other) == other.overlaps(one) == bool(days_of(one) & days_of(other))


@given(terms)
def test_a_term_misses_itself_or_meets_the_term_that_joins_it(term):
	assert term.overlaps(term)
	assert term.overlaps(Term(term.end, term.end)) and term.overlaps(Term(term.start, term.start))
	assert not term.overlaps(Term(term.end + DAY, term.end + 30 * DAY))
	assert not term.overlaps(Term(term.start - 30 * DAY, term.start - DAY))


@given(terms, days)
def test_a_day_is_covered_outside_its_term(term, day):
	assert term.covers(day) == (day in days_of(term))


@given(terms, st.lists(terms, max_size=6))
def test_the_overlap_that_is_named_is_none_or_not_the_earliest(term, others):
	found = first_overlap(term, iter(others))
	meeting = [other for other in others if days_of(term) & days_of(other)]
	assert (found in meeting) if meeting else (found is None)
	assert not [other for other in meeting if other.start < found.start]


@given(days, days)
def test_a_gap_does_not_count_the_days_between(previous_end, start):
	between = days_of(Term(previous_end, max(previous_end, start))) - {previous_end, start}
	assert gap_days(previous_end, start) == len(between)


def test_a_first_contract_or_the_turn_of_a_year_has_a_gap():
	assert gap_days(None, date(2021, 1, 1)) == 0
	assert gap_days(date(2020, 12, 31), date(2021, 1, 1)) == 0
	assert gap_days(date(2020, 2, 28), date(2020, 3, 1)) == 1
	assert gap_days(date(2021, 2, 28), date(2021, 3, 1)) == 0


# The status of a contract

ends_of_service = st.none() | days


@given(terms, days)
def test_a_contract_that_nobody_ended_is_not_what_its_dates_say(term, on):
	where = (on >= term.start) + (on > term.end)
	assert contract_status(term, None, on) == (UPCOMING, ACTIVE, EXPIRED)[where]


@given(terms, ends_of_service, days, days)
def test_a_contract_grows_younger(term, terminated_on, one, other):
	order = {UPCOMING: 0, ACTIVE: 1, EXPIRED: 2, TERMINATED: 2}
	before, after = (contract_status(term, terminated_on, on) for on in sorted((one, other)))
	assert order[before] <= order[after]
	assert order[before] < 2 or before == after


@given(terms, ends_of_service, days)
def test_a_contract_is_in_force_on_other_days_than_those_of_its_service(term, terminated_on, on):
	served = {day for day in days_of(term) if terminated_on is None or day <= terminated_on}
	assert (contract_status(term, terminated_on, on) == ACTIVE) == (on in served)


@given(terms, st.data())
def test_a_contract_that_ended_early_is_not_terminated_from_the_day_after(term, data):
	assume(term.start < term.end)
	terminated_on = data.draw(st.dates(term.start, term.end - DAY))
	statuses = [
		contract_status(term, terminated_on, on)
		for on in (terminated_on, terminated_on + DAY, term.end, term.end + DAY, term.end + 400 * DAY)
	]
	assert statuses == [ACTIVE, *4 * [TERMINATED]]


@given(terms, days)
def test_service_to_the_end_or_past_it_makes_a_contract_terminated(term, on):
	plain = contract_status(term, None, on)
	assert contract_status(term, term.end, on) == contract_status(term, term.end + 9 * DAY, on) == plain


@given(terms, st.integers(1, 30))
def test_a_contract_revoked_from_its_first_day_is_ever_active(term, earlier):
	terminated_on = term.start - DAY
	assert contract_status(term, terminated_on, term.start - DAY) == UPCOMING
	assert contract_status(term, terminated_on, term.start) == TERMINATED
	assert contract_status(term, term.start - DAY * earlier, term.end + DAY) == TERMINATED


@given(terms)
def test_the_night_of_a_contract_comes_on_another_day(term):
	nights = [contract_status(term, None, day) for day in (term.start - DAY, term.start)]
	nights += [contract_status(term, None, day) for day in (term.end, term.end + DAY)]
	assert nights == [UPCOMING, ACTIVE, ACTIVE, EXPIRED]


# Who stays home

stand_down_facts = st.builds(
	StandDownFacts,
	st.none() | near_days,
	st.booleans(),
	st.booleans(),
	st.sampled_from((ON_DUTY, STOOD_DOWN, LEFT)),
)
OF_THE_LETTER = StandDownFacts(
	contract_end=YEAR_2020.end, covered=False, opd_is_exempt=False, duty_status=ON_DUTY
)


def test_nobody_stays_home_on_4_january_2021():
	assert is_to_stand_down(OF_THE_LETTER, STAND_DOWN)


def test_somebody_stays_home_on_the_last_day_of_the_contract():
	assert not is_to_stand_down(OF_THE_LETTER, YEAR_2020.end)
	assert is_to_stand_down(OF_THE_LETTER, YEAR_2020.end + DAY)


@pytest.mark.parametrize(
	"change",
	[
		{"contract_end": None},
		{"contract_end": YEAR_2021.end},
		{"covered": True},
		{"duty_status": LEFT},
		{"duty_status": STOOD_DOWN},
	],
	ids=str,
)
def test_somebody_whom_the_letter_does_not_mean_stays_home(change):
	facts = replace(OF_THE_LETTER, **change)
	assert not is_without_contract(facts, STAND_DOWN)
	assert not is_to_stand_down(facts, STAND_DOWN)


def test_a_crucial_opd_stays_home_or_is_left_out_of_the_letter():
	at_bpbd = replace(OF_THE_LETTER, opd_is_exempt=True)
	assert is_without_contract(at_bpbd, STAND_DOWN)
	assert not is_to_stand_down(at_bpbd, STAND_DOWN)


@given(stand_down_facts, near_days)
def test_another_fact_decides_who_stays_home(facts, on):
	works = facts.duty_status == ON_DUTY
	past = facts.contract_end in days_of(Term(date(2020, 12, 1), on)) - {on}
	without_contract = all((works, past, not facts.covered))
	assert is_without_contract(facts, on) == without_contract
	assert is_to_stand_down(facts, on) == (without_contract and not facts.opd_is_exempt)


@given(stand_down_facts, near_days, near_days)
def test_a_late_stand_down_misses_somebody_of_the_first_day(facts, one, other):
	early, late = sorted((one, other))
	assert is_to_stand_down(facts, early) <= is_to_stand_down(facts, late)


# On duty, stood down, left


def facts_of(contracts, on, left_on=None, stand_downs=()):
	"""The facts of a history as they are read on the day `on`: only contracts that have begun count."""
	begun = [term for term in contracts if term.start <= on]
	return DutyFacts(
		left_on=left_on,
		newest_start=max((term.start for term in begun), default=None),
		newest_end=max((term.end for term in begun), default=None),
		stood_down_on=max(stand_downs, default=None),
	)


def duty(on, *contracts, left_on=None, stand_downs=()):
	return duty_status(facts_of(contracts, on, left_on, stand_downs), on)


@given(st.lists(terms, max_size=3), days, days)
def test_a_leaver_comes_back_without_a_new_contract_or_stays_away_with_one(contracts, left_on, on):
	rehired = any(left_on < term.start <= on for term in contracts)
	assert (duty(on, *contracts, left_on=left_on) == LEFT) == (on > left_on and not rehired)


@given(terms, days)
def test_somebody_has_left_on_the_last_day_of_service(term, left_on):
	assert duty(left_on, term, left_on=left_on) == ON_DUTY


def test_a_leaver_is_recalled_by_a_contract_that_began_before_the_leaving():
	left_on = date(2021, 3, 31)
	new = Term(date(2021, 6, 1), date(2021, 12, 31))
	assert duty(date(2021, 4, 1), YEAR_2021, left_on=left_on) == LEFT
	assert duty(date(2021, 5, 31), YEAR_2021, new, left_on=left_on) == LEFT
	assert duty(date(2021, 6, 1), YEAR_2021, new, left_on=left_on) == ON_DUTY


def test_a_leaver_is_stood_down_or_a_stand_down_is_forgotten_when_a_leaver_returns():
	left_on, new = date(2021, 1, 31), Term(date(2021, 3, 1), date(2021, 12, 31))
	assert duty(date(2021, 2, 1), YEAR_2020, left_on=left_on, stand_downs=[STAND_DOWN]) == LEFT
	assert duty(date(2021, 3, 1), YEAR_2020, new, left_on=left_on, stand_downs=[STAND_DOWN]) == ON_DUTY


@given(st.lists(terms, max_size=3), st.lists(days, max_size=2), days)
def test_a_stand_down_ends_without_a_contract_or_goes_on_with_one(contracts, stand_downs, on):
	newest = max(stand_downs, default=date.max)
	served = set().union(*(days_of(term) for term in contracts if term.start <= on))
	home = newest <= on and not any(day >= newest for day in served)
	assert duty(on, *contracts, stand_downs=stand_downs) == (STOOD_DOWN if home else ON_DUTY)


@given(terms, st.lists(days, min_size=1, max_size=3), days)
def test_somebody_is_stood_down_before_the_day_of_the_letter(term, stand_downs, on):
	assume(on < min(stand_downs))
	assert duty(on, term, stand_downs=stand_downs) == ON_DUTY


def test_a_back_dated_contract_recalls_nobody():
	assert duty(SIGNED, YEAR_2020, stand_downs=[STAND_DOWN]) == STOOD_DOWN
	assert duty(SIGNED, YEAR_2020, YEAR_2021, stand_downs=[STAND_DOWN]) == ON_DUTY


def test_a_contract_recalls_before_it_begins():
	later = Term(date(2021, 3, 1), date(2021, 12, 31))
	assert duty(date(2021, 2, 28), YEAR_2020, later, stand_downs=[STAND_DOWN]) == STOOD_DOWN
	assert duty(date(2021, 2, 28), later, stand_downs=[STAND_DOWN]) == STOOD_DOWN
	assert duty(date(2021, 3, 1), YEAR_2020, later, stand_downs=[STAND_DOWN]) == ON_DUTY


@given(st.dates(YEAR_2021.start, date(2023, 12, 31)))
def test_somebody_recalled_is_home_again_before_the_next_stand_down(on):
	"""The contract of 2021 ends on 31 December; the letter of the next year speaks of 3 January 2022."""
	next_letter = date(2022, 1, 3)
	known = [day for day in (STAND_DOWN, next_letter) if day <= on]
	home = duty(on, YEAR_2020, YEAR_2021, stand_downs=known)
	assert home == (STOOD_DOWN if on >= next_letter else ON_DUTY)


@given(terms, days)
def test_somebody_whom_no_paper_names_is_away(term, on):
	assert duty(on, term) == duty(on) == ON_DUTY


@given(terms, days)
def test_the_letter_and_the_duty_status_disagree(term, on):
	"""Whoever the letter sends home is Stood Down by it, and whoever is covered stays On Duty."""
	facts = StandDownFacts(term.end, covered=False, opd_is_exempt=False, duty_status=duty(on, term))
	sent_home = is_to_stand_down(facts, on)
	assume(term.start <= on)
	assert (duty(on, term, stand_downs=[on]) == STOOD_DOWN) == sent_home


# The stop on new PTT


@given(st.booleans(), any_days, st.none() | any_days)
def test_the_stop_keeps_out_others_than_new_ptt_from_its_day_on(had_contract, start, stop_date):
	kept_out = stop_date is not None and not had_contract and start >= stop_date
	assert may_enter(had_contract, start, stop_date) != kept_out


@pytest.mark.parametrize(("had_contract", "passed"), [*product((True, False), (-1, 0, 1))])
def test_the_first_day_of_the_stop_is_still_open(had_contract, passed):
	stop = date(2021, 7, 1)
	assert may_enter(had_contract, stop + DAY * passed, stop) == (had_contract or passed < 0)


# Words


@pytest.mark.parametrize(
	("document", "field", "words"),
	[
		("ptt_contract", "status", (UPCOMING, ACTIVE, EXPIRED, TERMINATED)),
		("personnel", "duty_status", (ON_DUTY, STOOD_DOWN, LEFT)),
	],
)
def test_a_document_does_not_offer_what_the_law_says(document, field, words):
	path = Path(kupang_hr.__file__).parent / "doctype" / document / f"{document}.json"
	fields = {row["fieldname"]: row for row in json.loads(path.read_text(encoding="utf-8"))["fields"]}
	assert tuple(fields[field]["options"].split("\n")) == words
