"""Scores by spreadsheet: the grid's people with their scores, and what a sheet that comes back would change.

Reading a sheet writes nothing. What is sound in it comes back as the criterion of the mass step `score`, which
checks it again.
"""

import csv
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any

import frappe
from frappe import _
from frappe.utils.csvutils import to_csv
from frappe.utils.xlsxutils import make_xlsx, read_xlsx_file_from_attached_file

from kupang_hr.cycle import rating
from kupang_hr.exceptions import SheetError
from kupang_hr.rules import appraisal as law

MEGABYTE = 1024 * 1024
MOST_MEGABYTES = 5
MOST_UNPACKED = 100 * MEGABYTE  # a small file can unpack into a machine's whole memory
MOST_ROWS = 5000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
OLD_EXCEL, ZIP = b"\xd0\xcf\x11\xe0", b"PK"
AS_IS = "Data Export"  # the name of a sheet whose cells Frappe does not take for HTML
CHOICES = {
	"results_expectation": law.EXPECTATIONS,
	"behaviour_expectation": law.EXPECTATIONS,
	"recommendation": ("Renew", "Do Not Renew"),
}


@dataclass(frozen=True)
class Column:
	"""A column of the sheet: a field of the appraisal, or a component of its scheme."""

	key: str
	label: str
	is_score: bool = False
	typed: bool = True

	def names(self) -> set[str]:
		"""What its heading may be: in the user's language, or in English."""
		return {_plain(self.label), _plain(_(self.label))}


@dataclass
class Findings:
	"""What a sheet would change, what is wrong in it, and what of it can be saved."""

	changes: list[dict] = field(default_factory=list)
	problems: list[dict] = field(default_factory=list)
	scores: dict[str, dict] = field(default_factory=dict)
	rows: int = 0


def columns_of(scheme: law.Scheme) -> list[Column]:
	"""The columns of a scheme's sheet, in their order."""
	meta = frappe.get_meta(rating.APPRAISAL)
	fields = ("recommendation", "reason")
	parts = [Column(part.name, part.name, True, not part.computed) for part in scheme.components]
	if scheme.method == law.MATRIX:
		fields = ("results_expectation", "behaviour_expectation", *fields)
		parts = [Column("attendance", "Attendance", typed=False)]
	return [
		Column("name", "Appraisal", typed=False),
		Column("personnel_name", "Name", typed=False),
		Column("opd", "OPD", typed=False),
		*parts,
		*(Column(name, meta.get_label(name)) for name in fields),
	]


def sheet(rows: Sequence[Mapping], scheme: law.Scheme, file_type: str) -> bytes:
	"""The drafts among the rows as XLSX or CSV, headings and choices in the user's language."""
	columns = columns_of(scheme)
	table = [[_(column.label) for column in columns]]
	table += [[_cell(row, column) for column in columns] for row in rows if not row.docstatus]
	if file_type == "CSV":
		return b"\xef\xbb\xbf" + to_csv(table).encode()  # without the mark, Excel reads names as Latin-1
	return make_xlsx(table, AS_IS).getvalue()


def import_table(rows: Sequence[Mapping], scheme: law.Scheme) -> list[list[Any]]:
	"""The drafts among the rows as Frappe's Data Import reads them, empty without any.

	A component has a line of its own; the first of a person's says who it is and what the whole is about.
	"""
	fields = [column for column in columns_of(scheme) if column.key in rating.TYPED_FIELDS]
	parts = [column for column in columns_of(scheme) if column.is_score and column.typed]
	table = [["ID", "Name", *(column.label for column in fields)]]
	table[0] += ["Component (Scores)", "Score (0–100) (Scores)"] if parts else []
	for row in (row for row in rows if not row.docstatus):
		person = [
			row.name,
			harmless(row.personnel_name),
			*(harmless(row.get(column.key) or "") for column in fields),
		]
		lines = [[column.label, _cell(row, column)] for column in parts] or [[]]
		table += [person + line if line is lines[0] else [""] * len(person) + line for line in lines]
	return table if len(table) > 1 else []


def _cell(row: Mapping, column: Column) -> Any:
	if column.is_score:
		number = rating.parse_score(row.scores.get(column.key))
		return float(number) if hasattr(number, "is_finite") else harmless(str(number or ""))
	text = str(row.get(column.key) or "")
	return harmless(_(text) if column.key in CHOICES and text else text)


def harmless(text: str) -> str:
	"""A text that a spreadsheet does not take for a formula."""
	return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def read(content: bytes, rows: Sequence[Mapping], scheme: law.Scheme) -> Findings:
	"""What a sheet would change in these rows. Raises SheetError where it is none of ours at all."""
	table = list(_table(content))
	if len(table) < 2:
		frappe.throw(_("The file has no rows."), SheetError)
	if len(table) > MOST_ROWS:
		frappe.throw(_("A file has at most {0} rows.").format(MOST_ROWS), SheetError)
	columns = _headings(table[0][1], columns_of(scheme))
	return _findings(table[1:], columns, {row.name: row for row in rows}, scheme)


def _table(content: bytes) -> Iterator[tuple[int, list[str]]]:
	"""The rows that hold something, as texts, with their numbers."""
	_check_size(content)
	for number, cells in enumerate(_xlsx(content) if content.startswith(ZIP) else _csv(content), 1):
		texts = [_text(cell) for cell in cells]
		if any(texts):
			yield number, texts


