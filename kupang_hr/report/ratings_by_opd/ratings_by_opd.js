{% include "kupang_hr/public/js/report.js" %}

frappe.query_reports["Ratings by OPD"] = {
	filters: [
		{ fieldname: "round", label: __("Renewal Round"), fieldtype: "Link", options: "Renewal Round" },
		kupang_hr.report.opd(),
	],
	onload: (report) => kupang_hr.report.begin_with(report, { round: "round" }),
	formatter: kupang_hr.report.as_text,
};
