"""The contract year over REST and for the desk's buttons.

Every endpoint is POST unless it only reads; it checks the caller's role and scope in the step itself, and
answers a Bulk Run: {"name", "action", "status", "total", "done", "failed", "message"}. Calling one again is
safe: an open run is found again, and what is done is not done twice.
"""

from typing import Any

import frappe
from frappe import _

from kupang_hr.bulk import failures as failed
from kupang_hr.bulk import preview as previews
from kupang_hr.bulk import run
from kupang_hr.cycle import decrees, opening, stand_down, year_end
from kupang_hr.notices import scores


def _names(names: str | list | None) -> list[str] | None:
	"""A list of names as JSON or as a list, None where none was given.

	A text that is none of the two is refused, and so is an empty list: whoever chose nobody does not mean all.
	"""
	if names in (None, ""):
		return None
	parsed = _parsed(names)
	if not isinstance(parsed, list) or not all(isinstance(name, str) for name in parsed):
		frappe.throw(_("Names are given as a list."))
	if not parsed:
		frappe.throw(_("Say whom this is about."))
	return parsed


def _opds(opd: str | list | None) -> str | list[str] | None:
	"""One OPD by its name, or several as JSON or as a list."""
	return _names(opd) if isinstance(opd, list) or (opd or "").startswith("[") else opd


def _parsed(value: Any) -> Any:
	"""What a JSON text holds; a text that is no JSON stays one, for the caller to refuse."""
	try:
		return frappe.parse_json(value)
	except ValueError:
		return value


def _rows(value: str | dict) -> dict[str, dict] | None:
	"""Rows by name, as JSON or as a mapping; None if it is anything else."""
	parsed = _parsed(value)
	is_rows = isinstance(parsed, dict) and all(isinstance(row, dict) for row in parsed.values())
	return parsed if is_rows else None


def _start(action: str, **criterion: Any) -> dict[str, Any]:
	return run.start(action, {key: value for key, value in criterion.items() if value not in (None, "", [])})


@frappe.whitelist(methods=["POST"])
def open_round(round: str) -> dict[str, Any]:
	"""Make the renewals and draft appraisals of everybody whose term ends in the round. BKPPD Clerk."""
	return _start("open", round=round)


@frappe.whitelist(methods=["POST"])
def close_round(round: str) -> dict[str, Any]:
	"""Close a round whose renewals have all come to an end. BKPPD Clerk. Answers name and status."""
	doc = frappe.get_doc("Renewal Round", round, for_update=True)
	doc.check_permission("write")
	if doc.status != "Closed":
		opening.close_round(doc)
	return {"name": doc.name, "status": doc.status}


@frappe.whitelist(methods=["POST"])
def remind(round: str) -> list[str]:
	"""Tell the raters of a round who have unrated people, and their clerks; the raters that were told. BKPPD Clerk."""
	doc = frappe.get_doc("Renewal Round", round)
	doc.check_permission("write")
	return scores.remind(doc.name, doc.rating_deadline)


@frappe.whitelist(methods=["POST"])
def score(round: str, scores: str | dict) -> dict[str, Any]:
	"""Save scores on draft appraisals of the caller's people. OPD Head.

	`scores`: by appraisal, {"scores": {component: value}, "recommendation", "reason", "results_expectation",
	"behaviour_expectation"}, each optional.
	"""
	parsed = _rows(scores)
	if parsed is None:
		frappe.throw(_("Scores are given by appraisal."))
	return _start("score", round=round, scores=parsed)


@frappe.whitelist(methods=["POST"])
def rate(round: str, opd: str | None = None, names: str | list | None = None) -> dict[str, Any]:
	"""Submit the complete appraisals of the caller's people. OPD Head. `names`: appraisals."""
	return _start("rate", round=round, opd=opd, names=_names(names))


