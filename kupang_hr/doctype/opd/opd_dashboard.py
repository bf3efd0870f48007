from frappe import _


def get_data():
	return {
		"fieldname": "opd",
		"transactions": [
			{"label": _("People"), "items": ["Personnel", "PTT Contract"]},
			{"label": _("Attendance"), "items": ["Office Rota", "Attendance Log"]},
		],
	}
