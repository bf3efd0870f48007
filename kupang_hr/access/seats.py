"""The OPD tree as it decides rights: whose subtree a user heads, who rates a node, which nodes are crucial.

The whole tree is read with one query: a city has some fifty nodes.
"""

from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.utils import cstr, getdate

FIELDS = (
	"name",
	"opd_name",
	"parent_opd",
	"lft",
	"rgt",
	"is_crucial",
	"crucial_basis",
	"head",
	"head_from",
	"head_until",
	"acting_head",
	"acting_head_from",
	"acting_head_until",
	"clerk",
	"rating_officer",
	"work_schedule",
)
ALL_PERCENT = 100


@dataclass(frozen=True)
class Seat:
	"""One node of the OPD tree with what it inherits."""

	name: str
	opd_name: str
	ancestors: tuple[str, ...]  # from the node's parent up to the root
	own: frappe._dict


def opd_tree() -> dict[str, Seat]:
	"""Every OPD by name, from the root downwards."""
	rows = {row.name: row for row in frappe.get_all("OPD", fields=list(FIELDS), order_by="lft asc")}
	return {name: Seat(name, row.opd_name, _ancestors(rows, row), row) for name, row in rows.items()}


def _ancestors(rows: dict, row) -> tuple[str, ...]:
	found: list[str] = []
	parent = row.parent_opd
	while parent in rows and parent not in found:
		found.append(parent)
		parent = rows[parent].parent_opd
	return tuple(found)


def below(opd: str) -> list[str]:
	"""An OPD and all below it. Raises DoesNotExistError."""
	found = [seat.name for seat in opd_tree().values() if opd in (seat.name, *seat.ancestors)]
	if not found:
		name = frappe.utils.escape_html(cstr(opd))
		frappe.throw(_("There is no OPD {0}.").format(name), frappe.DoesNotExistError)
	return found


def head_on(row, on: date) -> str | None:
	"""The acting head while those days last, otherwise the head while theirs do, otherwise None."""
	for role in ("acting_head", "head"):
		user = row.get(role)
		if user and _within(on, row.get(f"{role}_from"), row.get(f"{role}_until")):
			return user
	return None


def _within(on: date, first, last) -> bool:
	return (not first or getdate(first) <= on) and (not last or on <= getdate(last))


def seats_of(user: str, on: date) -> frozenset[str]:
	"""The OPDs whose people the user sees: the subtrees of every node they head, act for, rate or clerk."""
	tree = opd_tree()
	held = {seat.name for seat in tree.values() if user in (head_on(seat.own, on), *_staff(seat.own))}
	return frozenset(seat.name for seat in tree.values() if held & {seat.name, *seat.ancestors})


def _staff(row) -> tuple:
	return row.clerk, row.rating_officer


def rater_of(opd: str, on: date, tree: dict[str, Seat] | None = None) -> str | None:
	"""Who rates the people of an OPD on a day: the nearest node upward that has somebody to rate.

	That is the node's rating officer if it names one, otherwise its acting head or head.
	"""
	tree = tree or opd_tree()
	if opd not in tree:
		return None
	for name in (opd, *tree[opd].ancestors):
		row = tree[name].own
		if rater := row.rating_officer or head_on(row, on):
			return rater
	return None


def crucial_opds(tree: dict[str, Seat] | None = None) -> dict[str, str]:
	"""Every OPD that is crucial, by its own flag or by an ancestor's, with the basis of that flag."""
	tree = tree or opd_tree()
	crucial = {}
	for seat in tree.values():
		flagged = next((name for name in (seat.name, *seat.ancestors) if tree[name].own.is_crucial), None)
		if flagged:
			crucial[seat.name] = tree[flagged].own.crucial_basis or ""
	return crucial


def inherited(opd: str, field: str, tree: dict[str, Seat]):
	"""What a node has in a field, or the nearest node upward that has something there; None where none has."""
	if opd not in tree:
		return None
	return next((value for name in (opd, *tree[opd].ancestors) if (value := tree[name].own.get(field))), None)


def approver_of(
	opd: str, on: date, person_user: str | None, tree: dict[str, Seat] | None = None
) -> str | None:
	"""Who decides about requests of a person: the rater of the nearest node upward who is not the person."""
	tree = tree or opd_tree()
	if opd not in tree:
		return None
	for name in (opd, *tree[opd].ancestors):
		row = tree[name].own
		rater = row.rating_officer or head_on(row, on)
		if rater and rater != person_user:
			return rater
	return None


def capacities() -> dict[str, list]:
	"""The rows of office capacity of each OPD that has any: percent, valid_from, valid_to."""
	rows = frappe.get_all(
		"OPD Capacity",
		filters={"parenttype": "OPD"},
		fields=["parent", "percent", "valid_from", "valid_to"],
		order_by="parent asc, valid_from asc",
	)
	found: dict[str, list] = {}
	for row in rows:
		found.setdefault(row.parent, []).append(row)
	return found


def capacity_on(opd: str, on: date, tree: dict[str, Seat], rows: dict[str, list]) -> int:
	"""The percent of its people that an OPD may have in the office on a day.

	It is that of the nearest node upward with a row for the day; where there is none, everybody may be in.
	"""
	for name in (opd, *tree[opd].ancestors) if opd in tree else ():
		for row in rows.get(name, ()):
			if _within(on, row.valid_from, row.valid_to):
				return row.percent
	return ALL_PERCENT
