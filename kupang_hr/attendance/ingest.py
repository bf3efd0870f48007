"""Punches of many people at once, from a terminal or the e-Kinerja app: read, decided and written by set.

Each row stands for itself: what is wrong with one is said of it, and the others are kept. The clock of an approved
source is trusted, so its punches count at the time they name.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _

from kupang_hr.attendance import devices
from kupang_hr.attendance.arrivals import Arrival, check_time, from_source, shown
from kupang_hr.attendance.evidence import PUNCH, sign_row, site_key
from kupang_hr.attendance.punches import (
	LOOK_BACK,
	Sender,
	earlier_punches,
	flags_for,
	is_repeated,
	made_at,
	repeated_text,
	row_of,
)
from kupang_hr.attendance.recording import recording
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import new_names
from kupang_hr.clock import now
from kupang_hr.exceptions import PunchInputError, RepeatedPunchError, TooLargeError, UnexpectedFieldError

MOST_ROWS = 5000
ACCEPTED, DUPLICATE, REFUSED = "accepted", "duplicate", "refused"
FIELDS = frozenset(
	{
		"personnel",
		"nip",
		"at",
		"direction",
		"mode",
		"latitude",
		"longitude",
		"accuracy",
		"mock",
		"source_id",
	}
)


def ingest(rows: Sequence[Any]) -> list[dict[str, Any]]:
	"""Record rows of the session's source; an answer for each: source_id, status, name, reason.

	Raises UnknownDeviceError or DeviceNotApprovedError for the source, TooLargeError for too many rows.
	"""
	if len(rows) > MOST_ROWS:
		frappe.throw(_("At most {0} rows in one call, not {1}.").format(MOST_ROWS, len(rows)), TooLargeError)
	return _Call(devices.source_of(frappe.session.user)).record(rows)


class _Call:
	"""One call of a source: what has been read for all rows, and what has been decided so far."""

	def __init__(self, device: str) -> None:
		self.device = device
		self.source = devices.source_name(devices.SOURCE, device)
		self.received = now()
		self.rules = recording()
		self.new: list[dict[str, Any]] = []

	def record(self, rows: Sequence[Any]) -> list[dict[str, Any]]:
		answers: list[dict[str, Any] | None] = [None] * len(rows)
		arrivals: dict[int, Arrival] = {}
		for number, row in enumerate(rows):
			try:
				arrivals[number] = self._arrival(row)
			except (PunchInputError, UnexpectedFieldError) as error:
				answers[number] = _answer(row, REFUSED, None, str(error))
		self._read(rows, arrivals)
		names = new_names(len(arrivals))
		for number in sorted(arrivals, key=lambda number: (arrivals[number].at, number)):
			answers[number] = self._decide(rows[number], arrivals[number], names.pop())
		self._write()
		return answers

	def _arrival(self, row: Any) -> Arrival:
		if not isinstance(row, Mapping):
			raise PunchInputError(_("A row is an object, not {0}.").format(shown(row)))
		if unknown := sorted(str(field) for field in row.keys() - FIELDS):
			raise UnexpectedFieldError(_("There is no field {0}.").format(", ".join(map(shown, unknown))))
		arrival = from_source(row)
		check_time(arrival.at, self.received, self.rules.oldest_days)
		return arrival

	def _read(self, rows: Sequence[Any], arrivals: Mapping[int, Arrival]) -> None:
		"""The people, their earlier punches, and what is known of these identifiers: a query or two each."""
		self.people = _people([rows[number] for number in arrivals])
		self.known = self._known([arrival.source_id for arrival in arrivals.values()])
		self.earlier: dict[str, list] = {}
		if arrivals:
			times = [arrival.at for arrival in arrivals.values()]
			names = sorted({person.name for person in self.people.values()})
			self.earlier = earlier_punches(names, min(times) - LOOK_BACK, max(times))

	def _known(self, source_ids: Sequence[str]) -> dict[str, str]:
		if not source_ids:
			return {}
		table = frappe.qb.DocType(PUNCH)
		rows = (
			frappe.qb.from_(table)
			.select(table.source_id, table.name)
			.where((table.source == self.source) & table.source_id.isin(query.NAMES))
		)
		return dict(query.run(rows, as_dict=False, names=tuple(source_ids)))

	def _decide(self, row: Mapping[str, Any], arrival: Arrival, name: str) -> dict[str, Any]:
		if arrival.source_id in self.known:
			return _answer(row, DUPLICATE, self.known[arrival.source_id])
		try:
			person = self._person(row)
			made = self._accept(person, arrival, name)
		except (PunchInputError, RepeatedPunchError) as error:
			return _answer(row, REFUSED, None, str(error))
		self.known[arrival.source_id] = made
		return _answer(row, ACCEPTED, made)

	def _person(self, row: Mapping[str, Any]):
		key, value = ("personnel", row.get("personnel")) if row.get("personnel") else ("nip", row.get("nip"))
		if not value:
			raise PunchInputError(_("The row names nobody: give personnel or nip."))
		person = self.people.get((key, str(value)))
		if not person:
			raise PunchInputError(_("{0} is nobody of the personnel.").format(shown(value)))
		return person

	def _accept(self, person, arrival: Arrival, name: str) -> str:
		earlier = self.earlier.setdefault(person.name, [])
		if any(is_repeated(row, arrival.direction, arrival.at) for row in earlier):
			raise RepeatedPunchError(repeated_text(arrival.direction, arrival.at))
		sender = Sender(person.name, person.full_name, person.opd, self.source, self.device)
		flags = flags_for(arrival, person.opd, arrival.at, arrival.at, earlier, self.rules)
		row = row_of(arrival, sender, self.received, arrival.at, flags, name)
		self.new.append(row)
		_insert_in_order(earlier, row)
		return name

	def _write(self) -> None:
		if self.new:
			key = site_key()
			query.insert_dicts(PUNCH, [sign_row(row, key) for row in self.new])


def _insert_in_order(rows: list, row: Mapping[str, Any]) -> None:
	"""Rows of a call are decided in the order of their times, so a new one nearly always comes last."""
	place = len(rows)
	while place and made_at(rows[place - 1]) > made_at(row):
		place -= 1
	rows.insert(place, row)


def _people(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], frappe._dict]:
	"""The people whom rows name, by ("personnel", name) and ("nip", NIP)."""
	table = frappe.qb.DocType("Personnel")
	select = frappe.qb.from_(table).select(table.name, table.nip, table.full_name, table.opd)
	found = {}
	for key, column in (("personnel", "name"), ("nip", "nip")):
		values = {str(row[key]) for row in rows if row.get(key)}
		if values:
			people = query.run(select.where(table[column].isin(query.NAMES)), names=tuple(sorted(values)))
			found |= {(key, person[column]): person for person in people}
	return found


def _answer(row: Any, status: str, name: str | None, reason: str | None = None) -> dict[str, Any]:
	source_id = row.get("source_id") if isinstance(row, Mapping) else None
	return {"source_id": source_id, "status": status, "name": name, "reason": reason}
