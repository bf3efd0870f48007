"""Who is in the office which day: proposed by the rule, mended by the OPD, signed by its head.

A rota has one line for each of its people and working days, Office or Home. While it is a draft, the OPD changes
lines by hand; signing checks what came of it. People are those whose seat is exactly that OPD and who are on duty
on the day, civil servants and PTT alike; their number is the base of the capacity.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby, pairwise
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Case
from frappe.query_builder.functions import Sum
from frappe.utils import getdate

from kupang_hr.access.seats import ALL_PERCENT, capacities, capacity_on, opd_tree
from kupang_hr.attendance.duty import duty_of
from kupang_hr.attendance.schedules import Roster, days_between
from kupang_hr.bulk import query, run
from kupang_hr.bulk.audit import Trail, new_names
from kupang_hr.clock import today
from kupang_hr.cycle.stand_down import local_revisions
from kupang_hr.exceptions import CapacityError, RotaError
from kupang_hr.rules import rota as rule
from kupang_hr.rules.attendance import ROTA_HOME, ROTA_OFFICE
from kupang_hr.rules.calendar import city_holidays, is_working_day
from kupang_hr.rules.contract import LEFT, ON_DUTY

ROTA, LINE = "Office Rota", "Office Rota Line"
LONGEST_ROTA = 92
LOOKED_BACK = timedelta(days=28)
ONE_DAY = timedelta(days=1)
CENT = Decimal("0.01")
LINE_COLUMNS = ("personnel", "personnel_name", "day", "place", "work_schedule")
PERSON_FIELDS = (
	"name",
	"full_name",
	"is_structural",
	"employment_type",
	"duty_status",
	"duty_status_since",
)


# Proposing


def propose(office_rota: str) -> dict[str, Any]:
	"""Fill a draft rota anew by `rules.rota.propose`; lines that it has are replaced.

	The wish is that of the settings, none where it is 0. Who was in the office on fewer days of the four weeks
	before comes first; who has no line in them begins with the mean of the others. Answers name, people, days,
	lines, capacity_percent (the lowest of its days), wished_days, average_days (a week, a person) and problems
	(texts). Asks for no permission and commits nothing. Raises RotaError.
	"""
	rota = frappe.get_doc(ROTA, office_rota, for_update=True)
	_check_docstatus(rota.name, rota.docstatus)
	first, last = getdate(rota.from_date), getdate(rota.to_date)
	people = available(rota.opd, working_days(rota.opd, first, last))
	_check_anybody(rota, people)
	percents = percents_on(rota.opd, people)
	everybody = sorted({row.name for rows in people.values() for row in rows})
	chosen = _choose(people, percents, _wish(), _served(everybody, first))
	_replace_lines(rota.name, people, chosen)
	rota.flags.ignore_permissions = True
	rota.save()
	return {
		"name": rota.name,
		"people": rota.people,
		"days": len(people),
		"lines": sum(map(len, people.values())),
		"capacity_percent": rota.capacity_percent,
		"wished_days": rota.wished_days or None,
		"average_days": rota.average_days,
		"problems": (rota.problems or "").splitlines(),
	}


def working_days(opd: str, first: date, last: date) -> list[date]:
	"""The days on which an OPD works: those of its schedule, Monday to Friday without one; no holidays."""
	roster = Roster.read(first, last)
	name = roster.usual(opd, None)
	holidays = (
		{} if roster.works_on_holidays(name) else city_holidays(first, last, local_revisions(), today())
	)
	days = days_between(first, last)
	if name is None:
		return [day for day in days if is_working_day(day, holidays)]
	windows = roster.windows(name)
	return [day for day in days if day in windows and day not in holidays]


def available(opd: str, days: Iterable[date]) -> dict[date, list]:
	"""The people who could come on each day: seated in exactly that OPD and on duty then; five queries."""
	person = frappe.qb.DocType("Personnel")
	rows = query.run(
		frappe.qb.from_(person)
		.select(*PERSON_FIELDS)
		.where((person.opd == opd) & (person.duty_status != LEFT))
		.orderby(person.name)
	)
	duty = duty_of(rows)
	return {day: [row for row in rows if duty[row.name].on(day) == ON_DUTY] for day in days}


def percents_on(opd: str, days: Iterable[date]) -> dict[date, int]:
	"""The percent of its people that an OPD may have in the office on each day."""
	tree, rows = opd_tree(), capacities()
	return {day: capacity_on(opd, day, tree, rows) for day in days}


def _wish() -> int | None:
	return frappe.db.get_single_value("Kupang HR Settings", "rota_days_a_week") or None


def _served(names: Sequence[str], first: date) -> dict[str, int]:
	"""Office days in the signed rotas of the four weeks before, of those who have any line there."""
	line, rota = frappe.qb.DocType(LINE), frappe.qb.DocType(ROTA)
	rows = (
		frappe.qb.from_(line)
		.join(rota)
		.on(rota.name == line.office_rota)
		.select(line.personnel, Sum(Case().when(line.place == ROTA_OFFICE, 1).else_(0)))
		.where(line.personnel.isin(query.NAMES) & line.day[first - LOOKED_BACK : first - ONE_DAY])
		.where(rota.docstatus == 1)
		.groupby(line.personnel)
	)
	return {name: int(days) for name, days in query.run(rows, as_dict=False, names=tuple(names))}


def _choose(
	people: Mapping[date, Sequence], percents: Mapping[date, int], wish: int | None, served: dict[str, int]
) -> dict[date, frozenset[str]]:
	"""Who is in on each day. Where people come or go in between, the rule is asked anew from that day on."""
	chosen = {}
	for _names, days in groupby(sorted(people), key=lambda day: [row.name for row in people[day]]):
		capacity = {day: percents[day] for day in days}
		crew = _crew(people[next(iter(capacity))], served)
		proposal = rule.propose(crew, capacity, wish)
		chosen |= {day: frozenset(names) for day, names in proposal.assignments.items()}
		served = {**served, **proposal.served}
	return chosen


def _crew(rows: Sequence, served: Mapping[str, int]) -> list[rule.RotaPerson]:
	known = [served[row.name] for row in rows if row.name in served and not row.is_structural]
	usual = sum(known) // len(known) if known else 0
	return [rule.RotaPerson(row.name, bool(row.is_structural), served.get(row.name, usual)) for row in rows]


def _replace_lines(rota: str, people: Mapping[date, Sequence], chosen: Mapping[date, frozenset]) -> None:
	rows = [
		(row.name, row.full_name, day, ROTA_OFFICE if row.name in chosen[day] else ROTA_HOME, None)
		for day, present in people.items()
		for row in present
	]
	delete_lines(rota)
	_insert_lines(rota, rows)


def _insert_lines(rota: str, rows: Sequence[tuple]) -> None:
	filled = [
		{"name": name, "office_rota": rota, **dict(zip(LINE_COLUMNS, row, strict=True))}
		for name, row in zip(new_names(len(rows)), rows, strict=True)
	]
	Trail(frappe.session.user, None).insert(LINE, filled)


def delete_lines(rota: str) -> None:
	"""Take away the lines of a rota that is proposed anew or deleted."""
	frappe.db.delete(LINE, {"office_rota": rota})


def copy_lines(rota: Any) -> None:
	"""An amended rota begins with the lines of the one it was made from."""
	line = frappe.qb.DocType(LINE)
	rows = (
		frappe.qb.from_(line)
		.select(*LINE_COLUMNS)
		.where((line.office_rota == rota.amended_from) & line.day[rota.from_date : rota.to_date])
	)
	_insert_lines(rota.name, query.run(rows, as_dict=False))
	refresh(rota)


# Figures


@dataclass(frozen=True, slots=True)
class PlannedDay:
	"""A day of a rota as it would turn out: of those who could come, how many are structural and are in."""

	day: date
	percent: int
	people: int
	structural: int
	office: int

	@property
	def limit(self) -> int:
		return rule.seats(self.people, self.percent)

	def problem(self) -> str | None:
		"""What is wrong with the day, in the user's words; None if nothing is."""
		if self.office > self.limit:
			return _("{0}: {1} people are in the office, {2} may be ({3} % of {4}).").format(
				self._written(), self.office, self.limit, self.percent, self.people
			)
		if self.structural > self.limit:
			return _("{0}: {1} structural posts, but {2} may be in ({3} % of {4}). They take turns.").format(
				self._written(), self.structural, self.limit, self.percent, self.people
			)
		return None

	def _written(self) -> str:
		return frappe.format(self.day, "Date")


