frappe.listview_settings["PTT Contract"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colours = {
			Upcoming: "blue",
			Active: "green",
			Expired: "gray",
			Terminated: "red",
		};
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
};
