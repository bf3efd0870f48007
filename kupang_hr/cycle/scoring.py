"""The scoring grid: the appraisals that a head rates, with what each still needs, and the saving of one row.

What a row comes to is computed anew on every reading, since the Attendance Summary may have come after the
scores. Only a page is read whole; for the counts of all, people with the same scores and days are one row.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Lower

from kupang_hr.access.criterion import visible
from kupang_hr.bulk import query
from kupang_hr.cycle import rating
from kupang_hr.cycle.wording import problem_text
from kupang_hr.exceptions import ScoreError
from kupang_hr.rules import appraisal as law
from kupang_hr.rules.renewal import DRAFT

MOST_ROWS = 100
OUTCOME_FIELDS = ("results_expectation", "behaviour_expectation", "reason")
APPRAISAL_FIELDS = (
	"name",
	"docstatus",
	"personnel",
	"results_expectation",
	"behaviour_expectation",
	"recommendation",
	"reason",
	"modified",
	"modified_by",
)


def open_rounds() -> list[dict[str, Any]]:
	"""The rounds that can be scored in, the newest first."""
	return frappe.get_list(
		"Renewal Round",
		filters={"status": "Open"},
		fields=["name", "year", "rating_deadline"],
		order_by="year desc",
		limit=0,
	)


def scheme_of(round_name: str) -> dict[str, Any]:
	"""What the grid has columns for: {"method", "components": [{"name", "weight", "computed"}]}."""
	scheme = rating.scoring_of(frappe.db.get_value("Renewal Round", round_name, "scheme")).scheme
	components = [
		{"name": part.name, "weight": part.weight, "computed": part.computed} for part in scheme.components
	]
	return {"method": scheme.method, "components": components}


def page(
	round_name: str, user: str, start: int, limit: int, name: str = "", unfinished: bool = False
) -> dict[str, Any]:
	"""A page of the appraisals that a user rates or has rated, of those that fit the filters, and counts of all.

	`name`: a part of it, in any case. `unfinished`: those alone for which something is still to be typed.
	"""
	all_of_them = Chosen(round_name, user, rating.rated_opds(user))
	fitting = all_of_them._replace(part_of_name=name.strip())
	start, size = max(start, 0), min(max(limit, 1), MOST_ROWS)
	counts = all_of_them.counts()
	if unfinished:
		names = fitting.unfinished()
		rows = fitting.rows(names=names[start:][:size]) if names[start:] else []
		return {"rows": rows, "fitting": len(names), **counts}
	rows = fitting.rows(start, size)
	return {"rows": rows, "fitting": fitting.people() if name.strip() else counts["people"], **counts}


def complete(rows: Sequence[Mapping]) -> list[str]:
	"""The appraisals that can be submitted as they stand."""
	return [row.name for row in rows if not row.docstatus and not row.problems]


def rows_of(round_name: str, user: str, names: Sequence[str] = ()) -> list[frappe._dict]:
	"""The appraisals of a round that a user rates or has rated, in the order of the people's names."""
	return Chosen(round_name, user, rating.rated_opds(user)).rows(names=names)


class Chosen(NamedTuple):
	"""The appraisals of a round that the rater of these OPDs rates or has rated."""

	round_name: str
	user: str
	opds: Sequence[str]
	part_of_name: str = ""

	def rows(self, start: int = 0, size: int | None = None, names: Sequence[str] = ()) -> list[frappe._dict]:
		"""What the grid shows of them, in the order of the people's names; `names` narrows them."""
		table, person = frappe.qb.DocType(rating.APPRAISAL), frappe.qb.DocType("Personnel")
		chosen = (
			self._from()
			.select(*(table[field] for field in APPRAISAL_FIELDS), person.opd)
			.select(person.full_name.as_("personnel_name"))
			.orderby(person.full_name, table.name)
		)
		if names:
			chosen = chosen.where(table.name.isin(query.NAMES))
		if size:
			chosen = chosen.limit(size).offset(start)
		return _with_outcomes(self.round_name, query.run(chosen, names=tuple(names)))

	def people(self) -> int:
		return query.values(self._from().select(Count("*")))[0]

	def counts(self) -> dict[str, int]:
		"""How many there are, how many of them are rated, and how many drafts are complete."""
		table = frappe.qb.DocType(rating.APPRAISAL)
		by_status = self._from().select(table.docstatus, Count("*")).groupby(table.docstatus)
		people = dict(query.run(by_status, as_dict=False))
		drafts, facts, scoring = self._drafts()
		alike = query.run(drafts.select(*facts, Count("*").as_("people")).groupby(*facts))
		return {
			"people": sum(people.values()),
			"rated": people.get(1, 0),
			"complete": sum(row.people for row in alike if not _problems(row, scoring)),
		}

	def unfinished(self) -> list[str]:
		"""The names of the drafts for which something is still to be typed, in the order of the people's names."""
		table, person = frappe.qb.DocType(rating.APPRAISAL), frappe.qb.DocType("Personnel")
		drafts, facts, scoring = self._drafts()
		rows = drafts.select(table.name, *facts).orderby(person.full_name, table.name)
		return [row.name for row in query.run(rows) if _problems(row, scoring)]

	def _from(self):
		table, person = frappe.qb.DocType(rating.APPRAISAL), frappe.qb.DocType("Personnel")
		renewal = frappe.qb.DocType("Contract Renewal")
		rows = (
			frappe.qb.from_(table)
			.join(renewal)
			.on(renewal.name == table.renewal)
			.join(person)
			.on(person.name == table.personnel)
			.where((table.round == self.round_name) & person.opd.isin(list(self.opds) or [""]))
			.where((table.docstatus == 1) | ((table.docstatus == 0) & (renewal.workflow_state == DRAFT)))
		)
		if self.part_of_name:
			rows = rows.where(Lower(person.full_name).like(f"%{_as_written(self.part_of_name.lower())}%"))
		return visible(rows, rating.APPRAISAL, table, self.user)

	def _drafts(self):
		"""The drafts, the columns that decide whether one is complete, and how they are scored."""
		table, summary = frappe.qb.DocType(rating.APPRAISAL), frappe.qb.DocType("Attendance Summary")
		scoring, year = _scoring_of(self.round_name)
		rows = self._from().where(table.docstatus == 0).left_join(summary)
		rows = rows.on((summary.personnel == table.personnel) & (summary.year == year))
		facts = [summary.days_expected, summary.days_present, summary.days_unexcused]
		facts += [table[field] for field in OUTCOME_FIELDS]
		for number, part in enumerate(scoring.scheme.components):
			if not part.computed:
				score = frappe.qb.DocType(rating.SCORE).as_(f"row_{number}")
				own = (score.parent == table.name) & (score.parenttype == rating.APPRAISAL)
				rows = rows.left_join(score).on(own & (score.component == part.name))
				facts.append(score.score.as_(f"score_{number}"))
		return rows, facts, scoring


