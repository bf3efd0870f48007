import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.access.seats import rater_of
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.clock import today
from kupang_hr.cycle import rating
from kupang_hr.cycle.wording import refusal_text
from kupang_hr.exceptions import DerivedFieldError, DuplicateRenewalError, RaterError, ScoreError
from kupang_hr.rules.renewal import DRAFT, Refusal


class PerformanceAppraisal(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from kupang_hr.kupang_hr.doctype.performance_appraisal_score.performance_appraisal_score import (
			PerformanceAppraisalScore,
		)

		amended_from: DF.Link | None
		appraised_by: DF.Link | None
		attendance_score: DF.Float
		behaviour_expectation: DF.Literal["", "Above", "As Expected", "Below"]
		personnel: DF.Link
		personnel_name: DF.Data | None
		rating: DF.Data | None
		reason: DF.SmallText | None
		recommendation: DF.Literal["", "Renew", "Do Not Renew"]
		renewal: DF.Link | None
		results_expectation: DF.Literal["", "Above", "As Expected", "Below"]
		round: DF.Link
		scheme: DF.Link | None
		scores: DF.Table[PerformanceAppraisalScore]
		total: DF.Float

	# end: auto-generated types
	def before_validate(self):
		self.set_renewal()

	def set_renewal(self):
		"""The renewal that this appraisal is for, locked: two appraisals of it wait for each other."""
		self.renewal = frappe.db.get_value(
			"Contract Renewal", {"round": self.round, "personnel": self.personnel}, "name"
		)
		if not self.renewal:
			frappe.throw(
				_("{0} has no renewal in round {1}.").format(
					self.personnel_name or self.personnel, self.round
				)
			)
		self.flags.renewal_state = lock_rows("Contract Renewal", [self.renewal], ("workflow_state",))[
			self.renewal
		].workflow_state

	def validate(self):
		self.validate_draft_renewal()
		self.validate_only_one()
		self.set_components()
		self.validate_who_scores()
		self.validate_scores()
		self.set_outcome()

	def validate_draft_renewal(self):
		if self.flags.renewal_state != DRAFT:
			frappe.throw(
				_("The renewal {0} is {1}; its appraisal is closed.").format(
					self.renewal, _(self.flags.renewal_state)
				),
				ScoreError,
			)

	def validate_only_one(self):
		own = "" if self.is_new() else self.name  # a new one is named like the one that stands already
		other = frappe.db.get_value(
			self.doctype, {"renewal": self.renewal, "docstatus": ("<", 2), "name": ("!=", own)}
		)
		if other:
			frappe.throw(
				_("{0} already has the appraisal {1} in this round.").format(
					self.personnel_name or self.personnel, other
				),
				DuplicateRenewalError,
			)

	def set_components(self):
		"""One row for each component of the round's scheme, with the scores given so far."""
		self.scheme = frappe.db.get_value("Renewal Round", self.round, "scheme")
		scheme = self.scoring().scheme
		given = {row.component: row for row in (*self.scores_before_import(), *self.scores)}
		unknown = [name for name in given if name not in {component.name for component in scheme.components}]
		if unknown:
			frappe.throw(_("The scheme has no component {0}.").format(", ".join(unknown)), ScoreError)
		self.set("scores", [])
		for component in scheme.components:
			row = given.get(component.name) or {"component": component.name}
			row = self.append("scores", row)
			row.weight, row.computed = component.weight, int(component.computed)
			# Frappe stamps only the rows that a document came with
			row.update({"owner": row.owner or self.owner, "creation": row.creation or self.creation})
			row.update({"modified": self.modified, "modified_by": self.modified_by})

	def scores_before_import(self) -> list:
		"""A sheet brings new rows in place of the old; a component that it does not name keeps its score."""
		before = self.get_doc_before_save() if frappe.flags.in_import else None
		return before.scores if before else []

	def validate_who_scores(self):
		"""Scores, recommendation and reason are the rater's, on a draft as on submission."""
		before = self.get_doc_before_save()
		if not before and self.amended_from:
			before = frappe.get_doc(self.doctype, self.amended_from)
		if _judgement(self) != _judgement(before):
			self.validate_rater()

	def validate_scores(self):
		values = {row.component: rating.parse_score(row.score) for row in self.scores if not row.computed}
		problems = rating.draft_problems(self.scoring().scheme, values)
		if problems:
			frappe.throw("<br>".join(problems), ScoreError)

	def set_outcome(self):
		outcome = self.outcome()
		self.attendance_score = float(outcome.attendance or 0)
		self.total, self.rating = outcome.total, outcome.rating
		self.appraised_by = None
		for row in self.scores:
			if row.computed:
				row.score = outcome.attendance

	def outcome(self) -> rating.Outcome:
		year = rating.summary_year(frappe.db.get_value("Renewal Round", self.round, "ending_to"))
		scores = {row.component: row.score for row in self.scores}
		summary = rating.summaries_of([self.personnel], year).get(self.personnel)
		return rating.appraise(
			self.scoring(), summary, scores, self.results_expectation, self.behaviour_expectation, self.reason
		)

	def scoring(self) -> rating.Scoring:
		return rating.scoring_of(self.scheme)

	def before_submit(self):
		self.validate_rater()
		problems = self.missing_scores() + list(self.outcome().problems)
		if problems:
			frappe.throw("<br>".join(dict.fromkeys(problems)), ScoreError)
		self.appraised_by = frappe.session.user

	def missing_scores(self) -> list[str]:
		return [
			_("The score of {0} is missing.").format(_(row.component))
			for row in self.scores
			if not row.computed and rating.parse_score(row.score) is None
		]

	def validate_rater(self):
		opd, own_user = frappe.db.get_value("Personnel", self.personnel, ["opd", "user"])
		if own_user == frappe.session.user:
			frappe.throw(refusal_text(Refusal.OWN_APPRAISAL), RaterError)
		if rater_of(opd, today()) != frappe.session.user:
			frappe.throw(refusal_text(Refusal.NOT_RATER), RaterError)

	def on_submit(self):
		"""Rate the renewal in the same transaction."""
		renewal = frappe.get_doc("Contract Renewal", self.renewal)
		renewal.flags.updater_reference = self.flags.updater_reference
		renewal.perform("Rate")

	def before_cancel(self):
		state = frappe.db.get_value("Contract Renewal", self.renewal, "workflow_state")
		if state != DRAFT:
			frappe.throw(
				_("Reopen the renewal {0}; that cancels its appraisal.").format(self.renewal),
				DerivedFieldError,
			)


def _judgement(doc) -> dict[str, str]:
	"""What a rater says in an appraisal, by field and component; nothing for none."""
	if not doc:
		return {}
	said = {fieldname: doc.get(fieldname) for fieldname in rating.TYPED_FIELDS}
	said |= {row.component: row.score for row in doc.scores if not row.computed}
	return {key: str(value) for key, value in said.items() if value}
