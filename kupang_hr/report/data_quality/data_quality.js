{% include "kupang_hr/public/js/report.js" %}

frappe.query_reports["Data Quality"] = {
	filters: [
		kupang_hr.report.select("problem", __("What is missing"), [
			"No NIK",
			"No bank account",
			"No login",
			"No head of the OPD",
			"No work schedule",
			"On duty without a contract",
		]),
		kupang_hr.report.select("employment_type", __("Employment"), ["PTT", "ASN"]),
		kupang_hr.report.opd(),
	],
	formatter: kupang_hr.report.as_text,
};
