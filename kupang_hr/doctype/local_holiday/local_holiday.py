from frappe.model.document import Document


class LocalHoliday(Document):
	"""A day on which the city differs from the national calendar."""
