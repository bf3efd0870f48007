// A list of documents whose draft waits for somebody and whose submission is the decision; the lists include this file.
frappe.provide("kupang_hr.lists");

kupang_hr.lists.by_docstatus = (draft, submitted) => ({
	add_fields: ["docstatus"],
	hide_name_column: true,
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	get_indicator(doc) {
		return [
			[draft, "orange", "docstatus,=,0"],
			[submitted, "green", "docstatus,=,1"],
			[__("Cancelled"), "red", "docstatus,=,2"],
		][doc.docstatus];
	},
});
