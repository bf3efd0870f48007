"""What the page Meja Wali Kota reads; it writes through the endpoints of the contract year (`api.cycle`)."""

from typing import Any

import frappe
from frappe import _

from kupang_hr.cycle import desk

READERS = ("Wali Kota", "System Manager")


def _round(name: str | None):
	"""The round that is asked for, otherwise the newest open one, otherwise the newest; None where there is none."""
	frappe.only_for(READERS)
	if not name:
		rounds = rounds_by_year()
		name = next((row.name for row in rounds if row.status == "Open"), rounds[0].name if rounds else None)
	if not name:
		return None
	doc = frappe.get_doc("Renewal Round", name)
	doc.check_permission("read")
	return doc


def rounds_by_year() -> list[Any]:
	"""The rounds that the caller may see, the newest first."""
	return frappe.get_list("Renewal Round", fields=["name", "year", "status"], order_by="year desc", limit=20)


@frappe.whitelist(methods=["GET"])
def overview(round: str | None = None) -> dict[str, Any]:
	"""A round by OPD, with ratings, quota and exceptions. Wali Kota, System Manager.

	Answers {"rounds", "round", "decides"} and, if there is a round, what `cycle.desk.overview` has.
	"""
	doc = _round(round)
	found = {"rounds": rounds_by_year(), "round": None, "decides": "Wali Kota" in frappe.get_roles()}
	if not doc:
		return found
	fields = ("name", "year", "status", "recommendation_deadline", "ending_to")
	return {**found, "round": {field: doc.get(field) for field in fields}, **desk.overview(doc)}


@frappe.whitelist(methods=["GET"])
def people(
	round: str,
	opd: str | None = None,
	show: str = "all",
	state: str | None = None,
	search: str | None = None,
	start: int = 0,
	limit: int = desk.PAGE,
) -> dict[str, Any]:
	"""A page of people of a round, of one OPD or of all, narrowed to exceptions, a state or a name."""
	doc = _round(round)
	if show not in desk.SHOWN:
		frappe.throw(_("There is nothing to show as {0}.").format(frappe.utils.escape_html(show)))
	return desk.people(doc, opd, show, state, (search or "").strip() or None, int(start), int(limit))
