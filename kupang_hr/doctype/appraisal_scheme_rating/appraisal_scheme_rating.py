from frappe.model.document import Document


class AppraisalSchemeRating(Document):
	pass
