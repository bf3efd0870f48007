"""The tree of OPDs as the desk shows it."""

from typing import Any

import frappe
from frappe import _

from kupang_hr.cycle.headcounts import city_tree

FLAGS = ("own_crucial", "crucial_basis", "PTT", "ASN")


@frappe.whitelist(methods=["GET", "POST"])
def children(doctype: str, parent: str = "", is_root: bool | int | str = False) -> list[dict[str, Any]]:
	"""The OPDs below a node, as Frappe's tree asks for them, with their crucial marks and headcounts.

	Whoever reads OPDs; counted are the people whom the caller sees, with those of the nodes below.
	"""
	if not frappe.has_permission("OPD", "read"):
		frappe.throw(_("You may not read {0}.").format(_("OPD")), frappe.PermissionError)
	tree = city_tree(frappe.session.user)
	return [
		{
			"value": name,
			"title": node["opd_name"],
			"expandable": node["is_group"],
			**{flag: node[flag] for flag in FLAGS},
		}
		for name, node in sorted(tree.items())
		if node["parent"] == (parent or "")
	]
