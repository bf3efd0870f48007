"""What the contracts on file say of people: names of new ones, terms taken, coverage of a day."""

from collections.abc import Mapping, Sequence
from datetime import date

import frappe
from frappe.query_builder.functions import Max
from frappe.utils import getdate

from kupang_hr.bulk import query
from kupang_hr.rules.contract import DutyFacts, Term, duty_status

LINE = "Decree Line"
CONTRACT = "PTT Contract"


def contract_name(personnel: str, year: int, serial: int) -> str:
	"""The name of a person's contract: person, year it begins, serial within the year from 1."""
	return f"{personnel}-{year}-{serial}"


def new_contract_names(personnel: Sequence[str], year: int) -> dict[str, str]:
	"""The name that the next contract of each person gets: after the last one, cancelled and draft ones too."""
	if not personnel:
		return {}
	contract = frappe.qb.DocType(CONTRACT)
	rows = (
		frappe.qb.from_(contract)
		.select(contract.personnel, contract.name)
		.where(contract.personnel.isin(query.NAMES) & contract.amended_from.isnull())
		.where((contract.start_date >= date(year, 1, 1)) & (contract.start_date <= date(year, 12, 31)))
	)
	last: dict[str, int] = {}
	for row in query.run(rows, names=tuple(personnel)):
		last[row.personnel] = max(last.get(row.personnel, 0), _serial_of(row.name))
	return {person: contract_name(person, year, last.get(person, 0) + 1) for person in personnel}


def _serial_of(name: str) -> int:
	serial = name.rpartition("-")[2]
	return int(serial) if serial.isdecimal() else 0


def terms_of(personnel: Sequence[str], lock: bool = False) -> dict[str, list[tuple[str, Term]]]:
	"""The submitted terms of each person, shortened where service ended early, by start.

	`lock`: as they are now, not as this transaction saw them first; for a caller that holds the person's row.
	"""
	if not personnel:
		return {}
	contract = frappe.qb.DocType(CONTRACT)
	rows = (
		frappe.qb.from_(contract)
		.select(
			contract.personnel, contract.name, contract.start_date, contract.end_date, contract.terminated_on
		)
		.where(contract.personnel.isin(query.NAMES) & (contract.docstatus == 1))
		.orderby(contract.start_date)
	)
	terms: dict[str, list] = {}
	for row in query.run(rows.for_update() if lock else rows, names=tuple(personnel)):
		end = min(filter(None, (row.end_date, row.terminated_on)))
		if end >= row.start_date:
			terms.setdefault(row.personnel, []).append((row.name, Term(row.start_date, end)))
	return terms


def duty_facts(
	personnel: Sequence[str], on: date, terms: Mapping[str, list] | None = None
) -> dict[str, DutyFacts]:
	"""What decides the duty status of each person on a day; four queries for any number of people.

	`terms`: those of `terms_of`, where the caller has read them.
	"""
	terms = terms_of(personnel) if terms is None else terms
	left = _left_on(personnel)
	stood_down = _stood_down_on(personnel)
	facts = {}
	for person in personnel:
		begun = [term for _name, term in terms.get(person, []) if term.start <= on]
		facts[person] = DutyFacts(
			left_on=left.get(person),
			newest_start=max((term.start for term in begun), default=None),
			newest_end=max((term.end for term in begun), default=None),
			stood_down_on=stood_down.get(person),
		)
	return facts


def duty_statuses(personnel: Sequence[str], on: date) -> dict[str, str]:
	"""The duty status that each person has on a day by what is on file."""
	return {person: duty_status(facts, on) for person, facts in duty_facts(personnel, on).items()}


def _left_on(personnel: Sequence[str]) -> dict[str, date]:
	"""The last day of service of those who left, by exit or by the decree that ends a contract not renewed."""
	if not personnel:
		return {}
	leave = frappe.qb.DocType("Personnel Exit")
	exits = (
		frappe.qb.from_(leave)
		.select(leave.personnel, Max(leave.exit_date).as_("left_on"))
		.where(leave.personnel.isin(query.NAMES) & (leave.docstatus == 1))
		.groupby(leave.personnel)
	)
	names = tuple(personnel)
	found = {row.personnel: getdate(row.left_on) for row in query.run(exits, names=names)}
	for row in query.run(_ends_of_the_terminated(), names=names):
		if row.personnel not in found or found[row.personnel] < getdate(row.end_date):
			found[row.personnel] = getdate(row.end_date)
	return found


def stands(line):
	"""Whether a line of a decree is signed and no other decree has revoked it."""
	return (line.signed == 1) & line.revoked_by.isnull()


def terminations():
	"""The lines of signed Termination decrees that name people who are not renewed; the table and the query."""
	line, renewal = frappe.qb.DocType(LINE), frappe.qb.DocType("Contract Renewal")
	rows = (
		frappe.qb.from_(line)
		.join(renewal)
		.on(renewal.name == line.renewal)
		.where((line.kind == "Termination") & stands(line))
		.where(renewal.workflow_state == "Not Renewed")
	)
	return line, rows


def _ends_of_the_terminated():
	"""Those of the named people whom a Termination made leave, with the end of that contract."""
	line, rows = terminations()
	contract = frappe.qb.DocType(CONTRACT)
	return (
		rows.join(contract)
		.on(contract.name == line.contract)
		.select(line.personnel, Max(contract.end_date).as_("end_date"))
		.where(line.personnel.isin(query.NAMES))
		.groupby(line.personnel)
	)


def _stood_down_on(personnel: Sequence[str]) -> dict[str, date]:
	if not personnel:
		return {}
	line = frappe.qb.DocType("Stand Down Line")
	rows = (
		frappe.qb.from_(line)
		.select(line.personnel, Max(line.effective_date).as_("effective_date"))
		.where(line.personnel.isin(query.NAMES) & (line.outcome == "Stood Down"))
		.groupby(line.personnel)
	)
	return {row.personnel: getdate(row.effective_date) for row in query.run(rows, names=tuple(personnel))}
