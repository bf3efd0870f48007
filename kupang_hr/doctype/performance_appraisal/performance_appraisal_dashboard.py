from frappe import _


def get_data():
	return {
		"fieldname": "appraisal",
		"transactions": [{"label": _("Renewal"), "items": ["Contract Renewal"]}],
	}
