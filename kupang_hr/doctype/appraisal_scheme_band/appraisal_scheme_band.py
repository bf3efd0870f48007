from frappe.model.document import Document


class AppraisalSchemeBand(Document):
	pass
