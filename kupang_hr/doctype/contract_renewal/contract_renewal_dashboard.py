from frappe import _


def get_data():
	return {
		"fieldname": "renewal",
		"transactions": [
			{"label": _("Appraisal"), "items": ["Performance Appraisal"]},
			{"label": _("Decrees"), "items": ["Decree Line", "Personnel Exit"]},
		],
	}
