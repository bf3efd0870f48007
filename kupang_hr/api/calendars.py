"""What Frappe's calendar shows: absences, and the rota as counts a day. All of it only reads.

Frappe sends first and last moment, and the filters of the list as [doctype, field, operator, value] in JSON. It reads
titles as HTML, so they are escaped here.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, getdate

from kupang_hr.attendance import planned

PERMIT, ROTA = "Absence Permit", "Office Rota"
MOST = 500
WHOLE_DAYS = {"all_day": 1}


@frappe.whitelist(methods=["GET"])
def permits(start: str, end: str, filters: str | list | None = None) -> list[dict[str, Any]]:
	"""The absences that touch these days and are not cancelled, of people whom the caller sees, at most 500.

	Each: name, title, from_date, to_date, kind, docstatus, all_day.
	"""
	rows = frappe.get_list(
		PERMIT,
		filters=[
			*_filters(filters),
			[PERMIT, "from_date", "<=", getdate(end)],
			[PERMIT, "to_date", ">=", getdate(start)],
			[PERMIT, "docstatus", "<", 2],
		],
		fields=["name", "personnel", "personnel_name", "from_date", "to_date", "kind", "docstatus"],
		order_by="from_date asc, name asc",
		limit=MOST + 1,
	)
	if len(rows) > MOST:
		text = _("Only the first {0} absences are shown. Filter the list to see the others.")
		frappe.msgprint(text.format(MOST), alert=True)
	return [
		{**row, **WHOLE_DAYS, "title": _title(row.personnel_name or row.personnel, _(row.kind))}
		for row in rows[:MOST]
	]


@frappe.whitelist(methods=["GET"])
def rotas(start: str, end: str, filters: str | list | None = None) -> list[dict[str, Any]]:
	"""How many are in the office and at home, one row a rota and day, of people whom the caller sees.

	Each: name (the rota), title, day, docstatus, all_day.
	"""
	first, last = getdate(start), getdate(end)
	named = frappe.get_list(
		ROTA,
		filters=[
			*_filters(filters),
			[ROTA, "from_date", "<=", last],
			[ROTA, "to_date", ">=", first],
			[ROTA, "docstatus", "<", 2],
		],
		fields=["name", "opd", "docstatus"],
		order_by="opd asc, name asc",
		limit=MOST,
	)
	counts = planned.places_by_day([row.name for row in named], first, last)
	return [
		{**row, **WHOLE_DAYS, "day": day, "title": _title(row.opd, _in_words(places))}
		for row in named
		for day, places in counts.get(row.name, {}).items()
	]


def _filters(filters: str | list | None) -> list:
	given = frappe.parse_json(filters) if isinstance(filters, str) else filters
	return list(given or [])


def _in_words(places: dict[str, int]) -> str:
	return _("{0} in the office, {1} at home").format(places.get("Office", 0), places.get("Home", 0))


def _title(first: str, second: str) -> str:
	return f"{escape_html(first)} · {escape_html(second)}"
