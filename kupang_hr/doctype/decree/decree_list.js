frappe.listview_settings["Decree"] = {
	add_fields: ["docstatus", "line_count", "applied"],
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	get_indicator(doc) {
		if (doc.docstatus === 0) return [__("Not Signed"), "orange", "docstatus,=,0"];
		if (doc.docstatus === 2) return [__("Cancelled"), "red", "docstatus,=,2"];
		return doc.applied < doc.line_count
			? [__("Taking Effect"), "blue", "docstatus,=,1"]
			: [__("Signed"), "green", "docstatus,=,1"];
	},
};
