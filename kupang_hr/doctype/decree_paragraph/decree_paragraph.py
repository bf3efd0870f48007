from frappe.model.document import Document


class DecreeParagraph(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		kind: DF.Literal["", "Reappointment", "Termination", "Revocation"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		section: DF.Literal["Menimbang", "Mengingat", "Memperhatikan", "Menetapkan", "Tembusan"]
		text: DF.Text
	# end: auto-generated types
	pass
