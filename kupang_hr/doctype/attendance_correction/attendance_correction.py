import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from kupang_hr.attendance import corrections, permits
from kupang_hr.attendance.approval import check_approver
from kupang_hr.attendance.facts import CLAIMED_TIME, CODE
from kupang_hr.clock import today


class AttendanceCorrection(Document):
	"""A day mended: its times, its code, or the time that a late received punch claims."""

	def validate(self):
		if self.docstatus.is_draft():
			self.approved_by = self.decided_on = None
		corrections.check_reason(self)
		corrections.check_day(getdate(self.day))
		corrections.check_what(self)
		if self.kind != CODE:
			corrections.check_times(self)
		if self.kind == CLAIMED_TIME:
			corrections.check_punch(self)
		permits.check_private(self)

	def before_submit(self):
		self.approved_by, self.decided_on = check_approver(self.personnel), today()
		corrections.check_single(self)

	def on_submit(self):
		corrections.warn_of_closed_month(getdate(self.day))
		self.rebuild_day()

	def before_cancel(self):
		check_approver(self.personnel)

	def on_cancel(self):
		self.rebuild_day()

	def rebuild_day(self):
		"""A claimed time counted on the day it was received until now; that day changes too."""
		days = [getdate(self.day)]
		if self.punch:
			days.append(getdate(frappe.db.get_value("Attendance Punch", self.punch, "counted_at")))
		permits.rebuild_days(self.personnel, min(days), max(days))


def on_doctype_update():
	frappe.db.add_index("Attendance Correction", ["personnel", "docstatus", "day"])
