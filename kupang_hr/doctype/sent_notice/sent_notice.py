from frappe.model.document import Document


class SentNotice(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		day: DF.Date
		kind: DF.Literal["Scores Due", "Stand-Down", "SK Issued", "Requests Decided", "Step Missed"]
		mailed: DF.Int
		opd: DF.Link | None
		recipients: DF.SmallText | None
		reference_doctype: DF.Link | None
		reference_name: DF.Data | None
		remark: DF.Data | None

	# end: auto-generated types
	pass
