import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from kupang_hr.clock import today
from kupang_hr.cycle.contracts import duty_statuses
from kupang_hr.cycle.identity import problems_text
from kupang_hr.exceptions import DerivedFieldError, IdentityError
from kupang_hr.rules.contract import ON_DUTY
from kupang_hr.rules.personal_id import check_nip

SERIES = {"PTT": "PTT-.#####", "ASN": "ASN-.#####"}


class Personnel(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		birth_date: DF.Date | None
		birth_place: DF.Data | None
		duty_status: DF.Literal["On Duty", "Stood Down", "Left"]
		duty_status_since: DF.Date | None
		education_level: DF.Literal[
			"", "SD", "SMP", "SMA/SMK", "D1", "D2", "D3", "D4", "S1", "Profesi", "S2", "S3"
		]
		employment_type: DF.Literal["PTT", "ASN"]
		field_of_study: DF.Data | None
		first_appointment_year: DF.Int
		full_name: DF.Data
		gender: DF.Literal["", "Female", "Male"]
		job_group: DF.Literal["Technical", "Health", "Doctor", "Teacher"]
		naming_series: DF.Literal["PTT-.#####", "ASN-.#####"]
		nip: DF.Data | None
		opd: DF.Link
		position: DF.Data
		user: DF.Link | None

	# end: auto-generated types
	def before_naming(self):
		self.naming_series = SERIES.get(self.employment_type, SERIES["PTT"])

	def validate(self):
		self.validate_nip()
		self.validate_birth_date()
		self.validate_duty_status()

	def validate_nip(self):
		if self.employment_type != "ASN" or not self.nip:
			self.nip = None
			return
		check = check_nip(self.nip, getdate(self.birth_date) if self.birth_date else None, self.gender)
		if check.errors:
			frappe.throw(problems_text("NIP", self.nip, check.errors), IdentityError)
		if check.warnings:
			frappe.msgprint(problems_text("NIP", self.nip, check.warnings), indicator="orange", alert=True)

	def validate_birth_date(self):
		if self.birth_date and getdate(self.birth_date) >= today():
			frappe.throw(_("The date of birth lies in the future."))

	def validate_duty_status(self):
		"""The duty status follows from what is on file; nobody writes it."""
		if self.is_new():
			self.duty_status = ON_DUTY
			return
		status = duty_statuses([self.name], today())[self.name]
		before = self.get_doc_before_save()
		if self.duty_status not in (status, before.duty_status):
			frappe.throw(_("The duty status follows from decrees, orders and exits."), DerivedFieldError)
		if status != before.duty_status:
			self.duty_status = status
			self.duty_status_since = self.flags.duty_since or today()
		else:
			self.duty_status, self.duty_status_since = before.duty_status, before.duty_status_since

	def bring_up_to_date(self, updater_reference=None, since=None, **seat):
		"""Save what has followed from something else on file, if anything has: duty status, and a new seat.

		Whoever may submit the document that caused it need not be able to edit people.
		"""
		moved = {key: value for key, value in seat.items() if value != self.get(key)}
		if not moved and duty_statuses([self.name], today())[self.name] == self.duty_status:
			return
		self.update(moved)
		self.flags.update(updater_reference=updater_reference, duty_since=since, ignore_permissions=True)
		self.save()

	def on_trash(self):
		if frappe.db.exists("PTT Contract", {"personnel": self.name, "docstatus": ("!=", 0)}):
			frappe.throw(_("{0} has contracts on file and cannot be deleted.").format(self.full_name))
