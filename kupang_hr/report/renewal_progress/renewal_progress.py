"""How far a round is, OPD by OPD: how many renewals are in each state of the workflow."""

from collections.abc import Mapping
from typing import Any

from frappe import _

from kupang_hr.access.seats import below
from kupang_hr.cycle.year_end import states_by_opd
from kupang_hr.report import table
from kupang_hr.rules.renewal import DRAFT, SK_ISSUED, STATES, WITHDRAWN

ROUND = "Renewal Round"
COUNTS = ("total", "in_play", "rated", *STATES)


def execute(filters: dict | None = None) -> tuple:
	"""Filters: `round` (the newest if empty), and `opd`, the present seat, with its subtree. Ends with the total."""
	filters = filters or {}
	found = by_opd(filters.get("round") or table.newest(ROUND, "year desc"), filters.get("opd"))
	rows = table.in_tree_order({name: row(states) for name, states in found.items()})
	total = shares(table.added(rows, COUNTS))
	return columns(), table.with_total(rows, total), message(total), chart(rows), summary(total)


def by_opd(round_name: str | None, opd: str | None) -> dict[str, dict[str, int]]:
	found = states_by_opd(round_name) if round_name else {}
	inside = below(opd) if opd else found
	return {name: states for name, states in found.items() if name in inside}


def row(states: Mapping[str, int]) -> dict[str, Any]:
	counts = {state: states.get(state, 0) for state in STATES}
	total = sum(counts.values())
	in_play = total - counts[WITHDRAWN]
	return shares({**counts, "total": total, "in_play": in_play, "rated": in_play - counts[DRAFT]})


def shares(counts: dict[str, Any]) -> dict[str, Any]:
	return {
		**counts,
		"rated_percent": table.percent(counts["rated"], counts["in_play"]),
		"issued_percent": table.percent(counts[SK_ISSUED], counts["in_play"]),
	}


def columns() -> list[dict[str, Any]]:
	return [
		*table.of_opd(),
		table.count("total", _("Renewals"), 90),
		*(table.count(state, _(state)) for state in STATES),
		table.count("in_play", _("Not Withdrawn")),
		table.share("rated_percent", _("Rated or further, % of those not withdrawn")),
		table.share("issued_percent", _("SK Issued, % of those not withdrawn")),
	]


def message(total: Mapping[str, Any]) -> str:
	text = _("Percentages: of {0} renewals not withdrawn, which are {1} renewals less {2} withdrawn.")
	return text.format(total["in_play"], total["total"], total[WITHDRAWN])


def chart(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
	values = {_(state): [row[state] for row in rows] for state in STATES}
	return table.bars([row["opd"] for row in rows], values, stacked=True)


def summary(total: Mapping[str, Any]) -> list[dict[str, Any]]:
	return [
		table.figure(_("Renewals"), total["total"]),
		table.figure(_("Waiting for Scores"), total[DRAFT], "Orange" if total[DRAFT] else None),
		table.figure(_("SK Issued"), total[SK_ISSUED], "Green"),
		table.figure(_("SK Issued, % of those not withdrawn"), total["issued_percent"]),
	]
