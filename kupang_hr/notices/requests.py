"""Permits and corrections: the person learns the decision at once, the OPD once a day what has been decided.

What a permit is for may be an illness, so a notice says the days and never the kind or the reason.
"""

from datetime import date, timedelta
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_url, get_url_to_list, getdate

from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.notices.addressees import Office, by_opd, offices
from kupang_hr.notices.digest import DECIDED, Digest, Message, send

PERMIT, CORRECTION = "Absence Permit", "Attendance Correction"
GRANTED, CANCELLED, REFUSED = "granted", "cancelled", "refused"
PAGE = "/saya"
SAID_LATE_DAYS = 7


def tell_person(doc: Any, method: str | None = None) -> list[str]:
	"""Tell a person what was decided about a request of theirs; whoever was told. Called by its document."""
	state = {"on_submit": GRANTED, "on_cancel": CANCELLED, "on_trash": REFUSED}[method or "on_submit"]
	user = frappe.db.get_value("Personnel", doc.personnel, "user")
	withdrawn = state == REFUSED and (doc.docstatus or frappe.session.user == user)
	if not user or withdrawn:
		return []
	digest = Digest(
		kind=DECIDED,
		event=f"{doc.name}/{state}",
		recipients=(user,),
		compose=partial(_to_person, doc, state),
		reference=(doc.doctype, doc.name),
		url=get_url(PAGE),
	)
	frappe.db.savepoint("kupang_request")
	try:
		return send(digest)
	except Exception:  # a decision stands, told or not
		frappe.db.rollback(save_point="kupang_request")
		frappe.log_error(title=f"Notice not sent: {digest.key}"[:140])
		return []


def _to_person(doc: Any, state: str) -> Message:
	first, last = (doc.from_date, doc.to_date) if doc.doctype == PERMIT else (doc.day, doc.day)
	days = _days(getdate(first), getdate(last))
	said = {
		(PERMIT, GRANTED): _("Your permit for {0} has been granted"),
		(PERMIT, CANCELLED): _("Your permit for {0} has been cancelled"),
		(PERMIT, REFUSED): _("Your permit for {0} has not been granted"),
		(CORRECTION, GRANTED): _("Your correction of {0} has been granted"),
		(CORRECTION, CANCELLED): _("Your correction of {0} has been cancelled"),
		(CORRECTION, REFUSED): _("Your correction of {0} has not been granted"),
	}[doc.doctype, state].format(days)
	return Message(said, (said + ".",))


def _days(first: date, last: date) -> str:
	begins, ends = frappe.format(first, "Date"), frappe.format(last, "Date")
	return begins if first == last else _("{0} to {1}").format(begins, ends)


def tell_due() -> int:
	"""Tell each OPD what was decided yesterday for its people, and the days before that; how many were told."""
	ago = range(SAID_LATE_DAYS, 0, -1)
	return sum(_tell_of(today() - timedelta(days=days)) for days in ago)


def _tell_of(day: date) -> int:
	people = [row for doctype in (PERMIT, CORRECTION) for row in _decided(doctype, day)]
	return sum(bool(send(_digest(day, office))) for office in offices(by_opd(people)))


def _decided(doctype: str, day: date) -> list[frappe._dict]:
	"""The requests of a kind that were granted on a day and stand: doctype, opd, full_name, first and last day."""
	request, person = frappe.qb.DocType(doctype), frappe.qb.DocType("Personnel")
	first, last = ("from_date", "to_date") if doctype == PERMIT else ("day", "day")
	rows = (
		frappe.qb.from_(request)
		.join(person)
		.on(person.name == request.personnel)
		.select(person.opd, person.full_name, request[first].as_("first_day"), request[last].as_("last_day"))
		.where((request.docstatus == 1) & (request.decided_on == day))
		.orderby(person.full_name, request.name)
	)
	return [frappe._dict(row, doctype=doctype) for row in query.run(rows)]


def _digest(day: date, office: Office) -> Digest:
	return Digest(
		kind=DECIDED,
		event=str(day),
		opd=office.opd,
		recipients=(office.head, office.clerk),
		compose=partial(_to_office, day, office),
		reference=("OPD", office.opd),
		url=get_url_to_list(PERMIT),
	)


def _to_office(day: date, office: Office) -> Message:
	rows = [row for rows in office.about.values() for row in rows]
	permits, corrections = _of(rows, PERMIT), _of(rows, CORRECTION)
	subject = _("{0}: {1} permits and {2} corrections granted on {3}").format(
		office.opd, len(permits), len(corrections), frappe.format(day, "Date")
	)
	lists = ((_("Permits"), permits), (_("Corrections"), corrections))
	return Message(subject, (subject + ".",), [(heading, names) for heading, names in lists if names])


def _of(rows: list[frappe._dict], doctype: str) -> list[str]:
	return [
		f"{row.full_name}: {_days(row.first_day, row.last_day)}" for row in rows if row.doctype == doctype
	]
