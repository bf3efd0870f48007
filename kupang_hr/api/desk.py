"""What the workspace shows to whoever opens it."""

from dataclasses import asdict
from typing import Any

import frappe
from frappe import _

from kupang_hr.attendance import report
from kupang_hr.clock import today
from kupang_hr.cycle import board, glance
from kupang_hr.cycle import waiting as duties

READ_ATTENDANCE = ("OPD Clerk", "OPD Head", "BKPPD Clerk", "BKPPD Head", "Wali Kota", "System Manager")


@frappe.whitelist(methods=["GET"])
def waiting() -> dict[str, Any]:
	"""What waits for the caller: {"title", "empty", "lines": [{"count", "text", "route", "options"}]}."""
	lines = [asdict(line) for line in duties.waiting(frappe.session.user)]
	return {"title": _("Waiting for you"), "empty": _("Nothing waits for you today."), "lines": lines}


@frappe.whitelist(methods=["GET"])
def shares() -> list[dict[str, Any]]:
	"""The workspace's charts, each {"title", "base", "total", "rows": [{"label", "count", "route", "options"}]}.

	Counts are of what the caller sees; a chart about documents that the caller's roles do not read is left out.
	"""
	return glance.shares()


@frappe.whitelist(methods=["GET", "POST"])
def present_today(filters: str | None = None) -> dict[str, Any]:
	"""The number card of the people of the caller's who are present today."""
	frappe.only_for(READ_ATTENDANCE)
	found = report.daily(today())
	route = ["query-report", "Attendance by Day"]
	return {
		"value": found["present"],
		"fieldtype": "Int",
		"route": route,
		"route_options": {"day": str(today())},
	}


@frappe.whitelist(methods=["GET", "POST"])
def renewals_in(filters: str | dict | None = None) -> dict[str, Any]:
	"""The number card of the renewals in a state (`workflow_state` of the filters), of the current round alone."""
	if not frappe.has_permission(board.RENEWAL):
		frappe.throw(_("You may not read {0}.").format(_(board.RENEWAL)), frappe.PermissionError)
	state = (frappe.parse_json(filters) or {}).get("workflow_state")
	round_name = glance.current_round()
	return {
		"value": board.counts(round_name).get(state, 0) if round_name else 0,
		"fieldtype": "Int",
		"route": ["List", board.RENEWAL],
		"route_options": {"round": round_name, "workflow_state": state},
	}
