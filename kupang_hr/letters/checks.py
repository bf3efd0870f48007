"""Texts are tried when they are saved, each branch of them: a mistake is told to its author, not to whoever prints in
February. Before a signature the letters are made with what is being signed: what cannot be printed is not signed.

Called by the documents' own events (hooks.py); `doc` is not changed, and what it was stays on file when it is refused.
"""

import json
from datetime import date
from typing import Any

import frappe

from kupang_hr.letters import decree, stand_down
from kupang_hr.letters.files import keep_file
from kupang_hr.letters.printing import html_of, parts_of
from kupang_hr.letters.settings import defaults, letterhead, settings
from kupang_hr.letters.templates import named, try_all_of

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
		try_all_of(text, _sample(row.get("kind") or doc.get("kind") or STAND_DOWN[0], row.section))


def keep_facts(doc, _method: str | None = None) -> None:
	"""Write into a document being signed what its letters say of settings and offices: it stays, whoever changes those."""
	facts = {"head": letterhead("decree")} if doc.doctype == "Decree" else stand_down.facts_to_keep()
	doc.letter_facts = json.dumps(facts, ensure_ascii=False)
	if facts["head"]["emblem"]:
		keep_file(doc, facts["head"]["emblem"])


def try_letters(doc, _method: str | None = None) -> None:
	"""Make all that the letters of a document being signed will say. Raises LetterError; nothing is signed then."""
	html_of(parts_of(doc))
	if doc.doctype == "Decree":
		decree.try_excerpts(doc)


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
