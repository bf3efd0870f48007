"""Hours that are changed while months are open: the logs of those months follow, those of closed ones stay.

A closing takes the logs as they are, so logs of hours that nobody has any more would be paid.
"""

from datetime import date, timedelta

import frappe

from kupang_hr.attendance.days import LOG, LONGEST_RANGE, closed_months, rebuild
from kupang_hr.attendance.schedules import schedule_of
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.run import start_after_commit
from kupang_hr.clock import today


def schedule_changed(doc, _event: str | None = None) -> None:
	"""A Work Schedule: the days of everybody, since the rota gives it to whom it likes; only what differs is written."""
	before = doc.get_doc_before_save()
	if before and schedule_of(before) != schedule_of(doc):
		_rebuild(doc)


def opd_changed(doc, _event: str | None = None) -> None:
	"""An OPD whose people get other hours, and those below it."""
	if _has_changed(doc, "work_schedule"):
		_rebuild(doc, opd=doc.name)


def settings_changed(doc, _event: str | None = None) -> None:
	"""The hours of whoever has no others."""
	if _has_changed(doc, "default_work_schedule") or _has_changed(doc, "grace_minutes"):
		_rebuild(doc)


def person_changed(doc, _event: str | None = None) -> None:
	"""One person's own hours, at once."""
	if _has_changed(doc, "work_schedule") and (first := first_open_day()):
		rebuild([doc.name], first, today(), Trail(frappe.session.user, None), lock=True)


def _has_changed(doc, field: str) -> bool:
	before = doc.get_doc_before_save()
	return bool(before) and (before.get(field) or None) != (doc.get(field) or None)


def _rebuild(doc, **narrower: str) -> None:
	"""`cause` makes each change a run of its own: one that is under way may have passed some people already."""
	if first := first_open_day():
		cause = f"{doc.doctype} {doc.name} {doc.modified}"
		days = {"first": str(first), "last": str(today())}
		start_after_commit("rebuild-days", {**days, "cause": cause, **narrower})


def first_open_day() -> date | None:
	"""The first day within a year that has logs and whose month is not closed."""
	log, earliest = frappe.qb.DocType(LOG), today() - timedelta(days=LONGEST_RANGE - 1)
	first = frappe.qb.from_(log).select(log.day).where(log.day[earliest : today()])
	closed = sorted(closed_months(earliest, today()))
	for month in closed:
		first = first.where((log.day < month) | (log.day > frappe.utils.get_last_day(month)))
	found = query.values(first.orderby(log.day).limit(1))
	return found[0] if found else None