def planned_days(rota: Any) -> list[PlannedDay]:
	"""The days of a rota by its lines and by who could come as of now; the same queries for any number of people."""
	places: dict[date, dict[str, str]] = {}
	for person, day, place in _lines(rota.name):
		places.setdefault(day, {})[person] = place
	people, percents = available(rota.opd, sorted(places)), percents_on(rota.opd, places)
	return [
		PlannedDay(
			day,
			percents[day],
			len(rows),
			sum(bool(row.is_structural) for row in rows),
			sum(places[day].get(row.name) == ROTA_OFFICE for row in rows),
		)
		for day, rows in people.items()
	]


def _lines(rota: str) -> list[tuple]:
	line = frappe.qb.DocType(LINE)
	rows = frappe.qb.from_(line).select(line.personnel, line.day, line.place)
	return query.run(rows.where(line.office_rota == rota), as_dict=False)


def figures(rota: Any) -> dict[str, Any]:
	"""What a rota says about itself; typed over by hand they come back at the next save."""
	days = planned_days(rota) if rota.name else []
	return {
		"capacity_percent": min((day.percent for day in days), default=None),
		"people": len({person for person, _day, _place in _lines(rota.name)}) if days else 0,
		"average_days": _average(days),
		"wished_days": _wish(),
		"problems": "\n".join(filter(None, (day.problem() for day in days))) or None,
	}


def _average(days: Sequence[PlannedDay]) -> float:
	"""Office days a week and person, two decimals, half up."""
	weeks: dict[tuple, list[PlannedDay]] = {}
	for day in days:
		weeks.setdefault(day.day.isocalendar()[:2], []).append(day)
	people = sum(max(day.people for day in week) for week in weeks.values())
	office = sum(day.office for day in days)
	return float((Decimal(office) / people).quantize(CENT, ROUND_HALF_UP)) if people else 0.0


