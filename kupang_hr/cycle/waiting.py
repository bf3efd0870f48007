"""What waits for a user, counted: what the workspace shows first. One query a line, whatever the number of people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Max
from frappe.utils import add_months, get_first_day

from kupang_hr.access.criterion import SIGHTS, visible
from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.cycle.rating import rated_opds, unrated_by_opd
from kupang_hr.cycle.wording import number
from kupang_hr.rules.renewal import HELD, RATED, RECOMMENDED

DRAFT, SUBMITTED = 0, 1
WORKSPACE = "Kupang HR"
AT_DESKS = {"OPD Clerk", "OPD Head", "BKPPD Clerk", "BKPPD Head", "Wali Kota", "Finance Officer"}


def on_desk(bootinfo) -> None:
	"""Whoever has a role of ours begins at our workspace, unless they have chosen another one or run the site."""
	user = bootinfo.user
	runs_the_site = {"Administrator", "System Manager"} & {user.name, *user.roles}
	if AT_DESKS & {*user.roles} and not runs_the_site and not user.get("default_workspace"):
		user.default_workspace = frappe.db.get_value(
			"Workspace", WORKSPACE, ["name", "title", "public"], as_dict=True
		)


@dataclass(frozen=True)
class Line:
	"""So many of something, in words, and the route where they are."""

	count: int
	text: str
	route: tuple[str, ...]
	options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Duty:
	"""Documents that wait for a role in the state of `filters`; `words` has the place of the count."""

	role: str
	doctype: str
	filters: Mapping[str, Any]
	words: Callable[[], str]
	route: tuple[str, ...] = ()

	def line(self, user: str) -> Line:
		count = _count(self.doctype, self.filters, user)
		route = self.route or ("List", self.doctype)
		return Line(count, self.words().format(number(count)), route, {} if self.route else self.filters)


DUTIES = (
	Duty(
		"Wali Kota",
		"Contract Renewal",
		{"workflow_state": RATED},
		lambda: _("{0} rated people wait for your recommendation"),
		("meja-wali-kota",),
	),
	Duty(
		"Wali Kota",
		"Contract Renewal",
		{"workflow_state": HELD},
		lambda: _("{0} people are held"),
		("meja-wali-kota",),
	),
	Duty("OPD Head", "Absence Permit", {"docstatus": DRAFT}, lambda: _("{0} permits wait for your approval")),
	Duty(
		"OPD Head",
		"Attendance Correction",
		{"docstatus": DRAFT},
		lambda: _("{0} corrections wait for your approval"),
	),
	Duty(
		"OPD Head",
		"Registered Device",
		{"status": "Requested"},
		lambda: _("{0} phones wait for your approval"),
	),
	Duty("OPD Head", "Attendance Violation", {"status": "Open"}, lambda: _("{0} violations are open")),
	Duty(
		"OPD Clerk",
		"Absence Permit",
		{"docstatus": DRAFT},
		lambda: _("{0} permits wait for the head of the OPD"),
	),
	Duty("OPD Clerk", "Office Rota", {"docstatus": DRAFT}, lambda: _("{0} office rotas are drafts")),
	Duty(
		"BKPPD Clerk",
		"Contract Renewal",
		{"workflow_state": RECOMMENDED},
		lambda: _("{0} recommended people wait for a decree"),
		("List", "Decree"),
	),
	Duty("BKPPD Clerk", "Personnel Exit", {"docstatus": DRAFT}, lambda: _("{0} exits are drafts")),
	Duty(
		"BKPPD Head",
		"Stand Down Order",
		{"docstatus": DRAFT},
		lambda: _("{0} stand-down orders wait for your signature"),
	),
)


def waiting(user: str) -> list[Line]:
	"""The lines with something in them, the most important first."""
	roles = set(frappe.get_roles(user))
	lines = [*_special(user, roles), *(duty.line(user) for duty in DUTIES if duty.role in roles)]
	return [line for line in lines if line.count]


def _special(user: str, roles: set[str]) -> Iterator[Line]:
	rounds = _open_rounds()
	if "OPD Head" in roles:
		yield from _scores(user, rounds)
	yield from _decrees(user, roles)
	if "BKPPD Clerk" in roles and not rounds:
		yield _round_to_open()
	if "BKPPD Head" in roles:
		yield _month_to_close()
	if "Finance Officer" in roles:
		yield _months_to_read()


def _count(doctype: str, filters: Mapping[str, Any], user: str) -> int:
	table = frappe.qb.DocType(doctype)
	rows = frappe.qb.from_(table).select(Count("*"))
	for fieldname, value in filters.items():
		rows = rows.where(table[fieldname] == value)
	if doctype in SIGHTS:  # every reader of the others sees all of them
		rows = visible(rows, doctype, table, user)
	return query.values(rows)[0]


def _open_rounds() -> list[str]:
	return frappe.get_all("Renewal Round", {"status": "Open"}, pluck="name", order_by="year desc")


def _scores(user: str, rounds: list[str]) -> Iterator[Line]:
	opds = rated_opds(user)
	for name in rounds:
		unrated = unrated_by_opd(name)
		people = sum(unrated.get(opd, 0) for opd in opds)
		text = _("{0} people wait for your scores in round {1}").format(number(people), name)
		yield Line(people, text, ("penilaian",))


def _decrees(user: str, roles: set[str]) -> Iterator[Line]:
	"""Draft decrees whose next paraf is the user's, and, for who signs, those that have them all."""
	decree, paraf = frappe.qb.DocType("Decree"), frappe.qb.DocType("Decree Paraf")
	missing = (
		frappe.qb.from_(decree)
		.left_join(paraf)
		.on((paraf.parent == decree.name) & paraf.given_at.isnull())
		.select(decree.name, paraf.user)
		.where(decree.docstatus == DRAFT)
		.orderby(decree.name, paraf.idx)
	)
	turn: dict[str, str | None] = {}
	for row in query.run(missing):
		turn.setdefault(row["name"], row["user"])
	mine = sum(signer == user for signer in turn.values())
	yield Line(
		mine,
		_("{0} draft decrees wait for your paraf").format(number(mine)),
		("List", "Decree"),
		{"docstatus": 0},
	)
	if "BKPPD Head" in roles:
		ready = sum(signer is None for signer in turn.values())
		text = _("{0} decrees have every paraf and wait for your signature").format(number(ready))
		yield Line(ready, text, ("List", "Decree"), {"docstatus": 0})


