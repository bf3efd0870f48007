"""Positions are kept as long as the settings say, then blanked by set; the punch, its salt and its hash stay.

The Bulk Run is the record of it: who, when, how many, and before which day. The signatures and the seals hold as
before; a position that was blanked without such a run is a finding of `kupang-verify-attendance`.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from kupang_hr.attendance.evidence import POSITION, PUNCH
from kupang_hr.bulk import query, run
from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.step import Step
from kupang_hr.clock import today
from kupang_hr.exceptions import RetentionError


def blank_positions() -> dict[str, Any] | None:
	"""Start the run that blanks what is older than the settings keep; None while positions are kept for ever."""
	before = last_day_to_keep()
	return run.start("blank-positions", {"before": before.isoformat()}) if before else None


def last_day_to_keep() -> date | None:
	"""The first day whose positions are kept today; None: all are."""
	days = int(frappe.db.get_single_value("Kupang HR Settings", "position_retention_days") or 0)
	return today() - timedelta(days=days) if days else None


class BlankPositions(Step):
	"""Positions of punches received before a day. Criterion: before (YYYY-MM-DD)."""

	action = "blank-positions"
	doctype = PUNCH
	roles = ("BKPPD Head", "System Manager")

	def prepare(self) -> None:
		kept = last_day_to_keep()
		if kept is None:
			frappe.throw(_("The settings keep positions for ever."), RetentionError)
		self.before = getdate(self.criterion.get("before"))
		if self.before > kept:
			frappe.throw(_("The settings keep positions from {0} on.").format(kept), RetentionError)

	def subject(self) -> str:
		return self.before.isoformat()

	def waiting(self):
		punch = self.table
		old = (punch.position_blanked == 0) & (punch.received_at < datetime.combine(self.before, time()))
		return frappe.qb.from_(punch).where(old & punch.latitude.isnotnull())

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		query.update(PUNCH, names, {**dict.fromkeys(POSITION), "position_blanked": 1})
		trail.touched(PUNCH, names)
		return {}
