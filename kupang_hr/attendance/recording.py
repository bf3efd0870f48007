"""What decides about every punch and seldom changes: limits, the city's boundary, offices, whose shifts cross midnight.

Kept in the cache for a minute at most, and dropped when the settings or an OPD are saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

import frappe
from frappe import _

from kupang_hr.access.seats import opd_tree
from kupang_hr.attendance import schedules
from kupang_hr.attendance.schedules import ONE_DAY
from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.rules.attendance import windows_between
from kupang_hr.rules.geo import (
	Boundary,
	BoundaryError,
	BoundaryMalformed,
	BoundaryNotJson,
	BoundaryNotPolygon,
	BoundaryNotValid,
	BoundaryOutOfRange,
	Limits,
	Position,
)

KEY = "kupang_hr_recording"
SECONDS = 60
NUMBERS = (
	"max_accuracy_m",
	"max_speed_kmh",
	"identical_positions",
	"queued_after_minutes",
	"oldest_punch_days",
	"punches_a_minute",
)
AROUND = timedelta(days=10)  # around today, whose shifts are looked at


@dataclass(frozen=True)
class Office:
	"""A circle: the point and the metres around it."""

	point: Position
	radius: float


@dataclass(frozen=True)
class Recording:
	"""The settings of recording, the circles by OPD, and whose hours lie within one day."""

	limits: Limits
	oldest_days: int
	punches_a_minute: int
	boundary: Boundary | None
	circles: Mapping[str, tuple[float, float, float]]
	schedules: Mapping[str, str]
	over_midnight: frozenset[str]
	has_shifts: bool

	def office_of(self, opd: str | None) -> Office | None:
		"""The circle of an OPD, or of the nearest node upward that has a point; None where none has."""
		circle = self.circles.get(opd)
		return Office(Position(circle[0], circle[1]), circle[2]) if circle else None

	def day_of(self, personnel: str, opd: str, own_schedule: str | None, when: datetime) -> date:
		"""The day that an entry counts to: for nearly everybody its date, found without a query."""
		if self.has_shifts or (own_schedule or self.schedules.get(opd)) in self.over_midnight:
			return schedules.day_of(personnel, when)
		return when.date()


def recording() -> Recording:
	"""All of it as it is now, or was a minute ago."""
	kept = frappe.cache.get_value(KEY, expires=True)
	if kept is None:
		kept = {**_read_limits(), **_read_offices(), **_read_hours()}
		frappe.cache.set_value(KEY, kept, expires_in_sec=SECONDS)
	number = kept["numbers"]
	after = timedelta(minutes=number["queued_after_minutes"])
	return Recording(
		Limits(number["max_accuracy_m"], number["max_speed_kmh"], number["identical_positions"], after),
		number["oldest_punch_days"],
		number["punches_a_minute"],
		_boundary(frappe.local.site, kept["boundary"]) if kept["boundary"] else None,
		kept["circles"],
		kept["schedules"],
		kept["over_midnight"],
		kept["has_shifts"],
	)


def forget(*_event) -> None:
	"""Read everything anew: after the settings, an OPD, a schedule or a rota have been saved."""
	frappe.cache.delete_value(KEY)


def _read_limits() -> dict[str, Any]:
	values = frappe.db.get_singles_dict("Kupang HR Settings")
	text = (values.get("city_boundary") or "").strip()
	return {
		"numbers": {field: int(values.get(field) or 0) for field in NUMBERS},
		"boundary": sha256(text.encode()).hexdigest() if text else None,
	}


@lru_cache(maxsize=8)
def _boundary(_site: str, _digest: str) -> Boundary:
	"""The boundary of a site, made once for each text of it."""
	text = frappe.db.get_single_value("Kupang HR Settings", "city_boundary", cache=False)
	return Boundary.from_geojson(text)


def _read_offices() -> dict[str, Any]:
	tree = opd_tree()
	rows = frappe.get_all("OPD", fields=["name", "latitude", "longitude", "radius_m"], order_by="lft asc")
	own = {
		row.name: (row.latitude or 0.0, row.longitude or 0.0, row.radius_m or 0)
		for row in rows
		if row.latitude or row.longitude
	}
	nearest = {
		name: next((node for node in (name, *seat.ancestors) if node in own), None)
		for name, seat in tree.items()
	}
	return {"circles": {name: own[node] for name, node in nearest.items() if node}}


def _read_hours() -> dict[str, Any]:
	"""The schedule of each OPD, those with a shift over midnight, and whether a rota has shifts of its own."""
	first, last = today() - AROUND, today() + AROUND
	roster = schedules.Roster.read(first, last)
	line = frappe.qb.DocType("Office Rota Line")
	shifts = frappe.qb.from_(line).select(line.name).where(line.day[first:last])
	shifts = shifts.where(line.work_schedule.isnotnull() & (line.work_schedule != "")).limit(1)
	return {
		"schedules": {opd: name for opd in roster.tree if (name := roster.usual(opd, None))},
		"over_midnight": frozenset(
			name
			for name, schedule in roster.schedules.items()
			if any(
				window.opens.date() != day or window.closes > datetime.combine(day + ONE_DAY, time())
				for day, window in windows_between(schedule, first, last).items()
			)
		),
		"has_shifts": bool(query.values(shifts)),
	}


def boundary_problem_text(error: BoundaryError) -> str:
	"""What is wrong with a boundary that somebody has typed."""
	text = {
		BoundaryNotJson: _("The city boundary is no JSON: {0}"),
		BoundaryNotPolygon: _("The city boundary is a Polygon or MultiPolygon, not {0}."),
		BoundaryMalformed: _("The coordinates of the city boundary make no ring: {0}"),
		BoundaryOutOfRange: _("The city boundary leaves the globe; longitude comes first: {0}"),
		BoundaryNotValid: _("The city boundary crosses itself or has a hole outside: {0}"),
	}[type(error)]
	return text.format(error.fact)
