frappe.listview_settings["Attendance Log"] = {
	add_fields: ["code"],
	get_indicator(doc) {
		const colours = { H: "green", DL: "green", TK: "red", S: "orange", I: "orange", C: "orange", TB: "orange" };
		return doc.code ? [doc.code, colours[doc.code] || "gray", `code,=,${doc.code}`] : [__("Not over"), "gray", ""];
	},
	onload(listview) {
		if (!["BKPPD Clerk", "BKPPD Head", "OPD Head"].some((role) => frappe.user.has_role(role))) return;
		listview.page.add_inner_button(__("Build Days"), () => {
			const today = kupang_hr.today();
			const fields = [
				{ fieldname: "first", fieldtype: "Date", label: __("From"), reqd: 1, default: today },
				{ fieldname: "last", fieldtype: "Date", label: __("Until"), reqd: 1, default: today },
				{ fieldname: "opd", fieldtype: "Link", options: "OPD", label: __("OPD") },
			];
			const build = (args) =>
				kupang_hr.mass_action({
					title: __("Build Days"),
					action: "rebuild-days",
					args,
					start: () => kupang_hr.request("kupang_hr.api.days.rebuild_days", args, "POST"),
					done: () => listview.refresh(),
				});
			frappe.prompt(fields, build, __("Build Days"), __("Next"));
		});
	},
};