@frappe.whitelist(methods=["POST"])
def recommend(
	round: str,
	opd: str | list | None = None,
	wave: int | None = None,
	names: str | list | None = None,
	leave_out: str | list | None = None,
) -> dict[str, Any]:
	"""Recommend the rated of a round, all or narrowed by OPD, wave or renewals. Wali Kota."""
	left_out = _names(leave_out) if leave_out not in ("[]", []) else None
	given = {"opd": _opds(opd), "wave": wave, "names": _names(names), "except": left_out}
	return _start("recommend", round=round, **given)


@frappe.whitelist(methods=["POST"])
def decline(round: str, reason: str, names: str | list) -> dict[str, Any]:
	"""Decline the named renewals for one reason. Wali Kota."""
	return _start("decline", round=round, reason=reason, names=_given(names))


@frappe.whitelist(methods=["POST"])
def hold(
	round: str,
	reason: str,
	names: str | list | None = None,
	opd: str | list | None = None,
	wave: int | None = None,
) -> dict[str, Any]:
	"""Hold the named renewals, an OPD's or a wave's, for one reason. Wali Kota."""
	chosen = {"names": _names(names), "opd": _opds(opd), "wave": wave}
	if not any(chosen.values()):
		frappe.throw(_("Say whom to hold."))
	return _start("hold", round=round, reason=reason, **chosen)


@frappe.whitelist(methods=["POST"])
def release(
	round: str,
	names: str | list | None = None,
	opd: str | list | None = None,
	wave: int | None = None,
	run: str | None = None,
) -> dict[str, Any]:
	"""Release what is held. Wali Kota. `run`: only those whom that Bulk Run held."""
	return _start("release", round=round, names=_names(names), opd=_opds(opd), wave=wave, run=run)


@frappe.whitelist(methods=["POST"])
def return_to_rated(
	round: str,
	names: str | list | None = None,
	opd: str | list | None = None,
	state: str | None = None,
	run: str | None = None,
) -> dict[str, Any]:
	"""Take back recommendations and refusals, the named ones, an OPD's or a run's, until the decree. Wali Kota.

	`state`: only those in Mayor Recommended, or only those in Not Renewed. `run`: only those whom that Bulk Run
	recommended or declined and nobody has decided on anew.
	"""
	chosen = {"names": _names(names), "opd": _opds(opd), "run": run}
	if not any(chosen.values()):
		frappe.throw(_("Say whom this is about."))
	return _start("return", round=round, state=state, **chosen)


@frappe.whitelist(methods=["POST"])
def act(name: str, action: str, reason: str | None = None) -> dict[str, Any]:
	"""One workflow action on one renewal, with the reason it demands. Answers state and name."""
	doc = frappe.get_doc("Contract Renewal", name)
	doc.check_permission("write")
	doc.perform(action, reason)
	return {"name": doc.name, "workflow_state": doc.workflow_state}


@frappe.whitelist(methods=["POST"])
def record_leavers(leavers: str | dict) -> dict[str, Any]:
	"""Record exits: by person, {"reason", "exit_date", "notes"}. BKPPD Clerk."""
	parsed = _rows(leavers)
	if parsed is None:
		frappe.throw(_("Leavers are given by person."))
	return _start("record-leavers", leavers=parsed)


@frappe.whitelist(methods=["POST"])
def carry_out(order: str) -> dict[str, Any]:
	"""Carry out a submitted Stand Down Order whose day has come. BKPPD Head."""
	return stand_down.carry_out(order)


@frappe.whitelist(methods=["POST"])
def gather(decree: str, names: str | list | None = None) -> dict[str, Any]:
	"""Name the people of a draft decree anew. BKPPD Clerk. `names`: contracts."""
	frappe.get_doc("Decree", decree, for_update=True).check_permission("write")
	if gathering := decrees.open_gathering(decree):
		return run.summary(gathering)
	decrees.empty_for_gathering(decree)
	return _start("gather", decree=decree, names=_names(names))


