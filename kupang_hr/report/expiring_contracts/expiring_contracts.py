"""Contracts that end between two days, and how far the renewal of each is."""

from typing import Any

import frappe
from frappe import _

from kupang_hr.access.criterion import criterion, visible
from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.exceptions import DayRangeError
from kupang_hr.report import table
from kupang_hr.rules.renewal import SK_ISSUED

CONTRACT, RENEWAL = "PTT Contract", "Contract Renewal"


def execute(filters: dict | None = None) -> tuple:
	"""Filters: `from_date` and `to_date`, which the terms end between; `status`; `opd`, the present seat, with its
	subtree. Raises DayRangeError.
	"""
	filters = filters or {}
	if not (filters.get("from_date") and filters.get("to_date")):
		frappe.throw(_("Give the first and the last day."), DayRangeError)
	rows = [{**row, "days_left": (row.end_date - today()).days} for row in contracts(filters)]
	return columns(), *table.on_page(rows), chart(rows), summary(rows)


def contracts(filters: dict) -> list[Any]:
	"""One query; of a renewal that the user does not see, nothing is told."""
	contract, person, renewal = map(frappe.qb.DocType, (CONTRACT, "Personnel", RENEWAL))
	hers = (renewal.old_contract == contract.name) & (renewal.docstatus < 2)
	seen = criterion(RENEWAL, renewal, frappe.session.user)
	rows = (
		frappe.qb.from_(contract)
		.join(person)
		.on(person.name == contract.personnel)
		.left_join(renewal)
		.on(hers if seen is None else hers & seen)
		.select(contract.name.as_("contract"), contract.personnel, person.full_name.as_("personnel_name"))
		.select(person.opd, contract.position, contract.start_date, contract.end_date, contract.status)
		.select(renewal.name.as_("renewal"), renewal.workflow_state)
		.where(contract.docstatus == 1)
		.orderby(contract.end_date)
		.orderby(person.opd)
		.orderby(contract.name)
	)
	rows = table.between(rows, contract.end_date, filters["from_date"], filters["to_date"])
	rows = table.chosen(rows, filters, status=contract.status)
	return query.run(table.inside(visible(rows, CONTRACT, contract), person.opd, filters.get("opd")))


def columns() -> list[dict[str, Any]]:
	return [
		*table.of_person(),
		table.link("opd", _("OPD"), "OPD", 110),
		table.text("position", _("Position"), 180),
		table.link("contract", _("PTT Contract"), CONTRACT, 160),
		table.day("start_date", _("Start Date")),
		table.day("end_date", _("End Date")),
		table.count("days_left", _("Days Left"), 90),
		table.text("status", _("Status"), 100),
		table.link("renewal", _("Contract Renewal"), RENEWAL, 160),
		table.text("workflow_state", _("State of the Renewal"), 150),
	]


def chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	found = table.counted(rows, "workflow_state")
	states = sorted({state for own in found.values() for state in own})
	named = {_(state) if state else _("No Renewal"): state for state in states}
	values = {label: [found[opd].get(state, 0) for opd in found] for label, state in named.items()}
	return table.bars(list(found), values, stacked=True)


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	without = sum(not row["renewal"] for row in rows)
	issued = sum(row["workflow_state"] == SK_ISSUED for row in rows)
	return [
		table.figure(_("PTT Contracts"), len(rows)),
		table.figure(_("Without a Renewal"), without, "Orange" if without else None),
		table.figure(_("SK Issued"), issued, "Green"),
		table.figure(_("SK Issued, % of these contracts"), table.percent(issued, len(rows))),
	]
