frappe.listview_settings["Attendance Period"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colours = { Open: "orange", Closed: "green" };
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
};
