import frappe
from frappe import _
from frappe.model.document import Document


class BulkRun(Document):
	"""The ledger of one mass step; written by `kupang_hr.bulk.run` only."""

	def validate(self):
		if not self.is_new():
			frappe.throw(_("A Bulk Run is written by the mass step it records."))


def on_doctype_update():
	frappe.db.add_unique("Bulk Run", ["run_key", "attempt"])
	frappe.db.add_index("Bulk Run", ["status", "heartbeat"])
