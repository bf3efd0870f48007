"""The bars of the workspace: renewals by state, people by duty; one grouped count each, of what a user sees."""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from kupang_hr.access.criterion import visible
from kupang_hr.bulk import query
from kupang_hr.rules.contract import LEFT, ON_DUTY, STOOD_DOWN
from kupang_hr.rules.renewal import STATES


def shares(user: str) -> list[dict[str, Any]]:
	return [chart for chart in (_renewals(user), _duty(user)) if chart]


def _renewals(user: str) -> dict[str, Any] | None:
	rounds = frappe.get_all("Renewal Round", pluck="name", order_by="year desc", limit=1)
	if not rounds or not frappe.has_permission("Contract Renewal", "read", user=user):
		return None
	found = _by("Contract Renewal", "workflow_state", {"round": rounds[0]}, user)
	title = _("Renewals of round {0}").format(rounds[0])
	return _chart(title, "Contract Renewal", "workflow_state", STATES, found, {"round": rounds[0]})


def _duty(user: str) -> dict[str, Any] | None:
	if not frappe.has_permission("Personnel", "read", user=user):
		return None
	found = _by("Personnel", "duty_status", {}, user)
	return _chart(_("People by duty"), "Personnel", "duty_status", (ON_DUTY, STOOD_DOWN, LEFT), found, {})


def _by(doctype: str, fieldname: str, filters: Mapping[str, Any], user: str) -> dict[str, int]:
	table = frappe.qb.DocType(doctype)
	rows = frappe.qb.from_(table).select(table[fieldname], Count("*").as_("count")).groupby(table[fieldname])
	for name, value in filters.items():
		rows = rows.where(table[name] == value)
	return {row[fieldname]: row["count"] for row in query.run(visible(rows, doctype, table, user))}


def _chart(
	title: str,
	doctype: str,
	fieldname: str,
	order: Sequence[str],
	found: Mapping[str, int],
	filters: Mapping[str, Any],
) -> dict[str, Any]:
	total = sum(found.values())
	rows = [
		{
			"label": _(value),
			"count": found[value],
			"route": ("List", doctype),
			"options": {**filters, fieldname: value},
		}
		for value in order
		if found.get(value)
	]
	base = _("of {0} whom you see").format(f"{total:,}".replace(",", ".")) if total else _("Nobody yet.")
	return {"title": title, "base": base, "total": total, "rows": rows}
