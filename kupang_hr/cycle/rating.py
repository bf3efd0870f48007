"""Rating: the scores of an OPD's people, their totals, and the renewals that become Rated by them.

`appraise` is the one way from scores to a rating; the form and both mass steps use it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import getdate

from kupang_hr.access.criterion import visible
from kupang_hr.access.seats import opd_tree, rater_of
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Change, Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.step import Step
from kupang_hr.clock import today
from kupang_hr.cycle.renewals import lock_renewals, move
from kupang_hr.cycle.wording import problem_text, refusal_text
from kupang_hr.rules import appraisal as law
from kupang_hr.rules.renewal import DRAFT, RATING, Refusal, transitions_of

APPRAISAL = "Performance Appraisal"
SCORE = "Performance Appraisal Score"
APPRAISAL_FIELDS = (
	"docstatus",
	"round",
	"personnel",
	"renewal",
	"scheme",
	"appraised_by",
	"results_expectation",
	"behaviour_expectation",
	"attendance_score",
	"total",
	"rating",
	"recommendation",
	"reason",
)


@dataclass(frozen=True)
class Scoring:
	"""A scheme as the city has set it, with the points deducted for an unexcused day."""

	scheme: law.Scheme
	deduction: float


@dataclass(frozen=True)
class Outcome:
	"""What scores come to. `attendance`: text of the computed score, None without a summary.

	`total` and `rating` stand only where `problems` is empty.
	"""

	attendance: str | None
	total: float
	rating: str | None
	problems: tuple[str, ...]


def scoring_of(name: str) -> Scoring:
	"""The Appraisal Scheme as the rule takes it."""
	doc = frappe.get_cached_doc("Appraisal Scheme", name)
	return Scoring(scheme_from(doc), doc.deduction_per_unexcused_day)


def scheme_from(doc) -> law.Scheme:
	"""An Appraisal Scheme document as the rule's scheme."""
	return law.Scheme(
		name=doc.name or doc.scheme_name,
		method=doc.method,
		components=tuple(
			law.Component(row.component, row.weight, bool(row.computed)) for row in doc.components
		),
		bands=tuple(law.Band(row.rating, row.from_score) for row in doc.bands),
		matrix={(row.results, row.behaviour): row.rating for row in doc.matrix},
		behaviour_aspects=tuple((doc.behaviour_aspects or "").splitlines()),
	)


def appraise(
	scoring: Scoring,
	summary: Any | None,
	scores: Mapping[str, str | None],
	results: str | None,
	behaviour: str | None,
	reason: str | None,
) -> Outcome:
	"""Total and rating of one person, with everything that keeps the appraisal from being submitted.

	`summary`: days_expected, days_present and days_unexcused of the year, None when there is none. `scores`:
	text by component; the computed component is filled here and never taken from it.
	"""
	attendance, problems = attendance_of(scoring, summary)
	if scoring.scheme.method == law.MATRIX:
		total, rating, more = 0.0, *_by_expectation(scoring.scheme, results, behaviour)
	else:
		total, rating, more = _by_weight(scoring.scheme, scores, attendance)
	problems += more
	if rating and law.needs_written_reason(rating) and not (reason or "").strip():
		problems += (_("The rating {0} needs a written reason.").format(rating),)
	return Outcome(attendance, total, rating, problems)


def attendance_of(scoring: Scoring, summary: Any | None) -> tuple[str | None, tuple[str, ...]]:
	"""The attendance component as text, None where it cannot be computed; and why it cannot."""
	if not summary:
		return None, (refusal_text(Refusal.NO_SUMMARY),)
	days = (summary.days_expected, summary.days_present, summary.days_unexcused)
	score, problems = _attendance_score(*days, scoring.deduction)
	return score, tuple(problem_text(problem) for problem in problems)


@lru_cache(maxsize=4096)
def _attendance_score(expected: int, present: int, unexcused: int, deduction: float):
	try:
		return plain(law.attendance_score(expected, present, unexcused, deduction)), ()
	except law.AppraisalError as error:
		return None, error.problems


