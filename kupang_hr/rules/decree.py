"""Decree numbers and the order of the paraf (initials on a draft).

A number is given once, never reused, and gap-free per series and year: the caller keeps one locked counter
for each `serial_series_key`. An insert letter (737.a) slips a number in after one already given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from string import Formatter, ascii_lowercase

DEFAULT_TEMPLATE = "BKPPD.{classification}/{serial}{insert}/{series}/{roman_month}/{year}"
TEMPLATE_2025 = "{serial}{insert}/BKPPD.{classification}/{roman_month}/{year}"

TEMPLATE_FIELDS = ("classification", "serial", "insert", "series", "roman_month", "year")
REQUIRED_FIELDS = ("serial", "year")

ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True)
class NumberParts:
	"""What a number is made of.

	`classification`: the archive code, 814 or 800.1.2.5. `serial`: from 1. `insert_letter`: "" or small
	letters. `series_letter`: one capital, "" where the template shows none. `month` and `year`: of the date
	signed. Case is fixed because databases compare without it: B and b would be the same number.
	"""

	classification: str
	serial: int
	insert_letter: str
	series_letter: str
	month: int
	year: int


@dataclass(frozen=True)
class Problem:
	"""A fact that stands in the way; the caller words it for people."""


@dataclass(frozen=True)
class BadPart(Problem):
	"""A part of a number that is not what `NumberParts` says, or is empty though the template shows it."""

	name: str
	value: object


@dataclass(frozen=True)
class InsertLetterNotShown(Problem):
	"""The template shows no insert letter: the number would equal the one it is inserted after."""

	insert_letter: str


@dataclass(frozen=True)
class UnbalancedBrace(Problem):
	template: str


@dataclass(frozen=True)
class UnknownField(Problem):
	field: str


@dataclass(frozen=True)
class FieldNotPlain(Problem):
	"""A field that reaches inside a value or formats it: {serial.real}, {serial[0]}, {year!r}, {year:5}."""

	field: str


@dataclass(frozen=True)
class MissingField(Problem):
	field: str


@dataclass(frozen=True)
class ParafComplete(Problem):
	"""Every step has been given; nobody is left."""


@dataclass(frozen=True)
class ParafUserMissing(Problem):
	"""The next step names no user: Settings must, before anyone can go on."""

	title: str


@dataclass(frozen=True)
class NotASigner(Problem):
	user: str


@dataclass(frozen=True)
class NotYourTurn(Problem):
	"""`user` is a signer, but the next step is that of `next_user`."""

	user: str
	next_title: str
	next_user: str


class DecreeNumberError(ValueError):
	"""No number can be made; `problems` says why, each one."""

	def __init__(self, *problems: Problem):
		super().__init__("; ".join(map(repr, problems)))
		self.problems = problems


@dataclass(frozen=True)
class ParafStep:
	"""One paraf: the post (`title`), the user who holds it, and whether it has been given."""

	title: str
	user: str
	given: bool


def format_number(template: str, parts: NumberParts) -> str:
	"""The number of a decree, such as BKPPD.814/737.a/B/IV/2019.

	A template without {series} cannot tell two series apart: the caller then keeps a single one a year.
	Raises DecreeNumberError with every problem of the template and of the parts.
	Source: numbers seen in Kupang, 2019 (`DEFAULT_TEMPLATE`) and 2025 (`TEMPLATE_2025`).
	"""
	problems = template_problems(template) or _part_problems(template, parts)
	if problems:
		raise DecreeNumberError(*problems)
	return template.format_map(_field_values(parts))


def template_problems(template: str) -> list[Problem]:
	"""Everything wrong with a template: only the plain `TEMPLATE_FIELDS`, serial and year among them."""
	try:
		fields = _fields(template)
	except ValueError:
		return [UnbalancedBrace(template)]
	problems = [problem for field in fields for problem in _field_problems(*field)]
	names = {name for name, _conversion, _specification in fields}
	return problems + [MissingField(name) for name in REQUIRED_FIELDS if name not in names]


def roman_month(month: int) -> str:
	"""I to XII for 1 to 12; raises DecreeNumberError for anything else."""
	if not _whole_within(month, 1, 12):
		raise DecreeNumberError(BadPart("month", month))
	return ROMAN_MONTHS[month - 1]


def next_insert_letter(used: Iterable[str]) -> str:
	"""The letter after the last of those ever `used` for a serial: a, b, ... z, aa, ab, ...

	Gaps are not filled, since a number is never reused; "" (the number without a letter) is ignored.
	Raises DecreeNumberError for anything that is not small letters.
	"""
	letters = [letter for letter in used if letter != ""]
	wrong = [BadPart("insert_letter", letter) for letter in letters if not _matches("[a-z]+", letter)]
	if wrong:
		raise DecreeNumberError(*wrong)
	return _letters(max(map(_letters_value, letters), default=0) + 1)


def serial_series_key(classification: str, series_letter: str, year: int) -> str:
	"""The key of the locked counter that numbers one series of one year, such as 814/B/2019.

	Raises DecreeNumberError for parts that `NumberParts` does not allow.
	"""
	problems = [
		*_classification_problems(classification),
		*_series_problems(series_letter),
		*_year_problems(year),
	]
	if problems:
		raise DecreeNumberError(*problems)
	return f"{classification}/{series_letter}/{year}"


def next_paraf(steps: Sequence[ParafStep]) -> ParafStep | None:
	"""The first step not given yet; None when all are."""
	return next((step for step in steps if not step.given), None)


def paraf_problem(steps: Sequence[ParafStep], user: str) -> Problem | None:
	"""Why `user` may not give the next paraf; None if they may. Users are compared to the letter.

	Source: paraf in order, Kabid, Sekretaris BKPPD, Kepala BKPPD, Asisten III, as Kupang's drafts show.
	"""
	step = next_paraf(steps)
	if step is None:
		return ParafComplete()
	if not (step.user or "").strip():
		return ParafUserMissing(step.title)
	if user not in {other.user for other in steps}:
		return NotASigner(user)
	return None if user == step.user else NotYourTurn(user, step.title, step.user)


def _fields(template: str) -> list[tuple[str, str | None, str]]:
	parsed = Formatter().parse(template or "")
	return [(name, conversion, spec) for _text, name, spec, conversion in parsed if name is not None]


def _field_problems(name: str, conversion: str | None, specification: str) -> list[Problem]:
	if conversion or specification or "." in name or "[" in name:
		return [FieldNotPlain(name)]
	return [] if name in TEMPLATE_FIELDS else [UnknownField(name)]


def _field_values(parts: NumberParts) -> dict[str, str | int]:
	return {
		"classification": parts.classification,
		"serial": parts.serial,
		"insert": f".{parts.insert_letter}" if parts.insert_letter else "",
		"series": parts.series_letter,
		"roman_month": roman_month(parts.month),
		"year": parts.year,
	}


def _part_problems(template: str, parts: NumberParts) -> list[Problem]:
	shown = {name for name, _conversion, _specification in _fields(template)}
	problems: list[Problem] = [
		*_classification_problems(parts.classification),
		*_series_problems(parts.series_letter, may_be_empty="series" not in shown),
		*_year_problems(parts.year),
	]
	if not _whole_within(parts.serial, 1):
		problems.append(BadPart("serial", parts.serial))
	if not _whole_within(parts.month, 1, 12):
		problems.append(BadPart("month", parts.month))
	if not _matches("[a-z]*", parts.insert_letter):
		problems.append(BadPart("insert_letter", parts.insert_letter))
	elif parts.insert_letter and "insert" not in shown:
		problems.append(InsertLetterNotShown(parts.insert_letter))
	return problems


def _classification_problems(value: str) -> list[Problem]:
	# No slash: it separates the parts, and a code that holds one could make two numbers look the same.
	return [] if _matches(r"[0-9A-Za-z]+([.-][0-9A-Za-z]+)*", value) else [BadPart("classification", value)]


def _series_problems(value: str, may_be_empty: bool = True) -> list[Problem]:
	return [] if _matches("[A-Z]?" if may_be_empty else "[A-Z]", value) else [BadPart("series_letter", value)]


def _year_problems(value: int) -> list[Problem]:
	return [] if _whole_within(value, 1000, 9999) else [BadPart("year", value)]


def _matches(pattern: str, value: object) -> bool:
	return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _whole_within(value: object, lowest: int, highest: float = float("inf")) -> bool:
	return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def _letters_value(letters: str) -> int:
	return reduce(lambda value, letter: value * 26 + ascii_lowercase.index(letter) + 1, letters, 0)


def _letters(value: int) -> str:
	letters = ""
	while value:
		value, position = divmod(value - 1, 26)
		letters = ascii_lowercase[position] + letters
	return letters
