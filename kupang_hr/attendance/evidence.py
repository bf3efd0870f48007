"""The evidence of punches: how rows are signed, how days are sealed, and what was done behind the app's back.

A seal covers the punches received on its day: a hash over the seal before, the day and every punch with its
signature, and a signature of its own with the site's key over all that the document says, the names included.
So the names of a sealed day, and the chain, can be altered only by who has the key of the site config; who takes
the last seals away is found out by the seal that is printed on the daily report.

Not covered: owner, creation and modified of a row, which Frappe keeps and the app does not use.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

import frappe
from frappe import _

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import STAMPS
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.clock import now, today
from kupang_hr.exceptions import EvidenceKeyError
from kupang_hr.rules import evidence

EVIDENCE_KEY = "kupang_hr_attendance_key"  # in the site config
PUNCH, SEAL = "Attendance Punch", "Attendance Seal"
SALT_BYTES = 8
SLICE = 5000  # rows in memory at once
POSITION = ("latitude", "longitude", "accuracy")
COLUMNS = (
	"name",
	"personnel",
	"personnel_name",
	"received_at",
	"counted_at",
	"claimed_at",
	"direction",
	"mode",
	"source",
	"source_id",
	"device",
	"raised_flags",  # "flags" is an attribute of every document
	"mock_location",
	*POSITION,
	"position_blanked",
	"position_salt",
	"position_hash",
	"signature",
)
ONE_DAY = timedelta(days=1)
FIRST_DAY = date(1970, 1, 1)


# Signatures


def site_key() -> bytes:
	"""The key that signs. Raises EvidenceKeyError."""
	key = frappe.conf.get(EVIDENCE_KEY)
	if not key:
		frappe.throw(_("The site config has no {0}.").format(EVIDENCE_KEY), EvidenceKeyError)
	return str(key).encode()


def sign_row(row: dict[str, Any], key: bytes) -> dict[str, Any]:
	"""The row of a new punch with its salt, the hash of its position and its signature."""
	row["position_salt"] = secrets.token_hex(SALT_BYTES)
	row["position_hash"] = _hash(row)
	row["signature"] = evidence.sign(key, _bytes(row))
	return row


def _hash(row: Mapping[str, Any]) -> str:
	return evidence.position_hash(row["position_salt"], *(_float(row[field]) for field in POSITION))


def _float(text: str | None) -> float | None:
	return float(text) if text not in (None, "") else None


def _bytes(row: Mapping[str, Any]) -> bytes:
	return evidence.canonical_bytes(
		evidence.PunchRow(
			row["name"],
			row["personnel"],
			row["personnel_name"],
			row["received_at"],
			row["counted_at"],
			row["claimed_at"],
			row["direction"],
			row["mode"],
			row["source"],
			row["source_id"],
			row["device"],
			flags_of(row["raised_flags"]),
			bool(row["mock_location"]),
			row["position_salt"],
			row["position_hash"],
		)
	)


def flags_of(text: str | None) -> tuple[str, ...]:
	"""The flags that a punch keeps as one text."""
	return tuple(text.split(", ")) if text else ()


def holds(row: Mapping[str, Any], key: bytes, blanked_before: date | None) -> bool:
	"""Whether a punch is as the app wrote it. `blanked_before`: up to which day retention has blanked positions."""
	try:
		if not evidence.verify(key, _bytes(row), row["signature"]):
			return False
		if row["position_blanked"] and not any(row[field] for field in POSITION):
			return blanked_before is not None and row["received_at"].date() < blanked_before
		return row["position_blanked"] == 0 and _hash(row) == row["position_hash"]
	except (ValueError, TypeError, AttributeError):  # a column that the app would never have written
		return False


# Sealing


def seal_days() -> list[str]:
	"""Seal every day since the first punch that is over and has no seal yet; the days sealed now.

	Each day is a transaction of its own, so an outage is caught up with and a second call changes nothing. It
	runs some minutes after midnight, when no punch of the day before is still being written.
	"""
	sealed = []
	while day := _seal_next():
		sealed.append(day)
	return sealed


def _seal_next() -> str | None:
	frappe.db.commit()  # ends the snapshot: what is sealed is what is there now
	lock_rows("DocType", [SEAL], ())  # one at a time
	before = _newest_seal()
	day = before.day + ONE_DAY if before else _first_day()
	if day is None or day >= today():
		frappe.db.rollback()
		return None
	_write_seal(day, before.seal if before else None)
	frappe.db.commit()
	return day.isoformat()


def _write_seal(day: date, previous: str | None) -> None:
	columns = ("name", "signature", "received_at")
	rows = sorted((row["name"], row["signature"]) for row in punches_of(day, columns))
	moment = now()
	document = {
		"name": day.isoformat(),
		"day": day,
		"punches": len(rows),
		"sealed_at": moment,
		"seal": evidence.seal(previous, day, rows),
		"previous_seal": previous,
		"names": "\n".join(name for name, _signature in rows),
	}
	stamps = ("Administrator", moment, moment, "Administrator", 0, 0)
	stamped = dict(zip(STAMPS[1:], stamps, strict=True))
	query.insert_dicts(
		SEAL, [{**stamped, **document, "signature": evidence.sign(site_key(), _seal_bytes(document))}]
	)


def _seal_bytes(seal: Mapping[str, Any]) -> bytes:
	names = sha256((seal["names"] or "").encode()).hexdigest()
	parts = (
		evidence.VERSION,
		seal["name"],
		seal["day"].isoformat(),
		str(seal["punches"]),
		seal["sealed_at"].isoformat(timespec="microseconds"),
		seal["seal"],
		seal["previous_seal"] or "",
		names,
	)
	return "\n".join(parts).encode()


def _newest_seal():
	table = frappe.qb.DocType(SEAL)
	newest = frappe.qb.from_(table).select(table.day, table.seal, table.sealed_at, table.punches)
	rows = query.run(newest.orderby(table.day, order=frappe.qb.desc).limit(1))
	return rows[0] if rows else None


def last_seal() -> frappe._dict | None:
	"""Day, seal, time and count of the newest seal, for the daily report; None before the first."""
	return _newest_seal()


def _first_day() -> date | None:
	table = frappe.qb.DocType(PUNCH)
	first = frappe.qb.from_(table).select(table.received_at).where(table.received_at.isnotnull())
	found = query.values(first.orderby(table.received_at).limit(1))
	return found[0].date() if found else None


def punches_of(
	first: date, columns: Iterable[str] = COLUMNS, open_end: bool = False
) -> Iterator[frappe._dict]:
	"""The punches received on a day, or from `first` on, as they came in, read in slices.

	Each slice begins where the one before ended in the index of the moments, so a day costs the same however many
	years there are. `columns` have the name and received_at.
	"""
	table = frappe.qb.DocType(PUNCH)
	received, name = table.received_at, table.name
	rows = frappe.qb.from_(table).select(*(table[column] for column in columns))
	if not open_end:
		rows = rows.where(received < datetime.combine(first + ONE_DAY, time()))
	rows = rows.orderby(received).orderby(name).limit(SLICE)
	part = query.run(rows.where(received >= datetime.combine(first, time())))
	while part:
		yield from part
		last = part[-1]
		# (received, name) > the last one's, in words that use the index
		following = (received > last.received_at) | (name > last.name)
		part = query.run(rows.where((received >= last.received_at) & following))


# Verifying


@dataclass
class Findings:
	"""What was done behind the app's back; names of punches by day, and sentences about seals."""

	punches: int = 0
	sealed_days: int = 0
	last_seal: str | None = None
	changed: dict[str, list[str]] = field(default_factory=dict)
	removed: dict[str, list[str]] = field(default_factory=dict)
	inserted: dict[str, list[str]] = field(default_factory=dict)
	open_changed_or_inserted: list[str] = field(default_factory=list)
	seals: list[str] = field(default_factory=list)

	def __bool__(self) -> bool:
		return bool(
			self.changed or self.removed or self.inserted or self.open_changed_or_inserted or self.seals
		)


