frappe.listview_settings["Bulk Run"] = {
	add_fields: ["status", "failed"],
	get_indicator(doc) {
		const colours = {
			Queued: "blue",
			Running: "orange",
			Completed: "green",
			Failed: "red",
		};
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
};
