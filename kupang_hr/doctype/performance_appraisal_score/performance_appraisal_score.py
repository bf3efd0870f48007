from frappe.model.document import Document


class PerformanceAppraisalScore(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		component: DF.Data
		computed: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		score: DF.Data | None
		weight: DF.Int
	# end: auto-generated types
	pass
