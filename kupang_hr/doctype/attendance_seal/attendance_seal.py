import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.exceptions import AppendOnlyError


class AttendanceSeal(Document):
	"""The seal of a day; `attendance.evidence` writes it at night, nobody changes it."""

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
