"""A Data Import tried out: parsed by Frappe's Importer, held against the same rules, and nothing left behind.

Each document goes through what Frappe does before it writes one, then its bare row is put into the open
transaction, so that the rows of a file are held against each other as well. In the end all of it is rolled back.
What Frappe does after writing (naming series, search index, notifications, the effects of a submission) is never
called, so nothing of it can leak.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.data_import.importer import UPDATE, Importer
from frappe.core.doctype.version.version import get_diff
from frappe.utils import strip_html

from kupang_hr import exceptions

TRIED = (
	"Personnel",
	"PTT Contract",
	"Attendance Summary",
	"Personnel Identity",
	"Personnel Exit",
	"Performance Appraisal",
)
MOST_ROWS = 5000
MOST_TOLD = 500
FIELDS = {  # where the message itself names no field
	exceptions.ContractTermError: "end_date",
	exceptions.ContractOverlapError: "start_date",
	exceptions.ScoreError: "scores",
	frappe.PermissionError: None,
}


@dataclass(frozen=True)
class Finding:
	"""Something about a row; `field` is a label, empty where it is about the whole row.

	A `warning` does not keep the row from being imported.
	"""

	row: int
	field: str
	text: str
	warning: bool = False


def try_out(data_import) -> dict[str, Any]:
	"""What an import would do: {"documents", "sound", "blocked", "findings", "more" (findings that are not told)}.

	`blocked`: the file could not be read in full, so that Frappe would import none of it. Takes the whole transaction: whatever is written in it is rolled back.
	"""
	importer = Importer(data_import.reference_doctype, data_import=data_import)
	payloads = importer.import_file.get_payloads_for_import()
	if len(payloads) > MOST_ROWS:
		frappe.throw(_("A file has at most {0} rows.").format(MOST_ROWS))
	findings = list(_of_parsing(importer.import_file))
	is_blocked = any(not found.warning for found in findings)
	frappe.flags.in_import = True
	try:
		trial = _Trial(importer, data_import, findings)
		sound = sum(trial.passes(payload) for payload in payloads)
	finally:
		frappe.flags.in_import = False
		frappe.db.rollback()
		frappe.clear_messages()
	findings.sort(key=lambda found: found.row)
	told = [asdict(found) for found in findings[:MOST_TOLD]]
	counts = {"documents": len(payloads), "sound": sound, "blocked": is_blocked}
	return {**counts, "findings": told, "more": len(findings[MOST_TOLD:])}


def _of_parsing(file):
	"""What Frappe's Importer warns of; it imports nothing as long as one of these is no mere information."""
	for found in file.get_warnings():
		if found.get("type") == "info" and "col" not in found:
			continue
		field = found.get("field") or {}
		field = json.loads(field) if isinstance(field, str) else field
		label = field.get("label") or _heading(file, found.get("col"))
		text = strip_html(str(found.get("message") or ""))
		yield Finding(int(found.get("row") or 1), _(label), text, found.get("type") == "info")


def _heading(file, number: Any) -> str:
	if not number:
		return ""
	return str(file.columns[int(number) - 1].header_title or "")


class _Trial:
	def __init__(self, importer: Importer, data_import, findings: list[Finding]) -> None:
		self.importer = importer
		self.doctype = data_import.reference_doctype
		self.meta = frappe.get_meta(self.doctype)
		self.is_update = data_import.import_type == UPDATE
		self.submits = bool(data_import.submit_after_import and self.meta.is_submittable)
		self.findings = findings
		self.labels = [_(field.label) for field in self.meta.fields if field.label]
		self.unread = {found.row for found in findings if not found.warning}

	def passes(self, payload) -> bool:
		"""Whether a document could be written; what stands against it is added to the findings."""
		row = payload.rows[0].row_number
		if self.unread & {part.row_number for part in payload.rows}:
			return False  # a value is missing in it now, and what that leads to would only confuse
		frappe.clear_messages()
		frappe.db.savepoint("kupang_trial")
		problems = self.problems_of(payload.doc, row)
		if problems:
			frappe.db.rollback(save_point="kupang_trial")
		self.findings.extend(problems or self.remarks(row))
		return not problems

	def problems_of(self, values: Mapping[str, Any], row: int) -> list[Finding]:
		doc = None
		try:
			doc = self.changed(values) if self.is_update else self.made(values)
			self.check(doc)
			self.write(doc)
		except frappe.MandatoryError:
			return [self.missing(row, fieldname) for fieldname, _text in doc._get_missing_mandatory_fields()]
		except Exception as error:  # whatever it is, the import would stop at it
			text = strip_html(str(error)) or self.words_for(error)
			return [Finding(row, self.field_of(error, text), text)]
		return []

	def words_for(self, error: Exception) -> str:
		"""What Frappe refuses without a word."""
		if isinstance(error, frappe.PermissionError):
			return _("You may not import {0}.").format(_(self.doctype))
		return type(error).__name__

	def made(self, values: Mapping[str, Any]):
		doc = frappe.new_doc(self.doctype)
		doc.update(values)
		doc.name = None
		doc.set("__islocal", True)
		doc._set_defaults()
		doc.docstatus = int(self.submits)
		return doc

	def changed(self, values: Mapping[str, Any]):
		name = values.get("name")
		if not name or not frappe.db.exists(self.doctype, name):
			frappe.throw(_("{0} {1} does not exist.").format(_(self.doctype), name or "?"))
		doc = frappe.get_doc(self.doctype, name)
		doc.update(values)
		if not get_diff(frappe.get_doc(self.doctype, name), doc):
			frappe.throw(_("Nothing in this row changes {0}.").format(name))
		return doc

	def check(self, doc) -> None:
		"""What `Document.insert` and `Document.save` do before they write, but for the naming series."""
		doc.set_user_and_timestamp()
		doc.check_if_latest()
		doc._validate_links()
		doc.check_permission("write" if self.is_update else "create")
		if not self.is_update:
			doc.run_method("before_insert")
			is_numbered = (self.meta.autoname or "").startswith("naming_series")
			doc.set_new_name(set_name=f"trial-{frappe.generate_hash(length=12)}" if is_numbered else None)
		doc.set_parent_in_children()
		doc.validate_higher_perm_levels()
		doc.flags.in_insert = not self.is_update
		doc.run_before_save_methods()
		doc._validate()

	def write(self, doc) -> None:
		if self.is_update:
			doc.db_update()
			return
		doc.db_insert()
		for child in doc.get_all_children():
			child.db_insert()

	def missing(self, row: int, fieldname: str) -> Finding:
		label = _(self.meta.get_label(fieldname))
		return Finding(row, label, _("{0} is missing.").format(label))

	def field_of(self, error: Exception, text: str) -> str:
		"""The label of the field that a problem is about, as far as the error or its words tell."""
		for kind, fieldname in FIELDS.items():
			if isinstance(error, kind):
				return _(self.meta.get_label(fieldname)) if fieldname else ""
		named = [label for label in self.labels if re.search(rf"\b{re.escape(label)}\b", text, re.IGNORECASE)]
		return max(named, key=len, default="")

	def remarks(self, row: int) -> list[Finding]:
		"""What a document that passes was warned of."""
		messages = [json.loads(each) if isinstance(each, str) else each for each in frappe.message_log]
		texts = [strip_html(str(message.get("message") or "")) for message in messages]
		return [Finding(row, self.field_of(Warning(), text), text, True) for text in texts if text]
