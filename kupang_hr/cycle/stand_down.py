"""Staying home: the order, and carrying it out on the first working day after the term."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import getdate

from kupang_hr.access.seats import crucial_opds, opd_tree
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.run import start
from kupang_hr.bulk.step import Step
from kupang_hr.clock import today
from kupang_hr.cycle.contracts import duty_facts, terms_of
from kupang_hr.cycle.duty import write_duty
from kupang_hr.rules.calendar import Revision, first_working_day_after
from kupang_hr.rules.contract import (
	ON_DUTY,
	StandDownFacts,
	duty_status,
	is_to_stand_down,
	is_without_contract,
)

LINE = "Stand Down Line"
STOOD_DOWN, KEPT = "Stood Down", "Kept on Duty"
PERSON_FIELDS = ("full_name", "opd", "position", "duty_status")


def local_revisions() -> list[Revision]:
	"""The city's own additions and revisions of the national calendar."""
	rows = frappe.get_all(
		"Local Holiday", fields=["day", "kind", "description", "known_from"], order_by="day asc"
	)
	return [Revision(row.day, row.kind, row.description, row.known_from) for row in rows]


def effective_date_of(round_doc) -> date:
	"""The first working day of the city's five-day calendar after the term, the same for every OPD."""
	return first_working_day_after(getdate(round_doc.ending_to), local_revisions(), as_of=today())


def exempt_rows() -> list[dict[str, str]]:
	"""Every OPD that is crucial now, by itself or by a node above it, with the basis."""
	tree = opd_tree()
	return [
		{"opd": name, "opd_name": tree[name].opd_name, "basis": basis}
		for name, basis in crucial_opds(tree).items()
	]


