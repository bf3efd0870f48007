frappe.ui.form.on("Attendance Period", {
	refresh(frm) {
		if (frm.is_new() || !frappe.user.has_role("BKPPD Head")) return;
		const label = frm.doc.status === "Closed" ? __("Close Again") : __("Close Month");
		frm.add_custom_button(label, () => close(frm, label));
	},
});

function close(frm, title) {
	const period = frm.doc.name;
	kupang_hr.mass_action({
		title,
		intro: __("Each gets a line, which is never changed afterwards."),
		action: "close-period",
		args: { period },
		start: () => kupang_hr.request("kupang_hr.api.payroll.close_period", { period }, "POST"),
		documents: { label: __("The lines of this month"), doctype: "Attendance Period Line", filters: { period } },
		done: () => frm.reload_doc(),
	});
}
