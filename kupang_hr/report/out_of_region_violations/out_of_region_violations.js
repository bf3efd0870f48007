{% include "kupang_hr/public/js/report.js" %}

frappe.query_reports["Out of Region Violations"] = {
	filters: [
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("Until"), fieldtype: "Date" },
		kupang_hr.report.select("status", __("Status"), ["Open", "Explained", "Confirmed"]),
		kupang_hr.report.opd(),
	],
	onload: (report) => kupang_hr.report.begin_with(report, { from_date: "month_from", to_date: "month_to" }),
	formatter: kupang_hr.report.as_text,
};