class CarryOut(Step):
	"""Stand down the people of an order, or note that they keep working. Criterion: `order`.

	People are read when it takes effect: leavers and those with a contract that covers the day are out. The
	OPDs that are exempt are those frozen in the order, wherever they hang by now.
	"""

	action = "stand-down"
	can_rehearse = True
	doctype = "Personnel"
	writes = (LINE,)
	roles = ("BKPPD Head",)

	def prepare(self) -> None:
		self.order = frappe.get_doc("Stand Down Order", self.criterion.get("order"))
		check_may_carry_out(self.order)
		self.round = frappe.get_doc("Renewal Round", self.order.round)
		self.day = getdate(self.order.effective_date)
		self.exempt = {row.opd for row in self.order.exempt_opds}

	def subject(self) -> str:
		return self.order.name

	def key(self) -> str:
		return f"{self.action}/{self.subject()}"

	def waiting(self):
		return waiting_for(self.order, self.round)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		people = lock_rows("Personnel", names, PERSON_FIELDS)
		lines = self.lines(people)
		trail.insert(LINE, list(lines.values()))
		stood_down = [name for name, line in lines.items() if line["outcome"] == STOOD_DOWN]
		write_duty(stood_down, max(today(), self.day), trail, since=self.day)
		return {name: not_spoken_of(people[name]) for name in people if name not in lines}

	def lines(self, people: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
		"""The line of each person whom the order speaks of, by person; `people` have PERSON_FIELDS, and are locked."""
		terms = terms_of(list(people))
		facts = duty_facts(list(people), self.day, terms)
		lines = {}
		for name, person in people.items():
			contract, end, covered = ended_term(terms.get(name, ()), self.round, self.day)
			duty = person.duty_status if person.duty_status != ON_DUTY else duty_status(facts[name], self.day)
			outcome = outcome_of(StandDownFacts(end, covered, person.opd in self.exempt, duty), self.day)
			if outcome:
				lines[name] = new_line(self.order, person, contract, outcome)
		return lines

	def speaks_of_more(self) -> bool:
		"""Whether there are people who wait and would get a line."""
		waiting = query.values(self.selection().select(self.table.name))
		return any(
			self.lines(lock_rows("Personnel", part, PERSON_FIELDS))
			for part in query.parts(waiting, self.largest_chunk)
		)

	def tally(self, made: Mapping[str, Sequence[Mapping]]) -> dict[str, int]:
		return dict(Counter(line["outcome"] for line in made.get(LINE, ())))

	def finish(self, failed: int) -> None:
		"""The order is carried out once nobody waits whom it would speak of, of all its people."""
		if not CarryOut({"order": self.order.name}, self.user).speaks_of_more():
			mark_carried_out(self.order.name)


def waiting_for(order, round_doc):
	"""Query over the people on duty whom an order will speak of: their term is over by its day, and none covers it."""
	contract, line = frappe.qb.DocType("PTT Contract"), frappe.qb.DocType(LINE)
	day = getdate(order.effective_date)
	named = frappe.qb.from_(line).select(line.personnel).where(line.stand_down_order == order.name)
	over = (
		frappe.qb.from_(contract)
		.select(contract.personnel)
		.where((contract.docstatus == 1) & (contract.end_date < day))
		.where(contract.end_date[round_doc.ending_from : round_doc.ending_to])
	)
	covered = (
		frappe.qb.from_(contract)
		.select(contract.personnel)
		.where((contract.docstatus == 1) & (contract.start_date <= day))
		.where((contract.end_date >= day) & contract.terminated_on.isnull())
	)
	person = frappe.qb.DocType("Personnel")
	return (
		frappe.qb.from_(person)
		.where((person.employment_type == "PTT") & (person.duty_status == ON_DUTY))
		.where(person.name.isin(over) & person.name.notin(covered) & person.name.notin(named))
	)


def carry_out(order_name: str) -> dict[str, Any]:
	"""Start carrying out an order; one that is left with nobody to stand down is carried out thereby."""
	answer = start(CarryOut.action, {"order": order_name})
	if answer["status"] == "Completed":
		step = CarryOut({"order": order_name}, frappe.session.user)
		if step.order.status == "Ready":
			step.finish(answer["failed"])
	return answer


def check_may_carry_out(order) -> None:
	"""Refuse an order that is not submitted, or whose day has not come."""
	if order.docstatus != 1:
		frappe.throw(_("The Stand Down Order {0} is not submitted.").format(order.name))
	if getdate(order.effective_date) > today():
		frappe.throw(
			_("The Stand Down Order {0} takes effect on {1}, not earlier.").format(
				order.name, frappe.format(order.effective_date, "Date")
			)
		)


def outcome_of(facts: StandDownFacts, on: date) -> str | None:
	"""Stood Down, Kept on Duty, or None for somebody the letter does not speak of."""
	if not is_without_contract(facts, on):
		return None
	return STOOD_DOWN if is_to_stand_down(facts, on) else KEPT


def not_spoken_of(person: Any) -> str:
	"""Why somebody gets no line of an order."""
	return _("The order does not speak of {0}.").format(person.full_name)


def ended_term(terms: Sequence[tuple], round_doc, day: date) -> tuple[str | None, date | None, bool]:
	"""Of a person's terms: the contract that ends in the round, its end, and whether another one covers the day."""
	first, last = getdate(round_doc.ending_from), getdate(round_doc.ending_to)
	over = [(name, term.end) for name, term in terms if first <= term.end <= last]
	return *(over[-1] if over else (None, None)), any(term.covers(day) for _name, term in terms)


def new_line(order, person: Any, contract: str | None, outcome: str) -> dict[str, Any]:
	"""A line of an order: the person as they are when it takes effect."""
	return {
		"name": f"{order.name}-{person.name}",
		"stand_down_order": order.name,
		"personnel": person.name,
		"personnel_name": person.full_name,
		"outcome": outcome,
		"effective_date": order.effective_date,
		"opd": person.opd,
		"position": person.position,
		"contract": contract,
	}


def counts_of(order: str) -> dict[str, int]:
	"""How many people an order has stood down and kept on duty."""
	line = frappe.qb.DocType(LINE)
	rows = (
		frappe.qb.from_(line)
		.select(line.outcome, Count("*").as_("people"))
		.where(line.stand_down_order == order)
		.groupby(line.outcome)
	)
	found = {row.outcome: row.people for row in query.run(rows)}
	return {"stood_down": found.get(STOOD_DOWN, 0), "kept": found.get(KEPT, 0)}


def mark_carried_out(order_name: str) -> None:
	"""Write the result into the order, through the document, so that it has a Version."""
	order = frappe.get_doc("Stand Down Order", order_name)
	order.update({"status": "Carried Out", "carried_out_on": order.carried_out_on or today()})
	order.update(counts_of(order_name))
	order.flags.update(carried_out=True, ignore_permissions=True)
	order.save()


def prepare_order(round_name: str) -> str | None:
	"""The Stand Down Order of a round, made as a draft when there has been none; its name.

	One that was cancelled is amended by whoever cancelled it, or by nobody: then the answer is None.
	"""
	orders = frappe.get_all("Stand Down Order", filters={"round": round_name}, fields=["name", "docstatus"])
	if orders:
		return next((order.name for order in orders if order.docstatus < 2), None)
	order = frappe.new_doc("Stand Down Order")
	order.round = round_name
	order.insert(ignore_permissions=True)
	return order.name
