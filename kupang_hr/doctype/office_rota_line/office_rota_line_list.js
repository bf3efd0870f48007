frappe.listview_settings["Office Rota Line"] = {
	add_fields: ["place"],
	hide_name_column: true,
	get_indicator(doc) {
		const colours = { Office: "green", Home: "blue", Off: "gray" };
		return [__(doc.place), colours[doc.place] || "gray", `place,=,${doc.place}`];
	},
};
