"""The form of NIK (citizen's number) and NIP (civil servant's number).

What cannot be a number of that kind is an error; what merely disagrees with the person's other data is a
warning, since a wrong birth date in a register stays in the number for life. NIK of any region are valid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

MALE, FEMALE = "Male", "Female"

FEMALE_DAY_OFFSET = 40
SHOWN_DIGITS = 4
MASK = "*"


class IdProblem(str, Enum):
	"""Codes of errors and warnings; the caller words them for people."""

	NOT_16_DIGITS = "not-16-digits"
	NOT_18_DIGITS = "not-18-digits"
	IMPOSSIBLE_REGION = "impossible-region"
	IMPOSSIBLE_BIRTH = "impossible-birth"
	IMPOSSIBLE_START = "impossible-start"
	IMPOSSIBLE_SEX = "impossible-sex"
	IMPOSSIBLE_SERIAL = "impossible-serial"
	BIRTH_DATE_DISAGREES = "birth-date-disagrees"
	GENDER_DISAGREES = "gender-disagrees"

	def __str__(self) -> str:
		return self.value


@dataclass(frozen=True)
class IdCheck:
	"""The outcome: every error, every warning, none twice."""

	errors: tuple[IdProblem, ...] = ()
	warnings: tuple[IdProblem, ...] = ()


def check_nik(nik: str, birth_date: date | None = None, gender: str | None = None) -> IdCheck:
	"""Check a NIK: 6 digits region, 6 birth DDMMYY (women: day + 40), 4 serial.

	`birth_date` and `gender` ("Male", "Female") are compared if known; any other gender is not compared.
	Source: Law 23/2006 on population administration and its rules.
	"""
	if not _is_digits(nik, 16):
		return IdCheck(errors=(IdProblem.NOT_16_DIGITS,))
	birth = _nik_birth(nik)
	possible = {
		IdProblem.IMPOSSIBLE_REGION: not nik.startswith("00"),
		IdProblem.IMPOSSIBLE_BIRTH: birth is not None,
		IdProblem.IMPOSSIBLE_SERIAL: nik[12:] != "0000",
	}
	warnings = () if birth is None else _nik_warnings(nik, birth, birth_date, gender)
	return IdCheck(_failed(possible), warnings)


def check_nip(nip: str, birth_date: date | None = None, gender: str | None = None) -> IdCheck:
	"""Check a NIP: 8 digits birth YYYYMMDD, 6 start YYYYMM, 1 sex (1 men, 2 women), 3 serial.

	PPPK, who are ASN too, have 2 and the count of their appointment (21, 22, ...) in place of the month.
	`birth_date` and `gender` as of `check_nik`. Source: Perka BKN 22/2007; Peraturan BKN 1/2019 for PPPK.
	"""
	if not _is_digits(nip, 18):
		return IdCheck(errors=(IdProblem.NOT_18_DIGITS,))
	birth = _date_or_none(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
	possible = {
		IdProblem.IMPOSSIBLE_BIRTH: birth is not None,
		IdProblem.IMPOSSIBLE_START: _is_start(nip),
		IdProblem.IMPOSSIBLE_SEX: nip[14] in "12",
		IdProblem.IMPOSSIBLE_SERIAL: nip[15:] != "000",
	}
	agreed = {
		IdProblem.BIRTH_DATE_DISAGREES: not (birth and birth_date) or birth == birth_date,
		IdProblem.GENDER_DISAGREES: _gender_agrees({"1": MALE, "2": FEMALE}.get(nip[14]), gender),
	}
	return IdCheck(_failed(possible), _failed(agreed))


def mask(nik: str) -> str:
	"""The number with all but its last four digits starred; four or fewer are starred whole."""
	shown = nik[-SHOWN_DIGITS:] if len(nik) > SHOWN_DIGITS else ""
	return MASK * (len(nik) - len(shown)) + shown


def _is_digits(value: object, length: int) -> bool:
	# Not str.isdigit(): that takes Arabic and other digits too.
	return isinstance(value, str) and re.fullmatch(f"[0-9]{{{length}}}", value) is not None


def _failed(facts: dict[IdProblem, bool]) -> tuple[IdProblem, ...]:
	return tuple(problem for problem, good in facts.items() if not good)


def _nik_birth(nik: str) -> tuple[int, int, int] | None:
	"""Day, month and two-digit year; None if there is no such day in 19YY nor in 20YY."""
	day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
	if day > FEMALE_DAY_OFFSET:
		day -= FEMALE_DAY_OFFSET
	exists = any(_date_or_none(century + year, month, day) for century in (1900, 2000))
	return (day, month, year) if exists else None


def _nik_warnings(
	nik: str, birth: tuple[int, int, int], birth_date: date | None, gender: str | None
) -> tuple[IdProblem, ...]:
	known = birth_date and (birth_date.day, birth_date.month, birth_date.year % 100)
	coded = FEMALE if int(nik[6:8]) > FEMALE_DAY_OFFSET else MALE
	return _failed(
		{
			IdProblem.BIRTH_DATE_DISAGREES: known is None or birth == known,
			IdProblem.GENDER_DISAGREES: _gender_agrees(coded, gender),
		}
	)


def _gender_agrees(coded: str | None, gender: str | None) -> bool:
	return coded is None or gender not in (MALE, FEMALE) or coded == gender


def _is_start(nip: str) -> bool:
	year_month, month = nip[8:14], int(nip[12:14])
	return nip[:6] < year_month and (1 <= month <= 12 or 21 <= month <= 29)


def _date_or_none(year: int, month: int, day: int) -> date | None:
	try:
		return date(year, month, day)
	except ValueError:
		return None
