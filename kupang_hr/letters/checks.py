"""Texts are tried when they are saved: a mistake is told to its author, not to whoever prints in February.

Called by the documents' own events (hooks.py); `doc` is not changed, and what it was stays on file when it is refused.
"""

from datetime import date
from typing import Any

import frappe

from kupang_hr.letters.settings import defaults, settings
from kupang_hr.letters.templates import named, rendered

DAY = date(2021, 1, 1)
DECREE = {
	"number": "BKPPD.814/1/B/I/2021",
	"signed": DAY,
	"tmt": DAY,
	"term_start": DAY,
	"term_end": DAY,
	"monthly_pay": 1,
	"people": 1,
	"wave": 1,
	"place": "Kupang",
	"signatory": "Nama",
	"signatory_title": "Wali Kota Kupang",
	"revokes_number": "BKPPD.814/1/B/I/2021",
	"revokes_signed": DAY,
}
PERSON = {
	"name": "Nama",
	"birth_place": "Kupang",
	"birth_date": DAY,
	"education": "S1",
	"position": "Jabatan",
	"opd": "Dinas",
	"monthly_pay": 1,
}
ORDER = {"number": "1", "date": DAY, "effective_date": DAY, "term_end": DAY, "year": 2021}
OPD = {"name": "Dinas", "people": 1, "basis": "Surat"}
STAND_DOWN = ("Stand Down", "Stand Down Exempt")


def try_texts(doc, _method: str | None = None) -> None:
	"""Render every text of a document with facts of the right kind. Raises LetterError with name and line."""
	for row, text in named(doc.paragraphs):
		rendered(text, _sample(row.get("kind") or doc.get("kind") or STAND_DOWN[0], row.section))


def _sample(kind: str, section: str) -> dict[str, Any]:
	if kind in STAND_DOWN:
		return {"order": ORDER, "opd": OPD}
	return {"decree": DECREE, "person": PERSON} if section == "Petikan" else {"decree": DECREE}


def copy_texts(doc, _method: str | None = None) -> None:
	"""Give a new Stand Down Order the texts that the settings have now; it keeps them."""
	if not doc.paragraphs:
		rows = settings().paragraphs or [frappe._dict(row) for row in defaults()["paragraphs"]]
		own = [
			{"kind": row.kind, "section": row.section, "text": row.text}
			for row in rows
			if row.kind in STAND_DOWN
		]
		doc.set("paragraphs", own)
