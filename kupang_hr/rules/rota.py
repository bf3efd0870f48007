"""Who is in the office which day, when not everybody may be.

The capacity is a hard limit, the days a week are a wish. A proposal only: the OPD decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from math import floor

ALL = 100


@dataclass(frozen=True, slots=True)
class RotaPerson:
	"""`structural`: holds a structural post, so is in every day. `served`: office days in earlier weeks."""

	id: str
	structural: bool = False
	served: int = 0


@dataclass(frozen=True)
class StructuralOverCapacity:
	"""On `day` the structural posts alone are more than may be in: they take turns, nobody else is in."""

	day: date
	structural: int
	capacity: int


@dataclass(frozen=True)
class Proposal:
	"""`assignments`: day -> ids of those in, sorted. `served`: id -> office days with the earlier ones.

	`average_days`: office days a week, the mean over everybody (two decimals, half up);
	`average_days_in_turn`: over those without a structural post. None where there is nobody or no day.
	"""

	assignments: Mapping[date, tuple[str, ...]] = field(hash=False)
	served: Mapping[str, int] = field(hash=False)
	average_days: Decimal | None
	average_days_in_turn: Decimal | None
	problems: tuple[StructuralOverCapacity, ...] = ()


class ImpossibleCapacity(ValueError):
	"""A percent that is not a whole number from 0 to 100."""

	def __init__(self, percent: object):
		super().__init__(f"Capacity of {percent!r} percent")
		self.percent = percent


class ImpossibleWish(ValueError):
	"""Fewer than no days."""

	def __init__(self, wish_days: object):
		super().__init__(f"A wish of {wish_days!r} days a week")
		self.wish_days = wish_days


class PersonRepeated(ValueError):
	"""The same id twice."""

	def __init__(self, person: str):
		super().__init__(f"{person} stands twice")
		self.person = person


def seats(headcount: int, percent: int) -> int:
	"""People who may be in: `percent` of the headcount, rounded down. Raises ImpossibleCapacity."""
	if isinstance(percent, bool) or not isinstance(percent, int) or not 0 <= percent <= ALL:
		raise ImpossibleCapacity(percent)
	return headcount * percent // ALL


def propose(
	people: Iterable[RotaPerson], capacity: Mapping[date, int], wish_days: int | Fraction | None = None
) -> Proposal:
	"""Who is in on each working day.

	`people`: everybody of the OPD who could come; their number is the base of the percent. `capacity`:
	working day -> percent of them. `wish_days`: office days a week on average for those who take turns, spread
	over the restricted days of the week as evenly as the capacity allows; None: as many as may be in. A day of
	100 % is not restricted: everybody is in, whatever the wish.

	Structural posts are in every day and take seats; where they alone are too many, the capacity wins and
	they take turns. The seats of a day go to those with the fewest days so far, among them to who was in
	longest ago, then by id: so days of two people who began alike never differ by more than one, and who is
	behind from earlier weeks catches up. The same input gives the same proposal.
	Raises ImpossibleCapacity, ImpossibleWish, PersonRepeated.
	"""
	people = sorted(people, key=lambda person: person.id)
	_check_ids(people)
	if wish_days is not None and wish_days < 0:
		raise ImpossibleWish(wish_days)
	fixed = [person.id for person in people if person.structural]
	turn = [person.id for person in people if not person.structural]
	served = {person.id: person.served for person in people}
	last_in: dict[str, date] = {}
	assignments, problems = {}, []
	for day, (free, limit) in _free_seats(capacity, len(people), len(fixed), wish_days).items():
		if len(fixed) > limit:
			problems.append(StructuralOverCapacity(day, len(fixed), limit))
			chosen = _next(fixed, limit, served, last_in)
		else:
			chosen = fixed + _next(turn, free, served, last_in)
		for person in chosen:
			served[person] += 1
			last_in[person] = day
		assignments[day] = tuple(sorted(chosen))
	return Proposal(
		assignments,
		served,
		_average(assignments, [*fixed, *turn]),
		_average(assignments, turn),
		tuple(problems),
	)


def _check_ids(people: Sequence[RotaPerson]) -> None:
	for one, other in pairwise(people):
		if one.id == other.id:
			raise PersonRepeated(one.id)


def _week(day: date) -> tuple[int, int]:
	return day.isocalendar()[:2]


def _free_seats(
	capacity: Mapping[date, int], headcount: int, fixed: int, wish_days: int | Fraction | None
) -> dict[date, tuple[int, int]]:
	"""Days in order, each with the seats for those who take turns, and with all its seats."""
	found = {}
	for _number, days in groupby(sorted(capacity), key=_week):
		limits = {day: seats(headcount, capacity[day]) for day in days}
		free = {day: max(0, limit - fixed) for day, limit in limits.items()}
		if wish_days is not None:
			restricted = {day: free[day] for day in free if capacity[day] < ALL}
			free |= _spread(floor(wish_days * (headcount - fixed)), restricted)
		found |= {day: (free[day], limits[day]) for day in sorted(limits)}
	return found


def _spread(wanted: int, free: Mapping[date, int]) -> dict[date, int]:
	"""`wanted` seats over the days as evenly as can be, no day above what it has free."""
	given = {}
	for position, day in enumerate(sorted(free, key=lambda day: (free[day], day))):
		given[day] = min(free[day], wanted // (len(free) - position))
		wanted -= given[day]
	return given


def _next(
	among: Sequence[str], number: int, served: Mapping[str, int], last_in: Mapping[str, date]
) -> list[str]:
	return sorted(among, key=lambda person: (served[person], last_in.get(person, date.min), person))[:number]


def _average(assignments: Mapping[date, tuple[str, ...]], among: Sequence[str]) -> Decimal | None:
	weeks = len({_week(day) for day in assignments})
	if not among or not weeks:
		return None
	counted = set(among)
	total = sum(len(counted.intersection(chosen)) for chosen in assignments.values())
	return Decimal(floor(Fraction(100 * total, len(among) * weeks) + Fraction(1, 2))).scaleb(-2)
