"""The mayor's part: recommend, decline, hold, return, release; by OPD, by selection, or all."""

from collections.abc import Sequence
from typing import Any

import frappe

from kupang_hr.access.criterion import visible
from kupang_hr.bulk.audit import Trail, last_changed_by
from kupang_hr.bulk.step import Step
from kupang_hr.cycle.renewals import lock_renewals, move
from kupang_hr.cycle.wording import refusal_text
from kupang_hr.rules.renewal import Refusal, Transition, transitions_of


class _MayorStep(Step):
	"""Renewals of a round in a starting state of the action.

	Criterion: `round`; optionally `opd` (present seat, that node alone, or a list of them), `wave`, `state`
	(one of those it starts from), `names` (renewals), `except` (renewals left out), `run` (a Bulk Run of one's
	own: whose state came by it and has not changed since), and `reason` where the action demands one.
	"""

	doctype = "Contract Renewal"
	roles = ("Wali Kota",)
	can_rehearse = True
	transition_action: str

	def prepare(self) -> None:
		self.rows = transitions_of(self.transition_action)
		self.round = frappe.get_doc("Renewal Round", self.criterion.get("round")).name
		self.reason = (self.criterion.get("reason") or "").strip() or None
		if run := self.criterion.get("run"):
			frappe.get_doc("Bulk Run", run).check_permission("read")
		if self.rows[0].reason and not self.reason:
			frappe.throw(refusal_text(Refusal.REASON_MISSING))

	def waiting(self):
		renewal, person = self.table, frappe.qb.DocType("Personnel")
		states = [row.state for row in self.rows if self.criterion.get("state") in (None, row.state)]
		rows = frappe.qb.from_(renewal).where((renewal.round == self.round) & (renewal.docstatus == 0))
		rows = rows.where(renewal.workflow_state.isin(states or [""]))
		if opd := self.criterion.get("opd"):
			opds = [opd] if isinstance(opd, str) else sorted(set(opd))
			seated = frappe.qb.from_(person).select(person.name).where(person.opd.isin(opds))
			rows = rows.where(renewal.personnel.isin(seated))
		if (wave := self.criterion.get("wave")) is not None:
			rows = rows.where(renewal.wave == int(wave))
		if left_out := self.criterion.get("except"):
			rows = rows.where(renewal.name.notin(left_out))
		if run := self.criterion.get("run"):
			rows = rows.where(last_changed_by(run, self.doctype, "workflow_state"))
		return visible(rows, self.doctype, renewal, self.user)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		done = self.rows[0].next_state  # where somebody else has brought it meanwhile
		rows = {name: row for name, row in lock_renewals(names).items() if row.workflow_state != done}
		return move(rows, lambda _met, row: self.transition(row), trail, self.reason)

	def transition(self, row: Any) -> Transition | None:
		"""The row of the workflow that this renewal takes, None when it is in no starting state any more."""
		return next((each for each in self.rows if each.state == row.workflow_state), None)


class Recommend(_MayorStep):
	action = "recommend"
	transition_action = "Recommend"


class Decline(_MayorStep):
	action = "decline"
	asks = ("reason",)
	transition_action = "Decline"


class Hold(_MayorStep):
	action = "hold"
	asks = ("reason",)
	transition_action = "Hold"


class Return(_MayorStep):
	action = "return"
	transition_action = "Return"


class Release(_MayorStep):
	action = "release"
	transition_action = "Release"
