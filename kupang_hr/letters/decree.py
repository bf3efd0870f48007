"""What a decree's letters say: the collective SK with its lampiran, and the petikan of one person.

Names, seats and pay come from the Decree Lines, the copy of what was signed; texts from the decree's own paragraphs.
"""

from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import Any

import frappe
import segno
from frappe import _
from frappe.utils import format_datetime, get_url, getdate

from kupang_hr.bulk import query
from kupang_hr.cycle.codes import spelled
from kupang_hr.exceptions import LetterError
from kupang_hr.letters.indonesian import OPEN, angka, diktum, tanggal
from kupang_hr.letters.settings import head, paragraphs_of, secretary, signature
from kupang_hr.letters.templates import named, rendered_all
from kupang_hr.letters.typeset import pdf_of

LINE = "Decree Line"
LINE_FIELDS = (
	"name",
	"line_number",
	"full_name",
	"nik",
	"birth_place",
	"birth_date",
	"education",
	"position",
	"opd_name",
	"monthly_pay",
	"code",
)
PAID = "Reappointment"
CONSIDERATIONS = ("Menimbang", "Mengingat", "Memperhatikan")
CLOSING = "Petikan Keputusan ini diberikan kepada yang bersangkutan untuk dipergunakan sebagaimana mestinya."
COLUMNS = (
	("No.", 9, "r"),
	("Nama", 2.5, "l"),
	("NIK", 34, "c"),
	("Tempat, tanggal lahir", 2, "l"),
	("Pendidikan", 2, "l"),
	("Jabatan", 2, "l"),
	("Perangkat daerah", 2.6, "l"),
)
PAY_COLUMN = ("Penghasilan (Rp)", 23, "r")


def decree_pdf(decree) -> bytes:
	"""The collective SK with its lampiran; a draft says that it is one and shows its paraf."""
	return pdf_of(title_of(decree), decree_parts(decree))


def excerpt_pdf(decree, line: str) -> bytes:
	"""The petikan of one line of a signed decree."""
	return pdf_of(title_of(decree), [excerpt_parts(decree, [line])[line]])


def title_of(decree) -> str:
	return f"Keputusan Wali Kota Kupang {decree.decree_number or decree.name}"


def decree_facts(decree) -> dict[str, Any]:
	"""What a decree's texts may name."""
	revoked = {}
	if decree.revokes:
		revoked = frappe.db.get_value(
			"Decree", decree.revokes, ["decree_number", "date_signed"], as_dict=True
		)
	signed = getdate(decree.date_signed) if decree.date_signed else None
	term_start = getdate(decree.term_start) if decree.term_start else None
	return {
		"decree": {
			"number": decree.decree_number,
			"signed": signed,
			"tmt": getdate(decree.tmt) if decree.tmt else None,
			"term_start": term_start,
			"term_end": getdate(decree.term_end) if decree.term_end else None,
			"monthly_pay": decree.monthly_pay or None,
			"people": decree.line_count,
			"wave": decree.wave,
			"place": decree.place,
			"signatory": decree.signatory_name,
			"signatory_title": decree.signatory_title,
			"revokes_number": revoked.get("decree_number"),
			"revokes_signed": revoked.get("date_signed"),
		}
	}


def person_facts(line: Mapping[str, Any]) -> dict[str, Any]:
	"""What a petikan's texts may name of its person; the NIK is not among it."""
	return {
		"person": {
			"name": line["full_name"],
			"birth_place": line["birth_place"],
			"birth_date": line["birth_date"],
			"education": line["education"],
			"position": line["position"],
			"opd": line["opd_name"],
			"monthly_pay": line["monthly_pay"],
		}
	}


def decree_parts(decree) -> list[dict[str, Any]]:
	"""The parts of the collective SK, from letterhead to the last name."""
	facts = decree_facts(decree)
	body = {
		"kind": "decree",
		**_frame(decree, facts),
		"sections": _sections(decree, facts),
		"decisions": _decisions(_texts(decree, "Menetapkan", facts)),
		"paraf": _paraf(decree),
		"copies": _texts(decree, "Tembusan", facts),
		"signature": _signed_by(decree),
		"emblem-height": 24,
		"space": 5,
		"label-width": 36,
		"row-gap": 0.8,
	}
	return [body, _annex(decree, body["titles"][1])]


def excerpt_parts(decree, lines: Sequence[str]) -> dict[str, dict[str, Any]]:
	"""The petikan of these lines of a signed decree, by line."""
	if decree.docstatus != 1:
		frappe.throw(_("The decree {0} is not signed.").format(decree.name), LetterError)
	facts, certified = decree_facts(decree), {**secretary(), "place": "Petikan sesuai dengan aslinya"}
	frame = {
		"kind": "excerpt",
		**_frame(decree, facts, "PETIKAN"),
		"sections": [{"label": name, "marks": [], "items": ["dst."]} for name in _present(decree)],
		"closing": CLOSING,
		"signature": {**_signed_by(decree), "note": "ttd."},
		"certified": certified,
		"copies": [],
		"emblem-height": 18,
		"space": 3,
		"label-width": 33,
		"row-gap": 0.65,
	}
	return {
		line.name: {**frame, **_personal(decree, line, facts)} for line in lines_of(decree.name, tuple(lines))
	}


def try_excerpts(decree) -> None:
	"""Fill the texts of every petikan of a decree that is being signed. Raises LetterError."""
	facts = decree_facts(decree)
	for line in lines_of(decree.name):
		_texts(decree, "Petikan", {**facts, **person_facts(line)})


