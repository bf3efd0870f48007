from frappe import _


def get_data():
	return {
		"fieldname": "personnel",
		"transactions": [
			{"label": _("Contract"), "items": ["PTT Contract", "Contract Renewal", "Performance Appraisal"]},
			{"label": _("Decrees"), "items": ["Decree Line", "Stand Down Line", "Personnel Exit"]},
			{
				"label": _("Attendance"),
				"items": ["Attendance Log", "Absence Permit", "Attendance Correction", "Attendance Summary"],
			},
			{"label": _("Records"), "items": ["Personnel Identity", "Registered Device"]},
		],
	}
