{% include "kupang_hr/public/js/report.js" %}

frappe.query_reports["Attendance by Month"] = {
	filters: [
		{
			fieldname: "month",
			label: __("Month, any Day of it"),
			fieldtype: "Date",
			reqd: 1,
		},
		kupang_hr.report.opd(),
	],
	onload: (report) => kupang_hr.report.begin_with(report, { month: "day" }),
	formatter: kupang_hr.report.as_text,
};