def refresh(rota: Any) -> None:
	"""Bring the figures of a rota up to date after its lines were changed; open forms of it stay valid."""
	found = figures(rota)
	frappe.db.set_value(ROTA, rota.name, found, update_modified=False)
	rota.update(found)


# Checks


def check_dates(rota: Any) -> None:
	"""Raises RotaError where days are missing, out of order or too many."""
	if not (rota.from_date and rota.to_date):
		frappe.throw(_("Give the first and the last day of the rota."), RotaError)
	first, last = getdate(rota.from_date), getdate(rota.to_date)
	if last < first:
		frappe.throw(_("The rota ends before it begins."), RotaError)
	if (last - first).days >= LONGEST_ROTA:
		frappe.throw(_("A rota has at most {0} days.").format(LONGEST_ROTA), RotaError)


def check_no_overlap(rota: Any) -> None:
	"""Raises RotaError if another rota of the OPD, draft or signed, shares a day.

	The OPD's row is held, so of two made at once the second one sees the first.
	"""
	frappe.db.get_value("OPD", rota.opd, "name", for_update=True)
	other = frappe.qb.DocType(ROTA)
	rows = (
		frappe.qb.from_(other)
		.select(other.name, other.from_date, other.to_date)
		.where((other.opd == rota.opd) & (other.docstatus < 2) & (other.name != rota.name))
		.where((other.from_date <= getdate(rota.to_date)) & (other.to_date >= getdate(rota.from_date)))
		.orderby(other.from_date)
	)
	for row in query.run(rows.for_update()):
		first, last = (frappe.format(day, "Date") for day in (row.from_date, row.to_date))
		frappe.throw(_("{0} covers {1} to {2} already.").format(row.name, first, last), RotaError)


def check_ready(rota: Any) -> None:
	"""Raises RotaError for a rota without lines, CapacityError for days with more people than may be in."""
	days = planned_days(rota)
	if not days:
		frappe.throw(_("{0} has no lines yet. Propose it first.").format(rota.name), RotaError)
	over = [day.problem() for day in days if day.office > day.limit]
	if over:
		frappe.throw("<br>".join(over), CapacityError, title=_("Over the Capacity"))


def check_draft(office_rota: str) -> None:
	"""Raises RotaError unless the rota is a draft, which it stays until the transaction ends."""
	_check_docstatus(office_rota, frappe.db.get_value(ROTA, office_rota, "docstatus", for_update=True))


def check_line(line: Any) -> None:
	"""Raises RotaError for a line outside the days of its rota."""
	first, last = frappe.db.get_value(ROTA, line.office_rota, ["from_date", "to_date"])
	if not first <= getdate(line.day) <= last:
		day = frappe.format(line.day, "Date")
		frappe.throw(_("{0} is not a day of {1}.").format(day, line.office_rota), RotaError)


def _check_docstatus(name: str, docstatus: int | None) -> None:
	if docstatus != 0:
		frappe.throw(_("{0} is no draft any more; its lines stay as they are.").format(name), RotaError)


def _check_anybody(rota: Any, people: Mapping[date, Sequence]) -> None:
	if not people:
		first, last = (frappe.format(day, "Date") for day in (rota.from_date, rota.to_date))
		frappe.throw(_("{0} has no working day from {1} to {2}.").format(rota.opd, first, last), RotaError)
	if not any(people.values()):
		frappe.throw(_("Nobody of {0} is on duty on these days.").format(rota.opd), RotaError)


def rebuild_days(rota: Any) -> None:
	"""The days of the past that a rota signed or cancelled late changes; a run does it after the commit."""
	first, last = getdate(rota.from_date), min(getdate(rota.to_date), today())
	if first <= last:
		days = {"first": str(first), "last": str(last), "opd": rota.opd}
		run.start_after_commit("rebuild-days", days)


# Capacity of an OPD


def check_capacities(opd: Any) -> None:
	"""Raises CapacityError for a percentage that is none, dates out of order, or rows that share a day."""
	for row in opd.capacities:
		_check_capacity(row)
	for one, other in pairwise(sorted(opd.capacities, key=lambda row: getdate(row.valid_from))):
		if not one.valid_to or getdate(one.valid_to) >= getdate(other.valid_from):
			first, second = sorted((one.idx, other.idx))
			frappe.throw(
				_("Capacity, rows {0} and {1}: they share a day.").format(first, second), CapacityError
			)


def _check_capacity(row: Any) -> None:
	if not 1 <= (row.percent or 0) <= ALL_PERCENT:
		frappe.throw(_("Capacity, row {0}: give a percentage from 1 to 100.").format(row.idx), CapacityError)
	if not row.valid_from:
		frappe.throw(_("Capacity, row {0}: give the first day.").format(row.idx), CapacityError)
	if row.valid_to and getdate(row.valid_to) < getdate(row.valid_from):
		frappe.throw(
			_("Capacity, row {0}: the last day lies before the first.").format(row.idx), CapacityError
		)
