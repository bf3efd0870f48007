"""Where the punches of a day were made, for those who may read positions: a page of points, and what lies around."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Sum

from kupang_hr.access.criterion import visible
from kupang_hr.access.seats import below, opd_tree, seats_of
from kupang_hr.attendance.evidence import PUNCH, flags_of
from kupang_hr.bulk import query
from kupang_hr.clock import today

PAGE = 2000
SETTINGS = "Kupang HR Settings"


def of_day(day: date, opd: str | None = None, start: int = 0) -> dict[str, Any]:
	"""The punches counted on a day of those whom the session's user sees; `opd`: the present seat, with its subtree.

	`total` and `without_position`: how many there are; `points`: up to PAGE of those with a position, from number
	`start` on, by time; each name, personnel, personnel_name, opd, at ("07:28"), direction, mode, flags, latitude,
	longitude, accuracy. Two queries, and one for the tree. Raises DoesNotExistError.
	"""
	punch, person, rows = _punches(day, opd)
	located = Case().when(punch.latitude != "", 1).else_(0)
	counts = query.run(rows.select(Count("*").as_("total"), Sum(located).as_("located")))[0]
	points = (
		rows.select(punch.name, punch.personnel, person.full_name.as_("personnel_name"), person.opd)
		.select(punch.counted_at, punch.direction, punch.mode, punch.raised_flags)
		.select(punch.latitude, punch.longitude, punch.accuracy)
		.where(punch.latitude != "")
		.orderby(punch.counted_at)
		.orderby(punch.name)
		.limit(PAGE)
		.offset(max(start, 0))
	)
	total, located = counts.total, int(counts.located or 0)
	return {
		"total": total,
		"located": located,
		"without_position": total - located,
		"points": [_point(row) for row in query.run(points)],
	}


def surroundings(opd: str | None = None) -> dict[str, Any]:
	"""The offices with a point of their own that the session's user is about, the city's boundary as GeoJSON, and
	the tiles of the settings: `url` and `attribution`, None without any.
	"""
	settings = frappe.get_cached_doc(SETTINGS)
	return {
		"offices": _offices(opd),
		"boundary": json.loads(settings.city_boundary) if settings.city_boundary else None,
		"tiles": {"url": settings.map_tile_url, "attribution": settings.map_attribution or ""}
		if settings.map_tile_url
		else None,
	}


def _punches(day: date, opd: str | None) -> tuple[Any, Any, Any]:
	punch, person = frappe.qb.DocType(PUNCH), frappe.qb.DocType("Personnel")
	first = datetime.combine(day, time())
	rows = frappe.qb.from_(punch).join(person).on(person.name == punch.personnel)
	rows = rows.where((punch.counted_at >= first) & (punch.counted_at < first + timedelta(days=1)))
	rows = rows.where(person.opd.isin(below(opd))) if opd else rows
	return punch, person, visible(rows, PUNCH, punch)


def _point(row: Any) -> dict[str, Any]:
	at, flags = row.pop("counted_at"), row.pop("raised_flags")
	numbers = {key: float(row[key] or 0) for key in ("latitude", "longitude", "accuracy")}
	return {**row, **numbers, "at": at.strftime("%H:%M"), "flags": list(flags_of(flags))}


def _offices(opd: str | None) -> list[dict[str, Any]]:
	tree = opd_tree()
	named = set(below(opd)) if opd else seats_of(frappe.session.user, today()) or set(tree)
	rows = frappe.get_all("OPD", fields=["name", "latitude", "longitude", "radius_m"], order_by="lft asc")
	return [
		{**row, "opd_name": tree[row.name].opd_name}
		for row in rows
		if row.name in named and (row.latitude or row.longitude)
	]
