{% include "kupang_hr/public/js/by_docstatus.js" %}

frappe.listview_settings["Absence Permit"] = kupang_hr.lists.by_docstatus(__("Waiting for Approval"), __("Approved"));
