frappe.views.calendar["Office Rota"] = {
	// whole days, the last one included, and the same ones wherever the reader is
	field_map: {
		id: "name",
		title: "title",
		start: "day",
		end: "day",
		allDay: "all_day",
		convertToUserTz: "convert_to_user_tz",
		docstatus: "docstatus",
	},
	get_events_method: "kupang_hr.api.calendars.rotas",
	get_css_class(event) {
		event.editable = false; // a rota is changed in its form, not by dragging
		return event.docstatus ? "success" : "warning";
	},
	options: { editable: false, selectable: false },
};
