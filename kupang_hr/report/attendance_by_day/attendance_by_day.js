frappe.query_reports["Attendance by Day"] = {
	filters: [
		{ fieldname: "day", label: __("Day"), fieldtype: "Date", reqd: 1 },
		{ fieldname: "opd", label: __("OPD with those below it"), fieldtype: "Link", options: "OPD" },
	],

	onload(report) {
		const method = "kupang_hr.api.attendance_days.latest_day";
		frappe.call({ method, type: "GET" }).then(({ message: day }) => {
			if (day) report.set_filter_value("day", day);
		});
	},

	// names are data, not HTML; a percentage of nobody is empty, not 0
	formatter(value, row, column, data, default_formatter) {
		if (value == null && column.fieldtype === "Float") return "";
		const is_text = typeof value === "string" && column.fieldtype === "Data";
		return default_formatter(
			is_text ? frappe.utils.escape_html(value) : value,
			row,
			column,
			data
		);
	},
};
