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

	onload(report) {
		const method = "kupang_hr.api.attendance_days.latest_day";
		frappe.call({ method, type: "GET" }).then(({ message: day }) => {
			if (day) report.set_filter_value("year", cint(day.slice(0, 4)));
		});
	},
	formatter: kupang_hr.report.as_text,
};
