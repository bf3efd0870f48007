"""Recording one punch: who, by which phone, where, when; written once and never changed.

A punch is a row of its own making, not a saved document: nobody else writes that table, so what a document's
insert would look at (hooks, links, permissions of fields) is looked at here, or is nothing. Two reads and one
insert; the unique key (source, source_id) makes a retry the same punch.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import time
from typing import Any

import frappe
from frappe import _

from kupang_hr.attendance import devices, keys
from kupang_hr.attendance.arrivals import Arrival, check_time, from_phone
from kupang_hr.attendance.evidence import PUNCH, flags_of, sign_row, site_key
from kupang_hr.attendance.recording import Recording, recording
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import STAMPS, new_names
from kupang_hr.clock import now
from kupang_hr.exceptions import (
	PunchInputError,
	RepeatedPunchError,
	SignatureError,
	TooManyPunchesError,
	UnknownDeviceError,
)
from kupang_hr.rules.attendance import DEVICE, WFO
from kupang_hr.rules.geo import Fix, Limits, Position, PunchFacts, punch_flags

LOOK_BACK = timedelta(days=3)  # how far earlier punches count for speed and repeated positions
MINUTE = 60
KEPT_SECONDS = 10  # how long the second of a punch is kept from another process
SHOWN = ("name", "received_at", "counted_at", "claimed_at", "direction", "mode")
NEWEST = 20  # of a person's earlier punches, that a new one is held against
EARLIER = (
	"name",
	"personnel",
	"direction",
	"counted_at",
	"claimed_at",
	"latitude",
	"longitude",
	"accuracy",
	"source",
	"source_id",
)


@dataclass(frozen=True)
class Sender:
	"""Whose punch it is, and the device that brings it."""

	personnel: str
	personnel_name: str
	opd: str
	source: str
	device: str
	schedule: str | None = None


def punch(given: Mapping[str, Any], signature: Any) -> dict[str, Any]:
	"""Record a punch of the session's user, signed by their phone; what the endpoint answers.

	`given`: a text, or None, for each of `keys.SIGNED`. A retry answers what the first one made.
	"""
	received, rules = now(), recording()
	try:
		arrival = from_phone(given)
		made = arrival.at or received
		check_time(made, received, rules.oldest_days)
	except PunchInputError as error:
		frappe.throw(str(error), type(error))
	sender = _sender(given, signature, frappe.session.user)
	earlier = earlier_punches([sender.personnel], made - LOOK_BACK, newest=NEWEST).get(sender.personnel, [])
	for row in earlier:
		if (row.source, row.source_id) == (sender.source, arrival.source_id):
			return answer(_written(row.source, row.source_id), "duplicate", sender, rules)
		if is_repeated(row, arrival.direction, made):
			refuse_repeated(arrival.direction, made)
	_check_rate(sender.personnel, arrival, made, rules.punches_a_minute)
	flags = flags_for(arrival, sender.opd, made, received, earlier, rules)
	row = row_of(arrival, sender, received, received, flags, new_names(1)[0])
	try:
		query.insert_dicts(PUNCH, [sign_row(row, site_key())])
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		frappe.db.rollback()  # another call of the same punch was faster; nothing else was written here
		return answer(_written(sender.source, arrival.source_id), "duplicate", sender, rules)
	return answer(row, "accepted", sender, rules)


def _sender(given: Mapping[str, Any], signature: Any, user: str) -> Sender:
	"""The person of the login with their phone, from one query; the phone must have signed what was sent."""
	person, device = frappe.qb.DocType("Personnel"), frappe.qb.DocType(devices.DOCTYPE)
	its_phone = (device.personnel == person.name) & (device.kind == devices.PHONE)
	rows = query.run(
		frappe.qb.from_(person)
		.left_join(device)
		.on(its_phone & ((device.thumbprint == given["device"]) | (device.name == given["device"])))
		.select(person.name, person.full_name, person.opd, person.work_schedule)
		.select(device.name.as_("device"), device.label, device.status, device.public_key)
		.where(person.user == user)
	)
	if not rows:
		devices.refuse_stranger()
	row = rows[0]
	if not row.device:
		frappe.throw(_("This phone is not registered for you. Register it first."), UnknownDeviceError)
	if row.status != devices.APPROVED:
		devices.refuse_status(row.label, row.status)
	if not keys.is_signed(frappe.parse_json(row.public_key), keys.signed_text(given), signature):
		frappe.throw(_("The signature is not that of this phone over what was sent."), SignatureError)
	source = devices.source_name(devices.PHONE, row.device)
	return Sender(row.name, row.full_name, row.opd, source, row.device, row.work_schedule)


def earlier_punches(
	people: Sequence[str], since: datetime, until: datetime | None = None, newest: int | None = None
) -> dict[str, list[frappe._dict]]:
	"""The punches of people counted since then, by person, in the order in which they were made.

	`newest`: no more than so many, the newest ones; for one person.
	"""
	if not people:
		return {}
	table = frappe.qb.DocType(PUNCH)
	rows = (
		frappe.qb.from_(table)
		.select(*(table[column] for column in EARLIER))
		.where(table.personnel.isin(query.NAMES) & (table.counted_at >= since))
	)
	if until is not None:
		rows = rows.where(table.counted_at <= until)
	if newest:
		rows = rows.orderby(table.counted_at, order=frappe.qb.desc).limit(newest)
	found: dict[str, list[frappe._dict]] = {}
	for row in query.run(rows, names=tuple(people)):
		found.setdefault(row.personnel, []).append(row)
	for those in found.values():
		those.sort(key=lambda row: (made_at(row), row.name))
	return found


def made_at(row: Mapping[str, Any]) -> datetime:
	"""When a punch was made as far as anybody knows: the claimed time, otherwise the one that counts."""
	return row["claimed_at"] or row["counted_at"]


def is_repeated(row: Mapping[str, Any], direction: str | None, made: datetime) -> bool:
	"""Whether a punch of this direction was made in the same second."""
	same_second = made_at(row).replace(microsecond=0) == made.replace(microsecond=0)
	return same_second and (row["direction"] or None) == direction


def repeated_text(direction: str | None, made: datetime) -> str:
	"""Why a second punch of the same second is refused."""
	text = _("There is a punch {0} of {1} already; two in one second are one too many.")
	return text.format(_(direction) if direction else "", made.isoformat(sep=" ", timespec="seconds"))


def refuse_repeated(direction: str | None, made: datetime) -> None:
	frappe.throw(repeated_text(direction, made), RepeatedPunchError)


def _check_rate(personnel: str, arrival: Arrival, made: datetime, most: int) -> None:
	"""Count the punches of this minute, and keep the second from a process that has not seen this punch yet.

	One trip to the cache. Raises TooManyPunchesError, RepeatedPunchError.
	"""
	minute = int(time()) // MINUTE
	rate = frappe.cache.make_key(f"kupang_hr_punches|{personnel}|{minute}")
	moment = made.isoformat(timespec="seconds")
	second = frappe.cache.make_key(f"kupang_hr_second|{personnel}|{arrival.direction}|{moment}")
	with frappe.cache.pipeline(transaction=False) as cache:
		cache.incr(rate)
		cache.expire(rate, MINUTE)
		cache.set(second, arrival.source_id, nx=True, ex=KEPT_SECONDS)
		cache.get(second)
		count, _expires, _is_first, keeper = cache.execute()
	if most and count > most:
		frappe.throw(
			_("More than {0} punches in a minute. Try again later.").format(most), TooManyPunchesError
		)
	if keeper not in (None, arrival.source_id.encode()):
		refuse_repeated(arrival.direction, made)


def flags_for(
	arrival: Arrival,
	opd: str,
	made: datetime,
	received: datetime,
	earlier: Iterable[Mapping[str, Any]],
	rules: Recording,
) -> tuple[str, ...]:
	"""The flags of a punch. `earlier`: the person's, in the order in which they were made."""
	from_device = arrival.mode == DEVICE
	office = rules.office_of(opd) if arrival.mode == WFO else None
	limits = rules.limits
	if from_device:  # a terminal stands where it stands
		limits = Limits(limits.accuracy_metres, limits.speed_kmh, 0, limits.late_after)
	facts = PunchFacts(
		arrival.position,
		made,
		received,
		needs_position=not from_device,
		office=office and office.point,
		office_radius=office.radius if office else 0.0,
		may_not_leave=True,  # whether the person had to stay is decided at night, with permits and calendar
		is_mock=arrival.is_mock,
		earlier=fixes(earlier, made) if arrival.position else (),
	)
	return punch_flags(facts, rules.boundary, limits)


