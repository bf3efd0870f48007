{% include "kupang_hr/public/js/by_docstatus.js" %}

frappe.listview_settings["Personnel Exit"] = kupang_hr.lists.by_docstatus(__("Not Submitted"), __("Recorded"));