def check(printed_seal: str | None = None) -> Findings:
	"""Compare every punch with its signature, and every sealed day with its seal.

	`printed_seal`: one from a daily report; that it is missing in the chain is a finding. Reads a day at a time.
	"""
	found, key = Findings(), site_key()
	blanked = _blanked_before()
	previous, first, seals = None, None, set()
	for seal in _seals():
		first = first or seal.day
		_check_seal(seal, previous, key, found)
		_check_day(seal, key, blanked, found)
		previous = seal
		seals.add(seal.seal)
	found.last_seal = previous.seal if previous else None
	_check_open(previous.day if previous else None, key, blanked, found)
	_check_before(first or FIRST_DAY, found)
	_move_to_changed(found)
	if printed_seal and printed_seal not in seals:
		found.seals.append(_("The seal {0} is not in the chain.").format(printed_seal))
	return found


def _seals() -> Iterator[frappe._dict]:
	table = frappe.qb.DocType(SEAL)
	fields = ("name", "day", "punches", "sealed_at", "seal", "previous_seal", "signature", "names")
	one = frappe.qb.from_(table).select(*(table[field] for field in fields)).orderby(table.day).limit(1)
	after = date.min
	while rows := query.run(one.where(table.day > after)):
		yield rows[0]
		after = rows[0].day


