"""The paraf: initials on a draft decree, in order, each by the user whom Settings names."""

import frappe
from frappe import _
from frappe.utils import now_datetime

from kupang_hr.exceptions import ParafError
from kupang_hr.rules import decree as law


def steps_of(decree) -> list[law.ParafStep]:
	return [law.ParafStep(row.title, row.user or "", bool(row.given_at)) for row in decree.paraf]


def give(decree) -> None:
	"""Give the next paraf as the session's user; raises ParafError with whose turn it is."""
	problem = law.paraf_problem(steps_of(decree), frappe.session.user)
	if problem:
		frappe.throw(paraf_text(problem), ParafError)
	row = next(row for row in decree.paraf if not row.given_at)
	row.given_at = now_datetime().replace(microsecond=0)
	decree.flags.gives_paraf = True
	decree.flags.ignore_permissions = True  # a signer need not be one of the editors
	decree.save()


def check_complete(decree) -> None:
	"""Refuse to sign a decree before everybody has initialled it."""
	if not decree.paraf:
		frappe.throw(_("Settings name nobody who gives a paraf."), ParafError)
	step = law.next_paraf(steps_of(decree))
	if step:
		frappe.throw(_("The paraf of {0} is missing.").format(step.title), ParafError)


def let_signers_read(decree) -> None:
	"""Share a draft with the signers whose roles would not show it to them."""
	for user in {row.user for row in decree.paraf if row.user}:
		if not frappe.has_permission("Decree", "read", doc=decree, user=user):
			frappe.share.add_docshare(
				"Decree", decree.name, user, read=1, flags={"ignore_share_permission": True}
			)


def paraf_text(problem: law.Problem) -> str:
	match problem:
		case law.ParafComplete():
			return _("Every paraf has been given.")
		case law.ParafUserMissing(title):
			return _("Settings name no user for the paraf of {0}.").format(title)
		case law.NotASigner(_user):
			return _("You are not among those who give a paraf.")
		case law.NotYourTurn(_user, title, _next):
			return _("The paraf of {0} comes first.").format(title)
	raise TypeError(problem)
