"""The evidence seal: what is signed of a punch, and how days are chained.

Each punch is signed (HMAC-SHA256) when it is written, with a key that is not in the database. The signature
covers a salted hash of the position, not the position: retention may blank latitude, longitude and accuracy
and keep hash and salt, and the signature and every seal hold as before. What can still be verified then:
that nobody changed person, times, direction, mode, source, device, flags, salt or hash, and that no punch of a
sealed day went or came. What cannot: where it was; only someone who still knows the position can show, with
the salt, that it is the one.

At night the day is sealed: a hash over the last seal, the day, the count and every (name, signature). Who
alters one day has to alter all seals after it, and the last is printed on the daily report.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from hashlib import sha256

VERSION = "v1"

# What a decimal(21,9) column keeps, and what of it survives a float.
_NINE_PLACES = Decimal("1e-9")
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_FLOAT = Context(prec=15, rounding=ROUND_HALF_UP)


class EmptyKey(ValueError):
	"""No key: a signature that anybody could make."""

	def __init__(self):
		super().__init__("The signing key is empty")


class EmptySalt(ValueError):
	"""No salt: positions could be found by trying them."""

	def __init__(self):
		super().__init__("The salt is empty")


@dataclass(frozen=True, slots=True)
class PunchRow:
	"""What a signature covers. Times: naive WITA, to the microsecond. `flags`: those given on arrival, in order.

	All that a punch says is among them; an accepted claimed time is an Attendance Correction and changes no punch.
	"""

	name: str
	personnel: str
	personnel_name: str | None
	received: datetime
	counted: datetime
	claimed: datetime | None
	direction: str | None
	mode: str | None
	source: str
	source_id: str | None
	device: str | None
	flags: tuple[str, ...]
	mock_location: bool
	salt: str
	position_hash: str


def canonical_bytes(row: PunchRow) -> bytes:
	"""The bytes of a row, form "v1": a JSON list, the version first, then the fields in their order.

	None and "" are one: a database gives either back for an empty column.
	"""
	return _json(
		[
			VERSION,
			row.name,
			row.personnel,
			row.personnel_name or None,
			_moment(row.received),
			_moment(row.counted),
			_moment(row.claimed),
			row.direction or None,
			row.mode or None,
			row.source,
			row.source_id or None,
			row.device or None,
			list(row.flags),
			bool(row.mock_location),
			row.salt,
			row.position_hash,
		]
	)


def position_hash(
	salt: str, latitude: float | None, longitude: float | None, accuracy: float | None = None
) -> str:
	"""SHA-256, hex, of the salt and the position; one for "no position" too, so that the hash tells nothing.

	Numbers count to nine decimals and 15 digits, so that a value hashes alike before and after it was stored
	in a decimal column; 0 and -0 are one. The salt is random, one a punch. Raises EmptySalt.
	"""
	if not salt:
		raise EmptySalt
	numbers = [canonical_number(value) for value in (latitude, longitude, accuracy)]
	return sha256(_json([VERSION, salt, *numbers])).hexdigest()


def sign(key: bytes, data: bytes) -> str:
	"""HMAC-SHA256, hex. Raises EmptyKey."""
	if not key:
		raise EmptyKey
	return hmac.new(key, data, sha256).hexdigest()


def verify(key: bytes, data: bytes, signature: object) -> bool:
	"""Whether `signature` is that of `data`; False for anything that is none. Raises EmptyKey."""
	expected = sign(key, data).encode()
	return isinstance(signature, str) and hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


def seal(previous_seal: str | None, day: date, rows: Iterable[tuple[str, str]]) -> str:
	"""SHA-256, hex, over the last seal (None for the first), the day, the count and the (name, signature) rows.

	The order of the rows does not matter; a day without punches has a seal. It needs no key, so anyone can
	compute it from the rows; `sign` it to make a recomputed chain show.
	"""
	sealed = sorted(rows)
	return sha256(_json([VERSION, previous_seal or None, day.isoformat(), len(sealed), sealed])).hexdigest()


@dataclass(frozen=True)
class Tampering:
	"""Names of rows, sorted, that differ from what was sealed."""

	changed: tuple[str, ...] = ()
	removed: tuple[str, ...] = ()
	inserted: tuple[str, ...] = ()

	def __bool__(self) -> bool:
		return bool(self.changed or self.removed or self.inserted)


def tampering(sealed: Iterable[tuple[str, str]], present: Iterable[tuple[str, str]]) -> Tampering:
	"""What happened to a sealed day: (name, signature) as sealed, and as the rows are now.

	`present` carries for every row the signature recomputed from its fields, so that a field changed beside
	its old signature shows too.
	"""
	before, now = dict(sealed), dict(present)
	return Tampering(
		tuple(sorted(name for name in before.keys() & now.keys() if before[name] != now[name])),
		tuple(sorted(before.keys() - now.keys())),
		tuple(sorted(now.keys() - before.keys())),
	)


def _json(value: object) -> bytes:
	return json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def _moment(when: datetime | None) -> str | None:
	return when.isoformat(timespec="microseconds") if when else None


def canonical_number(value: float | Decimal | None) -> str | None:
	"""A number as a position's hash counts it, and as a punch keeps it: nine decimals and 15 digits at most."""
	if value is None:
		return None
	exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
	stored = exact.quantize(_NINE_PLACES, context=_WIDE)
	# + 0 turns -0 into 0.
	return format((_FLOAT.plus(stored) + 0).normalize(), "f")
