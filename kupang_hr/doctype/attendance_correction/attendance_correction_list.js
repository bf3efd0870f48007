// What waits for the head of the OPD is a draft; submitting it is the approval.
frappe.listview_settings["Attendance Correction"] = {
	add_fields: ["docstatus"],
	hide_name_column: true,
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	get_indicator(doc) {
		return [
			[__("Waiting for Approval"), "orange", "docstatus,=,0"],
			[__("Approved"), "green", "docstatus,=,1"],
			[__("Cancelled"), "red", "docstatus,=,2"],
		][doc.docstatus];
	},
};