def _as_written(text: str) -> str:
	"""A text that LIKE finds as it is written."""
	return "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in text)


def _scoring_of(round_name: str) -> tuple[rating.Scoring, int]:
	"""How a round scores, and the year whose attendance counts."""
	scheme, ending = frappe.db.get_value("Renewal Round", round_name, ["scheme", "ending_to"])
	return rating.scoring_of(scheme), rating.summary_year(ending)


def _problems(draft: frappe._dict, scoring: rating.Scoring) -> Sequence[str]:
	"""What keeps a draft from being submitted."""
	summary = draft if draft.days_expected is not None else None
	parts = enumerate(scoring.scheme.components)
	scores = {part.name: draft.get(f"score_{number}") for number, part in parts}
	return rating.appraise(scoring, summary, scores, *(draft[field] for field in OUTCOME_FIELDS)).problems


def _with_outcomes(round_name: str, rows: list[frappe._dict]) -> list[frappe._dict]:
	scoring, year = _scoring_of(round_name)
	scores = rating.scores_of([row.name for row in rows])
	summaries = rating.summaries_of([row.personnel for row in rows], year)
	for row in rows:
		given = {score.component: score.score for score in scores.get(row.name, ())}
		row.scores = {part.name: given.get(part.name) or "" for part in scoring.scheme.components}
		_add_outcome(row, scoring, summaries.get(row.personnel))
	return rows


def _add_outcome(row: frappe._dict, scoring: rating.Scoring, summary: Any | None) -> None:
	expectations = (row.results_expectation, row.behaviour_expectation)
	outcome = rating.appraise(scoring, summary, row.scores, *expectations, row.reason)
	row.scores |= {part.name: outcome.attendance or "" for part in scoring.scheme.components if part.computed}
	typed = [part.name for part in scoring.scheme.components if not part.computed]
	missing = [name for name in typed if rating.parse_score(row.scores[name]) is None]
	told = {problem_text(law.MissingScore(name, False)) for name in missing}
	row.update(
		attendance=outcome.attendance,
		total=outcome.total,
		rating=outcome.rating,
		problems=list(outcome.problems),
		missing=missing,
		other_problems=[problem for problem in outcome.problems if problem not in told],
		modified=str(row.modified),
	)


def save_row(name: str, typed: Mapping[str, Any], modified: str | None) -> dict[str, Any]:
	"""Save what was typed in a row of the grid, by the document itself and all its checks.

	`modified`: of the row that the caller saw; if somebody saved another since, nothing is written. Answers
	{"status": "saved" or "changed", "row": as it stands now, "by": who saved it}.
	"""
	doc = frappe.get_doc(rating.APPRAISAL, name, for_update=True)
	doc.check_permission("write")
	if doc.docstatus:
		frappe.throw(_("{0} has been rated already.").format(doc.personnel_name), ScoreError)
	if modified and modified != str(doc.modified):
		return _answer("changed", doc)
	if problems := rating.typed_problems(typed):
		frappe.throw("<br>".join(problems), ScoreError)
	put(doc, typed)
	doc.save()
	return _answer("saved", doc)


def put(doc, typed: Mapping[str, Any]) -> None:
	"""Set typed values on an appraisal; a computed component is never taken."""
	doc.update({field: typed[field] for field in rating.TYPED_FIELDS if field in typed})
	rows = {row.component: row for row in doc.scores}
	for component, text in (typed.get("scores") or {}).items():
		row = rows.get(component) or doc.append("scores", {"component": component})
		if not row.computed:
			row.score = str(text if text is not None else "").strip()


def _answer(status: str, doc) -> dict[str, Any]:
	by = frappe.db.get_value("User", doc.modified_by, "full_name") or doc.modified_by
	rows = rows_of(doc.round, frappe.session.user, [doc.name])
	return {"status": status, "row": rows[0] if rows else None, "by": by}
