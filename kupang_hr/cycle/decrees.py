"""Drafting and signing decrees: whom they name, in which order the paraf come, which number they get."""

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count
from frappe.utils import getdate

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.lock import lock_rows, lock_series, next_in_series
from kupang_hr.bulk.step import Step
from kupang_hr.cycle.codes import give_codes
from kupang_hr.cycle.contracts import LINE, stands
from kupang_hr.cycle.wording import number_problem_text
from kupang_hr.exceptions import DecreeError
from kupang_hr.rules.contract import EXPIRED
from kupang_hr.rules.decree import (
	DecreeNumberError,
	NumberParts,
	format_number,
	next_insert_letter,
	serial_series_key,
)
from kupang_hr.rules.renewal import RECOMMENDED

SHOWN = 10


class Gather(Step):
	"""Name the people of a draft decree: the recommended, or all whose term ended. Criterion: `decree`,
	optionally `names` (contracts). `anew`: those whom the draft names already too, for a preview of starting over."""

	action = "gather"
	can_rehearse = True
	doctype = "PTT Contract"
	writes = (LINE,)
	roles = ("BKPPD Clerk", "BKPPD Head")

	def prepare(self) -> None:
		self.decree = frappe.get_doc("Decree", self.criterion.get("decree"))
		if self.decree.docstatus:
			frappe.throw(_("The decree {0} is signed.").format(self.decree.name), DecreeError)

	def subject(self) -> str:
		return self.decree.name

	def waiting(self):
		rows = contracts_to_name(self.table, self.decree)
		if self.criterion.get("anew"):
			return rows
		line = frappe.qb.DocType(LINE)
		named = frappe.qb.from_(line).select(line.contract).where(line.decree == self.decree.name)
		return rows.where(self.table.name.notin(named))

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		if lock_rows("Decree", [self.decree.name], ("docstatus",))[self.decree.name].docstatus:
			frappe.throw(_("The decree {0} is signed.").format(self.decree.name), DecreeError)
		rows = line_rows(self.decree, names)
		trail.insert(LINE, rows)
		return {}

	def finish(self, failed: int) -> None:
		number_lines(self.decree.name)


def contracts_to_name(contract, decree):
	"""Query over the contracts that a decree of this kind names, less those that another signed one names."""
	if decree.kind == "Revocation":
		return _contracts_of(contract, decree.revokes)
	line = frappe.qb.DocType(LINE).as_("signed_line")
	named = frappe.qb.from_(line).select(line.contract).where(_is_of_twin(line, decree))
	rows = frappe.qb.from_(contract).where(contract.name.notin(named))
	if decree.kind == "Termination":
		round_doc = frappe.get_doc("Renewal Round", decree.round)
		rows = rows.where((contract.docstatus == 1) & (contract.status == EXPIRED))
		return rows.where(contract.end_date[round_doc.ending_from : round_doc.ending_to])
	renewal = frappe.qb.DocType("Contract Renewal")
	rows = (
		rows.join(renewal)
		.on(renewal.old_contract == contract.name)
		.where((renewal.round == decree.round) & (renewal.workflow_state == RECOMMENDED))
	)
	return rows.where(renewal.wave == decree.wave) if decree.wave else rows


def _is_of_twin(line, decree):
	"""Whether a line is one of another signed decree of this kind and is not revoked."""
	return (line.kind == decree.kind) & stands(line) & (line.decree != decree.name)


def _contracts_of(contract, earlier: str):
	"""Contracts that an earlier decree named and no other decree has revoked yet."""
	line = frappe.qb.DocType(LINE).as_("earlier_line")
	standing = frappe.qb.from_(line).select(line.contract).where((line.decree == earlier) & stands(line))
	return frappe.qb.from_(contract).where(contract.name.isin(standing))


def line_rows(decree, contracts: Sequence[str]) -> list[dict[str, Any]]:
	"""The lines of a decree for these contracts: a copy of what is on file now."""
	contract, renewal = frappe.qb.DocType("PTT Contract"), frappe.qb.DocType("Contract Renewal")
	person, identity = frappe.qb.DocType("Personnel"), frappe.qb.DocType("Personnel Identity")
	opd, earlier = frappe.qb.DocType("OPD"), frappe.qb.DocType(LINE)
	reappoints = decree.kind == "Reappointment"
	seat, position = (
		(renewal.proposed_opd, renewal.proposed_position) if reappoints else (contract.opd, contract.position)
	)
	rows = (
		frappe.qb.from_(contract)
		.join(person)
		.on(person.name == contract.personnel)
		.left_join(identity)
		.on(identity.personnel == person.name)
		.left_join(renewal)
		.on((renewal.old_contract == contract.name) & (renewal.personnel == contract.personnel))
		.left_join(opd)
		.on(opd.name == seat)
		.left_join(earlier)
		.on((earlier.contract == contract.name) & (earlier.decree == (decree.revokes or "")))
		.select(
			contract.name.as_("contract"),
			contract.personnel,
			person.full_name,
			identity.nik,
			person.birth_place,
			person.birth_date,
			person.education_level,
			person.field_of_study,
			position.as_("position"),
			seat.as_("opd"),
			opd.opd_name,
			contract.monthly_pay,
			renewal.name.as_("renewal"),
			earlier.name.as_("revoked_line"),
		)
		.where(contract.name.isin(query.NAMES))
	)
	return [_line(decree, row) for row in query.run(rows, names=tuple(contracts))]


