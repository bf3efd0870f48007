"""The night of a contract: Active becomes Expired after its last day, Upcoming becomes Active on its first."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import frappe

from kupang_hr.bulk.audit import Change, Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.step import Step
from kupang_hr.clock import today
from kupang_hr.cycle.duty import write_duty
from kupang_hr.rules.contract import ACTIVE, UPCOMING, Term, contract_status

FIELDS = ("docstatus", "status", "start_date", "end_date", "terminated_on")
SEAT_FIELDS = ("personnel", "opd", "position")


class Expire(Step):
	"""Bring the status of contracts up to the day; people whose contract begins take their seat.

	Criterion: none; the day is the one the run works as of, so a night after an outage takes all that is due.
	"""

	action = "expire"
	doctype = "PTT Contract"
	writes = ("Personnel",)
	roles = ("BKPPD Clerk", "BKPPD Head")

	def subject(self) -> str:
		return str(today())

	def waiting(self):
		contract = self.table
		over = contract.status.isin((ACTIVE, UPCOMING)) & (contract.end_date < today())
		begun = (contract.status == UPCOMING) & (contract.start_date <= today())
		ended = contract.status.isin((ACTIVE, UPCOMING)) & (contract.terminated_on < today())
		return frappe.qb.from_(contract).where((contract.docstatus == 1) & (over | begun | ended))

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		rows = lock_rows("PTT Contract", names, FIELDS)
		rows = {name: row for name, row in rows.items() if row.docstatus == 1}
		on = today()
		changes = {name: Change(row, {"status": status_on(row, on)}) for name, row in rows.items()}
		trail.update("PTT Contract", changes)
		begun = [name for name, change in changes.items() if change.new["status"] == ACTIVE]
		if begun:
			seated = lock_rows("PTT Contract", begun, SEAT_FIELDS).values()
			write_duty([row.personnel for row in seated], today(), trail, seats=seats_by(seated))
		return {}


def status_on(row: Any, on: date | None = None) -> str:
	"""The status of a submitted contract on a day, otherwise today."""
	return contract_status(Term(row.start_date, row.end_date), row.terminated_on, on or today())


def seats_by(contracts: Iterable[Any]) -> dict[str, dict[str, Any]]:
	"""The seat that each person takes with a contract that has begun."""
	return {row.personnel: {"opd": row.opd, "position": row.position} for row in contracts}
