from frappe.model.document import Document


class AppraisalSchemeComponent(Document):
	pass
