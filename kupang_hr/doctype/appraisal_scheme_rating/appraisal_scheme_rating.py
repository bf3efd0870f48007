from frappe.model.document import Document


class AppraisalSchemeRating(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		behaviour: DF.Literal["Above", "As Expected", "Below"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		rating: DF.Data
		results: DF.Literal["Above", "As Expected", "Below"]
	# end: auto-generated types
	pass
