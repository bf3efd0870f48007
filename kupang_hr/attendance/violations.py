"""Leaving the region on a working day without permission: one violation a person and day, for the OPD head to see.

A day is one of work if it came out as H or TK, or is not over; on leave, sick, off or at home nobody needs a
Surat Tugas. What excuses is a submitted permit of the kinds Official Duty or Out of Region, both of which name a
letter. One submitted afterwards turns an open violation to Explained and names itself there; cancelled again, the
violation is open again. What the head has confirmed or explained in words stays as it is.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Change, Trail
from kupang_hr.rules.attendance import PRESENT, UNEXCUSED

if TYPE_CHECKING:
	from kupang_hr.attendance.facts import Facts

VIOLATION = "Attendance Violation"
OUT_OF_REGION = "Out of Region"
OPEN, EXPLAINED = "Open", "Explained"
WORKING_CODES = (PRESENT, UNEXCUSED, None)


def record(days: Mapping[str, Mapping], facts: "Facts", first: date, last: date, trail: Trail) -> None:
	"""Make what these days show, and bring what is there in line with the permits; `days` by person and day."""
	shown = {
		f"VIO-{name}-{day}": (name, day, each.outside)
		for name, own in days.items()
		for day, each in own.items()
		if each.outside and each.day.code in WORKING_CODES
	}
	there = _there(tuple(days), first, last)
	changes = {name: _settled(row, name in shown, _excuse(facts, row)) for name, row in there.items()}
	trail.update(VIOLATION, {name: Change(there[name], new) for name, new in changes.items() if new})
	new = [
		{
			"name": name,
			"personnel": person,
			"personnel_name": facts.people[person].full_name,
			"day": day,
			"kind": OUT_OF_REGION,
			"punch": punch,
			"status": OPEN,
		}
		for name, (person, day, punch) in shown.items()
		if name not in there and day not in facts.excused.get(person, ())
	]
	trail.insert(VIOLATION, new)


def _excuse(facts: "Facts", row: Any) -> str | None:
	return facts.excused.get(row.personnel, {}).get(row.day)


def _settled(row: Any, is_shown: bool, excuse: str | None) -> dict[str, Any]:
	"""What changes about a violation that is there."""
	if row.status == OPEN and excuse:
		return {"status": EXPLAINED, "permit": excuse}
	if row.status == OPEN and not is_shown:
		return {"status": EXPLAINED, "note": row.note or _("No longer a day of work.")}
	if row.status == EXPLAINED and row.permit and row.permit != excuse:
		return {"status": EXPLAINED if excuse else OPEN, "permit": excuse}
	return {}


def _there(names: tuple[str, ...], first: date, last: date) -> dict[str, Any]:
	violation = frappe.qb.DocType(VIOLATION)
	rows = (
		frappe.qb.from_(violation)
		.select(
			violation.name,
			violation.personnel,
			violation.day,
			violation.status,
			violation.permit,
			violation.note,
		)
		.where(violation.personnel.isin(query.NAMES) & violation.day[first:last])
	)
	return query.rows_by(rows, "name", names=names)
