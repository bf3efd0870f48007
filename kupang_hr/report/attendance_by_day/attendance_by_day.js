{% include "kupang_hr/public/js/report.js" %}

frappe.query_reports["Attendance by Day"] = {
	filters: [
		{ fieldname: "day", label: __("Day"), fieldtype: "Date", reqd: 1 },
		kupang_hr.report.opd(),
	],
	onload: (report) => kupang_hr.report.begin_with(report, { day: "day" }),
	formatter: kupang_hr.report.as_text,
};
