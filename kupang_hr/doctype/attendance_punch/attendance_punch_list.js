frappe.listview_settings["Attendance Punch"] = {
	add_fields: ["raised_flags"],
	hide_name_column: true,
	get_indicator(doc) {
		return doc.raised_flags
			? [__("Flagged"), "red", "raised_flags,is,set"]
			: [__("No Flag"), "green", "raised_flags,is,not set"];
	},
	onload(listview) {
		if (!["OPD Head", "BKPPD Head"].some((role) => frappe.user.has_role(role))) return;
		listview.page.add_inner_button(__("Punch Map"), () => frappe.set_route("punch-map"));
	},
};
