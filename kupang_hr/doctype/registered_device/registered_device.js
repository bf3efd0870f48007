frappe.ui.form.on("Registered Device", {
	refresh(frm) {
		if (frm.is_new() || !frm.doc.__onload?.may_decide) return;
		if (frm.doc.status !== "Approved") frm.add_custom_button(__("Approve"), () => decide(frm, 1));
		if (frm.doc.status === "Requested") frm.add_custom_button(__("Refuse"), () => ask(frm, __("Refuse")));
		if (frm.doc.status === "Approved") frm.add_custom_button(__("Revoke"), () => ask(frm, __("Revoke")));
	},
});

function ask(frm, title) {
	const field = { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 };
	frappe.prompt(field, ({ reason }) => decide(frm, 0, reason), title);
}

function decide(frm, approve, reason = "") {
	frappe
		.call("kupang_hr.api.attendance.decide_device", { name: frm.doc.name, approve, reason })
		.then(() => frm.reload_doc());
}
