"""Who is in the office: the capacity, the fair share, the average that is stated."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupang_hr.rules.rota import (
	ImpossibleCapacity,
	ImpossibleWish,
	PersonRepeated,
	RotaPerson,
	StructuralOverCapacity,
	propose,
	seats,
)

DAY = timedelta(days=1)
MONDAY = date(2020, 12, 7)


def working_week(number=0, days=5):
	return [MONDAY + number * 7 * DAY + day * DAY for day in range(days)]


def staff(number, structural=0, served=None):
	return [
		RotaPerson(f"P{each:03}", each < structural, (served or {}).get(f"P{each:03}", 0))
		for each in range(number)
	]


def at_percent(percent, days=None):
	return dict.fromkeys(days or working_week(), percent)


def days_of(proposal, person):
	return sum(person in chosen for chosen in proposal.assignments.values())


# Seats


@pytest.mark.parametrize(
	("headcount", "percent", "expected"),
	[(10, 30, 3), (11, 30, 3), (3, 30, 0), (7, 100, 7), (7, 0, 0), (0, 30, 0), (199, 25, 49)],
)
def test_a_seat_is_rounded_up(headcount, percent, expected):
	assert seats(headcount, percent) == expected


@pytest.mark.parametrize("percent", [-1, 101, 30.0, None, "30", True])
def test_an_impossible_percent_gives_seats(percent):
	with pytest.raises(ImpossibleCapacity) as caught:
		propose(staff(3), at_percent(percent))
	assert caught.value.percent is percent


# Proposals


def test_december_2020_at_30_percent_states_another_average_than_one_and_a_half():
	proposal = propose(staff(10), at_percent(30), wish_days=2)
	assert proposal.average_days == proposal.average_days_in_turn == Decimal("1.50")
	assert {len(chosen) for chosen in proposal.assignments.values()} == {3}
	assert proposal.problems == ()


def test_a_wish_that_fits_is_exceeded_or_bunched():
	proposal = propose(staff(10), at_percent(60), wish_days=2)
	assert [len(chosen) for chosen in proposal.assignments.values()] == [4] * 5
	assert proposal.average_days == Decimal("2.00")
	assert {days_of(proposal, person.id) for person in staff(10)} == {2}
	assert propose(staff(10), at_percent(60)).average_days == Decimal("3.00")
	assert propose(staff(10), at_percent(60), wish_days=Fraction(5, 2)).average_days == Decimal("2.50")


def test_the_wish_of_those_with_structural_posts_goes_to_the_others():
	proposal = propose(staff(10, structural=4), at_percent(90), wish_days=1)
	assert [len(chosen) for chosen in proposal.assignments.values()] == [5, 5, 5, 5, 6]
	assert proposal.average_days_in_turn == 1


def test_a_wish_keeps_somebody_home_on_a_day_without_limit():
	crucial = propose(staff(7, structural=2), at_percent(100), wish_days=2)
	assert crucial.average_days == Decimal("5.00")
	assert all(len(chosen) == 7 for chosen in crucial.assignments.values())
	mixed = propose(staff(10), {**at_percent(30), MONDAY: 100}, wish_days=1)
	assert [len(chosen) for chosen in mixed.assignments.values()] == [10, 2, 2, 3, 3]


def test_a_day_of_little_room_takes_the_wish_of_the_others_down():
	proposal = propose(staff(10), dict(zip(working_week(), (10, 50, 50, 50, 50), strict=True)), wish_days=2)
	assert [len(chosen) for chosen in proposal.assignments.values()] == [1, 4, 5, 5, 5]


def test_a_structural_post_takes_turns_or_no_seat():
	proposal = propose(staff(10, structural=2), at_percent(30), wish_days=2)
	for chosen in proposal.assignments.values():
		assert {"P000", "P001"} <= set(chosen) and len(chosen) == 3
	assert proposal.average_days == Decimal("1.50")
	assert proposal.average_days_in_turn == Decimal("0.63")  # 5 days of 8 people


def test_too_many_structural_posts_break_the_capacity_or_go_unsaid():
	proposal = propose(staff(10, structural=6), at_percent(30))
	assert proposal.problems == tuple(StructuralOverCapacity(day, 6, 3) for day in working_week())
	assert all(len(chosen) == 3 for chosen in proposal.assignments.values())
	assert sorted(days_of(proposal, person.id) for person in staff(10)) == [0] * 4 + [2] * 3 + [3] * 3
	assert proposal.average_days_in_turn == 0


def test_who_is_behind_from_earlier_weeks_does_not_catch_up():
	proposal = propose(staff(4, served={"P000": 3, "P001": 3, "P002": 3}), at_percent(25))
	assert list(proposal.assignments.values()) == [("P003",)] * 3 + [("P000",), ("P001",)]
	assert proposal.served == {"P000": 4, "P001": 4, "P002": 3, "P003": 3}


def test_the_same_people_come_on_following_days_though_others_are_rested():
	proposal = propose(staff(6), at_percent(34))
	assert list(proposal.assignments.values()) == [
		("P000", "P001"),
		("P002", "P003"),
		("P004", "P005"),
		("P000", "P001"),
		("P002", "P003"),
	]


def test_an_empty_office_or_week_has_an_average():
	assert propose([], at_percent(30)).average_days is None
	nobody = propose(staff(3), {})
	assert (nobody.assignments, nobody.average_days) == ({}, None)
	assert propose(staff(2, structural=2), at_percent(100)).average_days_in_turn is None


def test_a_person_stands_twice_or_a_wish_is_below_nothing():
	with pytest.raises(PersonRepeated) as caught:
		propose([RotaPerson("a"), RotaPerson("b"), RotaPerson("a")], at_percent(30))
	assert caught.value.person == "a"
	with pytest.raises(ImpossibleWish):
		propose(staff(3), at_percent(30), wish_days=-1)
	assert propose(staff(9), at_percent(50), wish_days=0).average_days == 0


def test_days_come_out_of_order_or_over_the_year_in_one_week():
	days = [date(2021, 1, 4), date(2020, 12, 31), date(2020, 12, 30)]
	proposal = propose(staff(10), at_percent(30, days))
	assert list(proposal.assignments) == sorted(days)
	assert proposal.average_days == Decimal("0.45")  # 9 days of 10 people in two weeks


people_lists = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), max_size=25).map(
	lambda rows: [RotaPerson(f"P{number:02}", *row) for number, row in enumerate(rows)]
)
day_lists = st.lists(st.integers(0, 27), unique=True, max_size=20).map(
	lambda numbers: [MONDAY + number * DAY for number in numbers]
)
wishes = st.none() | st.integers(0, 6) | st.fractions(0, 6, max_denominator=4)


@st.composite
def capacities(draw):
	return {day: draw(st.integers(0, 100)) for day in draw(day_lists)}


@given(people_lists, capacities(), wishes)
def test_more_are_in_than_may_be_or_a_structural_post_is_not(people, capacity, wish):
	proposal = propose(people, capacity, wish)
	structural = {person.id for person in people if person.structural}
	assert list(proposal.assignments) == sorted(capacity)
	over = {problem.day for problem in proposal.problems}
	for day, chosen in proposal.assignments.items():
		limit = len(people) * capacity[day] // 100
		assert len(chosen) <= limit
		assert list(chosen) == sorted(set(chosen))
		assert (day in over) == (len(structural) > limit)
		if day in over:
			assert set(chosen) < structural and len(chosen) == limit
		else:
			assert structural <= set(chosen)
			assert wish is not None or len(chosen) == limit


@given(st.integers(1, 25), st.integers(0, 100), st.integers(1, 4), wishes, st.integers(0, 5))
def test_two_people_differ_by_more_than_a_day_over_the_weeks(number, percent, weeks, wish, structural):
	people = staff(number, min(structural, number))
	for week in range(weeks):
		proposal = propose(people, at_percent(percent, working_week(week)), wish)
		people = [RotaPerson(each.id, each.structural, proposal.served[each.id]) for each in people]
		served = [each.served for each in people if not each.structural]
		assert not served or max(served) - min(served) <= 1


@given(people_lists, capacities(), wishes)
def test_days_served_are_not_those_assigned(people, capacity, wish):
	proposal = propose(people, capacity, wish)
	for person in people:
		assert proposal.served[person.id] == person.served + days_of(proposal, person.id)


@given(people_lists, capacities(), wishes)
def test_the_average_stated_is_not_the_average(people, capacity, wish):
	proposal = propose(people, capacity, wish)
	weeks = len({day.isocalendar()[:2] for day in capacity})
	in_turn = [person for person in people if not person.structural]
	for among, stated in ((people, proposal.average_days), (in_turn, proposal.average_days_in_turn)):
		if not among or not weeks:
			assert stated is None
			continue
		exact = Fraction(sum(days_of(proposal, person.id) for person in among), len(among) * weeks)
		assert -Fraction(1, 200) < Fraction(stated) - exact <= Fraction(1, 200)


@given(people_lists, st.lists(st.integers(0, 99), min_size=5, max_size=5), st.integers(0, 6))
def test_the_average_exceeds_the_wish_or_falls_short_where_there_is_room(people, percents, wish):
	proposal = propose(people, dict(zip(working_week(), percents, strict=True)), wish)
	in_turn = [person.id for person in people if not person.structural]
	assigned = sum(days_of(proposal, person) for person in in_turn)
	room = sum(max(0, len(people) * percent // 100 - (len(people) - len(in_turn))) for percent in percents)
	assert assigned == min(room, wish * len(in_turn))


@given(people_lists, capacities(), wishes, st.randoms())
def test_the_order_of_the_input_changes_the_proposal(people, capacity, wish, random):
	shuffled, days = list(people), list(capacity.items())
	random.shuffle(shuffled)
	random.shuffle(days)
	assert propose(people, capacity, wish) == propose(iter(shuffled), dict(days), wish)
