from frappe import _


def get_data():
	return {
		"fieldname": "contract",
		"non_standard_fieldnames": {
			"Contract Renewal": "old_contract",
			"PTT Contract": "previous_contract",
		},
		"transactions": [
			{"label": _("Renewal"), "items": ["Contract Renewal", "PTT Contract"]},
			{"label": _("Decrees"), "items": ["Decree Line", "Personnel Exit"]},
		],
	}
