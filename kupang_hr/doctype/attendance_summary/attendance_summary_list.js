frappe.listview_settings["Attendance Summary"] = {
	onload(listview) {
		if (!frappe.user.has_role("BKPPD Clerk")) return;
		listview.page.add_inner_button(__("Count from Logs"), () => {
			const year = { fieldname: "year", fieldtype: "Int", label: __("Year"), reqd: 1 };
			const count = (values) =>
				frappe.xcall("kupang_hr.api.days.summarize_attendance", values).then((run) => {
					if (run.name) frappe.set_route("Form", "Bulk Run", run.name);
				});
			frappe.prompt([year], count, __("Count from Logs"));
		});
	},
};
