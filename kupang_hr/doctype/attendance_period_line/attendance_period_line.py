import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.exceptions import AppendOnlyError


class AttendancePeriodLine(Document):
	"""What one person's month came to, or a difference to it; written by closing alone and never changed."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		base_pay: DF.Currency
		booked_in: DF.Data | None
		checksum: DF.Data | None
		contract_days: DF.Int
		days_c: DF.Int
		days_cb: DF.Int
		days_dl: DF.Int
		days_dr: DF.Int
		days_h: DF.Int
		days_i: DF.Int
		days_l: DF.Int
		days_ls: DF.Int
		days_s: DF.Int
		days_tb: DF.Int
		days_tk: DF.Int
		deduction_early: DF.Currency
		deduction_late: DF.Currency
		deduction_missing: DF.Currency
		deduction_percent: DF.Data | None
		deduction_unexcused: DF.Currency
		deductions: DF.Currency
		employment_type: DF.Literal["PTT", "ASN"]
		minutes_early: DF.Int
		minutes_late: DF.Int
		missing_entries: DF.Int
		month_days: DF.Int
		opd: DF.Link | None
		payable: DF.Currency
		period: DF.Link
		personnel: DF.Link
		personnel_name: DF.Data | None
		reason: DF.Literal["Closing", "Correction", "Back Pay"]
		refers_to: DF.Link | None
		version: DF.Int
		work_schedule: DF.Link | None
	# end: auto-generated types

	def before_insert(self):
		if not self.flags.by_closing:
			self.refuse()

	def validate(self):
		if not self.is_new():
			self.refuse()

	def on_trash(self):
		self.refuse()

	def before_rename(self, old: str, new: str, merge: bool = False):
		self.refuse()

	def refuse(self):
		frappe.throw(_("{0} is written by the app alone.").format(_(self.doctype)), AppendOnlyError)


def on_doctype_update():
	frappe.db.add_index("Attendance Period Line", ["period", "version"])
	frappe.db.add_index("Attendance Period Line", ["period", "personnel"])
