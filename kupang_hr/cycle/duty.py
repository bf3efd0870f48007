"""Duty status and seat of people, written wherever something on file has changed them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import frappe

from kupang_hr.bulk.audit import Change, Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.step import Step
from kupang_hr.clock import today
from kupang_hr.cycle.contracts import duty_statuses, terminations
from kupang_hr.rules.contract import LEFT, STOOD_DOWN

PERSONNEL_FIELDS = ("duty_status", "duty_status_since", "opd", "position")


def write_duty(
	personnel: Sequence[str],
	on: date,
	trail: Trail,
	since: date | None = None,
	seats: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, str]:
	"""Bring the duty status of people up to date with what is on file, and move them to new seats.

	`since`: the date the new status counts from, otherwise `on`. `seats`: opd and position by person, for
	those whose contract has begun. Answers the status of each person that changed.
	"""
	rows = lock_rows("Personnel", sorted(set(personnel)), PERSONNEL_FIELDS)
	statuses = duty_statuses(list(rows), on)
	changes, changed = {}, {}
	for name, row in rows.items():
		new = dict((seats or {}).get(name, {}))
		if row.duty_status != statuses[name]:
			new |= {"duty_status": statuses[name], "duty_status_since": since or on}
			changed[name] = statuses[name]
		if new:
			changes[name] = Change(row, new)
	trail.update("Personnel", changes)
	return changed


class RefreshDuty(Step):
	"""People whose exit has taken effect, who were declined after their Termination decree, or whose contract has
	recalled them. Criterion: none."""

	action = "refresh-duty"
	doctype = "Personnel"
	roles = ("BKPPD Clerk", "BKPPD Head")

	def subject(self) -> str:
		return str(today())

	def waiting(self):
		leave, contract = frappe.qb.DocType("Personnel Exit"), frappe.qb.DocType("PTT Contract")
		gone = (
			frappe.qb.from_(leave)
			.select(leave.personnel)
			.where((leave.docstatus == 1) & (leave.exit_date < today()))
		)
		recalled = (
			frappe.qb.from_(contract)
			.select(contract.personnel)
			.where((contract.docstatus == 1) & (contract.status == "Active"))
			.where(contract.start_date <= today())
		)
		person = self.table
		line, terminated = terminations()
		gone = person.name.isin(gone) | person.name.isin(terminated.select(line.personnel))
		leaving = (person.duty_status != LEFT) & gone & person.name.notin(recalled)
		returning = (person.duty_status == STOOD_DOWN) & person.name.isin(recalled)
		return frappe.qb.from_(person).where(leaving | returning)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		write_duty(names, today(), trail)
		return {}
