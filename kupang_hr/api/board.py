"""The board of renewals by state, and where boards and reports begin. All of it only reads."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import get_first_day, get_last_day

from kupang_hr.attendance.report import LOG, latest_day
from kupang_hr.clock import today
from kupang_hr.cycle import board
from kupang_hr.payroll.periods import CLOSED
from kupang_hr.rules.renewal import STATES

FIRST: dict[str, tuple[str, dict[str, str], str]] = {
	"round": ("Renewal Round", {}, "year desc"),
	"order": ("Stand Down Order", {}, "effective_date desc, name desc"),
	"period": ("Attendance Period", {"status": CLOSED}, "name desc"),
}


@frappe.whitelist(methods=["GET"])
def counts(round: str, opd: str | None = None, alone: int = 0) -> dict[str, Any]:
	"""How many renewals of a round are in each state, of those the caller sees. Whoever reads renewals.

	`opd`: the present seat, with its subtree unless `alone` is 1. Answers {"states": [{"state", "count"}], "total"}.
	"""
	_check()
	found = board.counts(round, opd or None, bool(alone))
	states = [{"state": state, "count": number} for state, number in found.items()]
	return {"states": states, "total": sum(found.values())}


@frappe.whitelist(methods=["GET"])
def cards(
	round: str,
	state: str,
	opd: str | None = None,
	start: int = 0,
	limit: int = board.PAGE,
	alone: int = 0,
) -> list[dict[str, Any]]:
	"""Up to `limit` (at most 100) renewals of a state from `start` on. Whoever reads renewals.

	`opd` and `alone` as in `counts`. Each: name, personnel, personnel_name, opd, position, total_score, rating, wave, reason.
	"""
	_check()
	if state not in STATES:
		frappe.throw(_("There is no such state."))
	return board.cards(round, state, opd or None, start, limit, bool(alone))


@frappe.whitelist(methods=["GET"])
def beginning() -> dict[str, str | None]:
	"""What reports and boards show first, as far as the caller may read it.

	The newest round with the days that its contracts end between, the newest stand-down order, the newest closed
	month, the newest day that has logs (today before there are any) with its year, and the first and last day of
	this month.
	"""
	found = {key: _first(*source) for key, source in FIRST.items()}
	ends = _ends(found["round"])
	month = {"month_from": str(get_first_day(today())), "month_to": str(get_last_day(today()))}
	return {**found, **ends, **_newest_day(), **month, "today": str(today())}


def _newest_day() -> dict[str, str | None]:
	day = (latest_day() if frappe.has_permission(LOG) else None) or today()
	return {"day": str(day), "year": str(day.year)}


def _first(doctype: str, filters: dict[str, str], order_by: str) -> str | None:
	if not frappe.has_permission(doctype):
		return None
	found = frappe.get_list(doctype, filters=filters, pluck="name", order_by=order_by, limit=1)
	return found[0] if found else None


def _ends(round_name: str | None) -> dict[str, str | None]:
	if not round_name:
		return {"ending_from": str(today()), "ending_to": str(get_last_day(today()))}
	row = frappe.db.get_value("Renewal Round", round_name, ["ending_from", "ending_to"], as_dict=True)
	return {"ending_from": str(row.ending_from), "ending_to": str(row.ending_to)}


def _check() -> None:
	if not frappe.has_permission(board.RENEWAL):
		frappe.throw(_("You may not read {0}.").format(_(board.RENEWAL)), frappe.PermissionError)
