import frappe

from kupang_hr.install import SETTINGS
from kupang_hr.notices.digest import MAIL_SETTING


def execute():
	"""Notices go out by mail unless somebody switches them off; before anything saves the settings with a zero."""
	known = frappe.db.get_singles_dict("Kupang HR Settings")
	for fieldname in (*MAIL_SETTING.values(), "step_overdue_hours"):
		if known.get(fieldname) is None:
			frappe.db.set_single_value("Kupang HR Settings", fieldname, SETTINGS[fieldname])
