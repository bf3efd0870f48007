"""Terms of service, their status, and who stays home.

Dates are calendar days in WITA. Nothing here reads a clock: "on" is an argument.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

UPCOMING, ACTIVE, EXPIRED, TERMINATED = "Upcoming", "Active", "Expired", "Terminated"
ON_DUTY, STOOD_DOWN, LEFT = "On Duty", "Stood Down", "Left"


@dataclass(frozen=True)
class Term:
	"""A term of service, both days included."""

	start: date
	end: date

	def is_ordered(self) -> bool:
		return self.start <= self.end

	def is_within_one_year(self) -> bool:
		"""A PTT contract is a one-year contract of the budget year: 1 January to 31 December at most."""
		return self.is_ordered() and self.start.year == self.end.year

	def overlaps(self, other: "Term") -> bool:
		return self.start <= other.end and other.start <= self.end

	def covers(self, day: date) -> bool:
		return self.start <= day <= self.end


def first_overlap(term: Term, others: Iterable[Term]) -> Term | None:
	"""The earliest of `others` that shares a day with `term`, or None."""
	return min(
		(other for other in others if term.overlaps(other)), key=lambda other: other.start, default=None
	)


def gap_days(previous_end: date | None, start: date) -> int:
	"""Days without a contract between two terms; 0 when they join, or when there was none before."""
	return max(0, (start - previous_end).days - 1) if previous_end else 0


def contract_status(term: Term, terminated_on: date | None, on: date) -> str:
	"""Upcoming, Active, Expired or Terminated on the day `on`.

	`terminated_on` is the last day of service of a contract that ends before its end date; the day after it
	the contract is Terminated.
	"""
	if terminated_on and terminated_on < min(on, term.end):
		return TERMINATED
	if term.end < on:
		return EXPIRED
	return ACTIVE if term.start <= on else UPCOMING


@dataclass(frozen=True)
class StandDownFacts:
	"""What decides whether a PTT stays home.

	`contract_end`: last day of the contract that ends in the round, None without one.
	`covered`: another contract in force covers the day.
	`opd_is_exempt`: the present seat is in an OPD that the order exempts.
	`duty_status`: On Duty, Stood Down or Left.
	"""

	contract_end: date | None
	covered: bool
	opd_is_exempt: bool
	duty_status: str


def is_without_contract(facts: StandDownFacts, on: date) -> bool:
	"""Whether the letter speaks of this person: on duty, the term over, no new one covering the day."""
	over = facts.contract_end is not None and facts.contract_end < on
	return over and not facts.covered and facts.duty_status == ON_DUTY


def is_to_stand_down(facts: StandDownFacts, on: date) -> bool:
	"""Whether a PTT stays home on `on`: the term is over, no new one covers the day, the OPD is not crucial.

	Source: letter of BKPPD Kota Kupang for 4 January 2021.
	"""
	return is_without_contract(facts, on) and not facts.opd_is_exempt


@dataclass(frozen=True)
class DutyFacts:
	"""What decides a person's duty status on a day.

	`left_on`: last day of service by a Personnel Exit, or the end of the contract of a person not renewed whom
	a Termination decree names; None when neither stands.
	`newest_start`, `newest_end`: first day of the newest and last day of the longest submitted contract that
	has begun, None without one.
	`stood_down_on`: effective date of the newest stand-down that names the person.
	"""

	left_on: date | None
	newest_start: date | None
	newest_end: date | None
	stood_down_on: date | None


def duty_status(facts: DutyFacts, on: date) -> str:
	"""On Duty, Stood Down or Left on the day `on`.

	A leaver stays Left until a contract begins that starts after the leaving. A person stood down stays home
	until a contract begins that reaches beyond the stand-down, back-dated or not (TMT before the decree).
	"""
	if _has_left(facts, on):
		return LEFT
	return STOOD_DOWN if _is_stood_down(facts, on) else ON_DUTY


def _has_left(facts: DutyFacts, on: date) -> bool:
	if facts.left_on is None or facts.left_on >= on:
		return False
	return facts.newest_start is None or facts.newest_start <= facts.left_on


def _is_stood_down(facts: DutyFacts, on: date) -> bool:
	if facts.stood_down_on is None or facts.stood_down_on > on:
		return False
	return facts.newest_end is None or facts.newest_end < facts.stood_down_on


def may_enter(had_contract: bool, start: date, stop_date: date | None) -> bool:
	"""Whether a first contract may begin on `start`, given the national stop on new PTT (None: no stop).

	Source: the national stop on new contract staff; its date is a setting.
	"""
	return had_contract or stop_date is None or start < stop_date
