"""Recording attendance: the phone of a person, terminals and the e-Kinerja app, and what the page shows.

Moments are naive WITA, "YYYY-MM-DDTHH:MM:SS". A field that an endpoint does not have is refused, so are a body
that is neither JSON nor a form (415) and one that is too large (413). A refusal has its `exc_type`.
"""

from typing import Any

import frappe
from frappe import _
from frappe.sessions import get_csrf_token

from kupang_hr.api.sent import check_sent, needed
from kupang_hr.attendance import devices, mine, punches, requests
from kupang_hr.attendance import ingest as source_rows
from kupang_hr.exceptions import PunchInputError

SELF, DEVICE = "Personnel Self Service", "Attendance Device"
INGEST_KILOBYTES, PERMIT_KILOBYTES = 2048, 3072
MOST_DAYS = 62
Text = str | int | float | bool | None  # what may arrive for a text, to be refused by name


@frappe.whitelist(methods=["POST"])
def punch(
	direction: Text = None,
	mode: Text = None,
	source_id: Text = None,
	device: Text = None,
	signature: Text = None,
	latitude: Text = None,
	longitude: Text = None,
	accuracy: Text = None,
	claimed_at: Text = None,
	mock: Text = None,
) -> dict[str, Any]:
	"""Record a punch for oneself, signed by one's approved phone. Personnel Self Service.

	Every value is a text, as the phone signed it (`attendance.keys`: one JSON object with the keys accuracy,
	claimed_at, device, direction, latitude, longitude, mock, mode, source_id in this order, texts all of them, ""
	where there is none, no spaces; ECDSA P-256 with SHA-256, r and s in base64url). `direction` In or Out; `mode` WFO,
	WFH or Field; degrees and metres as decimals, latitude and longitude both or neither; `mock` 1 where the phone
	says that the position is made up; `claimed_at` when the button was pressed; `source_id` the phone's nonce.

	Answers {status: accepted | duplicate, name, received_at, counted_at, claimed_at, direction, mode, flags,
	flag_words, day}. The same source_id again is the same punch. Raises NotPersonnelError, UnknownDeviceError,
	DeviceNotApprovedError, SignatureError, PunchInputError, PunchTimeError, RepeatedPunchError, TooManyPunchesError.
	"""
	check_sent(punch)
	frappe.only_for(SELF)
	given = {
		"accuracy": accuracy,
		"claimed_at": claimed_at,
		"device": device,
		"direction": direction,
		"latitude": latitude,
		"longitude": longitude,
		"mock": mock,
		"mode": mode,
		"source_id": source_id,
	}
	return punches.punch(given, signature)


@frappe.whitelist(methods=["POST"])
def ingest(rows: str | list | dict | None = None) -> list[dict[str, Any]]:
	"""Record the punches of many people, from an approved source of the caller's. Attendance Device.

	`rows`: up to 5,000 objects with personnel or nip, at (ISO, WITA unless it has an offset), source_id, and
	direction, mode (Device unless given), latitude, longitude, accuracy, mock. They count at the time they name.
	Answers for each row {source_id, status: accepted | duplicate | refused, name, reason}, in their order.
	"""
	check_sent(ingest, INGEST_KILOBYTES)
	frappe.only_for(DEVICE)
	try:
		parsed = frappe.parse_json(rows)
	except ValueError:
		parsed = None
	if not isinstance(parsed, list):
		frappe.throw(_("Rows are given as a list."), PunchInputError)
	return source_rows.ingest(parsed)


@frappe.whitelist(methods=["POST"])
def register_device(label: str | None = None, public_key: str | dict | None = None) -> dict[str, Any]:
	"""Ask for one's phone to be approved, by the public key of its browser (JWK). Personnel Self Service.

	The same key again answers the same device. Answers {name, status, thumbprint, label}.
	"""
	check_sent(register_device)
	frappe.only_for(SELF)
	needed(public_key=public_key)
	device = devices.register(devices.person_of(frappe.session.user), label, public_key)
	return {field: device.get(field) for field in ("name", "status", "thumbprint", "label")}


@frappe.whitelist(methods=["POST"])
def decide_device(
	name: str | None = None, approve: int | bool | str | None = None, reason: str | None = None
) -> dict[str, Any]:
	"""Approve a device (its owner's former one is revoked), or refuse or revoke it for a reason.

	The OPD head of a phone's person, BKPPD Head, System Manager; nobody their own. Answers {name, status}.
	"""
	check_sent(decide_device)
	needed(name=name, approve=approve)
	is_approved = frappe.utils.sbool(approve) in (True, 1, "1")
	return {"name": name, "status": devices.decide(name, is_approved, reason)}


@frappe.whitelist(methods=["GET"])
def my_day(thumbprint: str | None = None) -> dict[str, Any]:
	"""What the page paints of today: who I am, hours, entries, this phone, my requests. Anybody logged in.

	It brings a CSRF token, since the page itself may be an old one from a phone's store.
	"""
	check_sent(my_day)
	return {**mine.my_day(frappe.session.user, thumbprint), "csrf_token": get_csrf_token()}


@frappe.whitelist(methods=["GET"])
def my_days(count: int = 10) -> list[dict[str, Any]]:
	"""My last days that have something to say, newest first; at most 62. Personnel Self Service."""
	check_sent(my_days)
	frappe.only_for(SELF)
	return mine.my_days(devices.person_of(frappe.session.user).name, max(1, min(int(count), MOST_DAYS)))


@frappe.whitelist(methods=["POST"])
def request_permit(
	kind: str | None = None,
	from_date: str | None = None,
	to_date: str | None = None,
	reason: str | None = None,
	part: str | None = None,
	letter_number: str | None = None,
	attachment_name: str | None = None,
	attachment_base64: str | None = None,
) -> dict[str, Any]:
	"""Ask for a permit for oneself; its letter a PDF, JPEG or PNG up to 2 MB, kept private. Personnel Self Service.

	Answers {doctype, name, docstatus}; the OPD decides.
	"""
	check_sent(request_permit, PERMIT_KILOBYTES)
	frappe.only_for(SELF)
	needed(kind=kind, from_date=from_date, to_date=to_date, reason=reason)
	values = {
		"kind": kind,
		"from_date": requests.parsed_day(from_date),
		"to_date": requests.parsed_day(to_date),
		"reason": reason,
		"part": part or None,
		"letter_number": letter_number,
	}
	return requests.day_words(requests.request_permit(values, attachment_name or "", attachment_base64 or ""))


@frappe.whitelist(methods=["POST"])
def request_correction(
	day: str | None = None,
	reason: str | None = None,
	in_at: str | None = None,
	out_at: str | None = None,
	code: str | None = None,
) -> dict[str, Any]:
	"""Ask for a day of one's own to be mended: times ("HH:MM" of that day, or a moment) or a code.

	Personnel Self Service. Answers {doctype, name, docstatus}; the OPD decides.
	"""
	check_sent(request_correction)
	frappe.only_for(SELF)
	needed(day=day, reason=reason)
	asked = requests.request_correction(day, reason, in_at or "", out_at or "", code or "")
	return requests.day_words(asked)


@frappe.whitelist(methods=["POST"])
def accept_claimed(punch: str | None = None, reason: str | None = None) -> dict[str, Any]:
	"""Let a late received punch count at the time it claims. OPD Head of the person.

	Makes and submits an Attendance Correction; answers {doctype, name, docstatus}.
	"""
	check_sent(accept_claimed)
	needed(punch=punch)
	return requests.day_words(requests.accept_claimed(punch, reason or ""))
