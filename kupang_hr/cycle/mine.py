"""What a person reads of their own year: contracts, where their renewal stands, decrees, and what to do next.

Read by the person's name, which the session's user stands for; nothing here takes a name from a client. Until there
is an outcome a renewal is "in process": scores, recommendations and what the mayor holds are not the person's to read.
"""

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.rules.contract import LEFT, STOOD_DOWN
from kupang_hr.rules.renewal import NOT_RENEWED, SK_ISSUED, WITHDRAWN

SHOWN_CONTRACTS = 5
IN_PROCESS = "In process"
OUTCOMES = (SK_ISSUED, NOT_RENEWED, WITHDRAWN)


def contracts(personnel: str) -> list[frappe._dict]:
	"""The person's contracts, the newest first: term, OPD, position, pay, status."""
	contract, opd = frappe.qb.DocType("PTT Contract"), frappe.qb.DocType("OPD")
	rows = (
		frappe.qb.from_(contract)
		.left_join(opd)
		.on(opd.name == contract.opd)
		.select(contract.name, contract.start_date, contract.end_date, contract.position)
		.select(contract.monthly_pay, contract.status, contract.terminated_on, opd.opd_name)
		.where((contract.personnel == personnel) & (contract.docstatus == 1))
		.orderby(contract.start_date, order=frappe.qb.desc)
		.limit(SHOWN_CONTRACTS)
	)
	return query.run(rows)


def current(found: Sequence[Any]) -> frappe._dict | None:
	"""The contract that covers today, otherwise the newest one."""
	running = (row for row in found if row.start_date <= today() <= (row.terminated_on or row.end_date))
	return next(running, found[0] if found else None)


def renewal(personnel: str) -> frappe._dict | None:
	"""The person's newest renewal: year, state (an outcome or In process), and why where there is an outcome."""
	table, round_table = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("Renewal Round")
	rows = query.run(
		frappe.qb.from_(table)
		.join(round_table)
		.on(round_table.name == table.round)
		.select(round_table.year, table.workflow_state.as_("state"), table.reason)
		.where((table.personnel == personnel) & (table.docstatus < 2))
		.orderby(round_table.year, order=frappe.qb.desc)
		.limit(1)
	)
	if not rows:
		return None
	row = rows[0]
	if row.state not in OUTCOMES:
		row.state = IN_PROCESS
	if row.state != NOT_RENEWED:
		row.reason = None
	return row


def decrees(personnel: str) -> list[frappe._dict]:
	"""The signed decrees that name the person, the newest first; `line` is the petikan."""
	line, decree = frappe.qb.DocType("Decree Line"), frappe.qb.DocType("Decree")
	revoking = frappe.qb.DocType("Decree").as_("revoking")
	rows = (
		frappe.qb.from_(line)
		.join(decree)
		.on(decree.name == line.decree)
		.left_join(revoking)
		.on(revoking.name == line.revoked_by)
		.select(line.name.as_("line"), line.kind, decree.decree_number, decree.date_signed, decree.tmt)
		.select(revoking.decree_number.as_("revoked_by"))
		.where((line.personnel == personnel) & (line.signed == 1) & (decree.docstatus == 1))
		.orderby(decree.date_signed, order=frappe.qb.desc)
		.orderby(decree.name, order=frappe.qb.desc)
	)
	return query.run(rows)


def masked_nik(personnel: str) -> str | None:
	"""The last four digits of the person's NIK, enough to see that the right one is on file."""
	nik = frappe.db.get_value("Personnel Identity", {"personnel": personnel}, "nik")
	return "•" * 12 + nik[-4:] if nik else None


def next_step(person: Any, contract: Any, standing: Any) -> str:
	"""One sentence: what the person does now."""
	state = standing.state if standing else None
	if person.duty_status == LEFT:
		return _("You are no longer on the city's staff. Ask BKPPD if that is wrong.")
	if state == NOT_RENEWED:
		return _("Your contract is not renewed. Ask BKPPD if you think that is wrong.")
	if person.duty_status == STOOD_DOWN:
		return _("Stay home until your SK is issued. It is no absence and nothing is deducted for it.")
	if not contract:
		return (
			_("No contract of yours is on file. Ask BKPPD.")
			if person.employment_type == "PTT"
			else _at_work()
		)
	return _step_of_term(contract)


def _step_of_term(contract: Any) -> str:
	if getdate(contract.start_date) > today():
		begins = frappe.utils.format_date(contract.start_date, "d MMMM yyyy")
		return _("Your contract begins on {0}. Record your attendance from then on.").format(begins)
	if (contract.terminated_on or contract.end_date) < today():
		return _("Go on working and recording your attendance until your SK is issued; your OPD is exempt.")
	return _at_work()


def _at_work() -> str:
	return _("Record your attendance every working day.")
