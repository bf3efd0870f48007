"""What a month costs: deductions, base pay, the line that is closed and the lines that correct it.

Rupiah are whole numbers, percents exact decimals. Nothing is ever rounded but the base pay of a month, once,
half up. A closed line stays as it is: `correction_of` gives the line to add, so that the lines of a person and
a month always sum to what the month comes to now.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import combinations
from typing import NamedTuple

from kupang_hr.rules.attendance import PRESENT, UNEXCUSED
from kupang_hr.rules.contract import Term

DEDUCT_LATE, DEDUCT_EARLY, DEDUCT_MISSING, DEDUCT_UNEXCUSED = "LATE", "EARLY", "MISSING", "UNEXCUSED"
DEDUCTION_CODES = (DEDUCT_LATE, DEDUCT_EARLY, DEDUCT_MISSING, DEDUCT_UNEXCUSED)

CLOSING, CORRECTION, BACK_PAY = "Closing", "Correction", "Back Pay"

ONE_DAY = timedelta(days=1)


class PayError(ValueError):
	"""What was asked has no answer."""


class UnknownDeduction(PayError):
	"""A rule whose code is none of `DEDUCTION_CODES`."""

	def __init__(self, code: str):
		super().__init__(f"Unknown deduction: {code!r}")
		self.code = code


class NoWorkingDays(PayError):
	"""A month without working days: there is nothing to divide by."""

	def __init__(self):
		super().__init__("The month has no working days")


class ImpossibleContractDays(PayError):
	"""Negative days under contract, or more than the month has working days."""

	def __init__(self, contract_days: int, month_days: int):
		super().__init__(f"{contract_days} days under contract of {month_days} working days")
		self.contract_days, self.month_days = contract_days, month_days


class OverlappingContracts(PayError):
	"""Two contracts of one person share a day."""

	def __init__(self, one: Term, other: Term):
		super().__init__(f"Contracts share a day: {one} and {other}")
		self.one, self.other = one, other


class DayOutsideMonth(PayError):
	"""A day that is not of the month that is closed."""

	def __init__(self, day: date):
		super().__init__(f"{day} is not of this month")
		self.day = day


class DayRepeated(PayError):
	"""One person, two entries for one day."""

	def __init__(self, day: date):
		super().__init__(f"{day} stands twice")
		self.day = day


class NotCanonical(PayError):
	"""A value (a float, say) that has no one way of being written."""

	def __init__(self, value: object):
		super().__init__(f"No canonical form: {value!r}")
		self.value = value


# Deductions


@dataclass(frozen=True)
class DeductionRule:
	"""What one breach costs: rupiah, from `valid_from` to `valid_to` (None: open), both included."""

	code: str
	rupiah: int
	legal_basis: str
	valid_from: date
	valid_to: date | None = None

	def is_valid_on(self, day: date) -> bool:
		return self.valid_from <= day <= (self.valid_to or date.max)


_CITY_RULE = "City rule on the pay of PTT, July 2020"
# Source: city rule of July 2020: late or early leave, missing entry, unexcused day.
CITY_RULES_2020 = (
	DeductionRule(DEDUCT_LATE, 15_000, _CITY_RULE, date(2020, 7, 1)),
	DeductionRule(DEDUCT_EARLY, 15_000, _CITY_RULE, date(2020, 7, 1)),
	DeductionRule(DEDUCT_MISSING, 10_000, _CITY_RULE, date(2020, 7, 1)),
	DeductionRule(DEDUCT_UNEXCUSED, 50_000, _CITY_RULE, date(2020, 7, 1)),
)


def rules_on(rules: Iterable[DeductionRule], day: date) -> dict[str, DeductionRule]:
	"""The rule of each code on `day`: of several the latest `valid_from`, then the one given last.

	A code without a rule costs nothing. Raises UnknownDeduction.
	"""
	found: dict[str, DeductionRule] = {}
	for rule in rules:
		if rule.code not in DEDUCTION_CODES:
			raise UnknownDeduction(rule.code)
		if rule.is_valid_on(day) and (
			rule.code not in found or rule.valid_from >= found[rule.code].valid_from
		):
			found[rule.code] = rule
	return found


class LoggedDay(NamedTuple):
	"""What a month needs of a day: code, minutes, missing entries (0 to 2). A row of a query will do."""

	day: date
	code: str
	minutes_late: int = 0
	minutes_early: int = 0
	missing_entries: int = 0


def breaches_of_day(logged: LoggedDay) -> dict[str, int]:
	"""How often each deduction applies to a day: late and early once, every missing entry, or TK alone.

	Only H can be late, early or miss an entry; DR, holidays, permits and days off cost nothing.
	"""
	_day, code, late, early, missing = logged
	if code == UNEXCUSED:
		return {DEDUCT_UNEXCUSED: 1}
	if code != PRESENT or not (late or early or missing):
		return {}
	counts = ((DEDUCT_LATE, int(late > 0)), (DEDUCT_EARLY, int(early > 0)), (DEDUCT_MISSING, missing))
	return {breach: count for breach, count in counts if count}


def deductions_of_day(logged: LoggedDay, rules: Mapping[str, DeductionRule]) -> dict[str, int]:
	"""Rupiah by deduction code for one day, `rules` as of `rules_on`; codes that cost nothing are left out."""
	found = {
		breach: count * rules[breach].rupiah
		for breach, count in breaches_of_day(logged).items()
		if breach in rules
	}
	return {breach: rupiah for breach, rupiah in found.items() if rupiah}


@dataclass(frozen=True)
class PercentProfile:
	"""Deductions in percent, no rupiah: `bands` are (last minute or None, percent), shortest first.

	Late and early count each by its own minutes; `missing` for every missing entry; `unexcused` for TK.
	"""

	name: str
	bands: tuple[tuple[int | None, Decimal], ...]
	missing: Decimal
	unexcused: Decimal


# Source: bands that ministries use for ASN; the percent of TK differs between them, 3 is common.
PERCENT_BANDS = PercentProfile(
	name="Percent Bands",
	bands=((30, Decimal("0.5")), (60, Decimal(1)), (90, Decimal("1.25")), (None, Decimal("1.5"))),
	missing=Decimal("1.5"),
	unexcused=Decimal(3),
)


def percent_of_minutes(profile: PercentProfile, minutes: int) -> Decimal:
	"""The percent for so many minutes late or early in one day; 0 for none."""
	if minutes <= 0:
		return Decimal(0)
	return next((percent for last, percent in profile.bands if last is None or minutes <= last), Decimal(0))


def percent_of_day(profile: PercentProfile, logged: LoggedDay) -> Decimal:
	"""The percent that one day costs, by the same breaches as `breaches_of_day`."""
	breaches = breaches_of_day(logged)
	if not breaches:
		return Decimal(0)
	if DEDUCT_UNEXCUSED in breaches:
		return profile.unexcused
	minutes = (logged[2], logged[3])
	by_minutes = sum((percent_of_minutes(profile, each) for each in minutes), Decimal(0))
	return by_minutes + breaches.get(DEDUCT_MISSING, 0) * profile.missing


# Pay


@dataclass(frozen=True)
class PaidTerm(Term):
	"""A contract in force, its last day the day it really ends; `monthly_pay` in rupiah."""

	monthly_pay: int


@dataclass(frozen=True)
class Payable:
	"""Rupiah: `base_pay` for the days under contract, the deductions in full, and what is left of it."""

	base_pay: int
	deductions: int
	payable: int


def base_pay_of(parts: Iterable[tuple[int, int]], month_days: int) -> int:
	"""Rupiah for the parts of a month, each (monthly pay, working days under it): the exact sum, half up.

	Rounded once at the end, so two contracts with the same pay earn what one does. Raises NoWorkingDays,
	ImpossibleContractDays.
	"""
	parts = list(parts)
	contract_days = sum(days for _pay, days in parts)
	if month_days <= 0:
		raise NoWorkingDays
	if contract_days > month_days or any(days < 0 for _pay, days in parts):
		raise ImpossibleContractDays(contract_days, month_days)
	earned = sum(pay * days for pay, days in parts)
	return (2 * earned + month_days) // (2 * month_days)


def payable(base: int, contract_days: int, month_days: int, deductions: int = 0) -> Payable:
	"""base x contract_days / month_days, half up to the rupiah, minus `deductions`, never below 0.

	`base`: rupiah a month; days: working days of the person's calendar. Raises as `base_pay_of`.
	"""
	return _payable(base_pay_of([(base, contract_days)], month_days), deductions)


def _payable(base_pay: int, deductions: int) -> Payable:
	return Payable(base_pay, deductions, max(0, base_pay - deductions))


@dataclass(frozen=True)
class PayMonth:
	"""A month of one calendar, prepared once for many people; made by `pay_month`.

	`working_days` sorted; `rules`: for every day of the month, what applies on it.
	"""

	working_days: tuple[date, ...]
	rules: Mapping[date, Mapping[str, DeductionRule]] = field(hash=False)
	percents: PercentProfile | None = None

	def days_under(self, term: Term) -> int:
		"""Working days that `term` covers."""
		days = self.working_days
		return max(0, bisect_right(days, term.end) - bisect_left(days, term.start))


def pay_month(
	first: date,
	last: date,
	working_days: Iterable[date],
	rules: Iterable[DeductionRule],
	percents: PercentProfile | None = None,
) -> PayMonth:
	"""The month `first` to `last` with its working days (of a schedule: six-day units have more).

	Raises DayOutsideMonth for a working day outside it, UnknownDeduction.
	"""
	rules, days = tuple(rules), tuple(sorted(set(working_days)))
	outside = [day for day in days if not first <= day <= last]
	if outside:
		raise DayOutsideMonth(outside[0])
	calendar_days = (first + number * ONE_DAY for number in range((last - first).days + 1))
	return PayMonth(days, {day: rules_on(rules, day) for day in calendar_days}, percents)


@dataclass(frozen=True)
class MonthLine:
	"""One person's month, or a difference to lines before it (then figures carry a sign).

	`days`: count by status code. `deductions`: rupiah by deduction code. Both leave out zeros.
	`deduction_percent`: percentage points, None without a percent profile.
	`contract_days`: working days under contract. `base_pay`, `payable`: rupiah, None for ASN.
	`reason`: Closing, Correction or Back Pay.
	"""

	days: Mapping[str, int] = field(default_factory=dict, hash=False)
	minutes_late: int = 0
	minutes_early: int = 0
	missing_entries: int = 0
	deductions: Mapping[str, int] = field(default_factory=dict, hash=False)
	deduction_percent: Decimal | None = None
	contract_days: int = 0
	base_pay: int | None = None
	payable: int | None = None
	reason: str = CLOSING

	def fields(self) -> dict[str, object]:
		"""The figures under their stable names, for `checksum` together with the keys of the row."""
		return {
			"days": dict(self.days),
			"minutes_late": self.minutes_late,
			"minutes_early": self.minutes_early,
			"missing_entries": self.missing_entries,
			"deductions": dict(self.deductions),
			"deduction_percent": self.deduction_percent,
			"contract_days": self.contract_days,
			"base_pay": self.base_pay,
			"payable": self.payable,
			"reason": self.reason,
		}


def close_person_month(
	days: Iterable[LoggedDay], contracts: Sequence[PaidTerm] | None, month: PayMonth
) -> MonthLine:
	"""One person's line of the month.

	`days`: those logged, each at most once, in any order; one without a code yet is not counted. `contracts`: None for ASN, who get days, minutes and
	percent and neither rupiah deductions nor pay; empty for PTT without one. What is paid are the working
	days under contract, whatever was logged: DR under a contract is paid, DR without one is not.
	Raises DayOutsideMonth, DayRepeated, OverlappingContracts, NoWorkingDays (PTT only).
	"""
	days = list(days)
	_check_days(days, month)
	deductions, percent = _breaches_of_month(days, contracts is not None, month)
	contract_days, base_pay, paid = 0, None, None
	if contracts is not None:
		_check_contracts(contracts)
		parts = [(contract.monthly_pay, month.days_under(contract)) for contract in contracts]
		contract_days = sum(part[1] for part in parts)
		base_pay = base_pay_of(parts, len(month.working_days))
		paid = _payable(base_pay, sum(deductions.values())).payable
	return MonthLine(
		days=dict(Counter(logged[1] for logged in days if logged[1])),
		minutes_late=sum(logged[2] for logged in days),
		minutes_early=sum(logged[3] for logged in days),
		missing_entries=sum(logged[4] for logged in days),
		deductions=deductions,
		deduction_percent=percent,
		contract_days=contract_days,
		base_pay=base_pay,
		payable=paid,
	)


def _check_days(days: Sequence[LoggedDay], month: PayMonth) -> None:
	seen = set()
	for logged in days:
		day = logged[0]
		if day not in month.rules:
			raise DayOutsideMonth(day)
		if day in seen:
			raise DayRepeated(day)
		seen.add(day)


def _check_contracts(contracts: Sequence[PaidTerm]) -> None:
	for one, other in combinations(contracts, 2):
		if one.overlaps(other):
			raise OverlappingContracts(one, other)


def _breaches_of_month(
	days: Sequence[LoggedDay], in_rupiah: bool, month: PayMonth
) -> tuple[dict[str, int], Decimal | None]:
	deductions: dict[str, int] = {}
	percent = Decimal(0) if month.percents else None
	for logged in days:
		_day, code, late, early, missing = logged
		# Most days have no breach: 7,000 people are closed at once.
		if not (late or early or missing or code == UNEXCUSED):
			continue
		if in_rupiah:
			for breach, rupiah in deductions_of_day(logged, month.rules[logged[0]]).items():
				deductions[breach] = deductions.get(breach, 0) + rupiah
		if month.percents:
			percent += percent_of_day(month.percents, logged)
	return deductions, percent


# Lines that correct


def sum_of(lines: Iterable[MonthLine]) -> MonthLine:
	"""The lines of a person and a month added up; a figure that is None in all of them stays None."""
	lines = list(lines)
	return MonthLine(
		days=_sum_by_code(line.days for line in lines),
		minutes_late=sum(line.minutes_late for line in lines),
		minutes_early=sum(line.minutes_early for line in lines),
		missing_entries=sum(line.missing_entries for line in lines),
		deductions=_sum_by_code(line.deductions for line in lines),
		deduction_percent=_sum_or_none(line.deduction_percent for line in lines),
		contract_days=sum(line.contract_days for line in lines),
		base_pay=_sum_or_none(line.base_pay for line in lines),
		payable=_sum_or_none(line.payable for line in lines),
	)


def correction_of(old_lines: Iterable[MonthLine], new: MonthLine) -> MonthLine | None:
	"""The line to add so that `old_lines` and it sum to `new`; None where they do already.

	`old_lines`: all lines closed before of this person and month, corrections too; none counts as zeros. Its
	reason is Back Pay when days under contract have grown, otherwise Correction. A figure that was given
	before and is None now (a PTT who was ASN all along) is taken back to 0.
	"""
	old = sum_of(old_lines)
	figures = {
		"days": _difference_by_code(new.days, old.days),
		"minutes_late": new.minutes_late - old.minutes_late,
		"minutes_early": new.minutes_early - old.minutes_early,
		"missing_entries": new.missing_entries - old.missing_entries,
		"deductions": _difference_by_code(new.deductions, old.deductions),
		"deduction_percent": _difference(new.deduction_percent, old.deduction_percent),
		"contract_days": new.contract_days - old.contract_days,
		"base_pay": _difference(new.base_pay, old.base_pay),
		"payable": _difference(new.payable, old.payable),
	}
	if not any(figures.values()):
		return None
	return MonthLine(**figures, reason=BACK_PAY if figures["contract_days"] > 0 else CORRECTION)


def _sum_by_code(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
	total: dict[str, int] = {}
	for each in counts:
		for code, count in each.items():
			total[code] = total.get(code, 0) + count
	return {code: count for code, count in total.items() if count}


def _difference_by_code(new: Mapping[str, int], old: Mapping[str, int]) -> dict[str, int]:
	return _sum_by_code((new, {code: -count for code, count in old.items()}))


def _sum_or_none(values: Iterable[int | Decimal | None]) -> int | Decimal | None:
	given = [value for value in values if value is not None]
	return sum(given[1:], given[0]) if given else None


def _difference(new: int | Decimal | None, old: int | Decimal | None) -> int | Decimal | None:
	if new is None and old is None:
		return None
	return (new or 0) - (old or 0)


# Checksums


def checksum(fields: Mapping[str, object]) -> str:
	"""SHA-256, hex, of the fields as canonical JSON: keys sorted, no spaces, UTF-8, dates in ISO form.

	Decimals are texts without trailing zeros, so 0.5 and 0.50 are one; floats are refused. Anyone can
	compute it from the published fields. Raises NotCanonical.
	"""
	text = json.dumps(
		_canonical(fields), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
	)
	return sha256(text.encode()).hexdigest()


def period_checksum(line_checksums: Iterable[str]) -> str:
	"""SHA-256, hex, of the lines' checksums, sorted, one a line: the order of the rows does not matter."""
	return sha256("".join(f"{each}\n" for each in sorted(line_checksums)).encode()).hexdigest()


def _canonical(value: object) -> object:
	if value is None or isinstance(value, str | int):
		return value
	if isinstance(value, date):  # and datetime
		return value.isoformat()
	if isinstance(value, Decimal) and value.is_finite():
		return _plain(value)
	if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
		return {key: _canonical(item) for key, item in value.items()}
	if isinstance(value, list | tuple):
		return [_canonical(item) for item in value]
	raise NotCanonical(value)


def _plain(value: Decimal) -> str:
	text = format(value, "f")
	text = text.rstrip("0").rstrip(".") if "." in text else text
	return "0" if text in ("-0", "") else text
