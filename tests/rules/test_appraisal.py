"""Scores, totals and ratings: what decides over a person's next year."""

import pickle
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kupang_hr.rules import appraisal
from kupang_hr.rules.appraisal import (
	DEFAULT_SCHEMES,
	EXPECTATIONS,
	MATRIX_2022,
	SCHEME_2020,
	SCHEME_2020_WRITTEN_TEST,
	SCHEME_2022,
	AppraisalError,
	Band,
	Component,
	Scheme,
	attendance_score,
	needs_written_reason,
	rating_for_expectations,
	rating_for_total,
	scheme_problems,
	score_problems,
	weighted_total,
)

NAN, INFINITY = float("nan"), float("inf")
RATINGS_WORST_FIRST = ["Buruk", "Kurang", "Cukup", "Baik", "Sangat Baik"]

hundredths = st.integers(0, 10_000)
totals = hundredths.map(lambda number: Decimal(number) / 100)
days = st.integers(1, 366).flatmap(
	lambda expected: st.integers(0, expected).flatmap(
		lambda present: st.tuples(st.just(expected), st.just(present), st.integers(0, expected - present))
	)
)
deductions = st.integers(0, 3000).map(lambda number: Decimal(number) / 100)
weights = st.lists(st.integers(1, 99), max_size=5, unique=True).map(
	lambda cuts: [end - start for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), 100], strict=True)]
)
thresholds = st.lists(st.integers(1, 10_000), max_size=6, unique=True).map(
	lambda numbers: [Decimal(number) / 100 for number in (*sorted(numbers, reverse=True), 0)]
)


def weighted(parts, bands=SCHEME_2020.bands):
	components = tuple(Component(f"Part {number}", weight) for number, weight in enumerate(parts))
	return Scheme("Trial", "Weighted", components, bands)


def banded(levels):
	return weighted([100], tuple(Band(f"From {level}", level) for level in levels))


def scores_of(scheme, values):
	return {component.name: value for component, value in zip(scheme.components, values, strict=True)}


def refused(function, *arguments):
	with pytest.raises(AppraisalError) as caught:
		function(*arguments)
	return list(caught.value.problems)


@st.composite
def scheme_and_hundredths(draw):
	scheme = weighted(draw(weights))
	size = len(scheme.components)
	return scheme, draw(st.lists(hundredths, min_size=size, max_size=size))


# The schemes


@pytest.mark.parametrize("scheme", DEFAULT_SCHEMES, ids=lambda scheme: scheme.name)
def test_a_default_scheme_is_not_sound(scheme):
	assert scheme_problems(scheme) == []


def test_default_schemes_share_a_name_or_cannot_be_cached():
	assert len({scheme.name for scheme in DEFAULT_SCHEMES}) == 3
	assert pickle.loads(pickle.dumps(DEFAULT_SCHEMES)) == DEFAULT_SCHEMES
	assert len(set(DEFAULT_SCHEMES)) == 3


def test_the_weights_are_not_those_of_the_city():
	assert [(part.weight, part.computed) for part in SCHEME_2020.components] == [
		(40, False),
		(30, False),
		(30, True),
	]
	assert [(part.weight, part.computed) for part in SCHEME_2020_WRITTEN_TEST.components] == [
		(50, False),
		(20, False),
		(30, True),
	]


def test_the_behaviour_of_2022_is_not_berakhlak():
	initials = "".join(aspect[:2] for aspect in SCHEME_2022.behaviour_aspects)
	assert initials == "BeAkKoHaLoAdKo"
	assert len(SCHEME_2020.behaviour_aspects) == 5


# Attendance


