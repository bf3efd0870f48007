frappe.listview_settings["OPD"] = {
	add_fields: ["is_crucial"],
	get_indicator(doc) {
		return doc.is_crucial
			? [__("Crucial"), "orange", "is_crucial,=,1"]
			: [__("Not Crucial"), "gray", "is_crucial,=,0"];
	},
};
