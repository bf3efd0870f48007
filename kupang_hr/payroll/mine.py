"""What a person reads of their own pay: closed months, each deduction with what it is for, and what came later."""

from collections.abc import Sequence
from typing import Any

import frappe

from kupang_hr.payroll import reading
from kupang_hr.payroll.lines import DEDUCTIONS, MINUTES

MONTHS = 12
LINES = 200
COUNTED = (*MINUTES, "days_tk")


def months(personnel: str) -> list[frappe._dict]:
	"""The person's newest closed months, the newest first, each as all of its lines together make it.

	A line of a month never pays less than nothing, and a later line says only what differs; so their sum is what a
	person understands. `taken`: rupiah by deduction, where any; `parts`: what each line brought, where there are more.
	"""
	versions = reading.closed()
	newest = sorted(versions, reverse=True)[:MONTHS]
	scope = reading.Scope({name: (0, versions[name].version) for name in newest}, personnel=personnel)
	names, by_period = reading.columns(False), {}
	for row in reading.page(scope, "", LINES, False):
		line = frappe._dict(zip(names, row, strict=True))
		by_period.setdefault(line.period, []).append(line)
	return [_month(period, by_period[period]) for period in sorted(by_period, reverse=True)]


def _month(period: str, lines: Sequence[Any]) -> frappe._dict:
	lines = sorted(lines, key=lambda line: line.version)
	is_paid = any(line.payable is not None for line in lines)  # the app does not pay civil servants
	sums = {field: sum(line[field] or 0 for line in lines) for field in (*COUNTED, "base_pay", "payable")}
	taken = {code: sum(line[field] or 0 for line in lines) for code, field in DEDUCTIONS.items()}
	return frappe._dict(
		sums,
		period=period,
		is_paid=is_paid,
		taken={code: amount for code, amount in taken.items() if amount},
		parts=[(line.reason, line.booked_in, line.payable) for line in lines] if len(lines) > 1 else [],
	)