def _check_seal(seal, previous, key: bytes, found: Findings) -> None:
	try:
		is_signed = evidence.verify(key, _seal_bytes(seal), seal.signature)
	except (TypeError, AttributeError):
		is_signed = False
	if not is_signed:
		found.seals.append(_("The seal of {0} was changed.").format(seal.day))
	if previous:
		missing = (seal.day - previous.day).days - 1
		if missing:
			text = _("Between {0} and {1} the seals of {2} days are missing.")
			found.seals.append(text.format(previous.day, seal.day, missing))
		elif seal.previous_seal != previous.seal:
			found.seals.append(
				_("The seal of {0} does not follow that of {1}.").format(seal.day, previous.day)
			)
	elif seal.previous_seal:
		found.seals.append(_("Before {0} seals are missing.").format(seal.day))
	found.sealed_days += 1


def _check_day(seal, key: bytes, blanked: date | None, found: Findings) -> None:
	sealed = set(seal.names.split("\n")) if seal.names else set()
	present, signatures, changed = set(), [], []
	for row in punches_of(seal.day):
		present.add(row.name)
		signatures.append((row.name, row.signature or ""))
		if row.name in sealed and not holds(row, key, blanked):
			changed.append(row.name)
	found.punches += len(present)
	day = seal.day.isoformat()
	for book, names in (
		(found.changed, changed),
		(found.removed, sealed - present),
		(found.inserted, present - sealed),
	):
		if names:
			book[day] = sorted(names)
	untouched = not changed and sealed == present
	if untouched and evidence.seal(seal.previous_seal, seal.day, signatures) != seal.seal:
		found.seals.append(_("The seal of {0} is not that of its punches.").format(seal.day))


def _check_open(last_day: date | None, key: bytes, blanked: date | None, found: Findings) -> None:
	"""Punches of the days that are not sealed yet."""
	for row in punches_of(last_day + ONE_DAY if last_day else FIRST_DAY, open_end=True):
		found.punches += 1
		if not holds(row, key, blanked):
			found.open_changed_or_inserted.append(row.name)


def _check_before(first_day: date, found: Findings) -> None:
	"""Punches where no day has ever been: before the first one, or without one."""
	table = frappe.qb.DocType(PUNCH)
	before = table.received_at < datetime.combine(first_day, time())
	strays = frappe.qb.from_(table).select(table.name).where(before | table.received_at.isnull())
	if names := query.values(strays.orderby(table.name)):
		found.inserted[""] = names


def _move_to_changed(found: Findings) -> None:
	"""A punch that left its day and stands on another one was changed."""
	gone = {name: day for day, names in found.removed.items() for name in names}
	came = {name for names in found.inserted.values() for name in names} | set(found.open_changed_or_inserted)
	moved = gone.keys() & came
	for name in moved:
		found.changed.setdefault(gone[name], []).append(name)
	for names in found.changed.values():
		names.sort()
	found.removed = _without(found.removed, moved)
	found.inserted = _without(found.inserted, moved)
	found.open_changed_or_inserted = [name for name in found.open_changed_or_inserted if name not in moved]


def _without(book: Mapping[str, list[str]], names: set[str]) -> dict[str, list[str]]:
	left = {day: [name for name in those if name not in names] for day, those in book.items()}
	return {day: those for day, those in left.items() if those}


def _blanked_before() -> date | None:
	"""Up to which day retention has blanked positions, by its Bulk Runs; None where it never has."""
	run = frappe.qb.DocType("Bulk Run")
	rows = query.values(
		frappe.qb.from_(run).select(run.criterion).where((run.action == "blank-positions") & (run.done > 0))
	)
	days = [frappe.parse_json(criterion or "{}").get("before") for criterion in rows]
	return max((date.fromisoformat(day) for day in days if day), default=None)
