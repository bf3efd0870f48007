{% include "kupang_hr/public/js/report.js" %}

frappe.query_reports["Unexcused Days"] = {
	filters: [
		{ fieldname: "year", label: __("Year"), fieldtype: "Int", reqd: 1 },
		{
			fieldname: "month",
			label: __("Month"),
			fieldtype: "Select",
			options: ["", ...Array.from({ length: 12 }, (_, month) => String(month + 1))],
		},
		kupang_hr.report.opd(),
	],
	onload: (report) => kupang_hr.report.begin_with(report, { year: "year" }),
	formatter: kupang_hr.report.as_text,
};
