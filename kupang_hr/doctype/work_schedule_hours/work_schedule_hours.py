from frappe.model.document import Document


class WorkScheduleHours(Document):
	pass
