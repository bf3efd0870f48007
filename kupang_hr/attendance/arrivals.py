"""A punch as it is sent: what can be one, and what is refused with which words. No database here."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from frappe import _

from kupang_hr.exceptions import PunchInputError, PunchTimeError
from kupang_hr.rules.attendance import DEVICE, FIELD, IN, OUT, WFH, WFO
from kupang_hr.rules.evidence import canonical_number
from kupang_hr.rules.geo import AccuracyError, LatitudeError, LongitudeError, Position, checked_position

DIRECTIONS = (IN, OUT)
PHONE_MODES = (WFO, WFH, FIELD)
ALL_MODES = (*PHONE_MODES, DEVICE)
SOURCE_ID = re.compile("[A-Za-z0-9_.:/-]{1,140}")
NONCE = re.compile("[A-Za-z0-9_.:-]{8,64}")
NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,20})?", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{3}(\d{3})?)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
WITA = timezone(timedelta(hours=8))
CLOCKS_DIFFER = timedelta(minutes=2)  # how far a clock may be ahead of the server's
SHOWN = 40  # characters of a wrong value that a message repeats


@dataclass(frozen=True, slots=True)
class Arrival:
	"""A punch that can be one. `at`: the time that the device claims, naive WITA."""

	source_id: str
	direction: str | None
	mode: str
	at: datetime | None
	position: Position | None
	has_accuracy: bool
	is_mock: bool

	def columns(self) -> dict[str, Any]:
		"""What of it is kept as it came."""
		where = self.position
		return {
			"direction": self.direction or "",
			"mode": self.mode,
			"claimed_at": self.at,
			"source_id": self.source_id,
			"latitude": canonical_number(where.latitude) if where else None,
			"longitude": canonical_number(where.longitude) if where else None,
			"accuracy": canonical_number(where.accuracy) if where and self.has_accuracy else None,
			"mock_location": int(self.is_mock),
		}


def from_phone(given: Mapping[str, Any]) -> Arrival:
	"""The punch of a phone: every value a text, as it was signed. Raises PunchInputError."""
	for field, value in given.items():
		if value is not None and not isinstance(value, str):
			raise PunchInputError(_("{0} is sent as a text, as it was signed.").format(field))
	if given["direction"] not in DIRECTIONS:
		raise PunchInputError(_("The direction is In or Out, not {0}.").format(shown(given["direction"])))
	if not NONCE.fullmatch(given["source_id"] or ""):
		raise PunchInputError(_("source_id has 8 to 64 letters, digits or any of _ . : -"))
	return _arrival(given, PHONE_MODES, given["mode"], given["claimed_at"] or None)


def from_source(given: Mapping[str, Any]) -> Arrival:
	"""The punch of a trusted source. Raises PunchInputError."""
	direction = given.get("direction") or None
	if direction is not None and direction not in DIRECTIONS:
		raise PunchInputError(_("The direction is In, Out or empty, not {0}.").format(shown(direction)))
	source_id = given.get("source_id")
	if isinstance(source_id, bool) or not SOURCE_ID.fullmatch(str(source_id or "")):
		raise PunchInputError(_("source_id has 1 to 140 letters, digits or any of _ . : / -"))
	if not given.get("at"):
		raise PunchTimeError(_("The row has no time."))
	return _arrival(given, ALL_MODES, given.get("mode") or DEVICE, given["at"])


def _arrival(given: Mapping[str, Any], modes: tuple[str, ...], mode: Any, moment: Any) -> Arrival:
	if mode not in modes:
		raise PunchInputError(_("The mode is {0}, not {1}.").format(", ".join(modes), shown(mode)))
	position, has_accuracy = _position(
		*(_none(given.get(field)) for field in ("latitude", "longitude", "accuracy"))
	)
	return Arrival(
		str(given["source_id"]),
		given.get("direction") or None,
		mode,
		parsed_moment(moment) if moment else None,
		position,
		has_accuracy,
		_is_mock(given.get("mock")),
	)


def parsed_moment(given: Any) -> datetime:
	"""A moment in ISO form, naive WITA; one with an offset is brought there. Raises PunchTimeError."""
	if isinstance(given, str) and MOMENT.fullmatch(given):
		try:
			moment = datetime.fromisoformat(given.replace("Z", "+00:00"))
			return moment.astimezone(WITA).replace(tzinfo=None) if moment.tzinfo else moment
		except (ValueError, OverflowError):
			pass
	raise PunchTimeError(_("{0} is no time; write YYYY-MM-DDTHH:MM:SS.").format(shown(given)))


def check_time(moment: datetime, received: datetime, oldest_days: int) -> None:
	"""Refuse what lies in the future or too far back. Raises PunchTimeError."""
	if moment > received + CLOCKS_DIFFER:
		raise PunchTimeError(_("{0} lies in the future.").format(_in_words(moment)))
	if oldest_days and moment < received - timedelta(days=oldest_days):
		raise PunchTimeError(_("{0} is more than {1} days ago.").format(_in_words(moment), oldest_days))


def _in_words(moment: datetime) -> str:
	return moment.isoformat(sep=" ", timespec="seconds")


def _position(latitude: Any, longitude: Any, accuracy: Any) -> tuple[Position | None, bool]:
	if latitude is longitude is None:
		if accuracy is not None:
			raise PunchInputError(_("An accuracy without a position says nothing."))
		return None, False
	if latitude is None or longitude is None:
		raise PunchInputError(_("A position has a latitude and a longitude."))
	numbers = [_number(value) for value in (latitude, longitude, 0 if accuracy is None else accuracy)]
	try:
		return checked_position(*numbers), accuracy is not None
	except LatitudeError as error:
		text = _("The latitude {0} is no number from -90 to 90.").format(shown(error.value))
	except LongitudeError as error:
		text = _("The longitude {0} is no number from -180 to 180.").format(shown(error.value))
	except AccuracyError as error:
		text = _("The accuracy {0} is no number of metres from 0 up.").format(shown(error.value))
	raise PunchInputError(text)


def _number(value: Any) -> Any:
	"""A number that is sent as a text; anything else as it is, for the rule to refuse."""
	if isinstance(value, str):
		return float(value) if NUMBER.fullmatch(value) else value
	if isinstance(value, int) and not isinstance(value, bool):
		return float(value) if abs(value) < 1e15 else math.inf
	return value


def _none(value: Any) -> Any:
	return None if value == "" else value


def _is_mock(given: Any) -> bool:
	if given in (None, "", "0", 0, False):
		return False
	if given in ("1", 1, True):
		return True
	raise PunchInputError(_("mock is 0 or 1, not {0}.").format(shown(given)))


def shown(value: Any) -> str:
	"""A wrong value as a message repeats it."""
	text = "".join(letter if letter.isprintable() else "?" for letter in str(value))
	return text if len(text) <= SHOWN else text[:SHOWN] + "…"
