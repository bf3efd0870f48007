"""Moving renewals through the workflow: one way for a single document and for a chunk of them.

The controller asks `facts_of` for one renewal, the mass steps for a thousand; both decide by
`rules.renewal.transition_refusal`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import frappe
from frappe.utils import getdate

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Change, Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.cycle.contracts import LINE
from kupang_hr.cycle.wording import refusal_text
from kupang_hr.rules import renewal as law
from kupang_hr.rules.renewal import Need, Transition, TransitionFacts

DECREE_OF = {law.Refusal.REAPPOINTED: "Reappointment", law.Refusal.DECREE_STANDS: "Termination"}
# What decides a transition, and what any transition may write.
MOVED = ("workflow_state", "docstatus", "reason", *law.PARTS)


def lock_renewals(names: Sequence[str], *more: str) -> dict[str, frappe._dict]:
	"""Lock renewals and read what moves them, and `more` fields that the step writes or asks, as they are now, by name."""
	return lock_rows("Contract Renewal", names, tuple(dict.fromkeys((*MOVED, *more))))


def met_needs(rows: Mapping[str, Any], locked: bool = False) -> dict[str, frozenset[Need]]:
	"""Which stored facts each renewal satisfies: a fixed number of queries for any number of renewals.

	`locked`: the caller holds their locks and is going to write; a decree that was signed while it waited counts.
	"""
	if not rows:
		return {}
	appraised = _appraised(rows)
	leaving = _leaving(rows)
	signed = decreed(rows, locked)
	return {
		name: frozenset(
			(
				Need.APPRAISED if name in appraised else Need.UNAPPRAISED,
				Need.EXIT if name in leaving else Need.NO_EXIT,
				Need.DECREE if (name, "Reappointment") in signed else Need.NOT_REAPPOINTED,
				*((Need.NO_DECREE,) if (name, "Termination") not in signed else ()),
			)
		)
		for name in rows
	}


def facts_of(name: str, row: Any, met: frozenset[Need], reason: str | None = None) -> TransitionFacts:
	"""The facts that decide a transition of one renewal."""
	holders = {part: row.get(part) for part in law.PARTS}
	return TransitionFacts(row.get("workflow_state"), met, holders, reason)


def move(
	rows: Mapping[str, Any],
	transition_for: Callable[[frozenset[Need], Any], Transition | None],
	trail: Trail,
	reason: str | None = None,
	extra: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, str]:
	"""Take locked renewals through a transition, with everything Frappe's own transition leaves.

	`transition_for(needs met, row)` names each row's transition. `extra` holds the values that the step itself
	brings, by name. Answers the refused ones with the reason.
	"""
	met = met_needs(rows, locked=True)
	refused: dict[str, law.Refusal] = {}
	moved: dict[Transition, dict[str, Change]] = {}
	for name, row in rows.items():
		transition = transition_for(met[name], row)
		refusal = (
			law.transition_refusal(transition, facts_of(name, row, met[name], reason), trail.user)
			if transition
			else law.Refusal.WRONG_STATE
		)
		if refusal:
			refused[name] = refusal
			continue
		new = stamp(transition, trail.user, reason) | dict((extra or {}).get(name, {}))
		moved.setdefault(transition, {})[name] = Change(row, new)
	for transition, changes in moved.items():
		_write(transition, changes, met, trail)
	return refusal_texts(refused)


def refusal_texts(refused: Mapping[str, law.Refusal]) -> dict[str, str]:
	"""What the user is told, by renewal; a decree that stands in the way is named."""
	named = [name for name, refusal in refused.items() if refusal in DECREE_OF]
	signed = decreed(named, locked=True)
	decrees = lock_rows("Decree", sorted({*signed.values()}), ("decree_number",))  # signed, so they stay
	texts = {}
	for name, refusal in refused.items():
		decree = signed.get((name, DECREE_OF.get(refusal)))
		texts[name] = refusal_text(refusal, decrees[decree].decree_number if decree else None)
	return texts


def stamp(transition: Transition, user: str, reason: str | None) -> dict[str, Any]:
	"""The values that a transition itself sets: state, docstatus, whose part it was, reason, what it empties."""
	new: dict[str, Any] = {
		field: 0.0 if field == "total_score" else None for field in transition.clears if field != "reason"
	}
	new["workflow_state"] = transition.next_state
	if law.docstatus_of(transition.next_state):
		new["docstatus"] = 1
	if transition.part:
		new[transition.part] = user
	if transition.reason:
		new["reason"] = reason
	elif "reason" in transition.clears:
		new["reason"] = None
	return new


def waiting_roles(state: str, met: frozenset[Need]) -> tuple[str, ...]:
	"""The roles that may act on a renewal in this state now: the inbox that Frappe fills."""
	open_rows = (row for row in law.TRANSITIONS if row.state == state and set(row.needs) <= met)
	return tuple(dict.fromkeys(row.role for row in open_rows))


def _write(transition: Transition, changes: Mapping[str, Change], met: Mapping, trail: Trail) -> None:
	names = list(changes)
	trail.update("Contract Renewal", changes)
	trail.complete_inbox("Contract Renewal", names, transition.role)
	roles = {name: waiting_roles(transition.next_state, met[name]) for name in names}
	trail.fill_inbox("Contract Renewal", transition.next_state, roles)
	trail.comment_states("Contract Renewal", names, transition.next_state)


def _appraised(rows: Mapping[str, Any]) -> set[str]:
	appraisal = frappe.qb.DocType("Performance Appraisal")
	submitted = (
		frappe.qb.from_(appraisal)
		.select(appraisal.renewal)
		.where(appraisal.renewal.isin(query.NAMES) & (appraisal.docstatus == 1))
	)
	return set(query.values(submitted, names=tuple(rows)))


def _leaving(rows: Mapping[str, Any]) -> set[str]:
	"""Renewals whose person has a submitted exit within or after the contract that ends."""
	leave, contract = frappe.qb.DocType("Personnel Exit"), frappe.qb.DocType("PTT Contract")
	renewal = frappe.qb.DocType("Contract Renewal")
	exits = (
		frappe.qb.from_(leave)
		.join(renewal)
		.on(renewal.personnel == leave.personnel)
		.join(contract)
		.on(contract.name == renewal.old_contract)
		.select(renewal.name)
		.where(renewal.name.isin(query.NAMES) & (leave.docstatus == 1))
		.where(leave.exit_date >= contract.start_date)
	)
	return set(query.values(exits, names=tuple(rows)))


def decreed(names: Collection[str], locked: bool = False) -> dict[tuple[str, str], str]:
	"""The signed decree that stands, by renewal and kind. `locked`: as it is now, not as the transaction saw it first."""
	if not names:
		return {}
	line = frappe.qb.DocType(LINE)
	lines = frappe.qb.from_(line).where(line.renewal.isin(query.NAMES))
	fields = ("renewal", "kind", "decree", "signed", "revoked_by")
	if locked:
		found = lock_rows(LINE, query.values(lines.select(line.name), names=tuple(names)), fields).values()
	else:
		found = query.run(lines.select(*(line[field] for field in fields)), names=tuple(names))
	return {(row.renewal, row.kind): row.decree for row in found if row.signed and not row.revoked_by}


def exits_of(personnel: Sequence[str]) -> dict[str, Any]:
	"""The newest submitted exit of each person: name and date."""
	leave = frappe.qb.DocType("Personnel Exit")
	rows = (
		frappe.qb.from_(leave)
		.select(leave.personnel, leave.name, leave.exit_date)
		.where(leave.personnel.isin(query.NAMES) & (leave.docstatus == 1))
		.orderby(leave.exit_date)
	)
	found = query.rows_by(rows, "personnel", names=tuple(personnel)) if personnel else {}
	return {person: frappe._dict(row, exit_date=getdate(row.exit_date)) for person, row in found.items()}
