from frappe.model.document import Document


class OPDCapacity(Document):
	pass
