const SOON = 60; // days before its end in which a contract asks for a renewal

frappe.ui.form.on("PTT Contract", {
	refresh(frm) {
		const next = frm.is_new() ? null : next_of(frm.doc);
		if (next) frm.dashboard.set_headline_alert(...next);
		if (frm.doc.gap_days > 0) {
			frm.dashboard.add_indicator(__("{0} days without a contract before it", [kupang_hr.number(frm.doc.gap_days)]), "orange");
		}
	},
});

function next_of({ docstatus, status, start_date, end_date, terminated_on }) {
	const day = frappe.datetime.str_to_user;
	if (docstatus === 2) return [__("Cancelled."), "gray"];
	if (docstatus === 0) return [__("A draft: submit it to put it into force."), "orange"];
	if (status === "Terminated") return [__("Ended early, on {0}.", [day(terminated_on || end_date)]), "red"];
	if (status === "Expired") return [__("Ended on {0}.", [day(end_date)]), "gray"];
	if (status === "Upcoming") return [__("Begins on {0}.", [day(start_date)]), "blue"];
	const left = frappe.datetime.get_day_diff(end_date, kupang_hr.today());
	if (left > SOON) return [__("In force until {0}.", [day(end_date)]), "green"];
	return [__("Ends on {0}; a renewal round decides what follows.", [day(end_date)]), "orange"];
}
