from frappe.model.document import Document


class BulkRunFailure(Document):
	pass
