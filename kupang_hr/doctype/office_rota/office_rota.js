frappe.ui.form.on("Office Rota", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Show Lines"), () =>
			frappe.set_route("List", "Office Rota Line", { office_rota: frm.doc.name })
		);
		if (frm.doc.docstatus === 0 && frm.perm[0].write) {
			frm.add_custom_button(__("Propose"), () => propose(frm));
		}
		if (frm.doc.problems) {
			const problems = frm.doc.problems.split("\n").map(frappe.utils.escape_html);
			frm.dashboard.set_headline_alert(problems.join("<br>"), "orange");
		}
	},
});

function propose(frm) {
	const ask = frm.doc.people
		? (act) => frappe.confirm(__("Replace the lines that are there, those changed by hand too?"), act)
		: (act) => act();
	ask(() =>
		frappe
			.xcall("kupang_hr.api.attendance_days.propose_rota", { office_rota: frm.doc.name })
			.then((rota) => {
				frappe.show_alert(
					__("{0} people, {1} days, {2} office days a week on average", [
						rota.people,
						rota.days,
						rota.average_days,
					])
				);
				frm.reload_doc();
			})
	);
}
