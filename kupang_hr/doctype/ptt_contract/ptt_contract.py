import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from kupang_hr.clock import today
from kupang_hr.cycle.contracts import new_contract_names, terms_of
from kupang_hr.cycle.expiry import status_on
from kupang_hr.exceptions import ContractOverlapError, ContractTermError, DerivedFieldError
from kupang_hr.rules.contract import ACTIVE, Term, first_overlap, gap_days, may_enter


class PTTContract(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amended_from: DF.Link | None
		decree: DF.Link | None
		end_date: DF.Date
		gap_days: DF.Int
		monthly_pay: DF.Currency
		opd: DF.Link
		personnel: DF.Link
		personnel_exit: DF.Link | None
		personnel_name: DF.Data | None
		position: DF.Data
		previous_contract: DF.Link | None
		start_date: DF.Date
		status: DF.Literal["Upcoming", "Active", "Expired", "Terminated"]
		terminated_on: DF.Date | None

	# end: auto-generated types
	def autoname(self):
		"""Deterministic: person, year it begins, serial."""
		if not self.personnel or not self.start_date:
			frappe.throw(_("A contract needs a person and a start date."), ContractTermError)
		self.name = new_contract_names([self.personnel], getdate(self.start_date).year)[self.personnel]

	def validate(self):
		self.validate_name()
		self.validate_person()
		self.validate_term()
		self.validate_no_overlap()
		self.validate_new_entry()
		self.validate_decree()
		self.set_history()
		self.set_status()

	def validate_name(self):
		"""The name says whose contract it is and of which year; a draft turned into another one would belie it."""
		if not self.name.startswith(f"{self.personnel}-{getdate(self.start_date).year}-"):
			frappe.throw(
				_("{0} stays a contract of this person and year; make another one.").format(self.name),
				ContractTermError,
			)

	def validate_person(self):
		if frappe.db.get_value("Personnel", self.personnel, "employment_type") != "PTT":
			frappe.throw(_("Only a PTT has a contract; {0} is none.").format(self.personnel))

	def validate_term(self):
		term = self.term()
		if not term.is_ordered():
			frappe.throw(_("The contract ends before it starts."), ContractTermError)
		if not term.is_within_one_year():
			frappe.throw(_("A PTT contract stays within one calendar year."), ContractTermError)

	def validate_no_overlap(self):
		frappe.db.get_value("Personnel", self.personnel, "name", for_update=True)
		taken = terms_of([self.personnel], lock=True).get(self.personnel, [])
		others = [term for name, term in taken if name != self.name]
		overlap = first_overlap(self.term(), others)
		if overlap:
			frappe.throw(
				_("{0} already has a contract from {1} to {2}.").format(
					self.personnel_name or self.personnel,
					frappe.format(overlap.start, "Date"),
					frappe.format(overlap.end, "Date"),
				),
				ContractOverlapError,
			)

	def validate_new_entry(self):
		stop = frappe.get_cached_doc("Kupang HR Settings").new_ptt_stop_date
		had_contract = any(name != self.name for name, _term in self.other_terms())
		if not may_enter(had_contract, self.term().start, getdate(stop) if stop else None):
			frappe.throw(
				_("No new PTT may enter from {0} on.").format(frappe.format(stop, "Date")), ContractTermError
			)

	def validate_decree(self):
		before = self.get_doc_before_save()
		if (self.decree or None) != (before.decree if before else None) and not self.flags.given_by_decree:
			frappe.throw(_("{0} is set by the yearly steps.").format(_("Decree")), DerivedFieldError)

	def set_history(self):
		earlier = [
			(name, term)
			for name, term in self.other_terms()
			if term.end < self.term().start and name != self.name
		]
		self.previous_contract = earlier[-1][0] if earlier else None
		self.gap_days = gap_days(earlier[-1][1].end if earlier else None, self.term().start)

	def set_status(self):
		"""The status follows from the dates; a draft shows what it would be."""
		before = self.get_doc_before_save()
		if before is None:
			self.terminated_on = self.personnel_exit = None
		elif self.is_ended_by_hand(before):
			frappe.throw(_("A contract ends early by a Personnel Exit or a decree only."), DerivedFieldError)
		self.status = status_on(
			frappe._dict(
				start_date=self.term().start,
				end_date=self.term().end,
				terminated_on=getdate(self.terminated_on) if self.terminated_on else None,
			)
		)

	def is_ended_by_hand(self, before) -> bool:
		"""Whether the end was written without the exit on file that ends the contract on that day."""
		if before.personnel_exit == self.personnel_exit and _same_day(
			before.terminated_on, self.terminated_on
		):
			return False
		if not self.terminated_on and not self.personnel_exit:
			return frappe.db.get_value("Personnel Exit", before.personnel_exit, "docstatus") == 1
		exit_date = frappe.db.get_value(
			"Personnel Exit",
			{"name": self.personnel_exit, "personnel": self.personnel, "docstatus": 1},
			"exit_date",
		)
		return not exit_date or getdate(exit_date) != getdate(self.terminated_on)

	def before_update_after_submit(self):
		before = self.get_doc_before_save()
		written = self.status
		self.set_status()
		if written not in (before.status, self.status):
			frappe.throw(_("The status of a contract follows from its dates."), DerivedFieldError)

	def on_submit(self):
		if self.term().start <= today():
			self.take_seat()

	def on_update_after_submit(self):
		if self.status == ACTIVE and self.get_doc_before_save().status != ACTIVE:
			self.take_seat()

	def take_seat(self):
		"""The person is where the contract says, and back on duty if it recalls them."""
		takes = self.decree or self.status == ACTIVE
		seat = {"opd": self.opd, "position": self.position} if takes else {}
		frappe.get_doc("Personnel", self.personnel).bring_up_to_date(self.flags.updater_reference, **seat)

	def before_cancel(self):
		if self.decree:
			frappe.throw(_("A contract given by decree ends by exit or by a Revocation decree."))

	def on_cancel(self):
		"""Whom this contract had called back is where the rest on file says."""
		frappe.get_doc("Personnel", self.personnel).bring_up_to_date(self.flags.updater_reference)

	def term(self) -> Term:
		return Term(getdate(self.start_date), getdate(self.end_date))

	def other_terms(self) -> list[tuple[str, Term]]:
		return terms_of([self.personnel]).get(self.personnel, [])


def _same_day(one, other) -> bool:
	return (getdate(one) if one else None) == (getdate(other) if other else None)


def on_doctype_update():
	frappe.db.add_index("PTT Contract", ["docstatus", "status", "end_date"])
