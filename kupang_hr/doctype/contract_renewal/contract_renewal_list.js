// The indicator is that of the workflow.
frappe.listview_settings["Contract Renewal"] = {
	hide_name_column: true,
	onload(listview) {
		listview.page.add_inner_button(__("Renewal Board"), () => frappe.set_route("renewal-board"));
		listview.page.add_inner_button(__("Renewal Progress"), () =>
			frappe.set_route("query-report", "Renewal Progress")
		);
	},
};
