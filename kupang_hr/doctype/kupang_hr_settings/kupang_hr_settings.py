import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.rules.decree import template_problems


class KupangHRSettings(Document):
	def validate(self):
		self.validate_number_template()
		self.validate_bulk()

	def validate_number_template(self):
		problems = template_problems(self.number_template or "")
		if problems:
			frappe.throw(_("The number template is not sound: {0}").format(", ".join(map(str, problems))))

	def validate_bulk(self):
		if self.chunk_size < 1 or self.stale_after_minutes < 1:
			frappe.throw(_("A transaction takes at least one person, and silence lasts at least a minute."))
