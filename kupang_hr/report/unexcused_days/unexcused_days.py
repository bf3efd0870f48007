"""The warning list: who reached a threshold of unexcused days. Nothing follows from it by itself."""

from collections import Counter
from typing import Any

from frappe import _

from kupang_hr.attendance import thresholds
from kupang_hr.report import table


def execute(filters: dict | None = None) -> tuple:
	"""Filters: `year`, `month` (1 to 12), and `opd` with its subtree."""
	filters = filters or {}
	found = thresholds.unexcused(filters.get("year"), filters.get("month"), opd=filters.get("opd"))
	rows = [{**row, "period": period(row["month"], filters)} for row in found]
	return columns(), *table.on_page(rows, message()), chart(rows), summary(rows)


def period(month: int | None, filters: dict) -> str:
	"""The month or the year that a threshold is about, as "2021-01" or "2021"."""
	year = str(filters.get("year"))
	return f"{year}-{month:02d}" if month else year


def columns() -> list[dict[str, Any]]:
	return [
		{
			"fieldname": "personnel",
			"label": _("Personnel"),
			"fieldtype": "Link",
			"options": "Personnel",
			"width": 130,
		},
		{"fieldname": "personnel_name", "label": _("Name"), "fieldtype": "Data", "width": 220},
		{"fieldname": "employment_type", "label": _("Employment"), "fieldtype": "Data", "width": 90},
		{"fieldname": "opd", "label": _("OPD"), "fieldtype": "Link", "options": "OPD", "width": 120},
		{"fieldname": "period", "label": _("Month or Year"), "fieldtype": "Data", "width": 110},
		{"fieldname": "days", "label": _("Unexcused Days"), "fieldtype": "Int", "width": 120},
		{"fieldname": "limit", "label": _("Threshold"), "fieldtype": "Int", "width": 100},
	]


def message() -> str:
	limits = thresholds.thresholds()
	return _(
		"Unexcused days that reach {0} in a month or {1} in a year (Settings). A list to look at: nothing follows"
		" from it by itself."
	).format(limits.days_a_month or "-", limits.days_a_year or "-")


def chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	people = Counter(opd for _person, opd in {(row["personnel"], row["opd"] or "") for row in rows})
	if not people:
		return None
	labels = sorted(people)
	datasets = [{"name": _("People"), "values": [people[opd] for opd in labels]}]
	return {"type": "bar", "data": {"labels": labels, "datasets": datasets}}


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	people = len({row["personnel"] for row in rows})
	return [table.figure(_("People"), people)]
