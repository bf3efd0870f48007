frappe.listview_settings["Attendance Summary"] = {
	onload(listview) {
		if (!frappe.user.has_role("BKPPD Clerk")) return;
		kupang_hr.list_action(listview, {
			label: __("Count from Logs"),
			action: "summarize-attendance",
			method: "kupang_hr.api.days.summarize_attendance",
			fields: () => {
				const year = Number(kupang_hr.today().slice(0, 4));
				const options = [year, year - 1, year - 2].map(String);
				return [{ fieldname: "year", fieldtype: "Select", options, label: __("Year"), reqd: 1, default: options[0] }];
			},
		});
	},
};
