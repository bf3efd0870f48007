"""Performance appraisal: schemes as data, scores, totals and ratings.

A scheme is either "Weighted" (components with weights, a total of 0 to 100, bands of ratings) or "Matrix"
(results and behaviour, each against expectation). The constants here are what the app seeds its Appraisal
Schemes with; the functions know no scheme. Numbers are exact: a float counts as the decimal it prints as.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import floor

WEIGHTED = "Weighted"
MATRIX = "Matrix"

ABOVE, AS_EXPECTED, BELOW = "Above", "As Expected", "Below"
EXPECTATIONS = (ABOVE, AS_EXPECTED, BELOW)

LOWEST_SCORE, HIGHEST_SCORE = Decimal(0), Decimal(100)
WHOLE_WEIGHT = 100

LOW_RATINGS = frozenset({"Kurang", "Buruk", "Sangat Kurang"})

Score = Decimal | float | int


@dataclass(frozen=True)
class Component:
	"""A part of the total; `weight` in percent, whole. A `computed` one (attendance) is never typed."""

	name: str
	weight: int
	computed: bool = False


@dataclass(frozen=True)
class Band:
	"""A rating and the lowest total that earns it."""

	rating: str
	from_score: Score


@dataclass(frozen=True)
class Scheme:
	"""How a year is appraised.

	`bands` best first; `matrix` is (results, behaviour) -> rating, each one of `EXPECTATIONS`.
	"""

	name: str
	method: str
	components: tuple[Component, ...] = ()
	bands: tuple[Band, ...] = ()
	matrix: Mapping[tuple[str, str], str] = field(default_factory=dict, hash=False)
	behaviour_aspects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
	"""A fact that stands in the way of a scheme or a score; the caller words it for people."""


@dataclass(frozen=True)
class MissingScore(Problem):
	component: str
	computed: bool


@dataclass(frozen=True)
class ScoreNotANumber(Problem):
	component: str
	value: object


@dataclass(frozen=True)
class ScoreOutOfRange(Problem):
	component: str
	value: Score


@dataclass(frozen=True)
class UnknownComponent(Problem):
	component: str


@dataclass(frozen=True)
class UnknownMethod(Problem):
	method: str


@dataclass(frozen=True)
class WrongMethod(Problem):
	"""A total asked of a matrix scheme, or a matrix rating of a weighted one."""

	method: str
	needed: str


@dataclass(frozen=True)
class ComponentUnnamed(Problem):
	position: int


@dataclass(frozen=True)
class ComponentRepeated(Problem):
	component: str


@dataclass(frozen=True)
class SecondComputedComponent(Problem):
	"""More than one computed component: attendance is the only thing that is computed."""

	component: str


@dataclass(frozen=True)
class WeightNotAPercentage(Problem):
	"""A weight that is not a whole number from 1 to 100."""

	component: str
	weight: object


@dataclass(frozen=True)
class WeightsNotHundred(Problem):
	total: int


@dataclass(frozen=True)
class NoBands(Problem):
	pass


@dataclass(frozen=True)
class BandUnnamed(Problem):
	position: int


@dataclass(frozen=True)
class BandOutOfRange(Problem):
	rating: str
	from_score: object


@dataclass(frozen=True)
class ScoresWithoutBand(Problem):
	"""The lowest band starts above 0: totals `below` it earn no rating."""

	below: Decimal


@dataclass(frozen=True)
class BandsUnsorted(Problem):
	"""The band of `rating` starts higher than the one before it; they stand best first."""

	rating: str


@dataclass(frozen=True)
class RatingRepeated(Problem):
	rating: str


@dataclass(frozen=True)
class ThresholdRepeated(Problem):
	from_score: Decimal


@dataclass(frozen=True)
class MatrixCellMissing(Problem):
	results: str
	behaviour: str


@dataclass(frozen=True)
class UnknownExpectation(Problem):
	"""An expectation that is not one of `EXPECTATIONS`; as a matrix key, the whole key."""

	value: object


@dataclass(frozen=True)
class ImpossibleCount(Problem):
	"""A count of days that is negative or not whole, or a deduction that is negative or no number."""

	name: str
	value: object


@dataclass(frozen=True)
class NoExpectedDays(Problem):
	pass


@dataclass(frozen=True)
class MoreDaysThanExpected(Problem):
	days_expected: int
	days_present: int
	days_unexcused: int


class AppraisalError(ValueError):
	"""What was asked has no answer; `problems` says why, each one."""

	def __init__(self, *problems: Problem):
		super().__init__("; ".join(map(repr, problems)))
		self.problems = problems


BANDS_2020 = (
	Band("Sangat Baik", Decimal(91)),
	Band("Baik", Decimal(76)),
	Band("Cukup", Decimal(61)),
	Band("Kurang", Decimal(51)),
	Band("Buruk", Decimal(0)),
)
ASPECTS_2020 = ("Orientasi Pelayanan", "Integritas", "Komitmen", "Disiplin", "Kerja Sama")
BERAKHLAK = (
	"Berorientasi Pelayanan",
	"Akuntabel",
	"Kompeten",
	"Harmonis",
	"Loyal",
	"Adaptif",
	"Kolaboratif",
)
MATRIX_2022 = {
	(ABOVE, ABOVE): "Sangat Baik",
	(ABOVE, AS_EXPECTED): "Baik",
	(ABOVE, BELOW): "Kurang",
	(AS_EXPECTED, ABOVE): "Baik",
	(AS_EXPECTED, AS_EXPECTED): "Baik",
	(AS_EXPECTED, BELOW): "Kurang",
	(BELOW, ABOVE): "Butuh Perbaikan",
	(BELOW, AS_EXPECTED): "Butuh Perbaikan",
	(BELOW, BELOW): "Sangat Kurang",
}

# Source: scale of PP 46/2011; the components of PTT are the city's own choice.
SCHEME_2020 = Scheme(
	name="Scheme 2020",
	method=WEIGHTED,
	components=(
		Component("Work Results", 40),
		Component("Behaviour", 30),
		Component("Attendance", 30, computed=True),
	),
	bands=BANDS_2020,
	behaviour_aspects=ASPECTS_2020,
)
# Source: the written test that Kupang held for its PTT in 2019.
SCHEME_2020_WRITTEN_TEST = Scheme(
	name="Scheme 2020 with Written Test",
	method=WEIGHTED,
	components=(
		Component("Written Test", 50),
		Component("Work", 20),
		Component("Attendance", 30, computed=True),
	),
	bands=BANDS_2020,
	behaviour_aspects=ASPECTS_2020,
)
# Source: PermenPANRB 6/2022.
SCHEME_2022 = Scheme(name="Scheme 2022", method=MATRIX, matrix=MATRIX_2022, behaviour_aspects=BERAKHLAK)

DEFAULT_SCHEMES = (SCHEME_2020, SCHEME_2020_WRITTEN_TEST, SCHEME_2022)


def attendance_score(
	days_expected: int, days_present: int, days_unexcused: int, deduction_per_unexcused_day: Score = 0
) -> Decimal:
	"""100 x present / expected, less the deduction (points a day), within 0 to 100; two decimals, half up.

	Present counts any mode. Sick, permitted and leave days are neither present nor unexcused, so present and
	unexcused together may stay below expected. Raises AppraisalError with every impossible count.
	"""
	problems = _count_problems(days_expected, days_present, days_unexcused, deduction_per_unexcused_day)
	if problems:
		raise AppraisalError(*problems)
	deduction = _exact(deduction_per_unexcused_day) * days_unexcused
	score = Fraction(100 * days_present, days_expected) - deduction
	return _two_decimals(min(max(score, Fraction(0)), Fraction(100)))


def weighted_total(scheme: Scheme, scores: Mapping[str, Score | None]) -> Decimal:
	"""The total, 0 to 100, of a score for each component; two decimals, half up.

	Raises AppraisalError with every problem of the scheme's method and weights and of the scores.
	"""
	problems = [
		*_method_problems(scheme, WEIGHTED),
		*_component_problems(scheme),
		*score_problems(scheme, scores),
	]
	if problems:
		raise AppraisalError(*problems)
	points = sum(component.weight * _exact(scores[component.name]) for component in scheme.components)
	return _two_decimals(Fraction(points, WHOLE_WEIGHT))


def rating_for_total(scheme: Scheme, total: Score) -> str:
	"""The rating of a total as `weighted_total` gives it; it is not rounded again, 90.99 is below 91.

	Raises AppraisalError: not a weighted scheme, no number from 0 to 100, or no band that low.
	"""
	problems = [*_method_problems(scheme, WEIGHTED), *_value_problems("Total", total)]
	if problems:
		raise AppraisalError(*problems)
	reached = _exact(total)
	earned = [band for band in scheme.bands if _exact(band.from_score) <= reached]
	if not earned:
		raise AppraisalError(*_coverage_problems(scheme))
	return max(earned, key=lambda band: _exact(band.from_score)).rating


def rating_for_expectations(scheme: Scheme, results: str, behaviour: str) -> str:
	"""The rating of work results and behaviour, each "Above", "As Expected" or "Below" expectation.

	Raises AppraisalError: not a matrix scheme, an unknown expectation, or a cell the scheme leaves empty.
	Source: PermenPANRB 6/2022.
	"""
	problems = [
		*_method_problems(scheme, MATRIX),
		*(UnknownExpectation(value) for value in (results, behaviour) if value not in EXPECTATIONS),
	]
	if not problems and _is_blank(scheme.matrix.get((results, behaviour))):
		problems = [MatrixCellMissing(results, behaviour)]
	if problems:
		raise AppraisalError(*problems)
	return scheme.matrix[results, behaviour]


def needs_written_reason(rating: str, low_ratings: Iterable[str] = LOW_RATINGS) -> bool:
	"""Whether the rater must say in writing why; letter case and outer blanks do not matter."""
	return _plain(rating) in {_plain(low) for low in low_ratings}


def scheme_problems(scheme: Scheme) -> list[Problem]:
	"""Everything that keeps `scheme` from rating every person; empty if it is sound."""
	if scheme.method == WEIGHTED:
		return [*_component_problems(scheme), *_band_problems(scheme)]
	if scheme.method == MATRIX:
		return list(_matrix_problems(scheme))
	return [UnknownMethod(scheme.method)]


def score_problems(scheme: Scheme, scores: Mapping[str, Score | None]) -> list[Problem]:
	"""Everything wrong with the scores, in the order of the components, then what the scheme does not know.

	None is a missing score; text, bool, NaN and infinity are no numbers; the rest must lie within 0 to 100.
	"""
	problems: list[Problem] = []
	for component in scheme.components:
		score = scores.get(component.name)
		if score is None:
			problems.append(MissingScore(component.name, component.computed))
		else:
			problems.extend(_value_problems(component.name, score))
	known = {component.name for component in scheme.components}
	return problems + [UnknownComponent(name) for name in scores if name not in known]


def _plain(text: str) -> str:
	return text.strip().casefold()


def _is_whole(value: object) -> bool:
	return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
	if isinstance(value, bool) or not isinstance(value, (Decimal, float, int)):
		return False
	return Decimal(value).is_finite()


@lru_cache(maxsize=4096, typed=True)  # thresholds and scores are few; a Fraction takes long to make
def _exact(value: Score) -> Fraction:
	# str() first: the float 90.995 lies a hair below 90.995, but 90.995 is what was meant.
	return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _two_decimals(value: Fraction) -> Decimal:
	return Decimal(floor(value * 100 + Fraction(1, 2))).scaleb(-2)


def _in_range(value: Score) -> bool:
	return LOWEST_SCORE <= value <= HIGHEST_SCORE


def _value_problems(name: str, value: object) -> Iterator[Problem]:
	if not _is_number(value):
		yield ScoreNotANumber(name, value)
	elif not _in_range(value):
		yield ScoreOutOfRange(name, value)


def _count_problems(expected: int, present: int, unexcused: int, deduction: Score) -> list[Problem]:
	counts = {"days_expected": expected, "days_present": present, "days_unexcused": unexcused}
	problems: list[Problem] = [
		ImpossibleCount(name, count) for name, count in counts.items() if not _is_whole(count) or count < 0
	]
	if not _is_number(deduction) or deduction < 0:
		problems.append(ImpossibleCount("deduction_per_unexcused_day", deduction))
	if problems:
		return problems
	if expected == 0:
		problems.append(NoExpectedDays())
	if present + unexcused > expected:
		problems.append(MoreDaysThanExpected(expected, present, unexcused))
	return problems


def _method_problems(scheme: Scheme, needed: str) -> Iterator[Problem]:
	if scheme.method != needed:
		yield WrongMethod(scheme.method, needed)


def _component_problems(scheme: Scheme) -> Iterator[Problem]:
	names = [component.name for component in scheme.components]
	yield from map(ComponentUnnamed, _blank_positions(names))
	yield from map(ComponentRepeated, _repeated(_named(names)))
	computed = [component.name for component in scheme.components if component.computed]
	yield from map(SecondComputedComponent, computed[1:])
	yield from _weight_problems(scheme)


def _weight_problems(scheme: Scheme) -> Iterator[Problem]:
	for component in scheme.components:
		if not _is_whole(component.weight) or not 1 <= component.weight <= WHOLE_WEIGHT:
			yield WeightNotAPercentage(component.name, component.weight)
	total = sum(component.weight for component in scheme.components if _is_whole(component.weight))
	if total != WHOLE_WEIGHT:
		yield WeightsNotHundred(total)


def _band_problems(scheme: Scheme) -> Iterator[Problem]:
	ratings = [band.rating for band in scheme.bands]
	yield from map(BandUnnamed, _blank_positions(ratings))
	yield from map(RatingRepeated, _repeated(_named(ratings)))
	for band in scheme.bands:
		if not _is_number(band.from_score) or not _in_range(band.from_score):
			yield BandOutOfRange(band.rating, band.from_score)
	yield from _order_problems(scheme)
	yield from _coverage_problems(scheme)


def _order_problems(scheme: Scheme) -> Iterator[Problem]:
	bands = [band for band in scheme.bands if _is_number(band.from_score)]
	thresholds = [Decimal(str(band.from_score)) for band in bands]
	yield from map(ThresholdRepeated, _repeated(thresholds))
	for index in range(1, len(bands)):
		if thresholds[index] > thresholds[index - 1]:
			yield BandsUnsorted(bands[index].rating)


def _coverage_problems(scheme: Scheme) -> Iterator[Problem]:
	if not scheme.bands:
		yield NoBands()
		return
	thresholds = [Decimal(str(band.from_score)) for band in scheme.bands if _is_number(band.from_score)]
	if thresholds and min(thresholds) > LOWEST_SCORE:
		yield ScoresWithoutBand(min(thresholds))


def _matrix_problems(scheme: Scheme) -> Iterator[Problem]:
	cells = list(product(EXPECTATIONS, EXPECTATIONS))
	for results, behaviour in cells:
		if _is_blank(scheme.matrix.get((results, behaviour))):
			yield MatrixCellMissing(results, behaviour)
	yield from (UnknownExpectation(key) for key in scheme.matrix if key not in cells)


def _is_blank(text: str | None) -> bool:
	return not (text or "").strip()


def _blank_positions(texts: list[str]) -> list[int]:
	return [position for position, text in enumerate(texts, 1) if _is_blank(text)]


def _named(texts: list[str]) -> list[str]:
	return [text for text in texts if not _is_blank(text)]


def _repeated(values: list) -> list:
	return [value for value, count in Counter(values).items() if count > 1]
