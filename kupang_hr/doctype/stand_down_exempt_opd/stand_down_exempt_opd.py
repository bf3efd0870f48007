from frappe.model.document import Document


class StandDownExemptOPD(Document):
	pass
