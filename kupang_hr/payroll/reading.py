"""What the finance office reads: closed months and their lines, with the bounds that make paging steady.

Only lines of finished closings are shown. A page is bound to the versions that stood when its first page was read,
so that a closing meanwhile neither repeats a line nor leaves one out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder.functions import Count, Max, Sum

from kupang_hr.bulk import query
from kupang_hr.payroll.lines import ASN, LINE, PUBLISHED, RUPIAH, TOTALS
from kupang_hr.payroll.periods import CLOSED, PERIOD

IDENTITY = ("nip", "nik", "bank_name", "bank_account", "account_holder")
PERIOD_FIELDS = (
	"name",
	"month",
	"status",
	"version",
	"closed_at",
	"people",
	"lines",
	"base_pay",
	"deductions",
	"payable",
	"checksum",
)
VERSION_FIELDS = ("version", "closed_at", "people", "lines", "payable", "checksum")
PAGE = 1000


@dataclass(frozen=True)
class Scope:
	"""Which lines are asked for. `versions`: by period, the last version that counts (after which, up to which)."""

	versions: Mapping[str, tuple[int, int]]
	opd: str | None = None
	booked_in: str | None = None
	personnel: str | None = None

	def criterion(self, line) -> Criterion:
		"""The condition on `line`; nothing is asked for where no month is closed."""
		if not self.versions:
			return line.name.isnull()
		parts = [
			(line.period == period) & (line.version > after) & (line.version <= until)
			for period, (after, until) in sorted(self.versions.items())
		]
		found = Criterion.any(parts)
		for field in ("opd", "booked_in", "personnel"):
			if value := getattr(self, field):
				found &= line[field] == value
		return found


def periods() -> list[frappe._dict]:
	"""Every month there is, newest first."""
	period = frappe.qb.DocType(PERIOD)
	rows = frappe.qb.from_(period).select(*PERIOD_FIELDS)
	return query.run(rows.orderby(period.name, order=frappe.qb.desc))


def closings(periods: Sequence[str]) -> dict[str, list[frappe._dict]]:
	"""The closings of months, oldest first, by period."""
	if not periods:
		return {}
	version = frappe.qb.DocType("Attendance Period Version")
	rows = (
		frappe.qb.from_(version)
		.select(version.parent, *VERSION_FIELDS)
		.where((version.parenttype == PERIOD) & version.parent.isin(query.NAMES))
		.orderby(version.parent)
		.orderby(version.version)
	)
	found: dict[str, list[frappe._dict]] = {}
	for row in query.run(rows, names=tuple(periods)):
		found.setdefault(row.pop("parent"), []).append(row)
	return found


def closed(names: Sequence[str] | None = None) -> dict[str, frappe._dict]:
	"""Version and checksum of closed months, of all or of these, by name."""
	if names is not None and not names:
		return {}
	period = frappe.qb.DocType(PERIOD)
	rows = frappe.qb.from_(period).select(period.name, period.version, period.checksum)
	rows = rows.where(period.status == CLOSED).orderby(period.name)
	if names:
		return query.rows_by(rows.where(period.name.isin(query.NAMES)), "name", names=tuple(names))
	return query.rows_by(rows, "name")


def periods_paid_in(month: str) -> list[str]:
	"""The months that lines paid in `month` are about."""
	line = frappe.qb.DocType(LINE)
	rows = frappe.qb.from_(line).select(line.period).where(line.booked_in == month).groupby(line.period)
	return query.values(rows.orderby(line.period))


def version_at(period: str, moment: datetime) -> int:
	"""The newest version of a month that was closed at a moment (naive WITA) or before, 0 where none was."""
	version = frappe.qb.DocType("Attendance Period Version")
	rows = (
		frappe.qb.from_(version)
		.select(Max(version.version))
		.where((version.parenttype == PERIOD) & (version.parent == period) & (version.closed_at <= moment))
	)
	return query.values(rows)[0] or 0


def columns(with_identity: bool) -> tuple[str, ...]:
	"""The names of what is read of a line, in order."""
	return (*PUBLISHED, *IDENTITY) if with_identity else PUBLISHED


def page(scope: Scope, after: str, limit: int, with_identity: bool) -> list[list[Any]]:
	"""Up to `limit` lines after a name, by name, each in the order of `columns`."""
	line = frappe.qb.DocType(LINE)
	rows = frappe.qb.from_(line).select(*[line[field] for field in PUBLISHED])
	if with_identity:
		rows = _with_identity(rows, line)
	rows = rows.where(scope.criterion(line) & (line.name > after)).orderby(line.name).limit(limit)
	return [_shown(row) for row in query.run(rows, as_dict=False)]


def pages(scope: Scope, with_identity: bool) -> Iterator[list[list[Any]]]:
	"""All lines, a thousand at a time."""
	after = ""
	while rows := page(scope, after, PAGE, with_identity):
		yield rows
		if len(rows) < PAGE:
			return
		after = rows[-1][0]


def count(scope: Scope) -> int:
	line = frappe.qb.DocType(LINE)
	return query.values(frappe.qb.from_(line).select(Count("*")).where(scope.criterion(line)))[0]


def totals(scope: Scope) -> list[dict[str, Any]]:
	"""People, lines and rupiah of each OPD, by its name."""
	line = frappe.qb.DocType(LINE)
	rows = (
		frappe.qb.from_(line)
		.select(
			line.opd,
			Count(line.personnel).distinct().as_("people"),
			Count("*").as_("lines"),
			*[Sum(line[field]).as_(field) for field in TOTALS],
		)
		.where(scope.criterion(line))
		.groupby(line.opd)
		.orderby(line.opd)
	)
	return [
		{"opd": row.pop("opd"), **{key: int(value or 0) for key, value in row.items()}}
		for row in query.run(rows)
	]


def identities_stamp() -> list[Any]:
	"""Changes whenever an identity or a NIP does: their number and the newest change."""
	found = []
	for doctype in ("Personnel Identity", "Personnel"):
		table = frappe.qb.DocType(doctype)
		found += map(
			str, query.run(frappe.qb.from_(table).select(Count("*"), Max(table.modified)), as_dict=False)[0]
		)
	return found


def _with_identity(rows, line):
	identity, person = frappe.qb.DocType("Personnel Identity"), frappe.qb.DocType("Personnel")
	return (
		rows.left_join(identity)
		.on(identity.name == line.personnel)
		.left_join(person)
		.on(person.name == line.personnel)
		.select(person.nip, *[identity[field] for field in IDENTITY[1:]])
	)


_RUPIAH = [PUBLISHED.index(field) for field in RUPIAH]
_EMPLOYMENT, _BASE, _PAYABLE = (
	PUBLISHED.index(field) for field in ("employment_type", "base_pay", "payable")
)


def _shown(row: Sequence[Any]) -> list[Any]:
	"""As `lines.published`, on a bare row: a page has a thousand of them."""
	found = list(row)
	for position in _RUPIAH:
		found[position] = int(found[position])
	if found[_EMPLOYMENT] == ASN:
		found[_BASE] = found[_PAYABLE] = None
	return found
