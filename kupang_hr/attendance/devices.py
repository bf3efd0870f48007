"""Phones and sources: who registered them, who decided, and which may record.

A person has at most one approved phone: approving another revokes the one before. A source (a terminal, the
e-Kinerja app) belongs to a user of the role Attendance Device, who has at most one approved source.
"""

import json
from collections.abc import Mapping

import frappe
from frappe import _
from frappe.utils import now_datetime

from kupang_hr.access.criterion import MANAGERS, sees_person
from kupang_hr.attendance.keys import KeyProblem, public_jwk, thumbprint
from kupang_hr.bulk import query
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.exceptions import (
	DeviceError,
	DeviceKeyError,
	DeviceNotApprovedError,
	DeviceTakenError,
	NotPersonnelError,
	UnknownDeviceError,
)

DOCTYPE = "Registered Device"
PHONE, SOURCE = "Phone", "Source"
REQUESTED, APPROVED, REFUSED, REVOKED = "Requested", "Approved", "Refused", "Revoked"
PERSON_FIELDS = ("name", "full_name", "nip", "opd", "duty_status")
LABEL_LENGTH = 140


def source_name(kind: str, device: str) -> str:
	"""What stands as the source of a device's punches."""
	return f"{kind}:{device}"


def person_of(user: str) -> frappe._dict:
	"""The person whose login this is. Raises NotPersonnelError."""
	person = frappe.db.get_value("Personnel", {"user": user}, PERSON_FIELDS, as_dict=True)
	if not person:
		refuse_stranger()
	return person


def refuse_stranger() -> None:
	frappe.throw(_("This login belongs to nobody of the personnel."), NotPersonnelError)


def parsed_key(given: str | Mapping) -> tuple[str, str]:
	"""A public key as it is kept, and its thumbprint. Raises DeviceKeyError."""
	try:
		jwk = public_jwk(given)
	except KeyProblem as problem:
		frappe.throw(
			_("A phone is registered by a public ECDSA key of the curve P-256 as JWK; this is {0}.").format(
				problem
			),
			DeviceKeyError,
		)
	return json.dumps(jwk, separators=(",", ":")), thumbprint(jwk)


def register(person: frappe._dict, label: str | None, public_key: str | Mapping):
	"""The document of this phone for this person: made now, or the one that is there. Raises DeviceTakenError."""
	key, print_of_key = parsed_key(public_key)
	known = frappe.db.get_value(DOCTYPE, {"thumbprint": print_of_key})
	if known:
		device = frappe.get_doc(DOCTYPE, known)
		if device.personnel != person.name:
			frappe.throw(_("This phone is registered for somebody else."), DeviceTakenError)
		return device
	device = frappe.new_doc(DOCTYPE)
	device.update(
		{
			"label": (label or "").strip()[:LABEL_LENGTH] or _("Phone"),
			"kind": PHONE,
			"personnel": person.name,
			"personnel_name": person.full_name,
			"public_key": key,
			"thumbprint": print_of_key,
		}
	)
	return device.insert(ignore_permissions=True)


def decide(name: str, approve: bool, reason: str | None) -> str:
	"""Approve, refuse or revoke a device as the session's user; its new status.

	The OPD head of the person decides about a phone, BKPPD about a phone or a source; nobody about their own.
	"""
	device = frappe.get_doc(DOCTYPE, name, for_update=True)
	if refusal := why_not_to_decide(device, frappe.session.user):
		frappe.throw(refusal, frappe.PermissionError)
	reason = (reason or "").strip()
	status = APPROVED if approve else REVOKED if device.status in (APPROVED, REVOKED) else REFUSED
	if device.status == status:
		return status
	if not approve and not reason:
		frappe.throw(_("Say why this device is not approved."), DeviceError)
	if approve:
		_revoke_others(device)
	_settle(device, status, reason)
	return status


def why_not_to_decide(device, user: str) -> str | None:
	"""Why a user may not decide about a device, None if they may."""
	roles = frozenset(frappe.get_roles(user)) | {user}
	own = device.user == user or (
		device.personnel and frappe.db.get_value("Personnel", device.personnel, "user") == user
	)
	if own:
		return _("Nobody decides about their own device.")
	heads = "OPD Head" in roles and device.kind == PHONE and sees_person(device.personnel, user, DOCTYPE)
	return None if heads or roles & MANAGERS else _("The head of the person's OPD decides about this device.")


def _revoke_others(device) -> None:
	"""Take the approval from what the owner had before; their row is locked, so that two heads do not cross."""
	if device.kind == PHONE:
		lock_rows("Personnel", [device.personnel], ())
		owner = {"personnel": device.personnel}
	else:
		lock_rows("User", [device.user], ())
		owner = {"user": device.user}
	filters = {**owner, "kind": device.kind, "status": APPROVED, "name": ("!=", device.name)}
	for other in frappe.get_all(DOCTYPE, filters=filters, pluck="name", order_by="name asc"):
		_settle(frappe.get_doc(DOCTYPE, other, for_update=True), REVOKED, _("Another device was approved."))


def _settle(device, status: str, reason: str) -> None:
	device.update({"status": status, "decided_by": frappe.session.user, "decided_at": now_datetime()})
	device.decision_reason = reason
	device.flags.decided = True
	device.save(ignore_permissions=True)


def source_of(user: str) -> str:
	"""The approved source whose user this is. Raises UnknownDeviceError, DeviceNotApprovedError."""
	table = frappe.qb.DocType(DOCTYPE)
	rows = query.run(
		frappe.qb.from_(table)
		.select(table.name, table.label, table.status)
		.where((table.kind == SOURCE) & (table.user == user))
		.orderby(table.creation)
	)
	if not rows:
		frappe.throw(_("No source of punches is registered for this login."), UnknownDeviceError)
	approved = [row.name for row in rows if row.status == APPROVED]
	if not approved:
		refuse_status(rows[-1].label, rows[-1].status)
	return approved[0]


def refuse_status(label: str, status: str) -> None:
	"""Say why a device that is not approved may not record."""
	text = {
		REQUESTED: _("The device {0} is waiting for approval by the OPD."),
		REFUSED: _("The device {0} was refused by the OPD."),
		REVOKED: _("The device {0} is no longer approved."),
	}[status]
	frappe.throw(text.format(label), DeviceNotApprovedError)
