from frappe.model.document import Document


class DecreeParaf(Document):
	pass
