"""How the people of a round were rated, OPD by OPD: each rating, the mean score, and the share of low ratings."""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Max, Min, Sum

from kupang_hr.access.criterion import visible
from kupang_hr.bulk import query
from kupang_hr.report import table
from kupang_hr.rules.appraisal import LOW_RATINGS
from kupang_hr.rules.renewal import WITHDRAWN

RENEWAL, ROUND = "Contract Renewal", "Renewal Round"
COUNTS = ("people", "rated", "unrated", "low")


def execute(filters: dict | None = None) -> tuple:
	"""Filters: `round` (the newest if empty), and `opd`, the present seat, with its subtree. Ends with the total.

	Withdrawn renewals are left out.
	"""
	filters = filters or {}
	round_name = filters.get("round") or table.newest(ROUND, "year desc")
	found = grouped(round_name, filters.get("opd")) if round_name else []
	ratings = in_order(round_name, {row.rating for row in found if row.rating})
	rows = table.in_tree_order(
		{
			name: row_of([row for row in found if row.opd == name], ratings)
			for name in {row.opd for row in found}
		}
	)
	total = row_of(found, ratings)
	return (
		columns(ratings),
		table.with_total(rows, total),
		message(total),
		chart(rows, ratings),
		summary(total),
	)


def grouped(round_name: str, opd: str | None) -> list[Any]:
	"""People, sum and bounds of the scores by present seat and rating; one query."""
	renewal, person = frappe.qb.DocType(RENEWAL), frappe.qb.DocType("Personnel")
	score = renewal.total_score
	rows = (
		frappe.qb.from_(renewal)
		.join(person)
		.on(person.name == renewal.personnel)
		.select(person.opd, renewal.rating, Count("*").as_("people"))
		.select(Sum(score).as_("sum"), Min(score).as_("lowest"), Max(score).as_("highest"))
		.where((renewal.round == round_name) & (renewal.workflow_state != WITHDRAWN))
		.groupby(person.opd, renewal.rating)
	)
	return query.run(table.inside(visible(rows, RENEWAL, renewal), person.opd, opd))


def in_order(round_name: str | None, found: set[str]) -> list[str]:
	"""The ratings of the round's scheme, best first, and any others that were given."""
	scheme = frappe.db.get_value(ROUND, round_name, "scheme") if round_name else None
	known: list[str] = []
	for doctype, order in (
		("Appraisal Scheme Band", "from_score desc"),
		("Appraisal Scheme Rating", "idx asc"),
	):
		known += frappe.get_all(doctype, filters={"parent": scheme}, pluck="rating", order_by=order)
	return list(dict.fromkeys([*known, *sorted(found)])) if found else []


def row_of(found: Sequence[Any], ratings: Sequence[str]) -> dict[str, Any]:
	rated = [row for row in found if row.rating]
	people, scored = sum(row.people for row in found), sum(row.people for row in rated)
	low = sum(row.people for row in rated if row.rating in LOW_RATINGS)
	scores = [row for row in rated if row["sum"]]
	return {
		**{key(number): _people(rated, rating) for number, rating in enumerate(ratings)},
		"people": people,
		"rated": scored,
		"unrated": people - scored,
		"low": low,
		"low_percent": table.percent(low, scored),
		"mean": round(sum(row["sum"] for row in scores) / scored, 2) if scores else None,
		"lowest": min((row.lowest for row in scores), default=None),
		"highest": max((row.highest for row in scores), default=None),
	}


def _people(rows: Sequence[Any], rating: str) -> int:
	return sum(row.people for row in rows if row.rating == rating)


def key(number: int) -> str:
	"""The column of a rating; a rating is a text of the scheme, and may be anything."""
	return f"rating_{number}"


def columns(ratings: Sequence[str]) -> list[dict[str, Any]]:
	score = {"fieldtype": "Float", "precision": 2, "width": 100}
	return [
		*table.of_opd(),
		table.count("people", _("Renewals"), 90),
		table.count("rated", _("Rated"), 90),
		table.count("unrated", _("Not Rated"), 90),
		*(table.count(key(number), _(rating)) for number, rating in enumerate(ratings)),
		{"fieldname": "mean", "label": _("Mean Score"), **score},
		{"fieldname": "lowest", "label": _("Lowest Score"), **score},
		{"fieldname": "highest", "label": _("Highest Score"), **score},
		table.share("low_percent", _("Low Ratings, % of those rated")),
	]


def message(total: Mapping[str, Any]) -> str:
	text = _(
		"Low ratings ({0}): {1} of {2} rated. Mean scores are of those rated; withdrawn renewals are left out."
	)
	names = ", ".join(_(rating) for rating in sorted(LOW_RATINGS))
	return text.format(names, total["low"], total["rated"])


def chart(rows: list[dict[str, Any]], ratings: Sequence[str]) -> dict[str, Any] | None:
	if not ratings:
		return None
	values = {_(rating): [row[key(number)] for row in rows] for number, rating in enumerate(ratings)}
	return table.bars([row["opd"] for row in rows], values, stacked=True)


def summary(total: Mapping[str, Any]) -> list[dict[str, Any]]:
	return [
		table.figure(_("Rated"), total["rated"]),
		table.figure(_("Not Rated"), total["unrated"], "Orange" if total["unrated"] else None),
		table.figure(_("Low Ratings"), total["low"], "Red" if total["low"] else None),
		table.figure(_("Low Ratings, % of those rated"), total["low_percent"]),
	]
