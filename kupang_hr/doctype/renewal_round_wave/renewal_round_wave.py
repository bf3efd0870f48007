from frappe.model.document import Document


class RenewalRoundWave(Document):
	pass
