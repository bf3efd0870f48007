"""A closed line: the figures of the rule as a row of the database, and as the finance office reads it.

The checksum of a line covers what is published of it, so that whoever reads it can compute it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder.functions import Count, Sum

from kupang_hr.bulk import query
from kupang_hr.rules.attendance import CODES
from kupang_hr.rules.pay import DEDUCTION_CODES, MonthLine, checksum

LINE = "Attendance Period Line"
PTT, ASN = "PTT", "ASN"
DAYS = {code: f"days_{code.lower()}" for code in CODES}
DEDUCTIONS = {code: f"deduction_{code.lower()}" for code in DEDUCTION_CODES}
MINUTES = ("minutes_late", "minutes_early", "missing_entries")
KEYS = (
	"name",
	"period",
	"version",
	"booked_in",
	"reason",
	"refers_to",
	"personnel",
	"personnel_name",
	"employment_type",
	"opd",
	"work_schedule",
)
RUPIAH = ("base_pay", *DEDUCTIONS.values(), "deductions", "payable")
EMPTY_FOR_ASN = ("base_pay", "payable")
# What is published of a line, in this order; `checksum` covers all before it.
PUBLISHED = (
	*KEYS,
	*DAYS.values(),
	*MINUTES,
	"deduction_percent",
	"contract_days",
	"month_days",
	*RUPIAH,
	"checksum",
)
TOTALS = ("base_pay", "deductions", "payable")


def row_of(line: MonthLine, month_days: int, keys: Mapping[str, Any]) -> dict[str, Any]:
	"""A line as the row to insert; `keys`: those of KEYS but `employment_type` and `reason`, which it decides."""
	deductions = {field: line.deductions.get(code, 0) for code, field in DEDUCTIONS.items()}
	row = {
		**keys,
		"reason": line.reason,
		"employment_type": ASN if line.payable is None else PTT,
		**{field: line.days.get(code, 0) for code, field in DAYS.items()},
		**{field: getattr(line, field) for field in MINUTES},
		"deduction_percent": _text(line.deduction_percent),
		"contract_days": line.contract_days,
		"month_days": month_days,
		"base_pay": line.base_pay or 0,
		**deductions,
		"deductions": sum(deductions.values()),
		"payable": line.payable or 0,
	}
	return {**row, "checksum": checksum_of(row)}


def checksum_of(row: Mapping[str, Any]) -> str:
	"""The checksum of a line, from its row or from what is published of it."""
	return checksum(published({field: row[field] for field in PUBLISHED if field != "checksum"}))


def published(row: Mapping[str, Any]) -> dict[str, Any]:
	"""A row as the finance office reads it: rupiah as integers, and none where a civil servant has none."""
	found = {**row, **{field: int(row[field] or 0) for field in RUPIAH if row[field] is not None}}
	if row["employment_type"] == ASN:
		found.update(dict.fromkeys(EMPTY_FOR_ASN))
	return found


def month_line(row: Mapping[str, Any]) -> MonthLine:
	"""A row of the database as the rule takes it."""
	is_asn, percent = row["employment_type"] == ASN, row["deduction_percent"]
	return MonthLine(
		days={code: row[field] for code, field in DAYS.items() if row[field]},
		**{field: row[field] for field in MINUTES},
		deductions={code: int(row[field]) for code, field in DEDUCTIONS.items() if row[field]},
		deduction_percent=Decimal(percent) if percent else None,
		contract_days=row["contract_days"],
		base_pay=None if is_asn else int(row["base_pay"]),
		payable=None if is_asn else int(row["payable"]),
		reason=row["reason"],
	)


def closed_lines(period: str, names: Sequence[str]) -> dict[str, list[Any]]:
	"""The lines of these people in a month, oldest first, by person; a closing under way included."""
	line = frappe.qb.DocType(LINE)
	rows = (
		frappe.qb.from_(line)
		.select(*[line[field] for field in PUBLISHED])
		.where((line.period == period) & line.personnel.isin(query.NAMES))
		.orderby(line.version)
		.orderby(line.creation)
		.orderby(line.name)
	)
	found: dict[str, list[Any]] = {}
	for row in query.run(rows, names=tuple(names)):
		found.setdefault(row.personnel, []).append(row)
	return found


def figures(period: str, version: int | None = None) -> dict[str, int]:
	"""People, lines and sums of a month in whole rupiah; `version`: of that closing alone."""
	line = frappe.qb.DocType(LINE)
	rows = (
		frappe.qb.from_(line)
		.select(
			Count(line.personnel).distinct().as_("people"),
			Count("*").as_("lines"),
			*[Sum(line[field]).as_(field) for field in TOTALS],
		)
		.where(line.period == period)
	)
	found = query.run(rows if version is None else rows.where(line.version == version))[0]
	return {field: int(value or 0) for field, value in found.items()}


def checksums(period: str) -> Iterable[str]:
	"""The checksums of all lines of a month."""
	line = frappe.qb.DocType(LINE)
	return query.values(frappe.qb.from_(line).select(line.checksum).where(line.period == period))


def _text(percent: Decimal | None) -> str | None:
	"""Percentage points without trailing zeros: 1.5, 0."""
	if percent is None:
		return None
	text = format(percent, "f")
	return text.rstrip("0").rstrip(".") if "." in text else text
