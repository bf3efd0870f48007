from frappe.model.document import Document


class DecreeParagraph(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		kind: DF.Literal["", "Reappointment", "Termination", "Revocation", "Stand Down", "Stand Down Exempt"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		section: DF.Literal[
			"Tentang",
			"Menimbang",
			"Mengingat",
			"Memperhatikan",
			"Menetapkan",
			"Petikan",
			"Tembusan",
			"Hal",
			"Isi",
		]
		text: DF.Text
	# end: auto-generated types
	pass
