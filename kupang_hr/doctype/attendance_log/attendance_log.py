import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.exceptions import AppendOnlyError


class AttendanceLog(Document):
	"""One person's day, derived; `attendance.days` writes it by set and nobody else does."""

	def before_insert(self):
		self.refuse()

	def validate(self):
		self.refuse()

	def before_rename(self, *_args):
		self.refuse()

	def on_trash(self):
		self.refuse()

	def refuse(self):
		frappe.throw(_("{0} is written by the app alone.").format(_(self.doctype)), AppendOnlyError)


def on_doctype_update():
	"""One log a person and day; the reports of a day or month read the second index alone."""
	frappe.db.add_unique("Attendance Log", ["personnel", "day"])
	figures = ["day", "opd", "code", "mode", "minutes_late", "minutes_early", "missing_entries"]
	frappe.db.add_index("Attendance Log", figures, "day_figures")
	frappe.db.add_index("Attendance Log", ["code", "day", "personnel"], "code_day")
