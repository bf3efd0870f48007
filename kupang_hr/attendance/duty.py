"""The duty status that people had on each day of the past, as it really was.

`cycle.contracts` answers for one day by what is on file now, and by that a back-dated SK would have called people
back weeks before anybody knew. Here an SK counts from the day it was signed, and so does a decree that ends
service: whoever was at home stays stood down until then.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import getdate

from kupang_hr.bulk import query
from kupang_hr.cycle.contracts import terminations
from kupang_hr.rules.contract import ON_DUTY, STOOD_DOWN, DutyFacts, duty_status

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
	"""A person's duty status from each of `starts` on; before the first of them the person is not employed.

	`recalls`: days on which a back-dated SK was signed. Who had not come yet by then was still at home.
	"""

	starts: tuple[date, ...]
	statuses: tuple[str, ...]
	recalls: frozenset[date] = frozenset()

	def on(self, day: date) -> str | None:
		position = bisect_right(self.starts, day)
		return self.statuses[position - 1] if position else None


ALWAYS = Duty((date.min,), (ON_DUTY,))
NEVER = Duty((), ())


@dataclass(frozen=True, slots=True)
class _Contract:
	"""`since`: the first day it could be known and had begun."""

	start: date
	end: date
	since: date


def duty_of(people: Sequence[Any]) -> dict[str, Duty]:
	"""The duty of each person; four queries for any number of them.

	`people`: rows with name, employment_type, duty_status and duty_status_since. A civil servant is employed from
	ever, a PTT from the first contract on; one without any contract is not employed.
	"""
	names = tuple(person.name for person in people)
	if not names:
		return {}
	contracts, left, stood_down = _contracts(names), _leavings(names), _stand_downs(names)
	found = {}
	for person in people:
		name = person.name
		if name not in left and name not in stood_down:
			found[name] = _plain(person, contracts.get(name))
		else:
			own = [_known(row, person, stood_down.get(name)) for row in contracts.get(name, ())]
			found[name] = _history(person, own, left.get(name, ()), stood_down.get(name, ()))
	return found


def duty_between(names: Sequence[str]) -> dict[str, Duty]:
	"""As `duty_of`, for people known by their names."""
	if not names:
		return {}
	person = frappe.qb.DocType("Personnel")
	rows = frappe.qb.from_(person).select(
		person.name, person.employment_type, person.duty_status, person.duty_status_since
	)
	return duty_of(query.run(rows.where(person.name.isin(query.NAMES)), names=tuple(names)))


def _plain(person: Any, contracts: Sequence[tuple] | None) -> Duty:
	"""Of a person whom nothing on file ever sent home."""
	if person.employment_type != "PTT":
		return ALWAYS
	if not contracts:
		return NEVER
	return Duty((min(max(start, signed or start) for start, _end, signed in contracts),), (ON_DUTY,))


def _known(row: tuple, person: Any, stood_down: Sequence[date] | None) -> _Contract:
	"""A contract without a decree was known when the person was called back, if it was that which did it."""
	start, end, signed = row
	since = person.duty_status_since
	if not signed and stood_down and person.duty_status == ON_DUTY and since:
		called_back = any(start <= day <= end and day <= since for day in stood_down)
		signed = since if called_back else None
	return _Contract(start, end, max(start, signed or start))


def _history(
	person: Any, contracts: Sequence[_Contract], left: Sequence[date], stood_down: Sequence[date]
) -> Duty:
	begin = min((row.since for row in contracts), default=None)
	if person.employment_type != "PTT":
		begin = date.min
	if begin is None:
		return NEVER
	turns = {begin, *stood_down, *(day + ONE_DAY for day in left), *(row.since for row in contracts)}
	starts = sorted(day for day in turns if day >= begin)
	statuses = [_status(contracts, left, stood_down, day) for day in starts]
	back_dated = {row.since for row in contracts if row.since > row.start}
	recalls = {
		day
		for day, before, status in zip(starts[1:], statuses, statuses[1:], strict=False)
		if (before, status) == (STOOD_DOWN, ON_DUTY) and day in back_dated
	}
	return Duty(tuple(starts), tuple(statuses), frozenset(recalls))


def _status(
	contracts: Iterable[_Contract], left: Iterable[date], stood_down: Iterable[date], on: date
) -> str:
	"""By the rule, from what was on file and had begun on that day."""
	begun = [row for row in contracts if row.since <= on]
	facts = DutyFacts(
		left_on=max((day for day in left if day < on), default=None),
		newest_start=max((row.start for row in begun), default=None),
		newest_end=max((row.end for row in begun), default=None),
		stood_down_on=max((day for day in stood_down if day <= on), default=None),
	)
	return duty_status(facts, on)


def _contracts(names: tuple[str, ...]) -> dict[str, list[tuple]]:
	"""Start, end of service, and day of the decree of each submitted contract, by person."""
	contract, decree = frappe.qb.DocType("PTT Contract"), frappe.qb.DocType("Decree")
	rows = (
		frappe.qb.from_(contract)
		.left_join(decree)
		.on(decree.name == contract.decree)
		.select(
			contract.personnel,
			contract.start_date,
			contract.end_date,
			contract.terminated_on,
			decree.date_signed,
		)
		.where(contract.personnel.isin(query.NAMES) & (contract.docstatus == 1))
	)
	found: dict[str, list[tuple]] = {}
	for person, start, end, terminated_on, signed in query.run(rows, as_dict=False, names=names):
		end = min(end, terminated_on or end)
		if end >= start:
			found.setdefault(person, []).append((start, end, signed))
	return found


def _leavings(names: tuple[str, ...]) -> dict[str, list[date]]:
	"""The last days of service of each person, by exit or by a decree, which counts from when it was signed."""
	leave = frappe.qb.DocType("Personnel Exit")
	exits = (
		frappe.qb.from_(leave)
		.select(leave.personnel, leave.exit_date)
		.where(leave.personnel.isin(query.NAMES) & (leave.docstatus == 1))
	)
	found: dict[str, list[date]] = {}
	for person, day in query.run(exits, as_dict=False, names=names):
		found.setdefault(person, []).append(getdate(day))
	for person, end, signed in query.run(_ends_and_signatures(), as_dict=False, names=names):
		found.setdefault(person, []).append(max(getdate(end), getdate(signed) - ONE_DAY))
	return found


def _ends_and_signatures():
	"""Of each person whom a Termination made leave: the end of that contract, and when the decree was signed."""
	line, rows = terminations()
	contract, decree = frappe.qb.DocType("PTT Contract"), frappe.qb.DocType("Decree")
	return (
		rows.join(contract)
		.on(contract.name == line.contract)
		.join(decree)
		.on(decree.name == line.decree)
		.select(line.personnel, contract.end_date, decree.date_signed)
		.where(line.personnel.isin(query.NAMES))
	)


def _stand_downs(names: tuple[str, ...]) -> dict[str, list[date]]:
	line = frappe.qb.DocType("Stand Down Line")
	rows = (
		frappe.qb.from_(line)
		.select(line.personnel, line.effective_date)
		.where(line.personnel.isin(query.NAMES) & (line.outcome == "Stood Down"))
	)
	found: dict[str, list[date]] = {}
	for person, day in query.run(rows, as_dict=False, names=names):
		found.setdefault(person, []).append(getdate(day))
	return found
