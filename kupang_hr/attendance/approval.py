"""Who decides about a person's permits and corrections: the OPD, and never oneself."""

from datetime import date

import frappe
from frappe import _

from kupang_hr.access import seats
from kupang_hr.clock import today
from kupang_hr.exceptions import ApprovalError


def approver_of(personnel: str, on: date | None = None) -> str | None:
	"""The rater of the nearest node upward who is not the person; a head's own requests go to the node above."""
	person = frappe.db.get_value("Personnel", personnel, ["opd", "user"], as_dict=True)
	return seats.approver_of(person.opd, on or today(), person.user) if person else None


def check_approver(personnel: str) -> str:
	"""Refuse anybody but the approver; the user who approves. Raises ApprovalError."""
	user = frappe.session.user
	if frappe.db.get_value("Personnel", personnel, "user") == user:
		frappe.throw(_("Nobody decides about their own request."), ApprovalError)
	approver = approver_of(personnel)
	if approver is None:
		frappe.throw(_("No OPD above {0} has a head to decide.").format(personnel), ApprovalError)
	if approver != user:
		frappe.throw(_("{0} decides about the requests of {1}.").format(approver, personnel), ApprovalError)
	return user
