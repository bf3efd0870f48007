{% include "kupang_hr/public/js/report.js" %}

frappe.query_reports["Stand Down Roster"] = {
	filters: [
		{
			fieldname: "order",
			label: __("Stand Down Order"),
			fieldtype: "Link",
			options: "Stand Down Order",
		},
		kupang_hr.report.select("outcome", __("Outcome"), ["Stood Down", "Kept on Duty"]),
		kupang_hr.report.select("duty_status", __("Duty Status today"), ["On Duty", "Stood Down", "Left"]),
		kupang_hr.report.opd(),
	],
	onload: (report) => kupang_hr.report.begin_with(report, { order: "order" }),
	formatter: kupang_hr.report.as_text,
};
