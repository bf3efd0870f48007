"""Who left between two days, and why."""

from collections import Counter
from typing import Any

import frappe
from frappe import _

from kupang_hr.access.criterion import visible
from kupang_hr.bulk import query
from kupang_hr.report import table

EXIT = "Personnel Exit"


def execute(filters: dict | None = None) -> tuple:
	"""Filters, each may be empty: `from_date`, `to_date`, `reason`, `employment_type`, and `opd`, the last seat, with
	its subtree. Submitted exits alone. Raises DayRangeError.
	"""
	rows = exits(filters or {})
	return columns(), *table.on_page(rows), chart(rows), summary(rows)


def exits(filters: dict) -> list[Any]:
	leave, person = frappe.qb.DocType(EXIT), frappe.qb.DocType("Personnel")
	rows = (
		frappe.qb.from_(leave)
		.join(person)
		.on(person.name == leave.personnel)
		.select(leave.name.as_("exit"), leave.personnel, person.full_name.as_("personnel_name"))
		.select(person.employment_type, person.opd, person.position, leave.reason, leave.exit_date)
		.select(leave.contract, leave.renewal)
		.where(leave.docstatus == 1)
		.orderby(leave.exit_date, order=frappe.qb.desc)
		.orderby(leave.name)
	)
	rows = table.between(rows, leave.exit_date, filters.get("from_date"), filters.get("to_date"))
	rows = table.chosen(rows, filters, reason=leave.reason, employment_type=person.employment_type)
	return query.run(table.inside(visible(rows, EXIT, leave), person.opd, filters.get("opd")))


def columns() -> list[dict[str, Any]]:
	return [
		*table.of_person(),
		table.text("employment_type", _("Employment"), 90),
		table.link("opd", _("OPD"), "OPD", 110),
		table.text("position", _("Position"), 180),
		table.text("reason", _("Reason"), 130),
		table.day("exit_date", _("Exit Date")),
		table.link("exit", _("Personnel Exit"), EXIT, 190),
		table.link("contract", _("PTT Contract"), "PTT Contract", 160),
		table.link("renewal", _("Contract Renewal"), "Contract Renewal", 160),
	]


def chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	reasons = Counter(row["reason"] for row in rows).most_common()
	labels = [_(reason) for reason, _people in reasons]
	return table.bars(labels, {_("People"): [people for _reason, people in reasons]})


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	kinds = Counter(row["employment_type"] for row in rows)
	return [
		table.figure(_("Leavers"), len(rows)),
		*(table.figure(_(kind), kinds[kind]) for kind in sorted(kinds)),
	]
