from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from kupang_hr.exceptions import DerivedFieldError
from kupang_hr.rules.contract import Term


class RenewalRound(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from kupang_hr.kupang_hr.doctype.renewal_round_wave.renewal_round_wave import RenewalRoundWave

		ending_from: DF.Date
		ending_to: DF.Date
		rating_deadline: DF.Date | None
		recommendation_deadline: DF.Date | None
		scheme: DF.Link
		status: DF.Literal["Draft", "Open", "Closed"]
		term_end: DF.Date
		term_start: DF.Date
		waves: DF.Table[RenewalRoundWave]
		year: DF.Int

	# end: auto-generated types
	def before_validate(self):
		self.set_defaults()

	def set_defaults(self):
		"""A round renews what ends in the year before it, for its own year."""
		if not self.year:
			return
		defaults = {
			"ending_from": date(self.year - 1, 1, 1),
			"ending_to": date(self.year - 1, 12, 31),
			"term_start": date(self.year, 1, 1),
			"term_end": date(self.year, 12, 31),
			"scheme": frappe.db.get_single_value("Kupang HR Settings", "default_scheme"),
		}
		for fieldname, value in defaults.items():
			if not self.get(fieldname):
				self.set(fieldname, value)

	def validate(self):
		self.keep_status()
		self.validate_year()
		self.validate_terms()
		self.validate_waves()

	def keep_status(self):
		"""Opening and closing set the status; nobody writes it."""
		before = self.get_doc_before_save()
		kept = before.status if before else "Draft"
		if self.status != kept and not self.flags.status_follows:
			frappe.throw(_("{0} is set by the yearly steps.").format(_("Status")), DerivedFieldError)

	def write_status(self, status: str):
		self.status = status
		self.flags.status_follows = True
		self.save()

	def validate_year(self):
		if not 2000 <= self.year <= 2100:
			frappe.throw(_("{0} is not a year of a round.").format(self.year))

	def validate_terms(self):
		if getdate(self.ending_to) < getdate(self.ending_from):
			frappe.throw(_("The contracts that end: the last day lies before the first."))
		if not Term(getdate(self.term_start), getdate(self.term_end)).is_within_one_year():
			frappe.throw(_("The new term stays within one calendar year."))
		if getdate(self.term_start) <= getdate(self.ending_to):
			frappe.throw(_("The new term begins after the contracts that end."))

	def validate_waves(self):
		waves = [row.wave for row in self.waves]
		if len(set(waves)) != len(waves):
			frappe.throw(_("A wave is there twice."))
