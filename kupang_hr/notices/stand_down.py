"""Staying home: each OPD learns when the order is signed who will, and when it takes effect who does."""

from collections.abc import Sequence
from functools import partial

import frappe
from frappe import _
from frappe.utils import add_days, getdate

from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.cycle.stand_down import LINE, STOOD_DOWN, waiting_for
from kupang_hr.notices.addressees import Office, by_opd, offices
from kupang_hr.notices.digest import STAND_DOWN, Digest, Message, send

DOCTYPE = "Stand Down Order"
ORDERED, CARRIED_OUT = "Ready", "Carried Out"
SAID_LATE_DAYS = 14


def tell(order_name: str) -> int:
	"""Tell each OPD what an order says for its people, once for each of its two states; how many were told."""
	order = frappe.get_doc(DOCTYPE, order_name)
	if order.docstatus != 1 or order.status not in (ORDERED, CARRIED_OUT):
		return 0
	people = _expected(order) if order.status == ORDERED else _lines(order)
	return sum(bool(send(_digest(order, office))) for office in offices(by_opd(people)))


def tell_due() -> int:
	"""The same for every order that is ahead or has newly taken effect, where a job was lost."""
	orders = frappe.get_all(
		DOCTYPE,
		filters={"docstatus": 1, "effective_date": (">=", add_days(today(), -SAID_LATE_DAYS))},
		pluck="name",
		order_by="name asc",
	)
	return sum(tell(name) for name in orders)


def _expected(order) -> list[frappe._dict]:
	"""Whom a signed order will stand down or keep, as things are now."""
	person = frappe.qb.DocType("Personnel")
	rows = waiting_for(order, frappe.get_doc("Renewal Round", order.round))
	found = query.run(rows.select(person.opd, person.full_name).orderby(person.full_name, person.name))
	exempt = {row.opd for row in order.exempt_opds}
	return [frappe._dict(row, stays_home=row.opd not in exempt) for row in found]


def _lines(order) -> list[frappe._dict]:
	line = frappe.qb.DocType(LINE)
	rows = (
		frappe.qb.from_(line)
		.select(line.opd, line.personnel_name.as_("full_name"), line.outcome)
		.where(line.stand_down_order == order.name)
		.orderby(line.personnel_name, line.name)
	)
	return [frappe._dict(row, stays_home=row.outcome == STOOD_DOWN) for row in query.run(rows)]


def _digest(order, office: Office) -> Digest:
	return Digest(
		kind=STAND_DOWN,
		event=f"{order.name}/{order.status}",
		opd=office.opd,
		recipients=(office.head, office.clerk),
		compose=partial(_message, order, office),
		reference=(DOCTYPE, order.name),
	)


def _message(order, office: Office) -> Message:
	people = [row for rows in office.about.values() for row in rows]
	home, kept = _names(people, True), _names(people, False)
	day = frappe.format(getdate(order.effective_date), "Date")
	lines = [*_home_lines(order, len(home), day), *_kept_lines(len(kept), day)]
	lists = ((_("They stay home"), home), (_("They go on working"), kept))
	subject = _("{0}: from {1} {2} PTT stay home, {3} go on working").format(
		office.opd, day, len(home), len(kept)
	)
	return Message(subject, lines, [(heading, names) for heading, names in lists if names])


def _names(people: Sequence[frappe._dict], stays_home: bool) -> list[str]:
	return [row.full_name for row in people if row.stays_home == stays_home]


def _home_lines(order, people: int, day: str) -> list[str]:
	if not people:
		return []
	if order.status == CARRIED_OUT:
		return [_("{0} PTT stay home since {1}, until their SK is issued.").format(people, day)]
	return [_("{0} PTT will stay home from {1} on, until their SK is issued.").format(people, day)]


def _kept_lines(people: int, day: str) -> list[str]:
	if not people:
		return []
	return [
		_("{0} PTT go on working after {1} without a new SK, since their OPD is exempt.").format(people, day)
	]