def _line(decree, row) -> dict[str, Any]:
	education = " ".join(filter(None, (row.pop("education_level"), row.pop("field_of_study"))))
	row.update(
		name=f"{decree.name}-{row.personnel}",
		decree=decree.name,
		kind=decree.kind,
		education=education or None,
	)
	row.monthly_pay = pay_of(decree, row.monthly_pay)
	return row


def pay_of(decree, monthly_pay: float) -> float:
	"""A person's pay under a decree: what the decree sets for all, otherwise what it was."""
	return (decree.monthly_pay if decree.kind == "Reappointment" else 0) or monthly_pay


def number_lines(decree: str) -> None:
	"""Number the lines of a draft in the order of the OPD tree and of names, and count them."""
	line, opd = frappe.qb.DocType(LINE), frappe.qb.DocType("OPD")
	ordered = query.values(
		frappe.qb.from_(line)
		.left_join(opd)
		.on(opd.name == line.opd)
		.select(line.name)
		.where(line.decree == decree)
		.orderby(opd.lft, line.full_name, line.name)
	)
	query.update_each(LINE, {name: {"line_number": number} for number, name in enumerate(ordered, 1)})
	doc = frappe.get_doc("Decree", decree)
	doc.flags.update(people_changed=True, ignore_permissions=True)
	doc.save()


def clear_lines(decree: str) -> None:
	"""Take everybody out of a draft decree, so that it can be gathered anew."""
	lock_rows("Decree", [decree], ())
	line = frappe.qb.DocType(LINE)
	frappe.qb.from_(line).where((line.decree == decree) & (line.signed == 0)).delete().run()


def open_gathering(decree: str) -> str | None:
	"""The run that is still gathering the people of a draft, if there is one."""
	run = frappe.qb.DocType("Bulk Run")
	rows = (
		frappe.qb.from_(run)
		.select(run.name)
		.where((run.action == Gather.action) & run.status.isin(("Queued", "Running")))
		.where((run.run_key == f"gather/{decree}") | run.run_key.like(f"gather/{decree}/%"))
		.limit(1)
	)
	found = query.values(rows)
	return found[0] if found else None


def empty_for_gathering(decree: str) -> None:
	"""Take everybody out of a draft, and with them the paraf that were given on them."""
	clear_lines(decree)
	doc = frappe.get_doc("Decree", decree)
	doc.flags.update(people_changed=True, ignore_permissions=True)
	doc.save()


def count_lines(decree: str) -> int:
	line = frappe.qb.DocType(LINE)
	return query.values(frappe.qb.from_(line).select(Count("*")).where(line.decree == decree))[0]


def named(decree: str, start: int = 0) -> list[dict[str, Any]]:
	"""Ten of those whom a decree names, in their order, from `start` on."""
	return frappe.get_all(
		LINE,
		filters={"decree": decree},
		fields=["name", "line_number", "full_name", "opd_name", "position"],
		order_by="line_number asc, name asc",
		limit_start=start,
		limit=SHOWN,
	)


def whom(decree: str) -> dict[str, Any]:
	"""How many a decree names, by OPD in the order of the tree, and all of them where they are few."""
	line, opd = frappe.qb.DocType(LINE), frappe.qb.DocType("OPD")
	rows = (
		frappe.qb.from_(line)
		.left_join(opd)
		.on(opd.name == line.opd)
		.select(line.opd, line.opd_name, Count("*").as_("people"))
		.where(line.decree == decree)
		.groupby(line.opd, line.opd_name, opd.lft)
		.orderby(opd.lft)
	)
	opds = query.run(rows)
	total = sum(row.people for row in opds)
	few = frappe.get_all(
		LINE, {"decree": decree}, ["full_name", "opd"], order_by="line_number asc", limit=SHOWN
	)
	return {"total": total, "refused": 0, "opds": opds, "people": few if total <= SHOWN else []}


