"""The mass steps: who does them when, the run, and the same by documents."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import frappe

from benchmarks import world
from benchmarks.world import BKPPD_HEAD, CLERK, MAYOR, NIGHTLY, RATER, REAPPOINTMENT, ROUND, TERMINATION
from kupang_hr.bulk import run
from kupang_hr.demo.acting import acting

SCORED = ("Work Results", "Behaviour")
REASON = "nilai Buruk"


class StepFailed(Exception):
	"""A measured step did not do what it was started for, so that its time says nothing."""


@dataclass(frozen=True)
class MassStep:
	"""`criterion` of the run, and of the same work by documents: their names, and what is done for each."""

	figure: str
	user: str
	on: str
	criterion: Callable[[], dict[str, Any]]
	documents: Callable[[int], list[str]]
	save: Callable[[str], Any]

	@property
	def action(self) -> str:
		return self.figure.replace("_", "-")

	def run(self, people: int, criterion: dict | None = None) -> None:
		"""Do the step for everybody, here and now."""
		with acting(self.user, self.on):
			answer = run.start(self.action, criterion or self.criterion(), in_background=False)
		if (answer["status"], answer["done"], answer["failed"]) != ("Completed", people, 0):
			raise StepFailed(f"{self.figure}: {answer}")


def _names(doctype: str, **filters: Any) -> Callable[[int], list[str]]:
	return lambda count: frappe.get_all(
		doctype, filters=filters, pluck="name", order_by="name", limit_page_length=count
	)


def _of_round() -> dict[str, str]:
	return {"round": ROUND}


def _by_reason() -> dict[str, str]:
	return {"round": ROUND, "reason": REASON}


def _by_order() -> dict[str, str]:
	return {"order": f"SDO-{ROUND}"}


def _by_decree(kind: str) -> Callable[[], dict[str, str]]:
	return lambda: {"decree": world.decree(kind)}


def _scores_of(appraisal: str) -> dict[str, str]:
	"""Scores that differ from person to person, none so low that it needs a reason."""
	dice = Random(appraisal)
	return {component: str(dice.randint(70, 98)) for component in SCORED}


def _exit_of(person: str) -> dict[str, str]:
	dice = Random(person)
	reason = dice.choice(("CPNS", "PPPK", "BUMN", "Moved Away", "Resigned"))
	return {"reason": reason, "exit_date": f"2020-12-{dice.randint(1, 16):02d}", "notes": f"surat {person}"}


def _scores() -> dict[str, Any]:
	names = _appraisals(0)
	return {"round": ROUND, "scores": {name: {"scores": _scores_of(name)} for name in names}}


def _leavers() -> dict[str, Any]:
	return {"leavers": {name: _exit_of(name) for name in _people(0)}}


def _insert(doctype: str, by: str, **values: Any) -> Callable[[str], Any]:
	return lambda name: frappe.get_doc({"doctype": doctype, by: name, **values}).insert(
		ignore_permissions=True
	)


def _save_scores(name: str) -> None:
	doc = frappe.get_doc("Performance Appraisal", name)
	scores = _scores_of(name)
	for row in doc.scores:
		row.score = scores.get(row.component, row.score)
	doc.save()


def _leave(person: str) -> None:
	_insert("Personnel Exit", "personnel", docstatus=1, **_exit_of(person))(person)


def _perform(action: str, reason: str | None = None) -> Callable[[str], Any]:
	return lambda name: frappe.get_doc("Contract Renewal", name).perform(action, reason)


def _name_in_decree(contract: str) -> None:
	_insert("Decree Line", "contract", decree=world.decree(REAPPOINTMENT))(contract)


_people, _contracts = _names("Personnel"), _names("PTT Contract", start_date="2020-01-01")
_appraisals, _renewals = _names("Performance Appraisal"), _names("Contract Renewal")
_MAYOR_DAY = "2021-01-20"

STEPS = {
	step.figure: step
	for step in (
		MassStep(
			"open",
			CLERK,
			world.OPENED,
			_of_round,
			_people,
			_insert("Contract Renewal", "personnel", round=ROUND),
		),
		MassStep("score", RATER, "2020-12-07", _scores, _appraisals, _save_scores),
		MassStep(
			"rate",
			RATER,
			"2020-12-08",
			_of_round,
			_appraisals,
			lambda name: frappe.get_doc("Performance Appraisal", name).submit(),
		),
		MassStep(
			"record_leavers",
			CLERK,
			"2020-12-17",
			_leavers,
			_people,
			_leave,
		),
		MassStep(
			"expire",
			NIGHTLY,
			"2021-01-01",
			dict,
			_contracts,
			lambda name: frappe.get_doc("PTT Contract", name).save(),
		),
		MassStep(
			"stand_down",
			BKPPD_HEAD,
			"2021-01-04",
			_by_order,
			_people,
			_insert("Stand Down Line", "personnel", stand_down_order=f"SDO-{ROUND}"),
		),
		MassStep("decline", MAYOR, _MAYOR_DAY, _by_reason, _renewals, _perform("Decline", REASON)),
		MassStep("hold", MAYOR, _MAYOR_DAY, _by_reason, _renewals, _perform("Hold", REASON)),
		MassStep("release", MAYOR, _MAYOR_DAY, _of_round, _renewals, _perform("Release")),
		MassStep("recommend", MAYOR, _MAYOR_DAY, _of_round, _renewals, _perform("Recommend")),
		MassStep("return", MAYOR, _MAYOR_DAY, _of_round, _renewals, _perform("Return")),
		MassStep("gather", CLERK, world.DRAFTED, _by_decree(REAPPOINTMENT), _contracts, _name_in_decree),
		MassStep(
			"issue",
			BKPPD_HEAD,
			world.SIGNED,
			_by_decree(REAPPOINTMENT),
			_renewals,
			_perform("Issue SK"),
		),
		MassStep(
			"terminate",
			BKPPD_HEAD,
			world.SIGNED,
			_by_decree(TERMINATION),
			_people,
			lambda name: frappe.get_doc("Personnel", name).bring_up_to_date(),
		),
	)
}
