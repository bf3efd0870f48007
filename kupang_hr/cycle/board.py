"""The renewals of a round by state, as a board shows them: counts first, then a page of cards for a state."""

from collections.abc import Mapping
from typing import Any

import frappe
from frappe.query_builder.functions import Count

from kupang_hr.access.criterion import visible
from kupang_hr.access.seats import below
from kupang_hr.bulk import query
from kupang_hr.rules.renewal import STATES

RENEWAL = "Contract Renewal"
PAGE, MOST = 20, 100


def counts(round_name: str, opd: str | None = None, alone: bool = False) -> dict[str, int]:
	"""How many renewals of a round are in each state, of those the session's user sees; one query.

	`opd`: the present seat, with its subtree unless `alone`. Raises DoesNotExistError.
	"""
	renewal, _person, rows = _renewals(round_name, opd, alone)
	rows = rows.select(renewal.workflow_state, Count("*")).groupby(renewal.workflow_state)
	found = dict(query.run(rows, as_dict=False))
	return {state: int(found.get(state, 0)) for state in STATES}


def cards(
	round_name: str,
	state: str,
	opd: str | None = None,
	start: int = 0,
	limit: int = PAGE,
	alone: bool = False,
) -> list[Mapping]:
	"""Up to `limit` renewals in a state from the number `start` on, by OPD and name; one query, scope as of `counts`."""
	renewal, person, rows = _renewals(round_name, opd, alone)
	rows = (
		rows.select(renewal.name, renewal.personnel, person.full_name.as_("personnel_name"), person.opd)
		.select(person.position, renewal.total_score, renewal.rating, renewal.wave, renewal.reason)
		.where(renewal.workflow_state == state)
		.orderby(person.opd)
		.orderby(person.full_name)
		.orderby(renewal.name)
		.limit(min(max(limit, 1), MOST))
		.offset(max(start, 0))
	)
	return query.run(rows)


def _renewals(round_name: str, opd: str | None, alone: bool) -> tuple[Any, Any, Any]:
	renewal, person = frappe.qb.DocType(RENEWAL), frappe.qb.DocType("Personnel")
	rows = frappe.qb.from_(renewal).join(person).on(person.name == renewal.personnel)
	rows = rows.where(renewal.round == round_name)
	if opd:
		subtree = below(opd)
		rows = rows.where(person.opd.isin([opd] if alone else subtree))
	return renewal, person, visible(rows, RENEWAL, renewal)
