from frappe.model.document import Document


class AttendancePeriodVersion(Document):
	"""One closing of a month: when its lines became visible to the finance office."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		checksum: DF.Data | None
		closed_at: DF.Datetime | None
		closed_by: DF.Link | None
		lines: DF.Int
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		payable: DF.Currency
		people: DF.Int
		version: DF.Int
	# end: auto-generated types
