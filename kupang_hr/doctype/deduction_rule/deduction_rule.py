from frappe.model.document import Document


class DeductionRule(Document):
	pass
