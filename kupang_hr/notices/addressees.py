"""Whom a digest about an OPD's people goes to: the head or acting head, and the clerk, of the nearest node upward."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kupang_hr.access.seats import Seat, head_on, opd_tree, rater_of
from kupang_hr.clock import today


@dataclass(frozen=True)
class Office:
	"""A node of the tree that digests go to, with what they are about by OPD."""

	opd: str
	opd_name: str
	head: str | None
	rater: str | None
	clerk: str | None
	about: dict[str, Any]


def offices(about: Mapping[str, Any]) -> list[Office]:
	"""What there is to say of each OPD, gathered by the office that is told."""
	tree, found = opd_tree(), {}
	for opd in sorted(name for name in about if name in tree):
		node = node_of(opd, tree)
		if node:
			found.setdefault(node, {})[opd] = about[opd]
	return [_office(tree[node], tree, said) for node, said in found.items()]


def node_of(opd: str, tree: Mapping[str, Seat]) -> str | None:
	"""The OPD itself, or the nearest node above it, that has anybody to tell."""
	return next((name for name in (opd, *tree[opd].ancestors) if _has_anybody(tree[name])), None)


def _has_anybody(seat: Seat) -> bool:
	return bool(head_on(seat.own, today()) or seat.own.rating_officer or seat.own.clerk)


def _office(seat: Seat, tree: Mapping[str, Seat], about: dict[str, Any]) -> Office:
	rater = rater_of(seat.name, today(), tree)
	head = head_on(seat.own, today()) or rater
	return Office(seat.name, seat.opd_name, head, rater, seat.own.clerk, about)


def by_opd(rows: Iterable[Any]) -> dict[str, list]:
	"""Rows by their `opd`."""
	found: dict[str, list] = {}
	for row in rows:
		found.setdefault(row.opd, []).append(row)
	return found
