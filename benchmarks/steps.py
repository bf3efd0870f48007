"""The mass steps: who does them when, the run, and the same by documents."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import frappe
from frappe.utils import getdate

from benchmarks import report, world
from benchmarks.world import BKPPD_HEAD, CLERK, MAYOR, NIGHTLY, RATER, REAPPOINTMENT, ROUND, TERMINATION
from kupang_hr.attendance import days
from kupang_hr.bulk import run
from kupang_hr.demo.acting import acting
from kupang_hr.payroll.closing import new_lines, place_of

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
	times_faster: int = report.TIMES_FASTER

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


def _save_day(person: str) -> None:
	"""A person's day as a controller would save it: it reads the facts, derives the log and inserts it."""
	day = getdate(world.MEASURED_DAY)
	derived = days.derive([person], day, day)[person][day]
	row = dict(zip(days.COLUMNS, days._row(person, None, day, derived), strict=True))
	log = frappe.get_doc({"doctype": "Attendance Log", **row})
	log.refuse = lambda: None  # nobody else may save one
	log.insert(ignore_permissions=True)


def _save_line(person: str) -> None:
	"""A person's line of the month as a controller would save it."""
	rows, _refused = new_lines([person], place_of(world.PERIOD))
	for row in rows:
		line = frappe.get_doc({"doctype": "Attendance Period Line", **row})
		line.flags.by_closing = True
		line.insert(ignore_permissions=True)


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
		MassStep(
			"rebuild_days",
			NIGHTLY,
			"2021-03-17",
			lambda: {"first": world.MEASURED_DAY, "last": world.MEASURED_DAY},
			_people,
			_save_day,
			times_faster=50,
		),
		MassStep(
			"close_period",
			BKPPD_HEAD,
			world.AFTER,
			lambda: {"period": world.PERIOD},
			_people,
			_save_line,
			times_faster=50,
		),
	)
}
OF_ATTENDANCE = ("rebuild_days", "close_period")