@frappe.whitelist(methods=["POST"])
def paraf(decree: str) -> dict[str, Any]:
	"""Give the next paraf of a draft decree. The user whom Settings names for it."""
	doc = frappe.get_doc("Decree", decree)
	doc.give_paraf()
	return {"name": doc.name, "given": [row.title for row in doc.paraf if row.given_at]}


@frappe.whitelist(methods=["GET"])
def named(decree: str, start: int = 0) -> list[dict[str, Any]]:
	"""Ten of those whom a decree names, from `start` on; for who may read the decree, a signer of its draft too."""
	frappe.get_doc("Decree", decree).check_permission("read")
	return decrees.named(decree, max(int(start), 0))


@frappe.whitelist(methods=["GET"])
def signing(decree: str) -> dict[str, Any]:
	"""Whom signing a draft decree is about: how many, by OPD. BKPPD Head."""
	doc = frappe.get_doc("Decree", decree)
	doc.check_permission("submit")
	return decrees.whom(doc.name)


@frappe.whitelist(methods=["POST"])
def sign(decree: str, modified: str | None = None) -> dict[str, Any]:
	"""Sign a draft decree, as submitting it does, and answer the run that makes it take effect. BKPPD Head.

	`modified`: of the draft as it was read; one that has changed since is not signed. A signed one is left as it is.
	"""
	doc = frappe.get_doc("Decree", decree)
	doc.check_permission("submit")
	if doc.docstatus:
		return start_again(doc.name)
	doc.modified = modified or doc.modified
	doc.submit()
	return run.summary(doc.flags.run)


@frappe.whitelist(methods=["POST"])
def start_again(decree: str) -> dict[str, Any]:
	"""Start the run of a signed decree again over whoever it has not taken effect for. BKPPD Head."""
	from kupang_hr.cycle.issuing import STEP_OF_KIND

	return _start(STEP_OF_KIND[frappe.get_doc("Decree", decree).kind], decree=decree)


@frappe.whitelist(methods=["GET", "POST"])
def progress(name: str) -> dict[str, Any]:
	"""Status and counts of a Bulk Run that the caller may see."""
	frappe.get_doc("Bulk Run", name).check_permission("read")
	return run.summary(name)


@frappe.whitelist(methods=["GET", "POST"])
def preview(action: str, criterion: str | dict) -> dict[str, Any]:
	"""What a mass step would do now: how many, of which OPD, who would be refused and why. The step's own role.

	`criterion`: the arguments of the step's endpoint; what it asks for in a dialog may be missing.
	"""
	given = _parsed(criterion)
	if not isinstance(given, dict):
		frappe.throw(_("A criterion is given by field."))
	listed = {"names": _names(given.get("names")), "opd": _opds(given.get("opd"))}
	listed["except"] = _names(given.pop("leave_out", None) or None)
	given = {**given, **listed}
	return previews.preview(
		action, {key: value for key, value in given.items() if value not in (None, "", [])}
	)


@frappe.whitelist(methods=["GET", "POST"])
def failures(name: str, start: int = 0) -> list[dict[str, Any]]:
	"""Twenty of those whom a Bulk Run has not done, with the reason, from `start` on; for who may see the run."""
	frappe.get_doc("Bulk Run", name).check_permission("read")
	return failed.failures(name, int(start))


@frappe.whitelist(methods=["GET", "POST"])
def raters(round: str) -> list[dict[str, Any]]:
	"""Who would be reminded now: user, full_name, and how many people wait for their scores. BKPPD."""
	doc = frappe.get_doc("Renewal Round", round)
	doc.check_permission("write")
	return scores.raters_to_remind(doc.name)


@frappe.whitelist(methods=["GET"])
def counts(round: str) -> dict[str, dict[str, int]]:
	"""How many renewals of a round each OPD has in each state, of those the caller may see."""
	frappe.get_doc("Renewal Round", round).check_permission("read")
	return year_end.states_by_opd(round)


def _given(names: str | list) -> list[str]:
	parsed = _names(names)
	if not parsed:
		frappe.throw(_("Say whom this is about."))
	return parsed
