"""What a permit must satisfy, and the days that it changes."""

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from kupang_hr.attendance.days import rebuild
from kupang_hr.attendance.facts import EXCUSES_LEAVING, OUT_OF_REGION
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail
from kupang_hr.cycle.stand_down import local_revisions
from kupang_hr.exceptions import PermitError, PermitOverlapError
from kupang_hr.rules.calendar import city_holidays
from kupang_hr.rules.contract import LEFT

PRIVATE = "/private/files/"
NAMED_HOLIDAYS = 3


def check_dates(permit: Any) -> None:
	"""Raises PermitError where the days are out of order, or half a day is more than one."""
	first, last = getdate(permit.from_date), getdate(permit.to_date)
	if last < first:
		frappe.throw(_("The permit ends before it begins."), PermitError)
	if permit.part and first != last:
		frappe.throw(_("Half a day is a permit for one day."), PermitError)
	if permit.part and permit.kind == OUT_OF_REGION:
		frappe.throw(_("A permit to leave the region is for whole days."), PermitError)


def check_person(personnel: str) -> None:
	"""Raises PermitError for somebody who has left."""
	name, duty = frappe.db.get_value("Personnel", personnel, ["full_name", "duty_status"])
	if duty == LEFT:
		frappe.throw(_("{0} has left.").format(name), PermitError)


def check_letter(permit: Any) -> None:
	"""Leaving the office or the region on duty rests on a letter: its number, or the letter itself."""
	if permit.kind in EXCUSES_LEAVING and not ((permit.letter_number or "").strip() or permit.attachment):
		frappe.throw(
			_("{0} needs the number of the Surat Tugas, or its copy.").format(_(permit.kind)), PermitError
		)


def check_private(doc: Any) -> None:
	"""A doctor's note is nobody else's business: no file of the document is public. Raises PermitError."""
	public = doc.attachment and not doc.attachment.startswith(PRIVATE)
	if not public and not doc.is_new():
		attached = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "is_private": 0}
		public = frappe.db.exists("File", attached)
	if public:
		frappe.throw(_("Attach the file as a private one."), PermitError)


def check_no_overlap(permit: Any) -> None:
	"""Raises PermitOverlapError if another submitted permit of the kind shares a day, or the same half of it.

	The person's row is held, so of two submitted at once the second one sees the first; the row of one that still
	waits for the person is passed over, or the two would wait for each other.
	"""
	frappe.db.get_value("Personnel", permit.personnel, "name", for_update=True)
	other = frappe.qb.DocType("Absence Permit")
	rows = (
		frappe.qb.from_(other)
		.select(other.name, other.part, other.from_date, other.to_date)
		.where((other.personnel == permit.personnel) & (other.kind == permit.kind) & (other.docstatus == 1))
		.where((other.from_date <= getdate(permit.to_date)) & (other.to_date >= getdate(permit.from_date)))
		.where(other.name != permit.name)
		.orderby(other.from_date)
	)
	for row in query.run(rows.for_update(skip_locked=True)):
		if not (row.part and permit.part and row.part != permit.part):
			frappe.throw(
				_("{0} from {1} to {2} is permitted already, by {3}.").format(
					_(permit.kind),
					frappe.format(row.from_date, "Date"),
					frappe.format(row.to_date, "Date"),
					row.name,
				),
				PermitOverlapError,
			)


def holidays_in(first: date, last: date) -> list[str]:
	"""The names of the holidays that a permit lies over; they stay holidays."""
	return [f"{day}: {each.name}" for day, each in city_holidays(first, last, local_revisions()).items()]


def warn_of_holidays(permit: Any) -> None:
	names = holidays_in(getdate(permit.from_date), getdate(permit.to_date))
	if not names:
		return
	lines = [_("Holidays stay holidays, with or without a permit:"), *names[:NAMED_HOLIDAYS]]
	if more := len(names[NAMED_HOLIDAYS:]):
		lines.append(f"… +{more}")
	frappe.msgprint("<br>".join(lines), indicator="orange")


def warn_of_missing_note(permit: Any) -> None:
	"""The note of a doctor may come later: it can be attached to the approved permit."""
	if permit.kind == "Sick" and not permit.attachment:
		frappe.msgprint(_("No doctor's note is attached yet."), indicator="orange", alert=True)


def rebuild_days(personnel: str, first: Any, last: Any) -> None:
	"""Bring the person's days up to date, in the transaction of the document that changes them."""
	rebuild([personnel], getdate(first), getdate(last), Trail(frappe.session.user, None), lock=True)
