{% include "kupang_hr/public/js/by_docstatus.js" %}

frappe.listview_settings["Attendance Correction"] = kupang_hr.lists.by_docstatus(__("Waiting for Approval"), __("Approved"));
