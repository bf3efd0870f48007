"""Rota and reports over REST and for the desk's buttons.

Reading asks for the right to report on Attendance Log, and answers about the people whom the caller sees.
"""

from typing import Any

import frappe
from frappe import _

from kupang_hr.attendance import report, rota, thresholds


@frappe.whitelist(methods=["POST"])
def propose_rota(office_rota: str) -> dict[str, Any]:
	"""Fill a draft rota anew, in place of its lines. OPD Clerk or OPD Head of its OPD.

	Answers {"name", "people", "days", "lines", "capacity_percent", "wished_days", "average_days", "problems"}.
	"""
	frappe.get_doc(rota.ROTA, office_rota).check_permission("write")
	return rota.propose(office_rota)


@frappe.whitelist(methods=["GET"])
def daily(day: str, opd: str | None = None) -> dict[str, Any]:
	"""The figures of a day, all or of an OPD with its subtree, each percentage with its base. Whoever reads logs."""
	_check()
	return _plain(report.daily(day, opd=opd))


@frappe.whitelist(methods=["GET"])
def monthly(month: str, opd: str | None = None) -> dict[str, Any]:
	"""The figures of a month ("2021-01"), all or of an OPD with its subtree. Whoever reads logs."""
	_check()
	return _plain(report.monthly(month, opd=opd))


@frappe.whitelist(methods=["GET"])
def unexcused(
	year: int | str, month: int | str | None = None, opd: str | None = None
) -> list[dict[str, Any]]:
	"""Who reached a threshold of unexcused days in a year, or in a month of it. Whoever reads logs."""
	_check()
	return thresholds.unexcused(year, month, opd=opd)


@frappe.whitelist(methods=["GET"])
def latest_day() -> str | None:
	"""The newest day that has logs, where reports begin. Whoever reads logs."""
	_check()
	day = report.latest_day()
	return day.isoformat() if day else None


def _check() -> None:
	if not frappe.has_permission(report.LOG, "report"):
		frappe.throw(_("You may not report on {0}.").format(_(report.LOG)), frappe.PermissionError)


def _plain(found: dict[str, Any]) -> dict[str, Any]:
	"""Percentages as numbers."""
	for row in (found, *found["by_opd"]):
		percent = row["attendance_percent"]
		row["attendance_percent"] = None if percent is None else float(percent)
	return found
