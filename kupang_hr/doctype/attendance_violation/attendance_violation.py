import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.exceptions import AppendOnlyError

DERIVED = ("personnel", "personnel_name", "day", "kind", "punch", "permit")


class AttendanceViolation(Document):
	"""Somebody left the region without permission; the OPD head says what came of it."""

	def before_insert(self):
		self.refuse()

	def validate(self):
		before = self.get_doc_before_save()
		if before and any(str(self.get(key) or "") != str(before.get(key) or "") for key in DERIVED):
			self.refuse()
		if self.status != "Open" and not self.permit and not (self.note or "").strip():
			frappe.throw(_("Write what the person says."))

	def before_rename(self, *_args):
		self.refuse()

	def on_trash(self):
		self.refuse()

	def refuse(self):
		frappe.throw(_("{0} is written by the app alone.").format(_(self.doctype)), AppendOnlyError)
