from frappe.model.document import Document


class PerformanceAppraisalScore(Document):
	pass
