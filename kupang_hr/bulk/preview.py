"""What a mass step would do, before anybody starts it: how many, of which OPD, who would be refused and why.

The selection and the rule are the step's own: it is done without its trace (no Version, comment, inbox or new
document), and what it does write is rolled back, chunk by chunk. Of a step that would take too long for that
whoever it goes over is counted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Change, Trail
from kupang_hr.bulk.run import not_selected, open_run, summary
from kupang_hr.bulk.step import Step, step_class

NAMED = 10  # people that a dialog names, of all and for each reason
ELLIPSIS = "…"


class Rehearsal(Trail):
	"""A trail that leaves none, and remembers the new rows of each DocType."""

	def __init__(self, user: str) -> None:
		super().__init__(user, None)
		self.made: dict[str, list[Mapping[str, Any]]] = {}

	def insert(self, doctype: str, rows: Sequence[Mapping[str, Any]]) -> None:
		self.made.setdefault(doctype, []).extend(rows)

	def update(self, doctype: str, changes: Mapping[str, Change]) -> None:
		"""Just the values, which a later check of the same step may read, until they are rolled back."""
		query.update_each(doctype, {name: dict(change.new) for name, change in changes.items() if change.new})

	def _write_nothing(self, *arguments: Any, **named: Any) -> None:
		pass

	touched = insert_children = update_children = _write_nothing
	comment_states = complete_inbox = fill_inbox = _write_nothing


def preview(action: str, criterion: Mapping[str, Any]) -> dict[str, Any]:
	"""What the step would do now for the session's user, without doing it.

	Answers {"action", "asks", "total", "refused", "opds", "people", "reasons", "tally", "run"}: how many the step
	is asked for and how many of them it would refuse; how many by OPD; the first few people; the reasons with the
	first few of each; what the step itself counts; and the open run, if it has been started already. What the
	step asks for in a dialog (`asks`) may be missing. It rolls back, so nothing unsaved may come before it.
	Raises what starting the step would raise.
	"""
	step = rehearsed(action, criterion)
	names = step.names(failed_in="")
	taken, failures, tally = _rehearse(step, names)
	running = open_run(step)
	return {
		"action": action,
		"asks": list(step.asks),
		"total": len({*taken, *failures, *step.given_names()}),
		"refused": len(failures),
		"opds": _by_opd(step, sorted({*taken, *failures}) if len(taken) < len(names) else None),
		"people": _people(step, taken[:NAMED]),
		"reasons": _reasons(step, failures),
		"tally": tally,
		"run": summary(running) if running else None,
	}


def rehearsed(action: str, criterion: Mapping[str, Any]) -> Step:
	"""The step for a rehearsal, if its action has one and the session's user may do it."""
	cls = step_class(action)
	if not (cls.can_rehearse or cls.is_counted):
		frappe.throw(_("The step {0} has no preview.").format(action))
	step = cls({**dict.fromkeys(cls.asks, ELLIPSIS), **criterion}, frappe.session.user)
	step.check_permission()
	return step


def _rehearse(step: Step, names: Sequence[str]) -> tuple[list[str], dict[str, str], dict[str, int]]:
	"""Whom something would be done for, why people would be refused, by name, and what the step counts."""
	taken: list[str] = []
	found = set(names)
	failures = {name: not_selected() for name in step.given_names() if name not in found}
	tally: Counter = Counter()
	if step.is_counted:
		return list(names), failures, {}
	for part in query.parts(names, step.largest_chunk):
		trail = Rehearsal(step.user)
		try:
			failures |= step.apply(part, trail)
		finally:
			frappe.db.rollback()  # also gives the locks back
		taken += step.takes(part, trail.made)
		tally.update(step.tally(trail.made))
	return taken, failures, dict(tally)


def _by_opd(step: Step, some: Sequence[str] | None) -> list[dict[str, Any]]:
	"""How many the step would take of each OPD, in the order of the tree; `some` of its selection, or all of it."""
	if some == []:
		return []
	person, opd = frappe.qb.DocType("Personnel").as_("previewed"), frappe.qb.DocType("OPD")
	rows = (
		step.selection()
		.join(person)
		.on(person.name == _person_of(step))
		.left_join(opd)
		.on(opd.name == person.opd)
		.select(person.opd, opd.opd_name, Count("*").as_("people"))
		.groupby(person.opd, opd.opd_name, opd.lft)
		.orderby(opd.lft)
	)
	if some:  # of a step that goes over more people than it does something for; it takes no names
		rows = rows.where(step.table.name.isin(query.NAMES))
	return query.run(rows, names=some or step.given_names())


def _people(step: Step, names: Sequence[str]) -> list[dict[str, Any]]:
	"""Some people by the names of the step's documents: name, full_name, opd."""
	if not names:
		return []
	person = frappe.qb.DocType("Personnel").as_("previewed")
	rows = (
		frappe.qb.from_(step.table)
		.join(person)
		.on(person.name == _person_of(step))
		.select(step.table.name, person.full_name, person.opd)
		.where(step.table.name.isin(query.NAMES))
		.orderby(person.full_name, step.table.name)
	)
	return query.run(rows, names=tuple(names))


def _person_of(step: Step):
	return step.table.name if step.doctype == "Personnel" else step.table.personnel


def _reasons(step: Step, failures: Mapping[str, str]) -> list[dict[str, Any]]:
	"""Each reason with how many it refuses and the first few of them, the most frequent first."""
	by_reason: dict[str, list[str]] = {}
	for name, reason in sorted(failures.items()):
		by_reason.setdefault(reason, []).append(name)
	shown = [name for names in by_reason.values() for name in names[:NAMED]]
	people = {row.name: row for row in _people(step, shown)}
	ordered = sorted(by_reason.items(), key=lambda item: -len(item[1]))
	return [
		{
			"reason": reason,
			"people": len(names),
			"first": [people.get(name, {"name": name}) for name in names[:NAMED]],
		}
		for reason, names in ordered
	]
