import frappe
from frappe.model.document import Document

from kupang_hr.attendance import rota


class OfficeRotaLine(Document):
	"""Where one person works on one day; the OPD changes it while the rota is a draft."""

	def validate(self):
		rota.check_draft(self.office_rota)
		rota.check_line(self)

	def on_update(self):
		rota.refresh(frappe.get_doc("Office Rota", self.office_rota))

	def on_trash(self):
		rota.check_draft(self.office_rota)

	def after_delete(self):
		rota.refresh(frappe.get_doc("Office Rota", self.office_rota))


def on_doctype_update():
	"""One line a person and day in a rota; days are read from the logs' side by person and day."""
	frappe.db.add_unique("Office Rota Line", ["office_rota", "personnel", "day"], "rota_person_day")
	frappe.db.add_index("Office Rota Line", ["personnel", "day"])
