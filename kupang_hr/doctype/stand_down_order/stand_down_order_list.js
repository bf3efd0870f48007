frappe.listview_settings["Stand Down Order"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			Ready: "orange",
			"Carried Out": "green",
			Cancelled: "red",
		};
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
};
