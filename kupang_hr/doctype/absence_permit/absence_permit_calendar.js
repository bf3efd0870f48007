frappe.views.calendar["Absence Permit"] = {
	// whole days, the last one included, and the same ones wherever the reader is
	field_map: {
		id: "name",
		title: "title",
		start: "from_date",
		end: "to_date",
		allDay: "all_day",
		convertToUserTz: "convert_to_user_tz",
		docstatus: "docstatus",
	},
	get_events_method: "kupang_hr.api.calendars.permits",
	get_css_class(event) {
		event.editable = false; // a permit's days are changed in its form, not by dragging
		return event.docstatus ? "success" : "warning";
	},
	options: { editable: false, selectable: false },
};
