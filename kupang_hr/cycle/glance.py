"""The bars of the workspace: renewals by state, people by duty; one grouped count each, of what a user sees."""

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from kupang_hr.access.criterion import visible
from kupang_hr.bulk import query
from kupang_hr.cycle import board
from kupang_hr.cycle.wording import number
from kupang_hr.rules.contract import LEFT, ON_DUTY, STOOD_DOWN


def shares() -> list[dict[str, Any]]:
	"""The charts of what the session's user sees; one about documents that they may not read is left out."""
	return [chart for chart in (_renewals(), _duty()) if chart]


def _renewals() -> dict[str, Any] | None:
	name = current_round()
	if not name or not frappe.has_permission(board.RENEWAL):
		return None
	title, found = _("Renewals of round {0}").format(name), board.counts(name)
	return _chart(title, board.RENEWAL, "workflow_state", found, {"round": name})


def current_round() -> str | None:
	"""The newest open round, otherwise the newest; None where there is none."""
	rounds = frappe.get_all("Renewal Round", fields=["name", "status"], order_by="year desc")
	return next((row.name for row in rounds if row.status == "Open"), rounds[0].name if rounds else None)


def _duty() -> dict[str, Any] | None:
	if not frappe.has_permission("Personnel"):
		return None
	person = frappe.qb.DocType("Personnel")
	rows = frappe.qb.from_(person).select(person.duty_status, Count("*")).groupby(person.duty_status)
	people = dict(query.run(visible(rows, "Personnel", person), as_dict=False))
	found = {status: people.get(status, 0) for status in (ON_DUTY, STOOD_DOWN, LEFT)}
	return _chart(_("People by duty"), "Personnel", "duty_status", found, {})


def _chart(
	title: str, doctype: str, fieldname: str, found: Mapping[str, int], filters: Mapping[str, Any]
) -> dict[str, Any]:
	"""`found`: how many documents have each value of the field, in the order of their bars."""
	total = sum(found.values())
	rows = [
		{
			"label": _(value),
			"count": count,
			"route": ("List", doctype),
			"options": {**filters, fieldname: value},
		}
		for value, count in found.items()
		if count
	]
	base = _("of {0} whom you see").format(number(total)) if total else _("Nobody yet.")
	return {"title": title, "base": base, "total": total, "rows": rows}
