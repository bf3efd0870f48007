from frappe.model.document import Document


class LocalHoliday(Document):
	"""A day on which the city differs from the national calendar."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		day: DF.Date
		description: DF.Data
		kind: DF.Literal["Holiday", "Joint Holiday", "Working Day"]
		known_from: DF.Date | None
	# end: auto-generated types
