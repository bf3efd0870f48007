import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.access.criterion import sees_person
from kupang_hr.bulk.audit import Trail, is_changed
from kupang_hr.cycle import issuing, opening, rating, renewals
from kupang_hr.cycle.wording import refusal_text
from kupang_hr.exceptions import DerivedFieldError, DuplicateRenewalError, TransitionRefusedError
from kupang_hr.rules import renewal as law

DERIVED = (
	"appraisal",
	"total_score",
	"rating",
	"rated_by",
	"recommended_by",
	"issued_by",
	"personnel_exit",
	"decree",
	"new_contract",
)
FIXED = ("round", "personnel", "old_contract")
PROPOSAL = ("proposed_opd", "proposed_position")


class ContractRenewal(Document):
	"""The workflow document of one person in one round.

	However a change of state arrives (workflow button, form, REST, import), `validate` accepts it only as a
	transition of `rules.renewal`, and `on_change` leaves the same trace.
	"""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amended_from: DF.Link | None
		appraisal: DF.Link | None
		decree: DF.Link | None
		issued_by: DF.Link | None
		new_contract: DF.Link | None
		old_contract: DF.Link
		personnel: DF.Link
		personnel_exit: DF.Link | None
		personnel_name: DF.Data | None
		proposed_opd: DF.Link
		proposed_position: DF.Data
		rated_by: DF.Link | None
		rating: DF.Data | None
		reason: DF.SmallText | None
		recommended_by: DF.Link | None
		round: DF.Link
		total_score: DF.Float
		wave: DF.Int
		workflow_state: DF.Link | None
	# end: auto-generated types

	def validate(self):
		if self.is_new():
			self.validate_new()
		elif self.moves():
			self.validate_transition()
		else:
			self.validate_edit()

	def validate_new(self):
		if (self.workflow_state or law.DRAFT) != law.DRAFT or self.docstatus:
			frappe.throw(_("A renewal begins as Draft."), TransitionRefusedError)
		if frappe.db.exists("Contract Renewal", {"round": self.round, "personnel": self.personnel}):
			frappe.throw(
				_("{0} already has a renewal in round {1}.").format(
					self.personnel_name or self.personnel, self.round
				),
				DuplicateRenewalError,
			)
		self.set_proposal()
		for fieldname in DERIVED:
			self.set(fieldname, None)

	def set_proposal(self):
		"""The contract that ends, the wave, and the present seat unless another one is proposed."""
		round_doc = frappe.get_doc("Renewal Round", self.round)
		contract = frappe.qb.DocType("PTT Contract")
		ending = (
			opening.contracts_to_renew(contract, round_doc)
			.select(contract.name)
			.where(contract.personnel == self.personnel)
			.run(pluck=True)
		)
		if not ending or self.old_contract not in (None, "", *ending):
			frappe.throw(refusal_text(law.Refusal.NO_CONTRACT), TransitionRefusedError)
		person = frappe.get_doc("Personnel", self.personnel)
		new = opening.new_renewal(round_doc, person, ending[-1], opening.round_waves(round_doc))
		self.update({key: value for key, value in new.items() if key != "name" and not self.get(key)})
		self.wave = new["wave"]

	def moves(self) -> bool:
		before = self.get_doc_before_save()
		return before.workflow_state != self.workflow_state or before.docstatus != self.docstatus

	def validate_transition(self):
		before = self.get_doc_before_save()
		if self.docstatus != law.docstatus_of(self.workflow_state):
			frappe.throw(
				_("Only a renewal in the state SK Issued is submitted, and it is."), TransitionRefusedError
			)
		transition = law.transition_between(before.workflow_state, self.workflow_state)
		if not transition:
			frappe.throw(
				_("A renewal cannot go from {0} to {1}.").format(
					_(before.workflow_state), _(self.workflow_state)
				),
				TransitionRefusedError,
			)
		self.validate_actor(transition)
		self.validate_facts(transition, before)
		self.restore(before)
		self.update(renewals.stamp(transition, frappe.session.user, self.reason))
		self.update(self.values_of(transition))
		self.flags.transition = transition

	def validate_actor(self, transition: law.Transition):
		if transition.role not in frappe.get_roles():
			frappe.throw(
				_("{0} is done by {1}.").format(_(transition.action), _(transition.role)),
				frappe.PermissionError,
			)
		if not sees_person(self.personnel, frappe.session.user):
			frappe.throw(
				_("{0} is not among your people.").format(self.personnel_name), frappe.PermissionError
			)

	def validate_facts(self, transition: law.Transition, before):
		met = renewals.met_needs({self.name: before}, locked=True)[self.name]
		facts = renewals.facts_of(self.name, before, met, self.reason)
		refusal = law.transition_refusal(transition, facts, frappe.session.user)
		if refusal:
			frappe.throw(renewals.refusal_texts({self.name: refusal})[self.name], TransitionRefusedError)

	def restore(self, before):
		"""What the cycle derives is never taken from the client; the rest only from the role of the state."""
		edits = law.EDIT_ROLES[before.workflow_state] in frappe.get_roles()
		for fieldname in (*DERIVED, *FIXED, "wave", *(() if edits else PROPOSAL)):
			self.set(fieldname, before.get(fieldname))

	def values_of(self, transition: law.Transition) -> dict:
		"""What the step itself brings: the rating, the exit, or the decree with the new contract."""
		if transition.action == "Rate":
			appraisal = frappe.db.get_value(
				rating.APPRAISAL, {"renewal": self.name, "docstatus": 1}, ["name", "total", "rating"]
			)
			return rating.rating_values(*appraisal)
		if transition.action == "Withdraw":
			return {"personnel_exit": renewals.exits_of([self.personnel])[self.personnel].name}
		if transition.action == "Issue SK":
			return self.issue_values()
		return {}

	def issue_values(self) -> dict:
		decree = frappe.get_doc(
			"Decree",
			frappe.db.get_value(
				"Decree Line",
				{
					"renewal": self.name,
					"kind": "Reappointment",
					"signed": 1,
					"revoked_by": ("is", "not set"),
				},
				"decree",
			),
		)
		refused = issuing.issue_refusals(decree, {self.name: self.get_doc_before_save()})
		if refused:
			frappe.throw(refused[self.name], TransitionRefusedError)
		self.flags.contract = issuing.new_contracts(decree, {self.name: self})[self.name]
		return {"decree": decree.name, "new_contract": self.flags.contract["name"]}

	def validate_edit(self):
		"""Within a state: what the cycle derives stays, and the rest is changed by the role of the state."""
		before = self.get_doc_before_save()
		for fieldname in (*DERIVED, *FIXED):
			if is_changed(self, fieldname) and (self.get(fieldname) or before.get(fieldname)):
				label = _(self.meta.get_label(fieldname))
				frappe.throw(_("{0} is set by the yearly steps.").format(label), DerivedFieldError)
		role = law.EDIT_ROLES[self.workflow_state]
		if role not in frappe.get_roles() and self.is_edited():
			frappe.throw(
				_("In the state {0} a renewal is changed by {1}.").format(_(self.workflow_state), _(role)),
				frappe.PermissionError,
			)

	def is_edited(self) -> bool:
		return any(
			is_changed(self, fieldname)
			for fieldname in ("proposed_opd", "proposed_position", "reason", "wave")
		)

	def after_insert(self):
		self.make_appraisal()

	def make_appraisal(self):
		appraisal = frappe.new_doc(rating.APPRAISAL)
		appraisal.update({"round": self.round, "personnel": self.personnel, "renewal": self.name})
		appraisal.flags.updater_reference = self.flags.updater_reference
		appraisal.flags.ignore_permissions = True
		appraisal.insert()

	def on_update(self):
		transition = self.flags.transition
		if transition:
			self.trail().complete_inbox(self.doctype, [self.name], transition.role)
		if transition and transition.action == "Reopen":
			self.cancel_appraisal()

	def cancel_appraisal(self):
		appraisal = frappe.get_doc(rating.APPRAISAL, self.get_doc_before_save().appraisal)
		appraisal.flags.ignore_permissions = True
		appraisal.cancel()

	def on_submit(self):
		"""Issue SK: the new contract, which recalls the person."""
		contract = frappe.new_doc("PTT Contract")
		contract.update(self.flags.contract)
		contract.flags.updater_reference = self.flags.updater_reference
		contract.flags.given_by_decree = contract.flags.ignore_permissions = True
		contract.insert()

	def on_change(self):
		"""The inbox and the Workflow comment, after Frappe's own part in it."""
		if self.flags.transition and self.flags.commented_state != self.workflow_state:
			self.fill_inbox()
			self.add_workflow_comment()

	def fill_inbox(self):
		"""Frappe makes no inbox row for a state that the document has been in before."""
		waiting = {"reference_doctype": self.doctype, "reference_name": self.name, "status": "Open"}
		if not frappe.db.exists("Workflow Action", waiting):
			met = renewals.met_needs({self.name: self})[self.name]
			roles = {self.name: renewals.waiting_roles(self.workflow_state, met)}
			self.trail().fill_inbox(self.doctype, self.workflow_state, roles)

	def add_workflow_comment(self):
		self.flags.commented_state = self.workflow_state
		super().add_comment("Workflow", _(self.workflow_state))

	def add_comment(self, comment_type="Comment", text=None, *args, **kwargs):
		"""Frappe's workflow button comments once more what `on_change` has commented on every path."""
		if comment_type == "Workflow" and self.flags.commented_state == self.workflow_state:
			return None
		return super().add_comment(comment_type, text, *args, **kwargs)

	def trail(self) -> Trail:
		return Trail(frappe.session.user, None, moment=self.modified)

	def perform(self, action: str, reason: str | None = None):
		"""Take the workflow's `action` on this renewal as the session's user, with the reason it demands."""
		met = renewals.met_needs({self.name: self})[self.name]
		rows = [row for row in law.transitions_of(action) if row.state == self.workflow_state]
		transition = next((row for row in rows if set(row.needs) <= met), rows[0] if rows else None)
		if not transition:
			frappe.throw(refusal_text(law.Refusal.WRONG_STATE), TransitionRefusedError)
		if transition.reason:
			self.reason = (reason or "").strip() or None
		self.workflow_state = transition.next_state
		if law.docstatus_of(transition.next_state):
			self.submit()
		else:
			self.save()

	def on_trash(self):
		frappe.throw(_("A renewal is never deleted; a leaver's is withdrawn."), TransitionRefusedError)

	def before_cancel(self):
		frappe.throw(_("An issued SK is undone by a Revocation decree only."), TransitionRefusedError)


def on_doctype_update():
	frappe.db.add_unique("Contract Renewal", ["personnel", "round"])
	frappe.db.add_index("Contract Renewal", ["round", "workflow_state"])
