"""What a closed month takes from each person's pay, and for what; corrections and back pay added up with it."""

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Max, Sum

from kupang_hr.access.criterion import visible
from kupang_hr.bulk import query
from kupang_hr.payroll import reading
from kupang_hr.payroll.lines import ASN, DEDUCTIONS, LINE
from kupang_hr.payroll.periods import CLOSED, PERIOD
from kupang_hr.report import table

DAYS = ("minutes_late", "minutes_early", "missing_entries", "days_tk")
MONEY = (*DEDUCTIONS.values(), "deductions", "base_pay", "payable")


def execute(filters: dict | None = None) -> tuple:
	"""Filters: `period` (the newest closed month if empty), `opd` of the lines with its subtree, `employment_type`,
	and `everybody`, also those without a deduction. Lines of finished closings alone. Ends with the total.
	"""
	filters = filters or {}
	period = filters.get("period") or table.newest(PERIOD, "name desc", status=CLOSED)
	people = of_people(period, filters) if period else []
	shown = people if filters.get("everybody") else [row for row in people if row["deductions"]]
	total = shares(table.added(people, (*DAYS, *MONEY)) | {"currency": table.IDR})
	rows, told = table.on_page(shown, message(total, len(people)))
	rows = total_last(rows, total, len(people))
	return columns(), rows, told, chart(people), summary(shown, people, total)


def of_people(period: str, filters: dict) -> list[dict[str, Any]]:
	"""The sums of each person and OPD; two queries."""
	line = frappe.qb.DocType(LINE)
	scope = reading.Scope({name: (0, row.version) for name, row in reading.closed([period]).items()})
	keys = (line.personnel, line.opd, line.employment_type)
	rows = (
		frappe.qb.from_(line)
		.select(*keys, Max(line.personnel_name).as_("personnel_name"))
		.select(*[Sum(line[field]).as_(field) for field in (*DAYS, *MONEY)])
		.where(scope.criterion(line))
		.groupby(*keys)
		.orderby(line.opd)
		.orderby(line.personnel)
	)
	rows = table.chosen(rows, filters, employment_type=line.employment_type)
	found = query.run(table.inside(visible(rows, LINE, line), line.opd, filters.get("opd")))
	return [shares(_plain(row)) for row in found]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
	"""Whole numbers, and no pay of a civil servant, who is not paid here."""
	found = {**row, **{field: int(row[field] or 0) for field in (*DAYS, *MONEY)}, "currency": table.IDR}
	if row["employment_type"] == ASN:
		found.update({"base_pay": None, "payable": None})
	return found


def shares(row: dict[str, Any]) -> dict[str, Any]:
	base = row["base_pay"] or 0
	taken = base - (row["payable"] or 0)
	return {**row, "deduction_share": table.percent(taken, base) if 0 <= taken <= base else None}


def total_last(shown: list[dict[str, Any]], total: Mapping[str, Any], people: int) -> list[dict[str, Any]]:
	name = _("Total of {0} people").format(people)
	return [*shown, {**total, "personnel_name": name, "bold": 1}] if shown else []


def columns() -> list[dict[str, Any]]:
	return [
		*table.of_person(),
		table.text("employment_type", _("Employment"), 90),
		table.link("opd", _("OPD"), "OPD", 110),
		table.count("minutes_late", _("Minutes late")),
		table.count("minutes_early", _("Minutes early")),
		table.count("missing_entries", _("Missing Entries")),
		table.count("days_tk", _("Unexcused Days")),
		table.rupiah("deduction_late", _("Late")),
		table.rupiah("deduction_early", _("Left early")),
		table.rupiah("deduction_missing", _("Missing Entries")),
		table.rupiah("deduction_unexcused", _("Unexcused")),
		table.rupiah("deductions", _("Deductions")),
		table.rupiah("base_pay", _("Base Pay")),
		table.rupiah("payable", _("Payable")),
		table.share("deduction_share", _("Taken off, % of base pay")),
	]


def message(total: Mapping[str, Any], people: int) -> str:
	if not people:
		return _("No closed month has lines of people whom you see.")
	return _("Percentages: base pay less payable, of base pay; civil servants have neither here.")


def chart(people: list[dict[str, Any]]) -> dict[str, Any] | None:
	by_opd: dict[str, int] = {}
	for row in people:
		by_opd[row["opd"] or ""] = by_opd.get(row["opd"] or "", 0) + row["deductions"]
	taken = {opd: rupiah for opd, rupiah in by_opd.items() if rupiah}
	return table.bars(list(taken), {_("Deductions"): list(taken.values())})


def summary(
	shown: list[dict[str, Any]], people: list[dict[str, Any]], total: Mapping[str, Any]
) -> list[dict[str, Any]]:
	deducted = sum(bool(row["deductions"]) for row in people)
	money = {"datatype": "Currency", "currency": table.IDR}
	return [
		table.figure(_("People"), len(people)),
		table.figure(_("With a deduction"), deducted),
		table.figure(_("With a deduction, % of these people"), table.percent(deducted, len(people))),
		{"label": _("Deductions"), "value": total["deductions"], **money},
		{"label": _("Payable"), "value": total["payable"], **money},
	]
