"""The scoring grid: the appraisals that a head rates, with what each still needs, and the saving of one row.

What a row comes to is computed anew on every reading, since the Attendance Summary may have come after the
scores. The whole of a rater's people is read, by a handful of queries: the counts are of all of them. A page of
it is sent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _

from kupang_hr.access.criterion import visible
from kupang_hr.bulk import query
from kupang_hr.cycle import rating
from kupang_hr.cycle.wording import problem_text
from kupang_hr.exceptions import ScoreError
from kupang_hr.rules import appraisal as law
from kupang_hr.rules.renewal import DRAFT

MOST_ROWS = 100
PERSON_FIELDS = ("personnel_name", "opd")
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


def page(rows: Sequence[Mapping], start: int, limit: int, name: str, unfinished: bool) -> dict[str, Any]:
	"""A page of the rows that fit the filters, and counts of all rows."""
	wanted = name.strip().casefold()
	fitting = [
		row
		for row in rows
		if wanted in (row.personnel_name or "").casefold() and not (unfinished and is_finished(row))
	]
	size = min(max(limit, 1), MOST_ROWS)
	return {
		"rows": fitting[max(start, 0) :][:size],
		"fitting": len(fitting),
		"people": len(rows),
		"rated": sum(row.docstatus == 1 for row in rows),
		"complete": len(complete(rows)),
	}


def is_finished(row: Mapping) -> bool:
	"""Whether nothing is left to type in a row."""
	return row.docstatus == 1 or not row.problems


def complete(rows: Sequence[Mapping]) -> list[str]:
	"""The appraisals that can be submitted as they stand."""
	return [row.name for row in rows if not row.docstatus and not row.problems]


def rows_of(round_name: str, user: str, names: Sequence[str] = ()) -> list[frappe._dict]:
	"""The appraisals of a round that a user rates or has rated, in the order of the people's names."""
	opds = rating.rated_opds(user)
	if not opds:
		return []
	chosen = _appraisals(round_name, user, opds)
	if names:
		chosen = chosen.where(frappe.qb.DocType(rating.APPRAISAL).name.isin(query.NAMES))
	rows = query.run(chosen, names=tuple(names))
	return _with_outcomes(round_name, rows)


def _appraisals(round_name: str, user: str, opds: Sequence[str]):
	table = frappe.qb.DocType(rating.APPRAISAL)
	renewal, person = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("Personnel")
	rows = (
		frappe.qb.from_(table)
		.join(renewal)
		.on(renewal.name == table.renewal)
		.join(person)
		.on(person.name == table.personnel)
		.select(*(table[field] for field in APPRAISAL_FIELDS), person.opd)
		.select(person.full_name.as_("personnel_name"))
		.where((table.round == round_name) & person.opd.isin(list(opds)))
		.where((table.docstatus == 1) | ((table.docstatus == 0) & (renewal.workflow_state == DRAFT)))
		.orderby(person.full_name, table.name)
	)
	return visible(rows, rating.APPRAISAL, table, user)


def _with_outcomes(round_name: str, rows: list[frappe._dict]) -> list[frappe._dict]:
	scheme, ending = frappe.db.get_value("Renewal Round", round_name, ["scheme", "ending_to"])
	scoring = rating.scoring_of(scheme)
	scores = rating.scores_of([row.name for row in rows])
	summaries = rating.summaries_of([row.personnel for row in rows], rating.summary_year(ending))
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
