frappe.listview_settings["Attendance Log"] = {
	add_fields: ["code"],
	get_indicator(doc) {
		const colours = { H: "green", DL: "green", TK: "red", S: "orange", I: "orange", C: "orange", TB: "orange" };
		return doc.code ? [doc.code, colours[doc.code] || "gray", `code,=,${doc.code}`] : [__("Not over"), "gray", ""];
	},
	onload(listview) {
		if (!["BKPPD Clerk", "BKPPD Head", "OPD Head"].some((role) => frappe.user.has_role(role))) return;
		kupang_hr.list_action(listview, {
			label: __("Build Days"),
			action: "rebuild-days",
			method: "kupang_hr.api.days.rebuild_days",
			fields: () => {
				const today = kupang_hr.today();
				return [
					{ fieldname: "first", fieldtype: "Date", label: __("From"), reqd: 1, default: today },
					{ fieldname: "last", fieldtype: "Date", label: __("Until"), reqd: 1, default: today },
					{ fieldname: "opd", fieldtype: "Link", options: "OPD", label: __("OPD") },
				];
			},
		});
	},
};
