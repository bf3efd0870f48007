"""Closing months, over REST and for the form's button. Reading closed months: `kupang_hr.api.finance`."""

from typing import Any

import frappe

from kupang_hr.payroll import closing


@frappe.whitelist(methods=["POST"])
def close_period(period: str) -> dict[str, Any]:
	"""Close a month like "2021-01" from its last day on, or close it again for what is known since. BKPPD Head.

	Answers the Bulk Run. Calling it again is safe: an open run is found again, and without news nothing is added.
	"""
	return closing.close_period(period)
