frappe.listview_settings["Attendance Summary"] = {
	onload(listview) {
		if (!frappe.user.has_role("BKPPD Clerk")) return;
		listview.page.add_inner_button(__("Count from Logs"), () => {
			const year = { fieldname: "year", fieldtype: "Int", label: __("Year"), reqd: 1 };
			const count = (args) =>
				kupang_hr.mass_action({
					title: __("Count from Logs"),
					action: "summarize-attendance",
					args,
					start: () => kupang_hr.request("kupang_hr.api.days.summarize_attendance", args, "POST"),
					done: () => listview.refresh(),
				});
			frappe.prompt([year], count, __("Count from Logs"), __("Next"));
		});
	},
};