def _round_to_open() -> Line:
	"""Contracts end and no round is open that would renew them."""
	contract = frappe.qb.DocType("PTT Contract")
	rows = (
		frappe.qb.from_(contract)
		.select(Count("*"))
		.where((contract.docstatus == SUBMITTED) & (contract.status == "Active"))
	)
	count = query.values(rows)[0]
	return Line(
		count,
		_("{0} contracts run and no renewal round is open").format(number(count)),
		("List", "Renewal Round"),
	)


def _month_to_close() -> Line:
	"""The month before this one, if it has attendance and is not closed."""
	month = get_first_day(add_months(today(), -1))
	closed = frappe.db.exists("Attendance Period", {"month": month, "status": "Closed"})
	attended = frappe.db.exists(
		"Attendance Log", {"day": ("between", (month, frappe.utils.get_last_day(month)))}
	)
	name = frappe.utils.formatdate(month, "MMMM yyyy")
	count = int(bool(attended and not closed))
	return Line(count, _("{0} is not closed for finance").format(name), ("List", "Attendance Period"))


def _months_to_read() -> Line:
	"""Months whose lines no finance officer has read since they were closed, by the API or on the desk."""
	closed = frappe.get_all(
		"Attendance Period", {"status": "Closed"}, ["name", "closed_at"], order_by="name asc"
	)
	fetched = _last_read("Access Log", "reference_document", "user", "export_from", "Attendance Period Line")
	opened = _last_read("View Log", "reference_name", "viewed_by", "reference_doctype", "Attendance Period")
	months = [
		row.name
		for row in closed
		if not any(row.name in read and read[row.name] >= row.closed_at for read in (fetched, opened))
	]
	text = _("{0} closed months have not been read yet").format(number(len(months)))
	return Line(len(months), text, ("List", "Attendance Period"), {"name": ("in", months)})


def _last_read(log: str, document: str, reader: str, about: str, doctype: str) -> dict[str, datetime]:
	"""When a finance officer last read each document, by one of Frappe's logs."""
	table, officer = frappe.qb.DocType(log), frappe.qb.DocType("Has Role")
	officers = frappe.qb.from_(officer).select(officer.parent).where(officer.role == "Finance Officer")
	rows = (
		frappe.qb.from_(table)
		.select(table[document], Max(table.creation))
		.where((table[about] == doctype) & table[reader].isin(officers))
		.groupby(table[document])
	)
	return dict(query.run(rows, as_dict=False))
