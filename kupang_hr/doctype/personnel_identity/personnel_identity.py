import frappe
from frappe.model.document import Document

from kupang_hr.cycle.identity import problems_text
from kupang_hr.exceptions import IdentityError
from kupang_hr.rules.personal_id import check_nik


class PersonnelIdentity(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account_holder: DF.Data | None
		bank_account: DF.Data | None
		bank_name: DF.Data | None
		nik: DF.Data
		personnel: DF.Link
		personnel_name: DF.Data | None

	# end: auto-generated types
	def validate(self):
		self.validate_nik()

	def validate_nik(self):
		self.nik = (self.nik or "").strip()
		person = frappe.get_doc("Personnel", self.personnel)
		check = check_nik(self.nik, person.birth_date, person.gender)
		if check.errors:
			frappe.throw(problems_text("NIK", self.nik, check.errors), IdentityError)
		self.validate_unique_nik()
		if check.warnings:
			frappe.msgprint(problems_text("NIK", self.nik, check.warnings), indicator="orange", alert=True)

	def validate_unique_nik(self):
		other = frappe.db.get_value(
			"Personnel Identity", {"nik": self.nik, "name": ("!=", self.name or "")}, "personnel"
		)
		if other:
			frappe.throw(
				frappe._("This NIK already belongs to {0}.").format(other), frappe.DuplicateEntryError
			)
