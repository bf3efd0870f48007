{% include "kupang_hr/public/js/report.js" %}

frappe.query_reports["Leavers"] = {
	filters: [
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("Until"), fieldtype: "Date" },
		kupang_hr.report.select("reason", __("Reason"), [
			"CPNS",
			"PPPK",
			"BUMN",
			"Other Employer",
			"Moved Away",
			"Resigned",
			"Deceased",
			"Retired",
			"Indiscipline",
		]),
		kupang_hr.report.select("employment_type", __("Employment"), ["PTT", "ASN"]),
		kupang_hr.report.opd(),
	],
	formatter: kupang_hr.report.as_text,
};
