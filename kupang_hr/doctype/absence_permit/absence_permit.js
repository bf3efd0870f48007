frappe.ui.form.on("Absence Permit", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.dashboard.set_headline_alert(...next_of(frm));
	},
});

function next_of(frm) {
	const { docstatus } = frm.doc;
	if (docstatus === 1) return [__("Approved: the days are excused."), "green"];
	if (docstatus === 2) return [__("Cancelled: it counts no more."), "gray"];
	if (frm.perm[0]?.submit) return [__("Waits for you: submit it to approve, delete it to refuse."), "orange"];
	return [__("Waits for the head of the OPD."), "orange"];
}
