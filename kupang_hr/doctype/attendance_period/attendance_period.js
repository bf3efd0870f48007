frappe.ui.form.on("Attendance Period", {
	refresh(frm) {
		if (frm.is_new() || !frappe.user.has_role("BKPPD Head")) return;
		const label = frm.doc.status === "Closed" ? __("Close Again") : __("Close Month");
		frm.add_custom_button(label, () => {
			frappe.confirm(__("Close the month {0}? Its lines are never changed afterwards.", [frm.doc.name]), () => {
				frappe
					.xcall("kupang_hr.api.payroll.close_period", { period: frm.doc.name })
					.then((run) => run.name && frappe.set_route("Form", "Bulk Run", run.name));
			});
		});
	},
});
