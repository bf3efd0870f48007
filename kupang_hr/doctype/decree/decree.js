frappe.ui.form.on("Decree", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.docstatus) return;
		if (frappe.user.has_role(["BKPPD Clerk", "BKPPD Head"])) {
			frm.add_custom_button(__("Gather People"), () => gather(frm));
		}
		const next = (frm.doc.paraf || []).find((row) => !row.given_at);
		if (next && next.user === frappe.session.user && frm.doc.line_count) {
			frm.add_custom_button(__("Give Paraf"), () => give_paraf(frm)).addClass("btn-primary");
		}
	},
});

function gather(frm) {
	frappe
		.xcall("kupang_hr.api.cycle.gather", { decree: frm.doc.name })
		.then((run) => {
			frappe.show_alert(__("{0} people", [run.total]));
			frm.reload_doc();
		});
}

function give_paraf(frm) {
	frappe.xcall("kupang_hr.api.cycle.paraf", { decree: frm.doc.name }).then(() => frm.reload_doc());
}
