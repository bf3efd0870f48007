{% include "kupang_hr/public/js/report.js" %}

frappe.query_reports["Expiring Contracts"] = {
	filters: [
		{ fieldname: "from_date", label: __("Ends from"), fieldtype: "Date", reqd: 1 },
		{ fieldname: "to_date", label: __("Ends until"), fieldtype: "Date", reqd: 1 },
		kupang_hr.report.select("status", __("Status"), ["Upcoming", "Active", "Expired", "Terminated"]),
		kupang_hr.report.opd(),
	],
	onload: (report) =>
		kupang_hr.report.begin_with(report, { from_date: "ending_from", to_date: "ending_to" }),
	formatter: kupang_hr.report.as_text,
};
