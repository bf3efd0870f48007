"""What a correction of a day must satisfy. The punches stay; the day is made anew with the correction."""

from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime, get_first_day, getdate

from kupang_hr.attendance.days import closed_months
from kupang_hr.attendance.facts import CLAIMED_TIME, CODE, TIMES
from kupang_hr.attendance.schedules import ONE_DAY, window_on
from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.exceptions import CorrectionError, DuplicateCorrectionError


def check_day(day: date) -> None:
	"""Raises CorrectionError for a day to come."""
	if day > today():
		frappe.throw(_("A day to come cannot be corrected."), CorrectionError)


def check_reason(doc: Any) -> None:
	if not (doc.reason or "").strip():
		frappe.throw(_("Write the reason."), CorrectionError)


def check_what(doc: Any) -> None:
	"""A code or times, as the kind says, and not both. Raises CorrectionError."""
	if doc.kind == CODE:
		if not doc.code:
			frappe.throw(_("Choose the code."), CorrectionError)
		if doc.in_at or doc.out_at or doc.punch:
			frappe.throw(_("A correction of the code has no times."), CorrectionError)
		return
	if doc.code:
		frappe.throw(_("A correction of times has no code."), CorrectionError)
	if not (doc.in_at or doc.out_at):
		frappe.throw(_("Give the time that was missed."), CorrectionError)
	if doc.kind == TIMES and doc.punch:
		frappe.throw(_("A claimed time is accepted from its punch."), CorrectionError)


def check_times(doc: Any) -> None:
	"""The times lie within the hours of that day, In before Out. Raises CorrectionError."""
	first, last = (get_datetime(at) if at else None for at in (doc.in_at, doc.out_at))
	if first and last and first >= last:
		frappe.throw(_("The person leaves before coming."), CorrectionError)
	opens, closes = _hours(doc.personnel, getdate(doc.day))
	for at in filter(None, (first, last)):
		if not opens <= at < closes:
			frappe.throw(
				_("{0} is not a time of this day: it lasts from {1} to {2}.").format(
					*(frappe.format(each, "Datetime") for each in (at, opens, closes))
				),
				CorrectionError,
			)


def _hours(personnel: str, day: date) -> tuple[datetime, datetime]:
	"""When entries of a day are taken; without hours on that day, from midnight to midnight."""
	window = window_on(personnel, day)
	if window:
		return window.opens, window.closes
	return get_datetime(day), get_datetime(day + ONE_DAY)


def check_punch(doc: Any) -> None:
	"""A claimed time is that of a punch of this person, and the only time given. Raises CorrectionError."""
	fields = ["personnel", "claimed_at", "counted_at", "direction"]
	punch = frappe.db.get_value("Attendance Punch", doc.punch, fields, as_dict=True) if doc.punch else None
	if not punch or punch.personnel != doc.personnel or not punch.claimed_at:
		frappe.throw(_("A claimed time needs a punch of this person that claims one."), CorrectionError)
	if punch.claimed_at == punch.counted_at:
		frappe.throw(_("{0} counts at its claimed time already.").format(doc.punch), CorrectionError)
	given = [get_datetime(at) for at in (doc.in_at, doc.out_at) if at]
	wrong_field = {"In": doc.out_at, "Out": doc.in_at}.get(punch.direction)
	if given != [punch.claimed_at] or wrong_field:
		frappe.throw(_("The time is not what {0} claims.").format(doc.punch), CorrectionError)


def check_single(doc: Any) -> None:
	"""One approved correction of times or code a day, one acceptance a punch. Raises DuplicateCorrectionError.

	The person's row is held, so of two approved at once the second one sees the first; the row of one that still
	waits for the person is passed over, or the two would wait for each other.
	"""
	frappe.db.get_value("Personnel", doc.personnel, "name", for_update=True)
	other = frappe.qb.DocType("Attendance Correction")
	rows = frappe.qb.from_(other).select(other.name).where((other.docstatus == 1) & (other.name != doc.name))
	rows = rows.where((other.personnel == doc.personnel) & (other.day == getdate(doc.day)))
	if doc.kind == CLAIMED_TIME:
		rows = rows.where(other.punch == doc.punch)
	else:
		rows = rows.where(other.kind.isin((TIMES, CODE)))
	found = query.values(rows.orderby(other.name).for_update(skip_locked=True))
	if found:
		frappe.throw(
			_("This day has been corrected already, by {0}.").format(found[0]), DuplicateCorrectionError
		)


def warn_of_closed_month(day: date) -> None:
	"""The pay of a closed month stays: what this changes comes with the next closing, as a correction line."""
	if get_first_day(day) in closed_months(day, day):
		frappe.msgprint(
			_("{0} is closed. The correction comes with the next closing, as a line of its own.").format(
				f"{day:%Y-%m}"
			),
			indicator="orange",
		)
