frappe.listview_settings["Local Holiday"] = {
	add_fields: ["kind"],
	get_indicator(doc) {
		const colours = { Holiday: "red", "Joint Holiday": "orange", "Working Day": "green" };
		return [__(doc.kind), colours[doc.kind] || "gray", `kind,=,${doc.kind}`];
	},
};
