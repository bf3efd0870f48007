"""Who was told to stay home by an order and who was kept on duty, and where they stand today."""

from typing import Any

import frappe
from frappe import _

from kupang_hr.access.criterion import visible
from kupang_hr.bulk import query
from kupang_hr.cycle.stand_down import KEPT, LINE, STOOD_DOWN
from kupang_hr.report import table
from kupang_hr.rules.contract import ON_DUTY

ORDER = "Stand Down Order"


def execute(filters: dict | None = None) -> tuple:
	"""Filters: `order` (the newest if empty), `outcome`, `duty_status`, and `opd`, the OPD of then, with its subtree."""
	filters = filters or {}
	order = filters.get("order") or table.newest(ORDER, "effective_date desc, name desc")
	rows = lines(order, filters) if order else []
	return columns(), *table.on_page(rows, message(order)), chart(rows), summary(rows)


def lines(order: str, filters: dict) -> list[Any]:
	line, person = frappe.qb.DocType(LINE), frappe.qb.DocType("Personnel")
	rows = (
		frappe.qb.from_(line)
		.join(person)
		.on(person.name == line.personnel)
		.select(line.personnel, person.full_name.as_("personnel_name"), line.opd, line.position)
		.select(
			line.outcome, line.effective_date, person.duty_status, person.duty_status_since, line.contract
		)
		.where(line.stand_down_order == order)
		.orderby(line.opd)
		.orderby(person.full_name)
		.orderby(line.name)
	)
	rows = table.chosen(rows, filters, outcome=line.outcome, duty_status=person.duty_status)
	return query.run(table.inside(visible(rows, LINE, line), line.opd, filters.get("opd")))


def columns() -> list[dict[str, Any]]:
	return [
		*table.of_person(),
		table.link("opd", _("OPD"), "OPD", 110),
		table.text("position", _("Position"), 180),
		table.text("outcome", _("Outcome"), 120),
		table.day("effective_date", _("Effective Date")),
		table.text("duty_status", _("Duty Status today"), 130),
		table.day("duty_status_since", _("Since")),
		table.link("contract", _("PTT Contract"), "PTT Contract", 160),
	]


def message(order: str | None) -> str | None:
	if not order:
		return _("There is no stand-down order yet.")
	if frappe.db.get_value(ORDER, order, "carried_out_on"):
		return None
	return _("This order has not been carried out. Its people are read on the day it takes effect.")


def chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	found = table.counted(rows, "outcome")
	values = {_(outcome): [own.get(outcome, 0) for own in found.values()] for outcome in (STOOD_DOWN, KEPT)}
	return table.bars(list(found), values, stacked=True)


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	down = [row for row in rows if row["outcome"] == STOOD_DOWN]
	back = sum(row["duty_status"] == ON_DUTY for row in down)
	return [
		table.figure(_("Stood Down"), len(down), "Orange"),
		table.figure(_("Kept on Duty"), len(rows) - len(down), "Green"),
		table.figure(_("Recalled since"), back),
		table.figure(_("Recalled, % of those stood down"), table.percent(back, len(down))),
	]
