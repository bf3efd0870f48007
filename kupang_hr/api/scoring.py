"""The scoring grid of an OPD's head: what it shows, the saving of a row, and its spreadsheet.

Rating what is complete is `kupang_hr.api.cycle.rate`; a checked spreadsheet is saved by `kupang_hr.api.cycle.score`.
"""

from dataclasses import asdict
from typing import Any

import frappe
from frappe import _
from frappe.sessions import get_csrf_token
from frappe.utils import cint

from kupang_hr.cycle import score_sheet, scoring
from kupang_hr.cycle.rating import APPRAISAL, scoring_of
from kupang_hr.exceptions import SheetError


@frappe.whitelist(methods=["GET"])
def grid(
	round: str | None = None,
	start: int | str = 0,
	limit: int | str = scoring.MOST_ROWS,
	name: str = "",
	unfinished: int | str = 0,
) -> dict[str, Any]:
	"""A page of the appraisals that the caller rates in a round, the newest open one by default. OPD Head.

	`name` and `unfinished` narrow the rows; the counts are of all. At most 100 rows.
	"""
	_check()
	rounds = scoring.open_rounds()
	chosen = round or (rounds[0].name if rounds else None)
	found = {"rounds": rounds, "round": chosen}
	if not chosen:
		return found
	_check_round(chosen)
	user, is_narrow = frappe.session.user, bool(cint(unfinished))
	page = scoring.page(chosen, user, cint(start), cint(limit), name, is_narrow)
	return {**found, "scheme": scoring.scheme_of(chosen), **page}


@frappe.whitelist(methods=["GET"])
def token() -> dict[str, str]:
	"""The session's token, for a page that was open when its session ended and goes on after the next login."""
	_check()
	return {"csrf_token": get_csrf_token()}


@frappe.whitelist(methods=["GET"])
def complete(round: str) -> list[str]:
	"""The appraisals of the caller's people that are complete and not yet submitted. OPD Head."""
	_check()
	return scoring.complete(_rows(round))


@frappe.whitelist(methods=["POST"])
def save(name: str, typed: str | dict, modified: str | None = None) -> dict[str, Any]:
	"""Save what was typed in a draft appraisal. OPD Head.

	`typed`: as a row of `kupang_hr.api.cycle.score`. `modified`: of the appraisal that the caller saw. Answers
	{"status": "saved" or "changed" (nothing was written), "row", "by"}.
	"""
	_check()
	given = frappe.parse_json(typed)
	if not isinstance(given, dict):
		frappe.throw(_("Scores are given by component."))
	return scoring.save_row(name, given, modified)


@frappe.whitelist(methods=["GET"])
def sheet(round: str, file_type: str = "XLSX") -> None:
	"""The caller's people who are not rated yet with their scores, as an XLSX or CSV file. OPD Head."""
	_check()
	kind = "CSV" if file_type.upper() == "CSV" else "XLSX"
	content = score_sheet.sheet(_rows(round), _scheme(round), kind)
	name = f"penilaian-{round}.{kind.lower()}"
	frappe.response.update({"filename": name, "filecontent": content, "type": "download"})


@frappe.whitelist(methods=["POST"])
def check_sheet(round: str) -> dict[str, Any]:
	"""What the sheet sent as `file` would change, and what is wrong in it; writes nothing. OPD Head.

	Answers {"rows", "changes": [{"row", "name", "column", "before", "after"}], "problems": [{"row", "column",
	"problem"}], "scores"}; `scores` is what `kupang_hr.api.cycle.score` takes. A row with a problem is not in it.
	"""
	_check()
	sent = frappe.request.files.get("file") if frappe.request else None
	if not sent:
		frappe.throw(_("Choose a file."), SheetError)
	content = sent.stream.read(score_sheet.MOST_MEGABYTES * score_sheet.MEGABYTE + 1)
	return asdict(score_sheet.read(content, _rows(round), _scheme(round)))


def _scheme(round_name: str):
	return scoring_of(frappe.db.get_value("Renewal Round", round_name, "scheme")).scheme


def _rows(round_name: str) -> list:
	_check_round(round_name)
	return scoring.rows_of(round_name, frappe.session.user)


def _check_round(name: str) -> None:
	frappe.get_doc("Renewal Round", name).check_permission("read")


def _check() -> None:
	if not frappe.has_permission(APPRAISAL, "write"):
		frappe.throw(_("Scoring is done by the head of an OPD."), frappe.PermissionError)
