frappe.listview_settings["Personnel"] = {
	add_fields: ["duty_status"],
	get_indicator(doc) {
		const colours = {
			"On Duty": "green",
			"Stood Down": "orange",
			Left: "gray",
		};
		return [__(doc.duty_status), colours[doc.duty_status], `duty_status,=,${doc.duty_status}`];
	},
};
