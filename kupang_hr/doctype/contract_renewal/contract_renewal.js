frappe.ui.form.on("Contract Renewal", {
	refresh(frm) {
		if (!frm.is_new()) show_next(frm);
	},

	// A reason is asked in a dialog and saved with the transition: Frappe's own button would lose it. It waits for
	// this promise, which never ends; one that is rejected would be an error of the page.
	before_workflow_action(frm) {
		const action = frm.selected_workflow_action;
		if (!["Decline", "Hold", "Reopen"].includes(action)) return;
		frappe.dom.unfreeze();
		return new Promise(() => {
			frappe.prompt(
				{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
				({ reason }) => {
					frappe
						.call("kupang_hr.api.cycle.act", { name: frm.doc.name, action, reason })
						.then(() => frm.reload_doc());
				},
				__(action)
			);
		});
	},
});

function show_next(frm) {
	const { workflow_state: state, reason, decree } = frm.doc;
	const why = frappe.utils.escape_html(reason || "");
	const next = {
		Draft: [__("The head of the OPD scores and rates this person."), "orange"],
		Rated: [__("The mayor recommends, declines or holds."), "blue"],
		"Mayor Recommended": [__("BKPPD puts this person into a Reappointment decree."), "blue"],
		Held: [__("Held by the mayor, who releases it again: {0}", [why]), "orange"],
		"Not Renewed": [__("Not renewed: {0} A Termination decree follows.", [why]), "red"],
		Withdrawn: [__("Withdrawn, since the person leaves."), "gray"],
		"SK Issued": [__("The decree is signed and the new contract stands."), "green"],
	};
	if (state === "Not Renewed" && decree) next[state] = [__("Not renewed: {0}", [why]), "red"];
	if (next[state]) frm.dashboard.set_headline_alert(...next[state]);
	if (state === "Draft" && frappe.user.has_role("OPD Head")) {
		frm.add_custom_button(__("Score my People"), () => frappe.set_route("penilaian"));
	}
}