def fixes(rows: Iterable[Mapping[str, Any]], before: datetime) -> list[Fix]:
	"""The known positions of punches made before then."""
	return [
		Fix(
			Position(float(row["latitude"]), float(row["longitude"]), float(row["accuracy"] or 0)),
			made_at(row),
		)
		for row in rows
		if row["latitude"] and row["longitude"] and made_at(row) <= before
	]


def row_of(
	arrival: Arrival,
	sender: Sender,
	received: datetime,
	counted: datetime,
	flags: Sequence[str],
	name: str,
) -> dict[str, Any]:
	"""The row of a new punch, without its signature."""
	user = frappe.session.user
	stamps = dict(zip(STAMPS, (name, user, received, received, user, 0, 0), strict=True))
	return {
		**stamps,
		"personnel": sender.personnel,
		"personnel_name": sender.personnel_name,
		"received_at": received,
		"counted_at": counted,
		**arrival.columns(),
		"raised_flags": ", ".join(flags),
		"device": sender.device,
		"source": sender.source,
		"position_blanked": 0,
	}


def _written(source: str, source_id: str) -> frappe._dict:
	table = frappe.qb.DocType(PUNCH)
	rows = frappe.qb.from_(table).select(*(table[column] for column in (*SHOWN, "raised_flags")))
	return query.run(rows.where((table.source == source) & (table.source_id == source_id)))[0]


def answer(row: Mapping[str, Any], status: str, sender: Sender, rules: Recording) -> dict[str, Any]:
	"""What a phone is told of its punch; `day`: the working day that it counts to."""
	flags = flags_of(row["raised_flags"])
	told = {field: row[field] for field in SHOWN}
	for moment in ("received_at", "counted_at", "claimed_at"):
		told[moment] = told[moment] and told[moment].isoformat()
	day = rules.day_of(sender.personnel, sender.opd, sender.schedule, row["counted_at"])
	words = [_(flag) for flag in flags]
	return {"status": status, **told, "flags": list(flags), "flag_words": words, "day": day.isoformat()}
