"""The map of a day's punches. Reading positions leaves a row in the Access Log, so it is a POST."""

import json
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log

from kupang_hr.attendance import positions
from kupang_hr.attendance.report import day_of


@frappe.whitelist(methods=["GET"])
def surroundings(opd: str | None = None) -> dict[str, Any]:
	"""Offices, the city's boundary and the tiles of the settings. Whoever may report on punches.

	Answers {"offices": [{"name", "opd_name", "latitude", "longitude", "radius_m"}], "boundary", "tiles"}.
	"""
	_check()
	return positions.surroundings(opd or None)


@frappe.whitelist(methods=["POST"])
def day(day: str, opd: str | None = None, start: int | str = 0) -> dict[str, Any]:
	"""Up to 2,000 positions of a day from number `start` on, of people whom the caller sees. Whoever may report on punches.

	Answers {"total", "located", "without_position", "points"}; that it was asked for stays in the Access Log.
	Raises DayRangeError.
	"""
	_check()
	start = frappe.utils.cint(start)
	found = positions.of_day(day_of(day), opd or None, start)
	filters = {"day": day, "opd": opd, "start": start, "points": len(found["points"])}
	make_access_log(
		doctype=positions.PUNCH,
		document=day,
		method="punch_map.day",
		filters=json.dumps(filters, sort_keys=True),
	)
	return found


def _check() -> None:
	if not frappe.has_permission(positions.PUNCH, "report"):
		frappe.throw(_("You may not report on {0}.").format(_(positions.PUNCH)), frappe.PermissionError)
