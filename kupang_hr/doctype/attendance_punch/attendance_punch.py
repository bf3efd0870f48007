import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.exceptions import AppendOnlyError


class AttendancePunch(Document):
	"""What somebody recorded; `attendance.punches` and `ingest` write it, nobody changes it."""

	def before_insert(self):
		self.refuse()

	def validate(self):
		self.refuse()

	def before_rename(self, *_names):
		self.refuse()

	def on_trash(self):
		self.refuse()

	def refuse(self):
		frappe.throw(_("{0} is written by the app alone.").format(_(self.doctype)), AppendOnlyError)


def on_doctype_update():
	"""A punch is the same by source and identifier; days read a person's; retention what is not blanked yet."""
	frappe.db.add_unique("Attendance Punch", ["source", "source_id"])
	frappe.db.add_index("Attendance Punch", ["personnel", "counted_at"])
	frappe.db.add_index("Attendance Punch", ["position_blanked", "received_at"])