def _by_expectation(scheme: law.Scheme, results: str | None, behaviour: str | None):
	if results not in law.EXPECTATIONS or behaviour not in law.EXPECTATIONS:
		return None, (_("Choose results and behaviour against expectation."),)
	return law.rating_for_expectations(scheme, results, behaviour), ()


def _by_weight(scheme: law.Scheme, scores: Mapping[str, str | None], attendance: str | None):
	values = {name: parse_score(text) for name, text in scores.items()}
	for component in scheme.components:
		if component.computed:
			values[component.name] = parse_score(attendance)
	total, rating, problems = _total(scheme, values)
	return total, rating, tuple(problem_text(problem) for problem in problems)


def _total(scheme: law.Scheme, values: Mapping[str, Any]):
	"""Total, rating and problems of scores."""
	try:
		total = law.weighted_total(scheme, values)
	except law.AppraisalError as error:
		return 0.0, None, tuple(filter(_is_of_a_rater, error.problems))
	return float(total), law.rating_for_total(scheme, total), ()


def _is_of_a_rater(problem: law.Problem) -> bool:
	"""Not that of a computed score, which `attendance_of` has told already."""
	return not (isinstance(problem, law.MissingScore) and problem.computed)


def parse_score(text: Any) -> Decimal | str | None:
	"""A typed score as a number; a decimal comma is as good as a point. What is no number stays text."""
	plain_text = str(text if text is not None else "").strip().replace(",", ".")
	if not plain_text:
		return None
	try:
		return Decimal(plain_text)
	except InvalidOperation:
		return plain_text


def plain(value: Decimal) -> str:
	"""A number without an exponent or trailing zeros: 95.5, 100."""
	return format(value.normalize(), "f")


def summary_year(ending_to) -> int:
	"""The year whose attendance counts: the year in which the contracts end."""
	return getdate(ending_to).year


def summaries_of(personnel: Sequence[str], year: int) -> dict[str, frappe._dict]:
	"""The Attendance Summary of each person for a year, by person."""
	summary = frappe.qb.DocType("Attendance Summary")
	rows = (
		frappe.qb.from_(summary)
		.select(summary.personnel, summary.days_expected, summary.days_present, summary.days_unexcused)
		.where(summary.personnel.isin(query.NAMES) & (summary.year == year))
	)
	return query.rows_by(rows, "personnel", names=tuple(personnel)) if personnel else {}


def scores_of(appraisals: Sequence[str]) -> dict[str, list[frappe._dict]]:
	"""The score rows of each appraisal, in their order."""
	score = frappe.qb.DocType(SCORE)
	rows = (
		frappe.qb.from_(score)
		.select(score.parent, score.name, score.component, score.score, score.computed)
		.where((score.parenttype == APPRAISAL) & score.parent.isin(query.NAMES))
		.orderby(score.parent, score.idx)
	)
	found: dict[str, list] = {}
	for row in query.run(rows, names=tuple(appraisals)) if appraisals else ():
		found.setdefault(row.parent, []).append(row)
	return found


def unrated_by_opd(round_name: str) -> dict[str, int]:
	"""How many people of a round have no rating yet, by present seat."""
	renewal, person = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("Personnel")
	rows = (
		frappe.qb.from_(renewal)
		.join(person)
		.on(person.name == renewal.personnel)
		.select(person.opd, Count("*").as_("people"))
		.where((renewal.round == round_name) & (renewal.workflow_state == DRAFT))
		.groupby(person.opd)
		.orderby(person.opd)
	)
	return {row.opd: row.people for row in query.run(rows)}


def rated_opds(user: str) -> list[str]:
	"""The OPDs whose people a user rates today."""
	tree, on = opd_tree(), today()
	return [opd for opd in tree if rater_of(opd, on, tree) == user]


