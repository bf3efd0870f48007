frappe.ui.form.on("Stand Down Order", {
	refresh(frm) {
		if (frm.is_new()) return;
		const next = next_of(frm.doc);
		if (next) frm.dashboard.set_headline_alert(...next);
		if (frm.doc.status === "Ready" && frappe.user.has_role("BKPPD Head")) {
			frm.add_custom_button(__("Carry Out"), () => carry_out(frm));
		}
		if (frm.doc.status === "Carried Out") {
			frm.add_custom_button(__("Its People"), () =>
				frappe.set_route("List", "Stand Down Line", { stand_down_order: frm.doc.name })
			);
		}
	},
});

function next_of({ status, effective_date, exempt_opds, stood_down, kept }) {
	const day = frappe.datetime.str_to_user(effective_date);
	const exempt = (exempt_opds || []).length;
	return {
		Draft: [__("A draft: the head of BKPPD submits it. From {0} on, {1} OPDs are exempt.", [day, exempt]), "orange"],
		Ready: [__("Submitted: it is carried out on {0}; {1} OPDs are exempt.", [day, exempt]), "blue"],
		"Carried Out": [
			__("Carried out: {0} stay home from {1}, {2} keep working.", [kupang_hr.people(stood_down), day, kupang_hr.number(kept)]),
			"green",
		],
	}[status];
}

function carry_out(frm) {
	const order = frm.doc.name;
	kupang_hr.mass_action({
		title: __("Carry Out"),
		intro: __("Effective from {0}.", [frappe.datetime.str_to_user(frm.doc.effective_date)]),
		action: "stand-down",
		method: "carry_out",
		args: { order },
		tally: { "Stood Down": __("They stay home"), "Kept on Duty": __("They keep working") },
		documents: { label: __("The people of this order"), doctype: "Stand Down Line", filters: { stand_down_order: order } },
		done: () => frm.reload_doc(),
	});
}
