"""What the script reports share: whom they show, their columns, totals, charts and figures.

Names reach the browser as they are; `public/js/report.js` shows them as text, in the table and in print. Labels of a
chart are HTML there, so they are escaped here.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, getdate
from frappe.utils.formatters import format_value

from kupang_hr.access.seats import below, opd_tree
from kupang_hr.exceptions import DayRangeError
from kupang_hr.rules.attendance import attendance_percent

Row = Mapping[str, Any]
IDR = "IDR"
MOST = 5_000  # rows that a browser gets; the city's people are half of it
ON_PAGE = "/frappe.desk.query_report.run"


# Whom


def inside(rows: Any, column: Any, opd: str | None):
	"""A query, less what lies outside an OPD and its subtree. Raises DoesNotExistError."""
	return rows.where(column.isin(below(opd))) if opd else rows


def between(rows: Any, column: Any, first: Any, last: Any):
	"""A query, less what lies outside two days, each of which may be open. Raises DayRangeError."""
	if first and last and getdate(first) > getdate(last):
		frappe.throw(_("The first day is after the last one."), DayRangeError)
	rows = rows.where(column >= getdate(first)) if first else rows
	return rows.where(column <= getdate(last)) if last else rows


def chosen(rows: Any, filters: Mapping[str, Any], **columns: Any):
	"""A query, less what differs from the filters that are set; `columns` by filter."""
	for name, column in columns.items():
		if value := filters.get(name):
			rows = rows.where(column == value)
	return rows


def newest(doctype: str, order_by: str, **filters: Any) -> str | None:
	"""The first document of a DocType in an order, where a report begins without a filter."""
	return next(iter(frappe.get_all(doctype, filters, pluck="name", order_by=order_by, limit=1)), None)


# Columns


def link(fieldname: str, label: str, doctype: str, width: int = 130) -> dict[str, Any]:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Link", "options": doctype, "width": width}


def text(fieldname: str, label: str, width: int = 140) -> dict[str, Any]:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Data", "width": width}


def day(fieldname: str, label: str) -> dict[str, Any]:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Date", "width": 110}


def count(fieldname: str, label: str, width: int = 110) -> dict[str, Any]:
	return {"fieldname": fieldname, "label": label, "fieldtype": "Int", "width": width}


def share(fieldname: str, label: str) -> dict[str, Any]:
	"""A percentage; the label says of what."""
	return {"fieldname": fieldname, "label": label, "fieldtype": "Float", "precision": 1, "width": 150}


def rupiah(fieldname: str, label: str) -> dict[str, Any]:
	"""Each row says its currency in `currency`."""
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": "Currency",
		"options": "currency",
		"width": 140,
	}


def of_opd() -> list[dict[str, Any]]:
	return [link("opd", _("OPD"), "OPD", 110), text("opd_name", _("Name"), 240)]


def of_person() -> list[dict[str, Any]]:
	return [link("personnel", _("Personnel"), "Personnel", 120), text("personnel_name", _("Name"), 220)]


# Rows


def percent(part: int, base: int) -> float | None:
	"""100 x part / base with one decimal, None of nobody."""
	found = attendance_percent(part, base)
	return None if found is None else float(found)


def in_tree_order(by_opd: Mapping[str, Row]) -> list[dict[str, Any]]:
	"""Rows by OPD with its name, in the order of the tree; OPDs that are gone last."""
	tree = opd_tree()
	order = {name: number for number, name in enumerate(tree)}
	return [
		{"opd": name, "opd_name": tree[name].opd_name if name in tree else name, **by_opd[name]}
		for name in sorted(by_opd, key=lambda name: (order.get(name, len(order)), name))
	]


def with_total(rows: list[dict[str, Any]], total: Row) -> list[dict[str, Any]]:
	"""The rows and a last one of their sum: Frappe's own total adds percentages up."""
	return [*rows, {**total, "opd": None, "opd_name": _("Total"), "bold": 1}] if rows else []


def on_page(rows: list[Any], message: str | None = None) -> tuple[list[Any], str | None]:
	"""The first rows, with a message about the others, where a page asks; an export has them all."""
	if len(rows) <= MOST or not (frappe.request and frappe.request.path.endswith(ON_PAGE)):
		return rows, message
	cut = _("The first {0} of {1} rows are shown; an OPD narrows them, and an export has them all.")
	told = cut.format(MOST, len(rows))
	return rows[:MOST], f"{message}<br>{told}" if message else told


def added(rows: Iterable[Row], keys: Sequence[str]) -> dict[str, int]:
	rows = list(rows)
	return {key: sum(row.get(key) or 0 for row in rows) for key in keys}


# Chart and figures


def bars(labels: Sequence[Any], values: Mapping[str, Sequence[Any]], stacked: bool = False) -> dict | None:
	"""A bar a label, with a colour for each of `values`; None without any bar."""
	if not labels:
		return None
	datasets = [{"name": escape_html(name), "values": list(numbers)} for name, numbers in values.items()]
	return {
		"type": "bar",
		"data": {"labels": [escape_html(cstr(label)) for label in labels], "datasets": datasets},
		"barOptions": {"stacked": 1 if stacked else 0, "spaceRatio": 0.3},
	}


def counted(rows: Iterable[Row], of: str, by: str = "opd") -> dict[str, dict[str, int]]:
	"""How many rows have each value of `of`, for each value of `by`."""
	found: dict[str, dict[str, int]] = {}
	for row in rows:
		own = found.setdefault(row.get(by) or "", {})
		own[row.get(of) or ""] = own.get(row.get(of) or "", 0) + 1
	return found


def figure(label: str, value: Any, indicator: str | None = None) -> dict[str, Any]:
	"""A number above the table, or none; with a decimal it is a percentage, whose decimals Frappe would not cut."""
	given = {"value": value, "datatype": "Int"}
	if value is None:
		given = {"value": "–", "datatype": "Data"}
	elif isinstance(value, float | Decimal):
		given = {"value": format_value(value, {"fieldtype": "Float", "precision": 1}), "datatype": "Data"}
	return {"label": label, **given, **({"indicator": indicator} if indicator else {})}