def lines_of(decree: str, names: tuple[str, ...] = ()) -> list[Any]:
	"""The lines of a decree in their order, all or the named ones."""
	line = frappe.qb.DocType(LINE)
	rows = frappe.qb.from_(line).select(*[line[field] for field in LINE_FIELDS]).where(line.decree == decree)
	if names:
		rows = rows.where(line.name.isin(query.NAMES))
	return query.run(rows.orderby(line.line_number, line.name), names=names)


def _personal(decree, line, facts: Mapping[str, Any]) -> dict[str, Any]:
	if not line.code:
		frappe.throw(_("{0} has no verification code.").format(line.name), LetterError)
	texts = _texts(decree, "Petikan", {**facts, **person_facts(line)})
	decisions = _decisions(texts)
	if decisions:
		decisions[0]["facts"] = _about(line)
	code = spelled(line.code)
	site = get_url("/sk")
	qr = _qr(f"{site}/{code}")
	return {"decisions": decisions, "qr": qr, "code": code, "site": site.split("://")[-1]}


def _about(line) -> list[tuple[str, str]]:
	rows = [
		("Nama", line.full_name),
		("Tempat, tanggal lahir", _birth(line)),
		("Pendidikan", line.education),
		("Jabatan", line.position),
		("Perangkat daerah", line.opd_name),
		("Nomor urut lampiran", str(line.line_number)),
	]
	return [(label, value) for label, value in rows if value]


def _qr(url: str) -> str:
	return segno.make(url, error="m").svg_inline(border=2, scale=4, omitsize=False)


def _frame(decree, facts: Mapping[str, Any], kind_of_copy: str | None = None) -> dict[str, Any]:
	about = "\n".join(_texts(decree, "Tentang", facts)).splitlines()
	name = ["KEPUTUSAN WALI KOTA KUPANG", f"NOMOR {decree.decree_number or OPEN}"]
	return {
		"draft": not decree.docstatus,
		"head": head(decree, "decree"),
		"decides": "" if kind_of_copy else f"KEPUTUSAN WALI KOTA TENTANG {' '.join(about).upper()}.",
		"titles": [
			([kind_of_copy] if kind_of_copy else []) + name,
			["TENTANG", *about],
			["WALI KOTA KUPANG,"],
		],
	}


def _present(decree) -> list[str]:
	return [name for name in CONSIDERATIONS if paragraphs_of(decree, decree.kind, name)]


def _sections(decree, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
	return [
		{"label": name, "items": items, "marks": _marks(name, len(items))}
		for name in CONSIDERATIONS
		if (items := _texts(decree, name, facts))
	]


def _marks(section: str, count: int) -> list[str]:
	"""a. b. c. where reasons are given, 1. 2. 3. where law is quoted; a single one has none."""
	if count == 1:
		return []
	if section == "Menimbang" and count <= len(ascii_lowercase):
		return [f"{letter}." for letter in ascii_lowercase[:count]]
	return [f"{number}." for number in range(1, count + 1)]


def _decisions(texts: Sequence[str]) -> list[dict[str, Any]]:
	return [{"label": diktum(number), "text": text, "facts": []} for number, text in enumerate(texts, 1)]


def _texts(decree, section: str, facts: Mapping[str, Any]) -> list[str]:
	rows = paragraphs_of(decree, decree.kind, section)
	return rendered_all((text for _row, text in named(rows)), facts)


def _paraf(decree) -> list[dict[str, str]]:
	"""The chain of initials, on drafts alone."""
	if decree.docstatus:
		return []
	return [
		{
			"title": row.title,
			"given": format_datetime(row.given_at, "dd-MM-yyyy HH:mm") if row.given_at else "",
		}
		for row in decree.paraf
	]


def _signed_by(decree) -> dict[str, Any]:
	if decree.docstatus and not (decree.signatory_name and decree.signatory_title):
		frappe.throw(_("The decree {0} names no signatory.").format(decree.name), LetterError)
	signed = tanggal(decree.date_signed)
	return signature(
		decree.signatory_title or OPEN,
		decree.signatory_name,
		place=f"Ditetapkan di {decree.place or 'Kupang'}",
		date=f"pada tanggal {signed if decree.docstatus else OPEN}",
	)


def _annex(decree, about: Sequence[str]) -> dict[str, Any]:
	number, signed = decree.decree_number or OPEN, tanggal(decree.date_signed) if decree.docstatus else OPEN
	paid = decree.kind == PAID
	columns = [*COLUMNS, PAY_COLUMN] if paid else COLUMNS
	lead = [("Nomor", number), ("Tanggal", signed), ("Tentang", " ".join(about[1:]))]
	return {
		"kind": "table",
		"draft": not decree.docstatus,
		"landscape": True,
		"size": 8.5,
		"lead": [["LAMPIRAN", "KEPUTUSAN WALI KOTA KUPANG"], lead],
		"titles": [],
		"intro": [],
		"notes": [],
		"footer": f"Lampiran Keputusan Wali Kota Kupang Nomor {number}",
		"columns": [{"label": label, "width": width, "side": side} for label, width, side in columns],
		"rows": [_row(line, paid) for line in lines_of(decree.name)],
		"signature": {**_signed_by(decree), "place": None, "date": None},
	}


def _row(line, paid: bool) -> list[str]:
	row = [
		str(line.line_number),
		line.full_name,
		line.nik,
		_birth(line),
		line.education,
		line.position,
		line.opd_name,
	]
	return [value or "–" for value in (*row, angka(line.monthly_pay))[: 8 if paid else 7]]


def _birth(line) -> str:
	return ", ".join(filter(None, (line.birth_place, tanggal(line.birth_date) if line.birth_date else None)))
