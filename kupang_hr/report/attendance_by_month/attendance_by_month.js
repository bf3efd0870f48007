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

	onload(report) {
		const method = "kupang_hr.api.attendance_days.latest_day";
		frappe.call({ method, type: "GET" }).then(({ message: day }) => {
			if (day) report.set_filter_value("month", day);
		});
	},
	formatter: kupang_hr.report.as_text,
};
