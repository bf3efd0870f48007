"""The flags of a punch move to a field that no document has for something else; signatures do not name fields."""

import frappe
from frappe.model.utils.rename_field import rename_field


def execute() -> None:
	if frappe.db.has_column("Attendance Punch", "flags"):
		rename_field("Attendance Punch", "flags", "raised_flags")
