frappe.listview_settings["Office Rota"] = {
	add_fields: ["docstatus", "problems"],
	hide_name_column: true,
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	get_indicator(doc) {
		if (doc.docstatus === 1) return [__("Signed"), "green", "docstatus,=,1"];
		if (doc.docstatus === 2) return [__("Cancelled"), "gray", "docstatus,=,2"];
		return doc.problems
			? [__("To be Mended"), "red", "docstatus,=,0|problems,is,set"]
			: [__("Not Signed"), "orange", "docstatus,=,0"];
	},
};
