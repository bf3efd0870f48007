frappe.listview_settings["Stand Down Line"] = {
	add_fields: ["outcome"],
	hide_name_column: true,
	get_indicator(doc) {
		const colours = { "Stood Down": "orange", "Kept on Duty": "green" };
		return [__(doc.outcome), colours[doc.outcome] || "gray", `outcome,=,${doc.outcome}`];
	},
};
