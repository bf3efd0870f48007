frappe.listview_settings["Attendance Period Line"] = {
	add_fields: ["reason"],
	hide_name_column: true,
	get_indicator(doc) {
		const colours = { Closing: "green", Correction: "orange", "Back Pay": "blue" };
		return [__(doc.reason), colours[doc.reason] || "gray", `reason,=,${doc.reason}`];
	},
};
