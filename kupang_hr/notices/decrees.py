"""SK issued: each OPD learns how many of its people a signed decree is about, its number and its date.

The people themselves see it on their own page.
"""

from functools import partial

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import add_days, get_url_to_list

from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.notices.addressees import Office, offices
from kupang_hr.notices.digest import SK_ISSUED, Digest, Message, send

SAID_LATE_DAYS = 14


def tell(decree_name: str) -> int:
	"""Tell each OPD of a signed decree that has taken effect for all it names; how many were told.

	One that has not is told of by what has; said again when more of an OPD's people have come into it.
	"""
	decree = frappe.get_doc("Decree", decree_name)
	if decree.docstatus != 1 or not decree.applied:
		return 0
	return sum(bool(send(_digest(decree, office))) for office in offices(_people(decree)))


def tell_due() -> int:
	"""The same for every decree signed in the last days, where a job was lost."""
	decrees = frappe.get_all(
		"Decree",
		filters={"docstatus": 1, "date_signed": (">=", add_days(today(), -SAID_LATE_DAYS))},
		pluck="name",
		order_by="name asc",
	)
	return sum(tell(name) for name in decrees)


def _people(decree) -> dict[str, int]:
	line = frappe.qb.DocType("Decree Line")
	rows = (
		frappe.qb.from_(line)
		.select(line.opd, Count("*").as_("people"))
		.where((line.decree == decree.name) & (line.signed == 1))
		.groupby(line.opd)
		.orderby(line.opd)
	)
	if decree.kind == "Reappointment":
		renewal = frappe.qb.DocType("Contract Renewal")
		issued = (renewal.decree == decree.name) & (renewal.docstatus == 1)
		rows = rows.join(renewal).on(renewal.name == line.renewal).where(issued)
	return {row.opd: row.people for row in query.run(rows)}


def _digest(decree, office: Office) -> Digest:
	return Digest(
		kind=SK_ISSUED,
		event=f"{decree.name}/{sum(office.about.values())}",
		opd=office.opd,
		recipients=(office.head, office.clerk),
		compose=partial(_message, decree, office),
		reference=("Renewal Round", decree.round) if decree.round else ("Decree", decree.name),
		url=get_url_to_list("PTT Contract"),  # an OPD does not read decrees
	)


def _message(decree, office: Office) -> Message:
	said = {
		"Reappointment": _("{0}: {1} PTT are re-appointed by decree {2} of {3}"),
		"Termination": _("{0}: the contracts of {1} PTT are ended by decree {2} of {3}"),
		"Revocation": _("{0}: what was decreed for {1} PTT is revoked by decree {2} of {3}"),
	}[decree.kind]
	signed = frappe.format(decree.date_signed, "Date")
	subject = said.format(office.opd, sum(office.about.values()), decree.decree_number, signed)
	lines = [subject + ".", _("It takes effect on {0}.").format(frappe.format(decree.tmt, "Date"))]
	if decree.kind == "Reappointment":
		lines.append(_("Each of them finds the SK on the page Saya; whoever stayed home comes back to work."))
	counts = [_("{0}: {1} people").format(opd, people) for opd, people in office.about.items()]
	return Message(subject, lines, ((_("By OPD"), counts),) if len(counts) > 1 else ())
