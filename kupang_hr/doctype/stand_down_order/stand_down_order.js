frappe.ui.form.on("Stand Down Order", {
	refresh(frm) {
		if (frm.doc.status !== "Ready" || !frappe.user.has_role("BKPPD Head")) return;
		frm.add_custom_button(__("Carry Out"), () => {
			frappe.confirm(__("Stand down everybody whom this order names, from {0}?", [
				frappe.datetime.str_to_user(frm.doc.effective_date),
			]), () => {
				frappe
					.xcall("kupang_hr.api.cycle.carry_out", { order: frm.doc.name })
					.then((run) => run.name && frappe.set_route("Form", "Bulk Run", run.name));
			});
		});
	},
});