class _AppraisalStep(Step):
	"""Draft appraisals that the requester is the rater of, in one round."""

	doctype = APPRAISAL
	writes = ("Contract Renewal",)
	roles = ("OPD Head",)
	by_user = True

	def prepare(self) -> None:
		self.round = frappe.get_doc("Renewal Round", self.criterion.get("round"))
		self.scoring = scoring_of(self.round.scheme)
		self.year = summary_year(self.round.ending_to)
		self.opds = self._opds()

	def waiting(self):
		renewal = frappe.qb.DocType("Contract Renewal")
		person = frappe.qb.DocType("Personnel")
		rows = (
			frappe.qb.from_(self.table)
			.join(renewal)
			.on(renewal.name == self.table.renewal)
			.join(person)
			.on(person.name == self.table.personnel)
			.where((self.table.round == self.round.name) & (self.table.docstatus == 0))
			.where((renewal.workflow_state == DRAFT) & person.opd.isin(self.opds))
		)
		return visible(rows, APPRAISAL, self.table, self.user)

	def _opds(self) -> list[str]:
		"""The OPDs whose people the requester rates, or the one that the criterion names among them."""
		chosen = self.criterion.get("opd")
		return [opd for opd in rated_opds(self.user) if not chosen or opd == chosen] or [""]

	def read(self, names: Sequence[str]) -> dict[str, frappe._dict]:
		"""Lock draft appraisals and their renewals, in the order of a form's submission, and what decides them."""
		rows = lock_rows(APPRAISAL, names, APPRAISAL_FIELDS)
		renewals = self.lock_renewals(sorted(row.renewal for row in rows.values()))
		own = self._own()
		scores = scores_of(names)
		summaries = summaries_of([row.personnel for row in rows.values()], self.year)
		for name, row in rows.items():
			row.update(
				renewal_row=renewals.get(row.renewal),
				is_own=row.personnel in own,
				scores=scores.get(name, []),
				summary=summaries.get(row.personnel),
			)
		return {name: row for name, row in rows.items() if row.docstatus == 0}

	def lock_renewals(self, names: Sequence[str]) -> dict[str, frappe._dict]:
		"""The renewals, with as much of them as the step writes."""
		return lock_rows("Contract Renewal", names, ("workflow_state",))

	def _own(self) -> set[str]:
		"""The requester as a person, whom somebody else appraises."""
		person = frappe.qb.DocType("Personnel")
		return set(query.values(frappe.qb.from_(person).select(person.name).where(person.user == self.user)))

	def appraise(self, row, typed: Mapping[str, Any]) -> Outcome:
		"""The outcome of an appraisal row with the values typed over what it holds."""
		scores = {score.component: score.score for score in row.scores} | dict(typed.get("scores", {}))
		expectations = (typed.get(key, row[key]) for key in ("results_expectation", "behaviour_expectation"))
		return appraise(self.scoring, row.summary, scores, *expectations, typed.get("reason", row.reason))

	def write(self, row, outcome: Outcome, typed: Mapping[str, Any]) -> Change:
		"""The change of an appraisal with this outcome, and of its score rows."""
		new = {
			"attendance_score": float(outcome.attendance or 0),
			"total": outcome.total,
			"rating": outcome.rating,
			**{key: typed[key] for key in TYPED_FIELDS if key in typed},
		}
		given = dict(typed.get("scores", {}))
		row.new_scores = {
			score.name: text
			for score in row.scores
			if (text := outcome.attendance if score.computed else given.get(score.component, score.score))
			!= score.score
		}
		changed_rows = tuple(
			("scores", position, score.name, [("score", score.score, row.new_scores[score.name])])
			for position, score in enumerate(row.scores)
			if score.name in row.new_scores
		)
		return Change(row, new, changed_rows)

	def write_scores(self, rows: Mapping[str, Any], trail: Trail, docstatus: int) -> None:
		"""Write the changed scores, and stamp every score row of these appraisals."""
		news = {name: {"score": text} for row in rows.values() for name, text in row.new_scores.items()}
		query.update_each(SCORE, news)
		trail.update_children(APPRAISAL, SCORE, list(rows), {"docstatus": docstatus})


TYPED_FIELDS = ("results_expectation", "behaviour_expectation", "recommendation", "reason")


