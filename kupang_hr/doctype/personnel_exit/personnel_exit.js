frappe.ui.form.on("Personnel Exit", {
	refresh(frm) {
		if (frm.is_new()) return;
		const { docstatus } = frm.doc;
		if (docstatus === 0) {
			const text = __("A draft: submitting it withdraws the open renewal and ends the contract.");
			frm.dashboard.set_headline_alert(text, "orange");
		} else if (docstatus === 1) {
			const day = frappe.datetime.str_to_user(frm.doc.exit_date);
			const text = __("Leaves on {0}. Cancel it if the person stays.", [day]);
			frm.dashboard.set_headline_alert(text, "red");
		} else {
			frm.dashboard.set_headline_alert(__("Cancelled: the person stays."), "gray");
		}
	},
});
