from frappe.model.document import Document


class DecreeParagraph(Document):
	pass
