"""The daily report: how many were there, OPD by OPD, and under which capacity."""

from typing import Any

from frappe import _

from kupang_hr.attendance import report
from kupang_hr.report import table


def execute(filters: dict | None = None) -> tuple:
	"""Filters: `day`, and `opd` with its subtree. The last row is the total."""
	filters = filters or {}
	found = report.daily(filters.get("day"), opd=filters.get("opd"))
	rows = (
		[*found["by_opd"], {**found, "opd": None, "opd_name": _("Total"), "bold": 1}]
		if found["by_opd"]
		else []
	)
	return columns(), rows, message(found), chart(found), summary(found)


def columns() -> list[dict[str, Any]]:
	counts = (
		("measured", _("Measured")),
		("expected", _("Expected")),
		("present", _("Present")),
		("attendance_percent", _("Present, % of expected")),
		("late", _("Late")),
		("sick", _("Sick")),
		("on_leave", _("On Leave")),
		("permitted", _("Permitted")),
		("official_duty", _("Official Duty")),
		("study_duty", _("Study Duty")),
		("unexcused", _("Unexcused")),
		("pending", _("Not yet known")),
		("stood_down", _("Stood Down")),
		("holiday", _("On Holiday")),
		("off", _("Off by Shift")),
		("headcount", _("Measured and not stood down")),
		("capacity_percent", _("Capacity, % of those not stood down")),
		("capacity", _("May be in the Office")),
		("in_office", _("Were in the Office")),
	)
	return [
		{"fieldname": "opd", "label": _("OPD"), "fieldtype": "Link", "options": "OPD", "width": 120},
		{"fieldname": "opd_name", "label": _("Name"), "fieldtype": "Data", "width": 220},
		*({"fieldname": key, "label": label, **_type(key), "width": 110} for key, label in counts),
	]


def _type(key: str) -> dict[str, Any]:
	return {"fieldtype": "Float", "precision": 1} if key == "attendance_percent" else {"fieldtype": "Int"}


def message(found: dict[str, Any]) -> str:
	"""The base of the percentage, and the newest seal of the evidence."""
	seal = found["last_seal"]
	sealed = (
		_("Last seal of the evidence: {0}, {1}").format(seal.day, seal.seal)
		if seal
		else _("No day of the evidence is sealed yet.")
	)
	return f"{found['base']}<br>{sealed}"


def chart(found: dict[str, Any]) -> dict[str, Any] | None:
	rows = [row for row in found["by_opd"] if row["attendance_percent"] is not None]
	if not rows:
		return None
	values = [float(row["attendance_percent"]) for row in rows]
	datasets = [{"name": _("Present, % of expected"), "values": values}]
	return {"type": "bar", "data": {"labels": [row["opd"] for row in rows], "datasets": datasets}}


def summary(found: dict[str, Any]) -> list[dict[str, Any]]:
	counts = (("measured", _("Measured")), ("expected", _("Expected")), ("present", _("Present")))
	late = (("unexcused", _("Unexcused")), ("sick", _("Sick")), ("on_leave", _("On Leave")))
	return [
		*(table.figure(label, found[key]) for key, label in counts),
		table.figure(_("Present, % of expected"), found["attendance_percent"]),
		*(table.figure(label, found[key]) for key, label in late),
	]
