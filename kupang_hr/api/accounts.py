"""Logins of people without a mailbox: made for many, printed once, reset one by one. BKPPD Clerk."""

from typing import Any

import frappe
from frappe import _

from kupang_hr.attendance import accounts
from kupang_hr.bulk import run


@frappe.whitelist(methods=["POST"])
def make_logins(names: str | list | None = None, opd: str | None = None) -> dict[str, Any]:
	"""Make a login for the named people, an OPD's with its subtree, or everybody without one. BKPPD Clerk.

	Answers the Bulk Run; its first passwords are fetched by `print_logins`.
	"""
	given = frappe.parse_json(names) if isinstance(names, str) and names else names
	if given is not None and (not isinstance(given, list) or not given):
		frappe.throw(_("Names are given as a list."))
	criterion = {"names": given, "opd": opd}
	return run.start("make-logins", {key: value for key, value in criterion.items() if value})


@frappe.whitelist(methods=["POST"])
def print_logins(name: str) -> None:
	"""The first passwords that a Bulk Run has made, as CSV; for its requester, and once: then they are deleted."""
	frappe.only_for("BKPPD Clerk")
	content = accounts.print_once(name)
	frappe.response.update({"filename": "logins.csv", "filecontent": content, "type": "download"})


@frappe.whitelist(methods=["POST"])
def reset_login(personnel: str) -> dict[str, str]:
	"""A new first password for a person who lost theirs. BKPPD Clerk. Answers {login, password}, this once."""
	frappe.only_for("BKPPD Clerk")
	return accounts.reset_login(personnel)
