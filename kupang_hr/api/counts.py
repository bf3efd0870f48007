"""Counting over REST, in place of Frappe's own, which counts for anybody.

`frappe.client.get_count` asks for no permission. By filters it would tell whether a NIK begins with a digit, and
so the whole number, to everybody who can log in; of a Version or a Comment it would tell scores and decisions.
"""

import frappe
from frappe import _


@frappe.whitelist(methods=["GET", "POST"])
def get_count(
	doctype: str,
	filters: str | dict | list | None = None,
	debug: bool | int = False,
	cache: bool | int = False,
) -> int:
	"""How many documents fit the filters, of those the caller may list.

	Counts the names of a permission-checked list: the one way that v15 and v16 share. Raises PermissionError
	for a DocType that the caller may not list, and for child tables, which are seen with their parents only.
	"""
	if frappe.get_meta(doctype).istable and frappe.session.user != "Administrator":
		frappe.throw(
			_("Rows of {0} are counted with their documents.").format(_(doctype)), frappe.PermissionError
		)
	given = frappe.parse_json(filters) if isinstance(filters, str) else filters
	return len(frappe.get_list(doctype, filters=given, pluck="name", limit=0))