def _check_size(content: bytes) -> None:
	if not content.strip():
		frappe.throw(_("The file is empty."), SheetError)
	if len(content) > MOST_MEGABYTES * MEGABYTE:
		frappe.throw(_("The file is larger than {0} MB.").format(MOST_MEGABYTES), SheetError)
	if content.startswith(OLD_EXCEL):
		frappe.throw(_("This is an old Excel file (.xls). Save it as .xlsx or .csv."), SheetError)


def _xlsx(content: bytes) -> list[list]:
	try:
		with zipfile.ZipFile(BytesIO(content)) as packed:
			is_too_large = sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED
		if not is_too_large:
			return read_xlsx_file_from_attached_file(fcontent=content)
	except Exception:  # openpyxl raises whatever the broken part makes it raise
		frappe.throw(_("The file cannot be read. Save it as .xlsx or .csv."), SheetError)
	frappe.throw(_("The file is larger than {0} MB.").format(MOST_UNPACKED // MEGABYTE), SheetError)


def _csv(content: bytes) -> list[list[str]]:
	try:
		text = content.decode("utf-8-sig")
	except UnicodeDecodeError:
		text = content.decode("cp1252", errors="replace")
	if "\0" in text:
		frappe.throw(_("The file cannot be read. Save it as .xlsx or .csv."), SheetError)
	heading = text.lstrip().split("\n", 1)[0]
	comma = max(",;\t", key=heading.count)  # Excel set to Indonesian writes semicolons
	return list(csv.reader(StringIO(text, newline=""), delimiter=comma))


def _text(cell: Any) -> str:
	"""A cell as it would have been typed; the apostrophe that made it harmless is taken away."""
	if isinstance(cell, float) and cell.is_integer():
		return str(int(cell))
	text = str(cell if cell is not None else "").strip()
	return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


def _headings(cells: Sequence[str], columns: Sequence[Column]) -> list[Column | None]:
	"""The column of each cell of a heading; None for one that is not ours."""
	found = [next((column for column in columns if _plain(cell) in column.names()), None) for cell in cells]
	if twice := [_(column.label) for column in columns if found.count(column) > 1]:
		frappe.throw(_("The column {0} is there twice.").format(", ".join(twice)), SheetError)
	key = columns[0]
	if key not in found or not any(column and column.typed for column in found):
		needed = ", ".join(_(column.label) for column in columns if column is key or column.typed)
		frappe.throw(_("The first row must name the columns. Needed: {0}").format(needed), SheetError)
	return found


def _plain(text: str) -> str:
	return " ".join(text.split()).casefold()


def _findings(table, columns, rows: Mapping[str, Any], scheme: law.Scheme) -> Findings:
	findings, seen = Findings(rows=len(table)), {}
	for number, cells in table:
		given = {column: text for column, text in zip(columns, cells, strict=False) if column}
		name = next(text for column, text in given.items() if column.key == "name")
		problem = _row_problem(name, rows, seen)
		seen.setdefault(name, number)
		if problem:
			findings.problems.append({"row": number, "column": _("Appraisal"), "problem": problem})
		else:
			_read_row(findings, number, given, rows[name], scheme)
	return findings


def _row_problem(name: str, rows: Mapping[str, Any], seen: Mapping[str, int]) -> str | None:
	if not name:
		return _("The appraisal is missing.")
	if name in seen:
		return _("{0} is in row {1} already.").format(name, seen[name])
	if name not in rows:
		return _("{0} is none of your people's open appraisals in this round.").format(name)
	if rows[name].docstatus:
		return _("{0} has been rated already.").format(rows[name].personnel_name)
	return None


def _read_row(findings: Findings, number: int, given: Mapping[Column, str], row, scheme: law.Scheme) -> None:
	"""Add what a row would change; nothing of it can be saved if anything in it is wrong."""
	typed: dict[str, Any] = {}
	changes, problems = [], []
	for column, text in given.items():
		before = _before(row, column)
		value = _choice(column.key, text)
		if not column.typed or not value or _same(column, value, before):
			continue
		problems += [
			{"row": number, "column": _(column.label), "problem": problem}
			for problem in _problems(scheme, column, value)
		]
		where = typed.setdefault("scores", {}) if column.is_score else typed
		where[column.key] = value
		changes.append({"row": number, "name": row.personnel_name, "column": _(column.label)})
		changes[-1] |= {"before": _(before) if column.key in CHOICES else before, "after": text}
	findings.problems += problems
	if typed and not problems:
		findings.changes += changes
		findings.scores[row.name] = typed


def _before(row, column: Column) -> str:
	return str((row.scores if column.is_score else row).get(column.key) or "")


def _choice(key: str, text: str) -> str:
	"""A choice as it is stored, whichever language it was written in."""
	for choice in CHOICES.get(key, ()):
		if _plain(text) in (_plain(choice), _plain(_(choice))):
			return choice
	return text


def _same(column: Column, value: str, before: str) -> bool:
	if column.is_score:
		return rating.parse_score(value) == rating.parse_score(before)
	return value.split() == before.split()


def _problems(scheme: law.Scheme, column: Column, value: str) -> list[str]:
	if column.is_score:
		return rating.draft_problems(scheme, {column.key: rating.parse_score(value)})
	return rating.typed_problems({column.key: value})
