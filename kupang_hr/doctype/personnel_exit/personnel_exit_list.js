frappe.listview_settings["Personnel Exit"] = {
	add_fields: ["docstatus"],
	hide_name_column: true,
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	get_indicator(doc) {
		return [
			[__("Not Submitted"), "orange", "docstatus,=,0"],
			[__("Recorded"), "green", "docstatus,=,1"],
			[__("Cancelled"), "red", "docstatus,=,2"],
		][doc.docstatus];
	},
};
