"""Who left the region on a working day without a permit, and what became of it. Where they were is not told."""

from typing import Any

import frappe
from frappe import _

from kupang_hr.access.criterion import visible
from kupang_hr.attendance.violations import EXPLAINED, OPEN, OUT_OF_REGION, VIOLATION
from kupang_hr.bulk import query
from kupang_hr.report import table

CONFIRMED = "Confirmed"


def execute(filters: dict | None = None) -> tuple:
	"""Filters, each may be empty: `from_date`, `to_date`, `status`, and `opd`, the present seat, with its subtree.

	Raises DayRangeError.
	"""
	rows = violations(filters or {})
	return columns(), *table.on_page(rows), chart(rows), summary(rows)


def violations(filters: dict) -> list[Any]:
	violation, person = frappe.qb.DocType(VIOLATION), frappe.qb.DocType("Personnel")
	rows = (
		frappe.qb.from_(violation)
		.join(person)
		.on(person.name == violation.personnel)
		.select(violation.name.as_("violation"), violation.personnel, person.full_name.as_("personnel_name"))
		.select(person.employment_type, person.opd, violation.day, violation.status, violation.permit)
		.select(violation.note)
		.where(violation.kind == OUT_OF_REGION)
		.orderby(violation.day, order=frappe.qb.desc)
		.orderby(violation.name)
	)
	rows = table.between(rows, violation.day, filters.get("from_date"), filters.get("to_date"))
	rows = table.chosen(rows, filters, status=violation.status)
	return query.run(table.inside(visible(rows, VIOLATION, violation), person.opd, filters.get("opd")))


def columns() -> list[dict[str, Any]]:
	return [
		table.day("day", _("Day")),
		*table.of_person(),
		table.text("employment_type", _("Employment"), 90),
		table.link("opd", _("OPD"), "OPD", 110),
		table.text("status", _("Status"), 110),
		table.link("permit", _("Absence Permit"), "Absence Permit", 160),
		table.text("note", _("Note"), 240),
		table.link("violation", _("Attendance Violation"), VIOLATION, 200),
	]


def chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	found = table.counted(rows, "status")
	statuses = (OPEN, EXPLAINED, CONFIRMED)
	values = {_(status): [own.get(status, 0) for own in found.values()] for status in statuses}
	return table.bars(list(found), values, stacked=True)


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	waiting = sum(row["status"] == OPEN for row in rows)
	return [
		table.figure(_("Violations"), len(rows)),
		table.figure(_("People"), len({row["personnel"] for row in rows})),
		table.figure(_("Open"), waiting, "Red" if waiting else None),
		table.figure(_("Open, % of these violations"), table.percent(waiting, len(rows))),
	]
