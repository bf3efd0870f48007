"""Frappe's Data Import, for the spreadsheets that the city has: templates with examples, and a trial without writing."""

import csv
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.utils.csvutils import to_csv
from frappe.utils.xlsxutils import make_xlsx

from kupang_hr.cycle import score_sheet, scoring, trial
from kupang_hr.cycle.rating import APPRAISAL, scoring_of

TEMPLATES = Path(__file__).parents[1] / "data" / "templates"


@frappe.whitelist(methods=["POST"])
def try_out(data_import: str) -> dict[str, Any]:
	"""What a Data Import would do; writes nothing. Who may read it and import its documents.

	Answers {"documents", "sound", "blocked", "findings": [{"row", "field", "text", "warning"}], "more"}.
	"""
	doc = frappe.get_doc("Data Import", data_import)
	doc.check_permission("read")
	_check(doc.reference_doctype)
	if not doc.import_file and not doc.google_sheets_url:
		frappe.throw(_("Attach a file first."))
	return trial.try_out(doc)


@frappe.whitelist(methods=["GET"])
def template(doctype: str, file_type: str = "XLSX") -> None:
	"""An example of a spreadsheet to import, as XLSX or CSV. Who may import the documents.

	That of scores names the caller's own people who wait for them.
	"""
	_check(doctype)
	path = TEMPLATES / f"{frappe.scrub(doctype)}.csv"
	if not path.is_file():
		frappe.throw(_("There is no template for {0}.").format(_(doctype)))
	table = (doctype == APPRAISAL and _own_people()) or _example(path)
	kind = "csv" if file_type.upper() == "CSV" else "xlsx"
	content = to_csv(table).encode() if kind == "csv" else make_xlsx(table, "Data Export").getvalue()
	frappe.response.update({"filename": f"{path.stem}.{kind}", "filecontent": content, "type": "download"})


def _example(path: Path) -> list[list[str]]:
	with path.open(encoding="utf-8", newline="") as file:
		return list(csv.reader(file))


def _own_people() -> list[list[str]]:
	"""The table of scores of the newest open round in which somebody waits for the caller's; empty without one."""
	for round_name in (row.name for row in scoring.open_rounds()):
		scheme = scoring_of(frappe.db.get_value("Renewal Round", round_name, "scheme")).scheme
		if table := score_sheet.import_table(scoring.rows_of(round_name, frappe.session.user), scheme):
			return table
	return []


def _check(doctype: str) -> None:
	if doctype not in trial.TRIED:
		frappe.throw(_("{0} cannot be tried out.").format(_(doctype)))
	if not frappe.has_permission(doctype, "import"):
		frappe.throw(_("You may not import {0}.").format(_(doctype)), frappe.PermissionError)
