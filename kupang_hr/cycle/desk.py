"""What the mayor decides on: people by OPD with their ratings, and those who need a second look.

Set-based: the number of queries is the same for ten people and for twenty thousand, and people come in pages.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe.query_builder import Case, Criterion
from frappe.query_builder.functions import Count, Max, Sum
from frappe.utils import flt
from pypika.terms import ValueWrapper

from kupang_hr.access.criterion import visible
from kupang_hr.access.seats import opd_tree, rater_of
from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.cycle.rating import scoring_of, summary_year
from kupang_hr.cycle.renewals import decreed
from kupang_hr.rules import appraisal as law
from kupang_hr.rules.renewal import DRAFT, HELD, NOT_RENEWED, RATED, RECOMMENDED

PAGE, MOST = 50, 100
KINDS = ("low", "unexcused", "unscored", "exit")
SHOWN = ("all", "exceptions", *KINDS)
DECIDED = (RECOMMENDED, NOT_RENEWED, HELD)


class Desk:
	"""The renewals of one round as the session's user sees them, with what makes an exception of each."""

	def __init__(self, round_doc) -> None:
		self.round = round_doc
		self.limit = frappe.get_cached_doc("Kupang HR Settings").unexcused_days_year or 0
		self.renewal, self.person = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("Personnel")
		self.contract, self.summary = (
			frappe.qb.DocType("PTT Contract"),
			frappe.qb.DocType("Attendance Summary"),
		)
		leave = frappe.qb.DocType("Personnel Exit")
		self.exit = (
			frappe.qb.from_(leave)
			.select(leave.personnel, Max(leave.exit_date).as_("exit_date"))
			.where(leave.docstatus == 1)
			.groupby(leave.personnel)
		).as_("exit_of")

	def rows(self):
		"""The query, without columns: a row a renewal."""
		year = summary_year(self.round.ending_to)
		renewal, person, contract, summary = self.renewal, self.person, self.contract, self.summary
		rows = (
			frappe.qb.from_(renewal)
			.join(person)
			.on(person.name == renewal.personnel)
			.left_join(contract)
			.on(contract.name == renewal.old_contract)
			.left_join(summary)
			.on((summary.personnel == renewal.personnel) & (summary.year == year))
			.left_join(self.exit)
			.on(self.exit.personnel == renewal.personnel)
			.where(renewal.round == self.round.name)
		)
		return visible(rows, "Contract Renewal", renewal)

	def kinds(self) -> dict[str, Criterion]:
		"""What makes an exception, by kind."""
		never = ValueWrapper(1) == ValueWrapper(0)
		return {
			"low": self.renewal.rating.isin(sorted(law.LOW_RATINGS)),
			"unexcused": self.summary.days_unexcused >= self.limit if self.limit else never,
			"unscored": self.renewal.workflow_state == DRAFT,
			"exit": self.exit.exit_date >= self.contract.start_date,
		}

	def waiting_exception(self) -> Criterion:
		"""Rated, not decided on yet, and something of it asks for a second look."""
		return (self.renewal.workflow_state == RATED) & Criterion.any(self.kinds().values())


def overview(round_doc) -> dict[str, Any]:
	"""A round by OPD, in the order of the tree: {"ratings", "limit", "opds", "totals"}.

	Of each OPD: opd, opd_name, depth, rater, quota, people, states, ratings (people by rating), scored and mean,
	exceptions (those that wait), and the people of each kind of exception. `totals` is the same for all.
	"""
	desk = Desk(round_doc)
	by_opd: dict[str, list] = {}
	for row in _counts(desk):
		by_opd.setdefault(row.opd, []).append(row)
	tree = opd_tree()
	raters = {name: rater_of(name, today(), tree) for name in tree if name in by_opd}
	names = _full_names(set(filter(None, raters.values())))
	quotas = _quotas()
	opds = [
		{
			"opd": name,
			"opd_name": seat.opd_name,
			"depth": len(seat.ancestors),
			"rater": names.get(raters[name]),
			"quota": quotas.get(name) or None,
			**figures(by_opd[name]),
		}
		for name, seat in tree.items()
		if name in by_opd
	]
	totals = figures([row for rows in by_opd.values() for row in rows])
	totals["quota"] = sum(opd["quota"] or 0 for opd in opds) or None
	return {"ratings": ratings_of(round_doc.scheme), "limit": desk.limit, "opds": opds, "totals": totals}