def lock_against_twins(decree) -> None:
	"""Let two decrees of a round, or two that revoke the same one, be signed one after the other."""
	if decree.kind == "Revocation":
		lock_rows("Decree", [decree.revokes], ())
	else:
		lock_rows("Renewal Round", [decree.round], ())


def names_of_moved(decree) -> list[str]:
	"""Lock the renewals of whom a draft names until it is signed: nobody is held or returned meanwhile.

	The first few people, by name, whose renewal is no longer recommended, whatever this transaction saw first.
	"""
	line = frappe.qb.DocType(LINE)
	rows = frappe.qb.from_(line).select(line.renewal, line.full_name).where(line.decree == decree.name)
	people = {row.renewal: row.full_name for row in query.run(rows.orderby(line.line_number)) if row.renewal}
	found = lock_rows("Contract Renewal", list(people), ("workflow_state",))
	if decree.kind != "Reappointment":
		return []
	left = [name for name in people if name not in found or found[name].workflow_state != RECOMMENDED]
	return [people[name] for name in left[:SHOWN]]


def names_of_twins(decree) -> list[str]:
	"""People in a draft whom another decree of its kind names that is signed now, the first few by name."""
	line, other = frappe.qb.DocType(LINE), frappe.qb.DocType(LINE).as_("other_line")
	rows = (
		frappe.qb.from_(line)
		.join(other)
		.on((other.contract == line.contract) & _is_of_twin(other, decree))
		.select(line.full_name)
		.where(line.decree == decree.name)
		.orderby(line.line_number)
		.limit(SHOWN)
		.for_update()  # as it is now, not as this transaction saw it first
	)
	return query.values(rows)


def stale_names(decree) -> list[str]:
	"""People in a draft whom it may no longer name, the first few by name."""
	line, contract = frappe.qb.DocType(LINE), frappe.qb.DocType("PTT Contract")
	fitting = contracts_to_name(contract, decree).select(contract.name)
	rows = (
		frappe.qb.from_(line)
		.select(line.full_name)
		.where((line.decree == decree.name) & line.contract.notin(fitting))
		.orderby(line.line_number)
		.limit(SHOWN)
	)
	return query.values(rows)


def give_number(decree) -> None:
	"""Give a decree its serial and number from the locked series of its classification, letter and year.

	With `insert_after_serial` it takes that serial with the next letter. Raises DecreeError.
	"""
	settings = frappe.get_cached_doc("Kupang HR Settings")
	signed = getdate(decree.date_signed)
	try:
		key = serial_series_key(decree.classification, decree.series_letter or "", signed.year)
		if decree.insert_after_serial:
			decree.serial, decree.insert_letter = _inserted(decree, key)
		else:
			decree.serial, decree.insert_letter = next_in_series(f"kupang_hr/decree/{key}"), None
		parts = NumberParts(
			decree.classification,
			decree.serial,
			decree.insert_letter or "",
			decree.series_letter or "",
			signed.month,
			signed.year,
		)
		decree.decree_number = format_number(settings.number_template, parts)
	except DecreeNumberError as error:
		frappe.throw("<br>".join(number_problem_text(problem) for problem in error.problems), DecreeError)


def _inserted(decree, key: str) -> tuple[int, str]:
	"""The serial of an earlier decree with the letter after the last one it was ever given."""
	table, year = frappe.qb.DocType("Decree"), getdate(decree.date_signed).year
	lock_series(f"kupang_hr/decree/{key}")
	rows = (
		frappe.qb.from_(table)
		.select(table.insert_letter)
		.where((table.docstatus == 1) & (table.serial == decree.insert_after_serial))
		.where(table.classification == decree.classification)
		.where(table.date_signed[f"{year}-01-01" : f"{year}-12-31"])
		.where(Coalesce(table.series_letter, "") == (decree.series_letter or ""))
	).run()
	if not rows:
		frappe.throw(_("No decree has the serial {0}.").format(decree.insert_after_serial), DecreeError)
	return decree.insert_after_serial, next_insert_letter(letter or "" for (letter,) in rows)


def sign_lines(decree) -> None:
	"""Mark the lines of a decree as signed, with their codes, and those that it revokes as revoked."""
	line = frappe.qb.DocType(LINE)
	frappe.qb.update(line).set(line.signed, 1).where(line.decree == decree.name).run()
	give_codes(decree.name)
	if decree.kind == "Revocation":
		revoked = frappe.qb.DocType(LINE).as_("revoking")
		names = query.values(
			frappe.qb.from_(revoked).select(revoked.revoked_line).where(revoked.decree == decree.name)
		)
		query.update(LINE, names, {"revoked_by": decree.name})
