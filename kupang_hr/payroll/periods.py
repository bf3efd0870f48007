"""The months of pay: their names, their locks, and the month that a late difference is paid in."""

import re
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_months, get_last_day

from kupang_hr.bulk import query
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.clock import today
from kupang_hr.exceptions import PeriodError

PERIOD = "Attendance Period"
OPEN, CLOSED = "Open", "Closed"
NAME = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def bounds(period: Any) -> tuple[date, date]:
	"""First and last day of a month named "2021-01". Raises PeriodError."""
	found = NAME.fullmatch(period) if isinstance(period, str) else None
	if not found:
		frappe.throw(_("A month is written like 2021-01."), PeriodError)
	first = date(int(found[1]), int(found[2]), 1)
	return first, get_last_day(first)


def name_of(month: date) -> str:
	"""The name of the period that a date lies in."""
	return month.strftime("%Y-%m")


def check_may_close(period: Any) -> None:
	"""Refuse a name that is no month, and a month whose last day has not come."""
	_first, last = bounds(period)
	if today() < last:
		text = _("The month {0} can be closed from {1} on.")
		frappe.throw(text.format(period, frappe.format(last, "Date")), PeriodError)


def lock(period: str) -> Any:
	"""Lock the row of a month until the transaction ends, and make it where there is none; status and version."""
	fields = ("status", "version")
	row = lock_rows(PERIOD, [period], fields).get(period)
	if row:
		return row
	frappe.get_doc({"doctype": PERIOD, "month": bounds(period)[0]}).insert()
	return lock_rows(PERIOD, [period], fields)[period]


def booking_month(period: str, status: str) -> str:
	"""The month that pays a line of `period`: itself while it is open, otherwise the first later one not closed.

	The caller holds the lock of `period`. Later months are locked too, so that none of them closes meanwhile.
	"""
	if status != CLOSED:
		return period
	table = frappe.qb.DocType(PERIOD)
	later = query.values(
		frappe.qb.from_(table).select(table.name).where(table.name > period).orderby(table.name)
	)
	closed = {name for name, row in lock_rows(PERIOD, later, ("status",)).items() if row.status == CLOSED}
	month = bounds(period)[0]
	while (name := name_of(month)) in closed | {period}:
		month = add_months(month, 1)
	return name
