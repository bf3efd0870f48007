import frappe
from frappe import _
from frappe.model.document import Document


class BulkRun(Document):
	"""The ledger of one mass step; written by `kupang_hr.bulk.run` only."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		action: DF.Data | None
		as_of: DF.Date | None
		attempt: DF.Int
		claim: DF.Data | None
		criterion: DF.Code | None
		done: DF.Int
		failed: DF.Int
		finished_at: DF.Datetime | None
		heartbeat: DF.Datetime | None
		message: DF.SmallText | None
		requester: DF.Link | None
		run_key: DF.Data
		started_at: DF.Datetime | None
		status: DF.Literal["Queued", "Running", "Completed", "Failed"]
		total: DF.Int
	# end: auto-generated types

	def validate(self):
		if not self.is_new():
			frappe.throw(_("A Bulk Run is written by the mass step it records."))


def on_doctype_update():
	frappe.db.add_unique("Bulk Run", ["run_key", "attempt"])
	frappe.db.add_index("Bulk Run", ["status", "heartbeat"])
