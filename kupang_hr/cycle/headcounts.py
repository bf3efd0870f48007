"""How many people sit in each OPD and below it, by one query for the whole tree."""

import frappe
from frappe.query_builder.functions import Count
from frappe.utils.caching import request_cache

from kupang_hr.access.criterion import visible
from kupang_hr.access.seats import Seat, crucial_opds, opd_tree
from kupang_hr.bulk import query
from kupang_hr.rules.contract import LEFT


@request_cache
def city_tree(user: str) -> dict[str, dict]:
	"""Every OPD by name with what it inherits, and the people whom `user` sees in it and below it.

	Each is {"opd_name", "parent", "is_group", "own_crucial", "crucial_basis" (None where it is not crucial), "PTT",
	"ASN"}. Read once a request: opening the whole tree asks for every node.
	"""
	tree = opd_tree()
	crucial = crucial_opds(tree)
	nodes = {name: _node(seat, crucial) for name, seat in tree.items()}
	for opd, kind, count in _people(user):
		for name in (opd, *tree[opd].ancestors) if opd in tree else ():
			nodes[name][kind] += count
	return nodes


def _node(seat: Seat, crucial: dict[str, str]) -> dict:
	own = seat.own
	return {
		"opd_name": seat.opd_name,
		"parent": own.parent_opd or "",
		"is_group": own.rgt - own.lft > 1,
		"own_crucial": bool(own.is_crucial),
		"crucial_basis": crucial.get(seat.name),
		"PTT": 0,
		"ASN": 0,
	}


def _people(user: str) -> list[tuple[str, str, int]]:
	person = frappe.qb.DocType("Personnel")
	rows = (
		frappe.qb.from_(person)
		.select(person.opd, person.employment_type, Count("*"))
		.where(person.duty_status != LEFT)
		.groupby(person.opd, person.employment_type)
	)
	return query.run(visible(rows, "Personnel", person, user), as_dict=False)