@pytest.mark.parametrize(
	("expected", "present", "unexcused", "deduction", "score"),
	[
		(20, 20, 0, 0, "100.00"),
		(20, 0, 0, 0, "0.00"),
		(3, 2, 0, 0, "66.67"),
		(3, 1, 1, 0, "33.33"),
		(20, 18, 2, 5, "80.00"),
		(20, 1, 19, 5, "0.00"),
		(8000, 7999, 0, 0, "99.99"),
		(1600, 1, 0, 0, "0.06"),
		(16000, 1, 0, 0, "0.01"),
		(20, 20, 0, 0.005, "100.00"),
		(20, 19, 1, 0.005, "95.00"),
		(20, 19, 1, Decimal("0.0051"), "94.99"),
	],
)
def test_attendance_is_not_the_share_of_days_less_the_deduction(
	expected, present, unexcused, deduction, score
):
	found = attendance_score(expected, present, unexcused, deduction)
	assert str(found) == score


@pytest.mark.parametrize(
	("arguments", "problems"),
	[
		((0, 0, 0), [appraisal.NoExpectedDays()]),
		((-1, 0, 0), [appraisal.ImpossibleCount("days_expected", -1)]),
		((20, -1, 0), [appraisal.ImpossibleCount("days_present", -1)]),
		(
			(20, -1, -2),
			[
				appraisal.ImpossibleCount("days_present", -1),
				appraisal.ImpossibleCount("days_unexcused", -2),
			],
		),
		((20, 10.5, 0), [appraisal.ImpossibleCount("days_present", 10.5)]),
		((True, 0, 0), [appraisal.ImpossibleCount("days_expected", True)]),
		((20, 20, 0, -1), [appraisal.ImpossibleCount("deduction_per_unexcused_day", -1)]),
		((20, 20, 0, INFINITY), [appraisal.ImpossibleCount("deduction_per_unexcused_day", INFINITY)]),
		((20, 21, 0), [appraisal.MoreDaysThanExpected(20, 21, 0)]),
		((20, 15, 6), [appraisal.MoreDaysThanExpected(20, 15, 6)]),
		((0, 1, 0), [appraisal.NoExpectedDays(), appraisal.MoreDaysThanExpected(0, 1, 0)]),
	],
)
def test_impossible_days_earn_a_score(arguments, problems):
	assert refused(attendance_score, *arguments) == problems


@given(days, deductions)
def test_attendance_leaves_0_to_100_or_is_not_the_nearest_hundredth(counts, deduction):
	expected, present, unexcused = counts
	score = attendance_score(expected, present, unexcused, deduction)
	assert 0 <= score <= 100
	assert score.as_tuple().exponent == -2
	# In whole numbers: hundredths of a point, times the days expected.
	exact = max(10_000 * present - int(deduction * 100) * unexcused * expected, 0)
	assert -expected <= 2 * (exact - int(score * 100) * expected) < expected


@given(days, deductions)
def test_another_day_present_costs_points_or_another_unexcused_day_earns_some(counts, deduction):
	expected, present, unexcused = counts
	assume(present + unexcused < expected)
	score = attendance_score(expected, present, unexcused, deduction)
	assert attendance_score(expected, present + 1, unexcused, deduction) >= score
	assert attendance_score(expected, present, unexcused + 1, deduction) <= score


# Totals


@pytest.mark.parametrize(
	("values", "total"),
	[
		((100, 100, 100), "100.00"),
		((0, 0, 0), "0.00"),
		((90, 80, 70), "81.00"),
		((91.0125, 91, 91), "91.01"),
		((90.9875, 91, 91), "91.00"),
		((90.9874, 91, 91), "90.99"),
		((Decimal("90.9875"), 91.0, 91), "91.00"),
		((75.65, 76.2, 76.2), "75.98"),
	],
)
def test_a_total_is_rounded_on_float_noise(values, total):
	assert str(weighted_total(SCHEME_2020, scores_of(SCHEME_2020, values))) == total


def test_half_a_hundredth_is_not_rounded_up():
	alone = weighted([100])
	assert weighted_total(alone, {"Part 0": 90.995}) == Decimal("91.00")
	assert weighted_total(alone, {"Part 0": 2.675}) == Decimal("2.68")
	assert weighted_total(alone, {"Part 0": 1.005}) == Decimal("1.01")
	barely_less = Decimal("90.99499999999999999999999999999999999")
	assert weighted_total(alone, {"Part 0": barely_less}) == Decimal("90.99")


