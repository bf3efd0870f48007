frappe.listview_settings["Performance Appraisal"] = {
	add_fields: ["docstatus", "rating"],
	hide_name_column: true,
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	get_indicator(doc) {
		if (doc.docstatus === 0) return [__("To be Rated"), "orange", "docstatus,=,0"];
		if (doc.docstatus === 2) return [__("Cancelled"), "gray", "docstatus,=,2"];
		// a rating is a text of the scheme, and Frappe puts both into HTML
		const low = ["Kurang", "Buruk", "Sangat Kurang"].includes(doc.rating);
		const rating = frappe.utils.escape_html(doc.rating || "");
		return [__(rating), low ? "red" : "green", `rating,=,${rating}`];
	},
};
