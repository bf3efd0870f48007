// An example spreadsheet in the list's menu, for those who may import.
["Personnel", "PTT Contract", "Attendance Summary", "Performance Appraisal"].forEach((doctype) => {
	const settings = (frappe.listview_settings[doctype] = frappe.listview_settings[doctype] || {});
	if (settings.kupang_hr_template) return;
	settings.kupang_hr_template = true;
	const onload = settings.onload;
	settings.onload = function (list) {
		onload && onload.call(this, list);
		if (!frappe.model.can_import(doctype)) return;
		list.page.add_menu_item(__("Example for Import"), () => {
			const query = new URLSearchParams({ doctype, file_type: "XLSX" });
			window.open(`/api/method/kupang_hr.api.imports.template?${query}`);
		});
	};
});