@given(scheme_and_hundredths())
def test_a_total_is_not_the_weighted_mean(case):
	scheme, numbers = case
	points = sum(part.weight * number for part, number in zip(scheme.components, numbers, strict=True))
	expected = Decimal((points + 50) // 100).scaleb(-2)
	for kind in (int.__truediv__, lambda number, hundred: Decimal(number) / hundred):
		scores = scores_of(scheme, [kind(number, 100) for number in numbers])
		assert weighted_total(scheme, scores) == expected


@given(scheme_and_hundredths())
def test_a_total_leaves_the_range_of_its_scores(case):
	scheme, numbers = case
	total = weighted_total(scheme, scores_of(scheme, [Decimal(number) / 100 for number in numbers]))
	assert Decimal(min(numbers)) / 100 <= total <= Decimal(max(numbers)) / 100


@given(scheme_and_hundredths(), st.data())
def test_a_better_score_lowers_the_total_or_the_rating(case, data):
	scheme, numbers = case
	index = data.draw(st.integers(0, len(numbers) - 1))
	better = [*numbers]
	better[index] = data.draw(st.integers(numbers[index], 10_000))
	before = weighted_total(scheme, scores_of(scheme, [number / 100 for number in numbers]))
	after = weighted_total(scheme, scores_of(scheme, [number / 100 for number in better]))
	assert after >= before
	rank = RATINGS_WORST_FIRST.index
	assert rank(rating_for_total(scheme, after)) >= rank(rating_for_total(scheme, before))


def test_a_person_does_not_see_every_wrong_score():
	scores = {"Behaviour": 100.01, "Attendance": None, "Charm": 80}
	problems = [
		appraisal.MissingScore("Work Results", computed=False),
		appraisal.ScoreOutOfRange("Behaviour", 100.01),
		appraisal.MissingScore("Attendance", computed=True),
		appraisal.UnknownComponent("Charm"),
	]
	assert score_problems(SCHEME_2020, scores) == problems
	assert refused(weighted_total, SCHEME_2020, scores) == problems


@pytest.mark.parametrize(
	"value", [NAN, INFINITY, -INFINITY, Decimal("NaN"), Decimal("sNaN"), "90", "", True, []]
)
def test_something_that_is_no_number_passes_as_a_score(value):
	(problem,) = score_problems(weighted([100]), {"Part 0": value})
	assert isinstance(problem, appraisal.ScoreNotANumber)
	assert problem.component == "Part 0"
	assert problem.value is value


@pytest.mark.parametrize("value", [-0.01, -1, 100.001, 101, Decimal("100.0000001"), 10**30])
def test_a_score_outside_0_to_100_passes(value):
	assert score_problems(weighted([100]), {"Part 0": value}) == [appraisal.ScoreOutOfRange("Part 0", value)]


@given(st.floats(0, 100) | st.integers(0, 100) | st.decimals(0, 100, allow_nan=False))
def test_a_score_within_0_to_100_is_refused(value):
	assert score_problems(weighted([100]), {"Part 0": value}) == []


def test_a_scheme_with_wrong_weights_gives_a_total():
	crooked = weighted([60, 30])
	assert refused(weighted_total, crooked, {"Part 0": 50, "Part 1": 50}) == [appraisal.WeightsNotHundred(90)]


def test_a_matrix_scheme_gives_a_total():
	assert appraisal.WrongMethod("Matrix", "Weighted") in refused(weighted_total, SCHEME_2022, {})
	assert refused(rating_for_total, SCHEME_2022, 90) == [appraisal.WrongMethod("Matrix", "Weighted")]


# Ratings


@pytest.mark.parametrize("scheme", [SCHEME_2020, SCHEME_2020_WRITTEN_TEST], ids=lambda scheme: scheme.name)
@pytest.mark.parametrize(
	("total", "rating"),
	[
		("100", "Sangat Baik"),
		("91", "Sangat Baik"),
		("90.99", "Baik"),
		("76", "Baik"),
		("75.99", "Cukup"),
		("61", "Cukup"),
		("60.99", "Kurang"),
		("51", "Kurang"),
		("50.99", "Buruk"),
		("0", "Buruk"),
	],
)
def test_a_rating_starts_at_another_total(scheme, total, rating):
	assert rating_for_total(scheme, Decimal(total)) == rating
	assert rating_for_total(scheme, float(total)) == rating


@given(thresholds, totals)
def test_a_total_earns_another_rating_than_the_highest_it_reaches(levels, total):
	earned = rating_for_total(banded(levels), total)
	assert earned == next(f"From {level}" for level in levels if total >= level)


@given(thresholds, totals)
def test_bands_that_come_from_the_database_as_floats_rate_differently(levels, total):
	plain, floats = banded(levels), weighted([100], tuple(Band(f"From {x}", float(x)) for x in levels))
	assert rating_for_total(floats, float(total)) == rating_for_total(plain, total)


@pytest.mark.parametrize("total", [-0.01, 100.01, NAN, "90", None])
def test_an_impossible_total_earns_a_rating(total):
	(problem,) = refused(rating_for_total, SCHEME_2020, total)
	assert isinstance(problem, appraisal.ScoreOutOfRange | appraisal.ScoreNotANumber)


def test_a_total_below_every_band_earns_a_rating():
	open_below = weighted([100], (Band("Baik", 76),))
	assert refused(rating_for_total, open_below, 75) == [appraisal.ScoresWithoutBand(Decimal(76))]
	assert refused(rating_for_total, weighted([100], ()), 75) == [appraisal.NoBands()]


@pytest.mark.parametrize(
	("results", "row"),
	[
		("Above", ["Sangat Baik", "Baik", "Kurang"]),
		("As Expected", ["Baik", "Baik", "Kurang"]),
		("Below", ["Butuh Perbaikan", "Butuh Perbaikan", "Sangat Kurang"]),
	],
)
def test_the_2022_matrix_rates_differently(results, row):
	found = [rating_for_expectations(SCHEME_2022, results, behaviour) for behaviour in EXPECTATIONS]
	assert found == row


def test_a_matrix_rating_is_given_for_what_the_scheme_does_not_know():
	assert refused(rating_for_expectations, SCHEME_2022, "above", "Great") == [
		appraisal.UnknownExpectation("above"),
		appraisal.UnknownExpectation("Great"),
	]
	assert refused(rating_for_expectations, SCHEME_2020, "Above", "Above") == [
		appraisal.WrongMethod("Weighted", "Matrix")
	]
	holed = replace(SCHEME_2022, matrix={**MATRIX_2022, ("Below", "Above"): ""})
	assert refused(rating_for_expectations, holed, "Below", "Above") == [
		appraisal.MatrixCellMissing("Below", "Above")
	]


@pytest.mark.parametrize("rating", ["Kurang", "Buruk", "Sangat Kurang", "kurang", " BURUK "])
def test_a_low_rating_needs_no_reason(rating):
	assert needs_written_reason(rating)


@pytest.mark.parametrize("rating", ["Sangat Baik", "Baik", "Cukup", "Butuh Perbaikan", ""])
def test_a_rating_that_is_not_low_needs_a_reason(rating):
	assert not needs_written_reason(rating)


def test_a_city_cannot_name_its_own_low_ratings():
	assert needs_written_reason("Cukup", low_ratings={"Cukup"})


# What the settings form refuses


@given(weights, thresholds)
def test_a_sound_scheme_is_refused(parts, levels):
	bands = tuple(Band(f"From {level}", level) for level in levels)
	assert scheme_problems(weighted(parts, bands)) == []


@given(st.lists(st.integers(1, 100), max_size=5))
def test_weights_that_do_not_make_100_pass(parts):
	total = sum(parts)
	expected = [] if total == 100 else [appraisal.WeightsNotHundred(total)]
	assert scheme_problems(weighted(parts)) == expected


@pytest.mark.parametrize("weight", [0, -10, 101, 10.5, None, "10", True])
def test_a_weight_that_is_no_percentage_passes(weight):
	problems = scheme_problems(weighted([100, weight]))
	assert appraisal.WeightNotAPercentage("Part 1", weight) in problems


def test_unnamed_repeated_or_doubly_computed_components_pass():
	components = (
		Component("A", 30, computed=True),
		Component(" ", 20),
		Component("A", 20),
		Component("B", 20, computed=True),
		Component(None, 10),
	)
	assert scheme_problems(replace(SCHEME_2020, components=components)) == [
		appraisal.ComponentUnnamed(2),
		appraisal.ComponentUnnamed(5),
		appraisal.ComponentRepeated("A"),
		appraisal.SecondComputedComponent("B"),
	]


@pytest.mark.parametrize(
	("bands", "problems"),
	[
		([], [appraisal.NoBands()]),
		([("Baik", 76), ("Cukup", 0.01)], [appraisal.ScoresWithoutBand(Decimal("0.01"))]),
		([("Cukup", 0), ("Baik", 76)], [appraisal.BandsUnsorted("Baik")]),
		([("Baik", 76), ("Cukup", 76.0), ("Buruk", 0)], [appraisal.ThresholdRepeated(Decimal(76))]),
		([("Baik", 76), ("Baik", 61), ("Buruk", 0)], [appraisal.RatingRepeated("Baik")]),
		([("Baik", 101), ("Buruk", 0)], [appraisal.BandOutOfRange("Baik", 101)]),
		([("Baik", 50), ("Buruk", -1)], [appraisal.BandOutOfRange("Buruk", -1)]),
		([("Baik", None), ("Buruk", 0)], [appraisal.BandOutOfRange("Baik", None)]),
		([("", 50), ("Buruk", 0)], [appraisal.BandUnnamed(1)]),
	],
)
def test_bands_that_leave_a_total_without_one_clear_rating_pass(bands, problems):
	scheme = weighted([100], tuple(Band(*band) for band in bands))
	assert scheme_problems(scheme) == problems


def test_a_person_does_not_see_every_fault_of_a_scheme():
	scheme = weighted([50, 40], (Band("Cukup", 61), Band("Baik", 76)))
	assert scheme_problems(scheme) == [
		appraisal.WeightsNotHundred(90),
		appraisal.BandsUnsorted("Baik"),
		appraisal.ScoresWithoutBand(Decimal(61)),
	]


@given(thresholds.flatmap(st.permutations))
def test_shuffled_bands_pass_or_rate_differently(levels):
	scheme = banded(levels)
	ordered = banded(sorted(levels, reverse=True))
	assert bool(scheme_problems(scheme)) == (levels != sorted(levels, reverse=True))
	assert all(rating_for_total(scheme, level) == rating_for_total(ordered, level) for level in levels)


@given(st.sets(st.sampled_from(sorted(product(EXPECTATIONS, EXPECTATIONS)))))
def test_a_matrix_with_holes_passes(holes):
	scheme = replace(SCHEME_2022, matrix={key: MATRIX_2022[key] for key in MATRIX_2022 if key not in holes})
	found = scheme_problems(scheme)
	assert {(problem.results, problem.behaviour) for problem in found} == holes
	assert len(found) == len(holes)


def test_an_unknown_method_or_matrix_key_passes():
	assert scheme_problems(replace(SCHEME_2020, method="Lottery")) == [appraisal.UnknownMethod("Lottery")]
	odd = replace(SCHEME_2022, matrix={**MATRIX_2022, ("Above", "above"): "Baik"})
	assert scheme_problems(odd) == [appraisal.UnknownExpectation(("Above", "above"))]
