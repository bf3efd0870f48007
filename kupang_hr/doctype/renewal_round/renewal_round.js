frappe.ui.form.on("Renewal Round", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status === "Closed") return;
		if (frappe.user.has_role(["BKPPD Clerk", "BKPPD Head"])) {
			frm.add_custom_button(__("Open Round"), () => start(frm, "open_round"));
			frm.add_custom_button(__("Remind Raters"), () => remind(frm));
			if (frm.doc.status === "Open") {
				frm.add_custom_button(__("Close Round"), () => close(frm));
			}
		}
		if (frappe.user.has_role("OPD Head")) {
			frm.add_custom_button(__("Rate my People"), () => start(frm, "rate"));
		}
		if (frappe.user.has_role("Wali Kota")) {
			frm.add_custom_button(__("Recommend all Rated"), () => start(frm, "recommend"));
		}
	},
});

function start(frm, method) {
	frappe.confirm(__("Do this for everybody who waits for it in round {0}?", [frm.doc.name]), () => {
		frappe
			.xcall(`kupang_hr.api.cycle.${method}`, { round: frm.doc.name })
			.then((run) => {
				if (run.name) frappe.set_route("Form", "Bulk Run", run.name);
				else frappe.show_alert(__("There is nobody left to do this for."));
			});
	});
}

function close(frm) {
	frappe.confirm(__("Close round {0}? It cannot be opened again.", [frm.doc.name]), () => {
		frappe
			.xcall("kupang_hr.api.cycle.close_round", { round: frm.doc.name })
			.then(() => frm.reload_doc());
	});
}

function remind(frm) {
	frappe
		.xcall("kupang_hr.api.cycle.remind", { round: frm.doc.name })
		.then((users) => frappe.show_alert(__("{0} raters reminded", [users.length])));
}