class Score(_AppraisalStep):
	"""Save the scores that a head has typed for many people.

	Criterion: `round`, and `scores`: by appraisal name, {"scores": {component: value}, "recommendation",
	"reason", "results_expectation", "behaviour_expectation"}, each optional.
	"""

	action = "score"

	def prepare(self) -> None:
		super().prepare()
		self.criterion["names"] = sorted(self.criterion.get("scores") or {})
		if not self.criterion["names"]:
			frappe.throw(_("There are no scores to save."))

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		rows, changes = self.read(names), {}
		failures = dict.fromkeys(set(names) - rows.keys(), refusal_text(Refusal.WRONG_STATE))
		for name, row in rows.items():
			typed = self.criterion["scores"][name]
			if problems := self._problems(row, typed):
				failures[name] = " ".join(problems)
			else:
				changes[name] = self.write(row, self.appraise(row, typed), typed)
		trail.update(APPRAISAL, changes)
		self.write_scores({name: rows[name] for name in changes}, trail, docstatus=0)
		return failures

	def _problems(self, row, typed: Mapping[str, Any]) -> list[str]:
		"""What may not even be saved on a draft: a score that is none, or of a component that is none."""
		if row.is_own:
			return [refusal_text(Refusal.OWN_APPRAISAL)]
		if problems := typed_problems(typed):
			return problems
		values = {name: parse_score(text) for name, text in typed.get("scores", {}).items()}
		return draft_problems(self.scoring.scheme, values)


def typed_problems(typed: Mapping[str, Any]) -> list[str]:
	"""What Frappe refuses on a form: a value of the wrong kind, or that is none of the choices."""
	if not isinstance(typed.get("scores", {}), Mapping):
		return [_("Scores are given by component.")]
	problems = []
	for name in filter(typed.get, TYPED_FIELDS):
		field, value = frappe.get_meta(APPRAISAL).get_field(name), typed[name]
		if not isinstance(value, str):
			problems.append(_("{0} is a text.").format(_(field.label)))
		elif field.fieldtype == "Select" and value not in field.options.split("\n"):
			problems.append(_("{0} cannot be {1}.").format(_(field.label), value))
	return problems


def draft_problems(scheme: law.Scheme, values: Mapping[str, Any]) -> list[str]:
	"""What is wrong with the scores given so far; one that is still missing is not."""
	problems = law.score_problems(scheme, values)
	return [problem_text(problem) for problem in problems if not isinstance(problem, law.MissingScore)]


class Rate(_AppraisalStep):
	"""Submit the complete appraisals of a round and make their renewals Rated.

	Criterion: `round`, optionally `opd` and `names` (appraisals).
	"""

	action = "rate"
	can_rehearse = True

	def lock_renewals(self, names: Sequence[str]) -> dict[str, frappe._dict]:
		return lock_renewals(names, *RATING)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		rows, failures, changes, ratings = self.read(names), {}, {}, {}
		for name, row in rows.items():
			outcome = self.appraise(row, {})
			if refusals := self._refusals(row, outcome):
				failures[name] = " ".join(refusals)
				continue
			changes[name] = self.write(row, outcome, {})
			changes[name].new.update(docstatus=1, appraised_by=self.user)
			ratings[row.renewal] = rating_values(name, outcome.total, outcome.rating)
		trail.update(APPRAISAL, changes)
		self.write_scores({name: rows[name] for name in changes}, trail, docstatus=1)
		self._move({rows[name].renewal: rows[name].renewal_row for name in changes}, trail, ratings)
		return failures

	def _refusals(self, row, outcome: Outcome) -> tuple[str, ...]:
		if row.is_own:
			return (refusal_text(Refusal.OWN_APPRAISAL),)
		if not row.renewal_row or row.renewal_row.workflow_state != DRAFT:
			return (refusal_text(Refusal.WRONG_STATE),)
		return outcome.problems

	def _move(self, renewals: Mapping[str, Any], trail: Trail, ratings: Mapping[str, Mapping]) -> None:
		transition = transitions_of("Rate")[0]
		refused = move(renewals, lambda _met, _row: transition, trail, extra=ratings)
		if refused:
			# An appraisal is submitted with its renewal or not at all: the chunk is undone and halved.
			frappe.throw(" ".join(refused.values()))


def rating_values(appraisal: str, total: float, rating: str | None) -> dict[str, Any]:
	"""What a renewal takes over from its appraisal."""
	return {"appraisal": appraisal, "total_score": total, "rating": rating}