def figures(rows: Sequence[Mapping]) -> dict[str, Any]:
	"""Groups of people (by state and rating) added up."""
	states: dict[str, int] = {}
	ratings: dict[str, int] = {}
	for row in rows:
		states[row.workflow_state] = states.get(row.workflow_state, 0) + row.people
		if row.rating:
			ratings[row.rating] = ratings.get(row.rating, 0) + row.people
	scored = sum(row.people for row in rows if row.rating)
	score = sum(flt(row.score) for row in rows if row.rating)
	return {
		"people": sum(row.people for row in rows),
		"states": states,
		"ratings": ratings,
		"scored": scored,
		"mean": round(score / scored, 1) if score else None,
		**{key: int(sum(row[key] or 0 for row in rows)) for key in ("exceptions", *KINDS)},
	}


def _counts(desk: Desk) -> list:
	renewal, person = desk.renewal, desk.person
	kinds = {"exceptions": desk.waiting_exception(), **desk.kinds()}
	rows = (
		desk.rows()
		.select(person.opd, renewal.workflow_state, renewal.rating, Count("*").as_("people"))
		.select(Sum(renewal.total_score).as_("score"))
		.select(*[Sum(Case().when(of, 1).else_(0)).as_(kind) for kind, of in kinds.items()])
		.groupby(person.opd, renewal.workflow_state, renewal.rating)
	)
	return query.run(rows)


def _full_names(users: set[str]) -> dict[str, str]:
	rows = frappe.get_all(
		"User",
		filters={"name": ("in", sorted(users) or [""])},
		fields=["name", "full_name"],
		order_by="name asc",
	)
	return {row.name: row.full_name or row.name for row in rows}


def _quotas() -> dict[str, int]:
	return dict(frappe.get_all("OPD", fields=["name", "ptt_quota"], as_list=True, order_by="name asc"))


def ratings_of(scheme_name: str) -> list[dict[str, Any]]:
	"""The ratings that a scheme gives, the best first: rating, low."""
	scheme = scoring_of(scheme_name).scheme
	found = [band.rating for band in scheme.bands] or list(scheme.matrix.values())
	ordered = sorted(dict.fromkeys(found), key=law.needs_written_reason)
	return [{"rating": rating, "low": law.needs_written_reason(rating)} for rating in ordered]


def people(
	round_doc,
	opd: str | None = None,
	show: str = "all",
	state: str | None = None,
	search: str | None = None,
	start: int = 0,
	limit: int = PAGE,
) -> dict[str, Any]:
	"""A page of people: {"rows", "total"}; those that wait for a decision first, the lowest scores first.

	`opd`: the present seat, that node alone. `show`: all, exceptions (those that wait), or one kind of KINDS.
	`search`: part of a name. `terminated` of a row: a signed decree has ended the matter. Three queries.
	"""
	desk = Desk(round_doc)
	rows = _narrowed(desk, opd, show, state, search)
	total = query.values(rows.select(Count("*")))[0]
	found = query.run(_page(desk, rows).limit(min(max(limit, 1), MOST)).offset(max(start, 0)))
	signed = decreed([row.name for row in found])
	for row in found:
		row["kinds"] = [kind for kind in KINDS if row.pop(kind)]
		row["terminated"] = (row.name, "Termination") in signed
	return {"rows": found, "total": total}


def _narrowed(desk: Desk, opd: str | None, show: str, state: str | None, search: str | None):
	rows = desk.rows()
	if opd:
		rows = rows.where(desk.person.opd == opd)
	if state:
		rows = rows.where(desk.renewal.workflow_state == state)
	if show == "exceptions":
		rows = rows.where(desk.waiting_exception())
	elif show in KINDS:
		rows = rows.where(desk.kinds()[show])
	if search:
		escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
		rows = rows.where(desk.person.full_name.like(f"%{escaped}%"))
	return rows


def _page(desk: Desk, rows):
	renewal, person = desk.renewal, desk.person
	appraisal = frappe.qb.DocType("Performance Appraisal")
	waiting = Case().when(renewal.workflow_state == RATED, 0).else_(1)
	return (
		rows.left_join(appraisal)
		.on(appraisal.name == renewal.appraisal)
		.select(renewal.name, renewal.personnel, person.full_name, person.position, person.opd)
		.select(renewal.workflow_state, renewal.total_score, renewal.rating, renewal.reason, renewal.wave)
		.select(appraisal.reason.as_("rater_reason"), desk.summary.days_unexcused, desk.exit.exit_date)
		.select(*[Case().when(of, 1).else_(0).as_(kind) for kind, of in desk.kinds().items()])
		.orderby(waiting)
		.orderby(renewal.total_score)
		.orderby(person.full_name)
		.orderby(renewal.name)
	)
