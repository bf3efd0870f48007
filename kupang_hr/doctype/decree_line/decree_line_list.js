frappe.listview_settings["Decree Line"] = {
	add_fields: ["signed", "revoked_by"],
	hide_name_column: true,
	get_indicator(doc) {
		if (doc.revoked_by) return [__("Revoked"), "red", "revoked_by,is,set"];
		return doc.signed ? [__("Signed"), "green", "signed,=,1"] : [__("Not Signed"), "orange", "signed,=,0"];
	},
};
