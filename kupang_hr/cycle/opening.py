"""Opening a round: a renewal and a draft appraisal for everybody whose term ends in it."""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.step import Step
from kupang_hr.cycle.rating import (
	APPRAISAL,
	SCORE,
	attendance_of,
	scoring_of,
	summaries_of,
	summary_year,
)
from kupang_hr.cycle.renewals import met_needs, waiting_roles
from kupang_hr.cycle.wording import refusal_text
from kupang_hr.rules.contract import LEFT
from kupang_hr.rules.renewal import DRAFT, HELD, RATED, RECOMMENDED, Refusal, wave_of

UNDECIDED = (DRAFT, RATED, HELD, RECOMMENDED)


class Open(Step):
	"""Make the renewals of a round and their draft appraisals. Criterion: `round`, optionally `names`
	(contracts)."""

	action = "open"
	can_rehearse = True
	doctype = "PTT Contract"
	writes = ("Contract Renewal", "Performance Appraisal")
	roles = ("BKPPD Clerk", "BKPPD Head")

	def prepare(self) -> None:
		self.round = frappe.get_doc("Renewal Round", self.criterion.get("round"))
		if self.round.status == "Closed":
			frappe.throw(_("Round {0} is closed.").format(self.round.name))
		self.scoring = scoring_of(self.round.scheme)
		self.waves = round_waves(self.round)
		self.year = summary_year(self.round.ending_to)

	def waiting(self):
		return contracts_to_renew(self.table, self.round)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		contracts = lock_rows(
			"PTT Contract", names, ("personnel", "personnel_name", "docstatus", "terminated_on")
		)
		people = self._people([row.personnel for row in contracts.values()])
		present = self._present([row.personnel for row in contracts.values()])
		summaries = summaries_of(list(people), self.year)
		renewals, appraisals, scores, failures = [], [], [], {}
		for name, contract in contracts.items():
			if contract.personnel in present:
				continue
			if contract.docstatus != 1 or contract.terminated_on:
				failures[name] = refusal_text(Refusal.NO_CONTRACT)
				continue
			person = people[contract.personnel]
			renewal = new_renewal(self.round, person, name, self.waves)
			appraisal, rows = new_appraisal(self.round, self.scoring, renewal, summaries.get(person.name))
			renewals.append(renewal)
			appraisals.append(appraisal)
			scores.extend(rows)
		self._insert(renewals, appraisals, scores, trail)
		return failures

	def finish(self, failed: int) -> None:
		mark_open(self.round.name)

	def _people(self, personnel: Sequence[str]) -> dict[str, frappe._dict]:
		person = frappe.qb.DocType("Personnel")
		fields = ("name", "full_name", "opd", "position", "first_appointment_year")
		rows = (
			frappe.qb.from_(person)
			.select(*[person[field] for field in fields])
			.where(person.name.isin(query.NAMES))
		)
		return query.rows_by(rows, "name", names=tuple(personnel)) if personnel else {}

	def _present(self, personnel: Sequence[str]) -> set[str]:
		renewal = frappe.qb.DocType("Contract Renewal")
		rows = (
			frappe.qb.from_(renewal)
			.select(renewal.personnel)
			.where((renewal.round == self.round.name) & renewal.personnel.isin(query.NAMES))
		)
		return set(query.values(rows, names=tuple(personnel))) if personnel else set()

	def _insert(self, renewals: list, appraisals: list, scores: list, trail: Trail) -> None:
		trail.insert("Contract Renewal", renewals)
		trail.insert(APPRAISAL, appraisals)
		trail.insert_children(APPRAISAL, "scores", SCORE, scores)
		names = [row["name"] for row in renewals]
		met = met_needs(dict.fromkeys(names))
		trail.fill_inbox("Contract Renewal", DRAFT, {name: waiting_roles(DRAFT, met[name]) for name in names})


def contracts_to_renew(contract, round_doc):
	"""Query over contracts that end in the round and wait for a renewal.

	Submitted, not ended early, the person's last, the person a PTT who has not left and has no renewal yet.
	"""
	person, renewal = frappe.qb.DocType("Personnel"), frappe.qb.DocType("Contract Renewal")
	later = frappe.qb.DocType("PTT Contract").as_("later")
	has_later = (
		frappe.qb.from_(later)
		.select(later.personnel)
		.where((later.docstatus == 1) & (later.start_date > round_doc.ending_to))
	)
	renewed = frappe.qb.from_(renewal).select(renewal.personnel).where(renewal.round == round_doc.name)
	return (
		frappe.qb.from_(contract)
		.join(person)
		.on(person.name == contract.personnel)
		.where((contract.docstatus == 1) & contract.terminated_on.isnull())
		.where(contract.end_date[round_doc.ending_from : round_doc.ending_to])
		.where((person.employment_type == "PTT") & (person.duty_status != LEFT))
		.where(contract.personnel.notin(renewed) & contract.personnel.notin(has_later))
	)


def round_waves(round_doc) -> tuple[tuple[int, int | None], ...]:
	"""The waves of a round as the rule takes them."""
	return tuple((row.wave, row.first_appointed_until or None) for row in round_doc.waves)


def new_renewal(round_doc, person: Any, contract: str, waves) -> dict[str, Any]:
	"""A Draft renewal that proposes the present seat."""
	return {
		"name": f"{round_doc.name}-{person.name}",
		"round": round_doc.name,
		"personnel": person.name,
		"personnel_name": person.full_name,
		"old_contract": contract,
		"workflow_state": DRAFT,
		"wave": wave_of(person.first_appointment_year, waves),
		"proposed_opd": person.opd,
		"proposed_position": person.position,
	}


def new_appraisal(round_doc, scoring, renewal: Mapping[str, Any], summary) -> tuple[dict, list[dict]]:
	"""A draft appraisal of a renewal with a row for each component, attendance computed where it can be."""
	attendance, _problems = attendance_of(scoring, summary)
	name = f"PA-{renewal['name']}"
	appraisal = {
		"name": name,
		"round": round_doc.name,
		"personnel": renewal["personnel"],
		"personnel_name": renewal["personnel_name"],
		"renewal": renewal["name"],
		"scheme": scoring.scheme.name,
		# what a new document holds in a Select that begins with an empty choice
		"results_expectation": "",
		"behaviour_expectation": "",
		"recommendation": "",
		"attendance_score": float(attendance or 0),
	}
	rows = [
		{
			"parent": name,
			"idx": position,
			"component": component.name,
			"weight": component.weight,
			"score": attendance if component.computed else None,
			"computed": int(component.computed),
		}
		for position, component in enumerate(scoring.scheme.components, 1)
	]
	return appraisal, rows


def mark_open(round_name: str) -> None:
	"""Set a round to Open, with a Version, once its renewals are made."""
	doc = frappe.get_doc("Renewal Round", round_name)
	if doc.status == "Draft":
		doc.flags.ignore_permissions = True
		doc.write_status("Open")


def close_round(doc) -> None:
	"""Set a round to Closed, with a Version, once each of its renewals has come to an end."""
	if doc.status != "Open":
		frappe.throw(_("Round {0} is not open.").format(doc.name))
	if waiting := frappe.db.count(
		"Contract Renewal", {"round": doc.name, "workflow_state": ("in", UNDECIDED)}
	):
		frappe.throw(_("{0} renewals of round {1} wait for a decision.").format(waiting, doc.name))
	doc.write_status("Closed")
