frappe.listview_settings["Attendance Violation"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colours = { Open: "red", Explained: "green", Confirmed: "orange" };
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
};
