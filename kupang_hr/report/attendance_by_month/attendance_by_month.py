"""The monthly report: days of people by code, OPD by OPD."""

from typing import Any

from frappe import _

from kupang_hr.attendance import report
from kupang_hr.report import table
from kupang_hr.rules.attendance import CODES


def execute(filters: dict | None = None) -> tuple:
	"""Filters: `month`, any day of it, and `opd` with its subtree. The last row is the total."""
	filters = filters or {}
	found = report.monthly(filters.get("month"), opd=filters.get("opd"))
	rows = [{**row, **row["days"]} for row in found["by_opd"]]
	if rows:
		rows.append({**found, **found["days"], "opd": None, "opd_name": _("Total"), "bold": 1})
	return columns(), rows, found["base"], chart(found), summary(found)


def columns() -> list[dict[str, Any]]:
	counts = (
		("expected", _("Days expected")),
		("present", _("Days present")),
		("attendance_percent", _("Present, % of days expected")),
		*((code, code) for code in CODES),
		("pending", _("Not yet known")),
		("minutes_late", _("Minutes late")),
		("minutes_early", _("Minutes early")),
		("missing_entries", _("Missing Entries")),
	)
	return [
		{"fieldname": "opd", "label": _("OPD"), "fieldtype": "Link", "options": "OPD", "width": 120},
		{"fieldname": "opd_name", "label": _("Name"), "fieldtype": "Data", "width": 220},
		*({"fieldname": key, "label": label, **_type(key)} for key, label in counts),
	]


def _type(key: str) -> dict[str, Any]:
	if key == "attendance_percent":
		return {"fieldtype": "Float", "precision": 1, "width": 120}
	return {"fieldtype": "Int", "width": 70 if key in CODES else 110}


def chart(found: dict[str, Any]) -> dict[str, Any] | None:
	rows = [row for row in found["by_opd"] if row["attendance_percent"] is not None]
	if not rows:
		return None
	values = [float(row["attendance_percent"]) for row in rows]
	datasets = [{"name": _("Present, % of days expected"), "values": values}]
	return {"type": "bar", "data": {"labels": [row["opd"] for row in rows], "datasets": datasets}}


def summary(found: dict[str, Any]) -> list[dict[str, Any]]:
	counts = (
		("expected", _("Days expected")),
		("present", _("Days present")),
		("unexcused", _("Unexcused Days")),
		("minutes_late", _("Minutes late")),
	)
	return [
		*(table.figure(label, found[key]) for key, label in counts),
		table.figure(_("Present, % of days expected"), found["attendance_percent"]),
	]
