frappe.ui.form.on("Performance Appraisal", {
	setup(frm) {
		// one row for each component of the scheme, no more and no less
		const grid = frm.get_field("scores").grid;
		grid.cannot_add_rows = grid.cannot_delete_rows = true;
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.dashboard.set_headline_alert(...next_of(frm));
		const is_matrix = !(frm.doc.scores || []).length;
		frm.toggle_display("scores", !is_matrix);
		frm.toggle_display(["results_expectation", "behaviour_expectation"], is_matrix);
		if (!frm.doc.docstatus && frappe.user.has_role("OPD Head")) {
			frm.add_custom_button(__("Score my People"), () => frappe.set_route("penilaian"));
		}
	},
});

function next_of(frm) {
	const { docstatus, rating } = frm.doc;
	if (docstatus === 2) return [__("Cancelled; the renewal was reopened."), "gray"];
	if (docstatus === 1) return [__("Rated. To change it, BKPPD reopens the renewal."), "green"];
	const missing = missing_of(frm.doc);
	if (missing.length) return [__("Still missing: {0}", [missing.join(", ")]), "orange"];
	return [__("Complete with the rating {0}: submit it.", [frappe.utils.escape_html(__(rating))]), "blue"];
}

function missing_of({ scores, results_expectation, behaviour_expectation, rating, reason }) {
	const empty = (scores || []).filter((row) => !row.score).map((row) => __(row.component));
	const missing = empty.map(frappe.utils.escape_html);
	if (!(scores || []).length && !(results_expectation && behaviour_expectation)) {
		missing.push(__("results and behaviour against expectation"));
	}
	if (is_low(rating) && !reason) missing.push(__("a reason for the low rating"));
	return missing;
}

function is_low(rating) {
	return ["Kurang", "Buruk", "Sangat Kurang"].includes(rating);
}
