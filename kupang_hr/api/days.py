"""Building days and yearly summaries over REST and for the desk's buttons.

Both are POST and mass steps: they check the caller's role and scope in the step, and answer a Bulk Run. Calling
one again is safe.
"""

from typing import Any

import frappe
from frappe import _

from kupang_hr.bulk import run


@frappe.whitelist(methods=["POST"])
def rebuild_days(
	first: str, last: str, opd: str | None = None, names: str | list | None = None
) -> dict[str, Any]:
	"""Build the days from `first` to `last` (ISO dates) anew: of all, of an OPD with its subtree, or of `names`.

	BKPPD Clerk or Head; an OPD Head for their own people. Closed months stay as they are.
	"""
	return _start("rebuild-days", first=first, last=last, opd=opd, names=_names(names))


@frappe.whitelist(methods=["POST"])
def summarize_attendance(year: int | str) -> dict[str, Any]:
	"""Count the Attendance Summaries of a year from its logs. BKPPD Clerk."""
	return _start("summarize-attendance", year=year)


def _start(action: str, **criterion: Any) -> dict[str, Any]:
	return run.start(action, {key: value for key, value in criterion.items() if value is not None})


def _names(names: str | list | None) -> list[str] | None:
	"""A list of names, None where none was given; whoever chose nobody does not mean everybody."""
	if names in (None, ""):
		return None
	try:
		parsed = frappe.parse_json(names)
	except ValueError:
		parsed = None
	if not isinstance(parsed, list) or not parsed or not all(isinstance(name, str) for name in parsed):
		frappe.throw(_("Names are given as a list."))
	return parsed
