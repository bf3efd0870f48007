frappe.ui.form.on("Contract Renewal", {
	// A reason is asked in a dialog and saved with the transition: Frappe's own button would lose it.
	before_workflow_action(frm) {
		const action = frm.selected_workflow_action;
		if (!["Decline", "Hold", "Reopen"].includes(action)) return;
		frappe.dom.unfreeze();
		return new Promise((resolve, reject) => {
			frappe.prompt(
				{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
				({ reason }) => {
					frappe
						.xcall("kupang_hr.api.cycle.act", { name: frm.doc.name, action, reason })
						.then(() => frm.reload_doc());
				},
				__(action)
			);
			reject();
		});
	},
});
