{% include "kupang_hr/public/js/report.js" %}

frappe.query_reports["Deductions"] = {
	filters: [
		{
			fieldname: "period",
			label: __("Attendance Period"),
			fieldtype: "Link",
			options: "Attendance Period",
		},
		kupang_hr.report.select("employment_type", __("Employment"), ["PTT", "ASN"]),
		kupang_hr.report.opd(),
		{ fieldname: "everybody", label: __("Also without a deduction"), fieldtype: "Check" },
	],
	onload: (report) => kupang_hr.report.begin_with(report, { period: "period" }),
	formatter: kupang_hr.report.as_text,
};
