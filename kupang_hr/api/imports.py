"""Frappe's Data Import, for the spreadsheets that the city has: templates with examples, and a trial without writing."""

import csv
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.utils.csvutils import to_csv
from frappe.utils.xlsxutils import make_xlsx

from kupang_hr.cycle import trial

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
	"""An example of a spreadsheet to import, as XLSX or CSV. Who may import the documents."""
	_check(doctype)
	path = TEMPLATES / f"{frappe.scrub(doctype)}.csv"
	if not path.is_file():
		frappe.throw(_("There is no template for {0}.").format(_(doctype)))
	with path.open(encoding="utf-8", newline="") as file:
		table = list(csv.reader(file))
	kind = "csv" if file_type.upper() == "CSV" else "xlsx"
	content = to_csv(table).encode() if kind == "csv" else make_xlsx(table, "Data Export").getvalue()
	frappe.response.update({"filename": f"{path.stem}.{kind}", "filecontent": content, "type": "download"})


def _check(doctype: str) -> None:
	if doctype not in trial.TRIED:
		frappe.throw(_("{0} cannot be tried out.").format(_(doctype)))
	if not frappe.has_permission(doctype, "import"):
		frappe.throw(_("You may not import {0}.").format(_(doctype)), frappe.PermissionError)
