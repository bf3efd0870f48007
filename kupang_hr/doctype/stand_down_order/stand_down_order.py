import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.cycle import stand_down
from kupang_hr.exceptions import DuplicateRenewalError, SignedDocumentError

CARRIED_OUT = "Carried Out"


class StandDownOrder(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from kupang_hr.kupang_hr.doctype.decree_paragraph.decree_paragraph import DecreeParagraph
		from kupang_hr.kupang_hr.doctype.stand_down_exempt_opd.stand_down_exempt_opd import StandDownExemptOPD

		amended_from: DF.Link | None
		carried_out_on: DF.Date | None
		effective_date: DF.Date | None
		exempt_opds: DF.Table[StandDownExemptOPD]
		kept: DF.Int
		letter_date: DF.Date | None
		letter_facts: DF.LongText | None
		letter_number: DF.Data | None
		paragraphs: DF.Table[DecreeParagraph]
		round: DF.Link
		status: DF.Literal["Draft", "Ready", "Carried Out", "Cancelled"]
		stood_down: DF.Int

	# end: auto-generated types
	def before_insert(self):
		self.status = "Draft"

	def validate(self):
		self.validate_only_one()
		self.set_effect()

	def validate_only_one(self):
		own = "" if self.is_new() else self.name  # a new one is named like the one that stands already
		other = frappe.db.get_value(
			self.doctype, {"round": self.round, "docstatus": ("<", 2), "name": ("!=", own)}
		)
		if other:
			frappe.throw(
				_("Round {0} already has the Stand Down Order {1}.").format(self.round, other),
				DuplicateRenewalError,
			)

	def set_effect(self):
		"""The day and the exempt OPDs as they are now; submitting freezes them."""
		self.effective_date = stand_down.effective_date_of(frappe.get_doc("Renewal Round", self.round))
		self.set("exempt_opds", stand_down.exempt_rows())
		self.status = "Draft"
		self.carried_out_on, self.stood_down, self.kept = None, 0, 0

	def before_submit(self):
		self.status = "Ready"

	def before_update_after_submit(self):
		"""The result follows from the lines; nothing else of a submitted order changes."""
		before = self.get_doc_before_save()
		if self.status != before.status and not self.flags.carried_out:
			frappe.throw(_("An order is carried out on its date, not by hand."), SignedDocumentError)
		if self.status == before.status:
			self.carried_out_on = before.carried_out_on
		self.update(stand_down.counts_of(self.name))

	def before_cancel(self):
		if self.status == CARRIED_OUT or sum(stand_down.counts_of(self.name).values()):
			frappe.throw(_("An order that has taken effect is not cancelled."), SignedDocumentError)

	def on_cancel(self):
		self.db_set("status", "Cancelled")

	def on_trash(self):
		if self.docstatus:
			frappe.throw(_("A submitted order stays on file."), SignedDocumentError)
