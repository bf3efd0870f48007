// What the script reports share; each of them includes this file, so it may be evaluated more than once.
frappe.provide("kupang_hr.report");

// Names are data, not HTML, on screen and in print; a figure of nobody is empty, not 0.
kupang_hr.report.as_text = (value, row, column, data, default_formatter) => {
	if (value == null && ["Float", "Int", "Currency"].includes(column.fieldtype)) return "";
	const is_text = typeof value === "string" && ["Data", "Select"].includes(column.fieldtype);
	return default_formatter(is_text ? frappe.utils.escape_html(value) : value, row, column, data);
};

kupang_hr.report.opd = () => ({
	fieldname: "opd",
	label: __("OPD with those below it"),
	fieldtype: "Link",
	options: "OPD",
});

kupang_hr.report.select = (fieldname, label, values) => ({
	fieldname,
	label,
	fieldtype: "Select",
	options: ["", ...values.map((value) => ({ value, label: __(value) }))],
});

// Fills filters that are empty, { filter: key of the answer }, for onload: Frappe waits for it and asks for the report
// afterwards, once.
kupang_hr.report.begin_with = async (report, wanted) => {
	const name = report.report_name;
	const { message } = await frappe.call({ method: "kupang_hr.api.board.beginning", type: "GET" });
	if (report.report_name !== name) return; // another report is shown by now, with filters of its own
	report._no_refresh = true;
	for (const [filter, key] of Object.entries(wanted)) {
		const field = report.get_filter(filter);
		if (message[key] && !field.get_value()) await field.set_value(message[key]);
	}
	report._no_refresh = false;
};
