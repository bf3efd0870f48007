import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.cycle import decrees
from kupang_hr.exceptions import DecreeError, SignedDocumentError


class DecreeLine(Document):
	"""A copy of what a decree says of one person; made from what is on file, never edited."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		birth_date: DF.Date | None
		birth_place: DF.Data | None
		code: DF.Data | None
		contract: DF.Link | None
		decree: DF.Link
		education: DF.Data | None
		full_name: DF.Data | None
		kind: DF.Data | None
		line_number: DF.Int
		monthly_pay: DF.Currency
		nik: DF.Data | None
		opd: DF.Link | None
		opd_name: DF.Data | None
		personnel: DF.Link
		position: DF.Data | None
		renewal: DF.Link | None
		revoked_by: DF.Link | None
		revoked_line: DF.Link | None
		signed: DF.Check
	# end: auto-generated types

	def validate(self):
		if not self.is_new():
			frappe.throw(_("A line of a decree is never changed."), SignedDocumentError)
		decree = frappe.get_doc("Decree", self.decree)
		if decree.docstatus:
			frappe.throw(_("The decree {0} is signed.").format(decree.name), SignedDocumentError)
		self.copy_person(decree)

	def copy_person(self, decree):
		contract = frappe.qb.DocType("PTT Contract")
		named = (
			decrees.contracts_to_name(contract, decree)
			.select(contract.name)
			.where(contract.name == self.contract)
		).run()
		if not named:
			frappe.throw(_("The decree may not name {0}.").format(self.contract), DecreeError)
		self.update(decrees.line_rows(decree, [self.contract])[0])
		self.signed, self.revoked_by, self.code = 0, None, None

	def on_trash(self):
		if self.signed:
			frappe.throw(_("A line of a signed decree stays on file."), SignedDocumentError)


def on_doctype_update():
	frappe.db.add_unique("Decree Line", ["decree", "personnel"])
