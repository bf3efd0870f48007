"""What a signed decree does: new contracts, people recalled, people who leave, lines revoked."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import getdate

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Change, Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.step import Step, step_class
from kupang_hr.clock import today
from kupang_hr.cycle.contracts import CONTRACT, LINE, new_contract_names, terminations, terms_of
from kupang_hr.cycle.duty import write_duty
from kupang_hr.cycle.expiry import seats_by, status_on
from kupang_hr.cycle.renewals import exits_of, lock_renewals, move
from kupang_hr.cycle.wording import refusal_text
from kupang_hr.exceptions import DecreeError
from kupang_hr.rules.contract import LEFT, Term, first_overlap, gap_days
from kupang_hr.rules.renewal import (
	RECOMMENDED,
	SK_ISSUED,
	Refusal,
	RenewalFacts,
	renewal_refusals,
	transitions_of,
)

ISSUED = ("personnel", "personnel_name", "old_contract", "appraisal", "decree", "new_contract")
STEP_OF_KIND = {"Reappointment": "issue", "Termination": "terminate", "Revocation": "revoke"}


class _DecreeStep(Step):
	"""A step that a submitted decree of one kind performs. Criterion: `decree`."""

	roles = ("BKPPD Head",)
	can_rehearse = True
	kind: str

	def prepare(self) -> None:
		self.decree = frappe.get_doc("Decree", self.criterion.get("decree"))
		if self.decree.docstatus != 1 or self.decree.kind != self.kind:
			frappe.throw(
				_("{0} is not a submitted decree of the kind {1}.").format(self.decree.name, _(self.kind)),
				DecreeError,
			)

	def subject(self) -> str:
		return self.decree.name

	def key(self) -> str:
		return f"{self.action}/{self.subject()}"

	def finish(self, failed: int) -> None:
		mark_applied(self.decree.name)

	def lines(self):
		"""Query over the lines of the decree."""
		line = frappe.qb.DocType(LINE)
		return line, frappe.qb.from_(line).where((line.decree == self.decree.name) & (line.signed == 1))


class Issue(_DecreeStep):
	"""Issue the SK of everybody whom a Reappointment decree names: new contract, SK Issued, recall."""

	action = "issue"
	kind = "Reappointment"
	doctype = "Contract Renewal"
	writes = (CONTRACT, "Personnel")

	def waiting(self):
		line, lines = self.lines()
		renewal = self.table
		return frappe.qb.from_(renewal).where(
			(renewal.workflow_state == RECOMMENDED) & renewal.name.isin(lines.select(line.renewal))
		)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		lock_rows("Personnel", self._people(names), ())  # before their renewals, as an exit does
		rows = {
			name: row
			for name, row in lock_renewals(names, *ISSUED).items()
			if row.workflow_state != SK_ISSUED
		}
		refused = issue_refusals(self.decree, rows)
		rows = {name: row for name, row in rows.items() if name not in refused}
		contracts = new_contracts(self.decree, rows)
		extra = {
			name: {"decree": self.decree.name, "new_contract": contracts[name]["name"]} for name in contracts
		}
		transition = transitions_of("Issue SK")[0]
		refused |= move(rows, lambda _met, _row: transition, trail, extra=extra)
		made = [frappe._dict(row) for name, row in contracts.items() if name not in refused]
		trail.insert(CONTRACT, made)
		self._recall(made, trail)
		return refused

	def _people(self, names: Sequence[str]) -> list[str]:
		people = (
			frappe.qb.from_(self.table).select(self.table.personnel).where(self.table.name.isin(query.NAMES))
		)
		return query.values(people, names=tuple(names))

	def _recall(self, made: Sequence[Any], trail: Trail) -> None:
		begun = [row for row in made if row.start_date <= today()]
		write_duty([row.personnel for row in begun], today(), trail, seats=seats_by(begun))


def issue_refusals(decree, rows: Mapping[str, Any]) -> dict[str, str]:
	"""Why renewals may not be issued under a decree, by name; the others may."""
	personnel = [row.personnel for row in rows.values()]
	duty = {
		name: row.duty_status for name, row in lock_rows("Personnel", personnel, ("duty_status",)).items()
	}
	exits, terms = exits_of(personnel), terms_of(personnel, lock=True)
	new_term = Term(getdate(decree.term_start), getdate(decree.term_end))
	refused = {}
	for name, row in rows.items():
		own = {contract: term for contract, term in terms.get(row.personnel, [])}
		old = own.get(row.old_contract)
		leaving = exits.get(row.personnel)
		facts = RenewalFacts(
			has_left=duty.get(row.personnel) == LEFT,
			has_exit=bool(leaving and old and leaving.exit_date >= old.start),
			is_appraised=bool(row.appraisal),
			contract_ends_in_round=old is not None,
			already_renewed=bool(row.new_contract),
			new_term_is_taken=first_overlap(new_term, own.values()) is not None,
		)
		if refusals := renewal_refusals(facts):
			refused[name] = " ".join(refusal_text(refusal) for refusal in refusals)
	return refused


def new_contracts(decree, rows: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
	"""The contract that each renewal gets under a decree, by renewal: seat and pay as they were signed."""
	start, end = getdate(decree.term_start), getdate(decree.term_end)
	names = new_contract_names([row.personnel for row in rows.values()], start.year)
	old = _old_contracts([row.old_contract for row in rows.values()])
	signed = _signed_lines(decree, list(rows))
	made = {}
	for name, row in rows.items():
		before, line = old[row.old_contract], signed[name]
		contract = {
			"name": names[row.personnel],
			"docstatus": 1,
			"personnel": row.personnel,
			"personnel_name": row.personnel_name,
			"opd": line.opd,
			"position": line.position,
			"monthly_pay": line.monthly_pay,
			"start_date": start,
			"end_date": end,
			"previous_contract": row.old_contract,
			"gap_days": gap_days(before.end_date, start),
			"decree": decree.name,
		}
		contract["status"] = status_on(frappe._dict(contract, terminated_on=None))
		made[name] = contract
	return made


def _signed_lines(decree, renewals: Sequence[str]) -> dict[str, Any]:
	line = frappe.qb.DocType(LINE)
	rows = (
		frappe.qb.from_(line)
		.select(line.renewal, line.opd, line.position, line.monthly_pay)
		.where((line.decree == decree.name) & line.renewal.isin(query.NAMES))
	)
	return query.rows_by(rows, "renewal", names=tuple(renewals)) if renewals else {}


def _old_contracts(names: Sequence[str]) -> dict[str, Any]:
	contract = frappe.qb.DocType(CONTRACT)
	rows = (
		frappe.qb.from_(contract)
		.select(contract.name, contract.end_date)
		.where(contract.name.isin(query.NAMES))
	)
	return query.rows_by(rows, "name", names=tuple(names)) if names else {}


class Terminate(_DecreeStep):
	"""Make Left those whom a Termination decree names and whose renewal is Not Renewed."""

	action = "terminate"
	kind = "Termination"
	doctype = "Personnel"

	def waiting(self):
		line, rows = terminations()
		not_renewed = rows.where(line.decree == self.decree.name).select(line.personnel)
		person = self.table
		return frappe.qb.from_(person).where((person.duty_status != LEFT) & person.name.isin(not_renewed))

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		write_duty(names, today(), trail)
		return {}


class Revoke(_DecreeStep):
	"""Undo what the revoked lines did: contracts they gave end the day before the TMT, leavers come back."""

	action = "revoke"
	kind = "Revocation"
	doctype = "Personnel"
	writes = (CONTRACT,)

	def waiting(self):
		line, lines = self.lines()
		contract = frappe.qb.DocType(CONTRACT)
		given = (
			frappe.qb.from_(contract)
			.select(contract.personnel)
			.where((contract.decree == self.decree.revokes) & contract.terminated_on.isnull())
		)
		leave = frappe.qb.DocType("Personnel Exit")
		exits = frappe.qb.from_(leave).select(leave.personnel).where(leave.docstatus == 1)
		person = self.table
		undone = person.name.isin(given) | ((person.duty_status == LEFT) & person.name.notin(exits))
		return frappe.qb.from_(person).where(person.name.isin(lines.select(line.personnel)) & undone)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		lock_rows("Personnel", names, ())
		contract = frappe.qb.DocType(CONTRACT)
		given = query.values(
			frappe.qb.from_(contract)
			.select(contract.name)
			.where((contract.decree == self.decree.revokes) & contract.personnel.isin(query.NAMES))
			.where(contract.terminated_on.isnull()),
			names=tuple(names),
		)
		rows = lock_rows(CONTRACT, given, ("status", "start_date", "end_date", "terminated_on"))
		trail.update(CONTRACT, {name: Change(row, self._ended(row)) for name, row in rows.items()})
		write_duty(names, today(), trail)
		return {}

	def _ended(self, row) -> dict[str, Any]:
		new = {"terminated_on": getdate(self.decree.tmt) - timedelta(days=1)}
		return {**new, "status": status_on(frappe._dict(row, **new))}


def applied_count(decree) -> int:
	"""How many of the people a decree names it has taken effect for."""
	if decree.kind == "Reappointment":
		renewal = frappe.qb.DocType("Contract Renewal")
		rows = frappe.qb.from_(renewal).select(Count("*"))
		return query.values(rows.where((renewal.decree == decree.name) & (renewal.docstatus == 1)))[0]
	if decree.docstatus != 1:
		return 0
	step = step_class(STEP_OF_KIND[decree.kind])({"decree": decree.name}, frappe.session.user)
	return decree.line_count - step.count()


def mark_applied(decree: str) -> None:
	"""Write into the decree for how many people it has taken effect, through the document."""
	doc = frappe.get_doc("Decree", decree)
	doc.flags.ignore_permissions = True
	doc.save()
