"""Holidays and working days of the city.

The national list comes from the `holidays` package (country ID; PUBLIC are public holidays, GOVERNMENT the
joint holidays, *cuti bersama*). The city's own days and later revisions are laid on top, each with its date
of effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from holidays import GOVERNMENT, PUBLIC, country_holidays

PUBLIC_HOLIDAY = "L"
JOINT_HOLIDAY = "CB"

WORKING_DAY = "Working Day"
CODE_OF_KIND = {"Holiday": PUBLIC_HOLIDAY, "Joint Holiday": JOINT_HOLIDAY}
REVISION_KINDS = (*CODE_OF_KIND, WORKING_DAY)

MONDAY_TO_FRIDAY = frozenset(range(5))

ONE_DAY = timedelta(days=1)
SEARCH_DAYS = 366


@dataclass(frozen=True)
class Holiday:
	"""A day off: `code` is "L" (public holiday) or "CB" (joint holiday)."""

	day: date
	code: str
	name: str


@dataclass(frozen=True)
class Revision:
	"""A local day or a change of the national list.

	`kind` is "Holiday", "Joint Holiday" or "Working Day". `known_from` is its date of effect: seen from an
	earlier date the day counts as before. None: always known. Of several for one day the latest in effect
	wins, and of those that take effect together the one given last.
	"""

	day: date
	kind: str
	description: str
	known_from: date | None = None


class UnknownRevisionKind(ValueError):
	"""A revision whose `kind` is not one of `REVISION_KINDS`."""

	def __init__(self, revision: Revision):
		super().__init__(f"Unknown kind of revision: {revision.kind!r}")
		self.revision = revision


class NoWorkingDay(ValueError):
	"""No working day within a year after `day`: the weekdays are empty or the revisions take every day."""

	def __init__(self, day: date):
		super().__init__(f"No working day within a year after {day.isoformat()}")
		self.day = day


def city_holidays(
	first: date, last: date, revisions: Iterable[Revision] = (), as_of: date | None = None
) -> dict[date, Holiday]:
	"""The holidays from `first` to `last`, both included, in order of date; none if `last` is before `first`.

	A Holiday or Joint Holiday of the revisions replaces the national one of that day, a Working Day removes
	it (a weekend stays a weekend). `as_of`: the date the question is asked for, see `Revision`; None applies
	all. Days whose date the library only estimates are holidays and keep its "(perkiraan)" in their name.
	Raises UnknownRevisionKind.
	Source: joint decrees (SKB) of three ministers, as collected by the `holidays` package.
	"""
	found = _national_holidays(first, last)
	for revision in _in_effect(revisions, as_of):
		if first <= revision.day <= last:
			_apply(revision, found)
	return dict(sorted(found.items()))


def is_working_day(
	day: date, holidays: Mapping[date, Holiday], weekdays: frozenset[int] = MONDAY_TO_FRIDAY
) -> bool:
	"""Whether `day` is one of the `weekdays` (Monday is 0) and not among `holidays`."""
	return day.weekday() in weekdays and day not in holidays


def working_days(
	first: date,
	last: date,
	revisions: Iterable[Revision] = (),
	as_of: date | None = None,
	weekdays: frozenset[int] = MONDAY_TO_FRIDAY,
) -> list[date]:
	"""The working days from `first` to `last`, both included, in order. Arguments as of `city_holidays`."""
	holidays = city_holidays(first, last, revisions, as_of)
	days = (first + timedelta(days=number) for number in range((last - first).days + 1))
	return [day for day in days if is_working_day(day, holidays, weekdays)]


def first_working_day_after(
	day: date,
	revisions: Iterable[Revision] = (),
	as_of: date | None = None,
	weekdays: frozenset[int] = MONDAY_TO_FRIDAY,
) -> date:
	"""The first working day later than `day`. Raises NoWorkingDay if a whole year has none.

	Source: letter of BKPPD Kota Kupang: contracts ended on 31 December 2020, PTT stood down from Monday 4
	January 2021.
	"""
	days = working_days(day + ONE_DAY, day + timedelta(days=SEARCH_DAYS), revisions, as_of, weekdays)
	if not days:
		raise NoWorkingDay(day)
	return days[0]


def _national_holidays(first: date, last: date) -> dict[date, Holiday]:
	years = range(first.year, last.year + 1)
	return {
		day: holiday for year in years for day, holiday in _library_year(year).items() if first <= day <= last
	}


@lru_cache(maxsize=128)
def _library_year(year: int) -> Mapping[date, Holiday]:
	joint, public = _library_days(year, GOVERNMENT), _library_days(year, PUBLIC)
	found = {day: Holiday(day, JOINT_HOLIDAY, name) for day, name in joint.items()}
	# A public holiday that falls on a joint one is not taken from anybody's leave.
	found.update({day: Holiday(day, PUBLIC_HOLIDAY, name) for day, name in public.items()})
	return MappingProxyType(found)


def _library_days(year: int, category: str) -> Mapping[date, str]:
	return country_holidays("ID", years=year, categories=(category,), language="id")


def _in_effect(revisions: Iterable[Revision], as_of: date | None) -> list[Revision]:
	known = [r for r in revisions if as_of is None or r.known_from is None or r.known_from <= as_of]
	return sorted(known, key=lambda revision: revision.known_from or date.min)


def _apply(revision: Revision, found: dict[date, Holiday]) -> None:
	if revision.kind not in REVISION_KINDS:
		raise UnknownRevisionKind(revision)
	if revision.kind == WORKING_DAY:
		found.pop(revision.day, None)
	else:
		found[revision.day] = Holiday(revision.day, CODE_OF_KIND[revision.kind], revision.description)
