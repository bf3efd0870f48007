frappe.listview_settings["Bulk Run Failure"] = {
	hide_name_column: true,
};
