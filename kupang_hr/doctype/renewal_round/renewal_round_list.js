frappe.listview_settings["Renewal Round"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			Open: "green",
			Closed: "blue",
		};
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
};
