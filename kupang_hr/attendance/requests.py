"""Requests of a person about their own days, and the acceptance of a claimed time by the OPD."""

import binascii
from base64 import b64decode
from datetime import datetime
from typing import Any

import frappe
from frappe import _

from kupang_hr.attendance.arrivals import parsed_moment, shown
from kupang_hr.attendance.devices import person_of
from kupang_hr.attendance.facts import CLAIMED_TIME, CODE, TIMES
from kupang_hr.attendance.schedules import day_of
from kupang_hr.exceptions import CorrectionError, PermitError, PunchTimeError
from kupang_hr.rules.attendance import OUT

MOST_BYTES = 2 * 1024 * 1024
KINDS = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}
TIME_LENGTHS = (5, 8)  # HH:MM and HH:MM:SS


def request_permit(values: dict[str, Any], attachment_name: str, attachment_base64: str):
	"""A draft permit for the session's person, with its letter as a private file."""
	person = person_of(frappe.session.user)
	content, ending = _attachment(attachment_base64)
	permit = frappe.get_doc({"doctype": "Absence Permit", "personnel": person.name, **values}).insert()
	if content:
		_attach(permit, f"{permit.name}{ending}", content)
	return permit


def _attachment(text: str) -> tuple[bytes, str]:
	"""The bytes of a file and the ending that its content has."""
	if not text:
		return b"", ""
	try:
		content = b64decode(text.rpartition(",")[2], validate=True)
	except (binascii.Error, ValueError):
		frappe.throw(_("The attachment is not base64."), PermitError)
	if len(content) > MOST_BYTES:
		frappe.throw(_("The attachment has more than {0} MB.").format(MOST_BYTES // 1024**2), PermitError)
	for start, ending in KINDS.items():
		if content.startswith(start):
			return content, ending
	frappe.throw(_("The attachment is a PDF, JPEG or PNG."), PermitError)


def _attach(permit, name: str, content: bytes) -> None:
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": name,
			"is_private": 1,
			"content": content,
			"attached_to_doctype": permit.doctype,
			"attached_to_name": permit.name,
			"attached_to_field": "attachment",
		}
	)
	file.insert(ignore_permissions=True)
	permit.attachment = file.file_url
	permit.save()


def request_correction(day: str, reason: str, in_at: str, out_at: str, code: str):
	"""A draft correction of a day of the session's person."""
	person = person_of(frappe.session.user)
	on = parsed_day(day)
	return frappe.get_doc(
		{
			"doctype": "Attendance Correction",
			"personnel": person.name,
			"day": on,
			"kind": CODE if code else TIMES,
			"in_at": _moment(on.isoformat(), in_at),
			"out_at": _moment(on.isoformat(), out_at),
			"code": code or None,
			"reason": reason,
		}
	).insert()


def parsed_day(day: str):
	"""A date in ISO form. Raises CorrectionError."""
	try:
		return datetime.strptime(day or "", "%Y-%m-%d").date()
	except ValueError:
		frappe.throw(_("{0} is no date; write YYYY-MM-DD.").format(shown(day)), CorrectionError)


def _moment(day: str, given: str) -> datetime | None:
	if not given:
		return None
	try:
		return parsed_moment(f"{day}T{given}" if len(given) in TIME_LENGTHS else given)
	except PunchTimeError as error:
		frappe.throw(str(error), CorrectionError)


def accept_claimed(punch: str, reason: str):
	"""A submitted correction by which a punch counts at the time that it claims; the OPD's approver."""
	fields = ["personnel", "direction", "claimed_at"]
	row = frappe.db.get_value("Attendance Punch", punch, fields, as_dict=True)
	if not row or not row.claimed_at:
		frappe.throw(_("{0} is no punch that claims a time.").format(shown(punch)), CorrectionError)
	frappe.get_doc("Attendance Punch", punch).check_permission("read")
	correction = frappe.get_doc(
		{
			"doctype": "Attendance Correction",
			"personnel": row.personnel,
			"day": day_of(row.personnel, row.claimed_at),
			"kind": CLAIMED_TIME,
			"punch": punch,
			"out_at" if row.direction == OUT else "in_at": row.claimed_at,
			"reason": reason or _("The claimed time is accepted."),
		}
	)
	correction.insert()
	correction.submit()
	return correction


def day_words(doc: Any) -> dict[str, Any]:
	"""What the caller is told of a document that was made."""
	return {"doctype": doc.doctype, "name": doc.name, "docstatus": int(doc.docstatus)}
