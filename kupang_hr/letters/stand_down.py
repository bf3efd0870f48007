"""The stand-down letter: one text, one copy an OPD with that OPD's names; an exempt OPD's says that they keep working.

The texts are the order's own, kept since it was made. Before its day the letter names those whom the order will
speak of as things stand; once it is carried out, those of its lines.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from kupang_hr.access.criterion import visible
from kupang_hr.access.seats import opd_tree
from kupang_hr.bulk import query
from kupang_hr.cycle.stand_down import LINE, waiting_for
from kupang_hr.exceptions import LetterError
from kupang_hr.letters.indonesian import OPEN, angka, tanggal
from kupang_hr.letters.settings import head, kept, letterhead, paragraphs_of, place, secretary
from kupang_hr.letters.templates import named, rendered_all
from kupang_hr.letters.typeset import pdf_of

STOOD_DOWN, EXEMPT = "Stand Down", "Stand Down Exempt"
COLUMNS = (("No.", 12, "r"), ("Nama", 2, "l"), ("Jabatan", 2, "l"))


def order_pdf(order, opd: str | None = None) -> bytes:
	"""The letter to one OPD, or those to every OPD that has names, in the order of the tree. Raises LetterError."""
	parts = order_parts(order, opd)
	if not parts:
		frappe.throw(_("The order {0} names nobody there.").format(order.name), LetterError)
	return pdf_of(f"Surat pemberitahuan {order.letter_number or order.name}", parts)


def order_parts(order, opd: str | None = None) -> list[dict[str, Any]]:
	"""The parts of the letters, a letter and its lampiran an OPD."""
	named_by_opd, tree, own_names = people_of(order), opd_tree(), kept(order).get("opds", {})
	wanted = [name for name in tree if name in named_by_opd and opd in (None, name)]
	round_doc = frappe.get_doc("Renewal Round", order.round)
	facts = order_facts(order, round_doc)
	exempt = {row.opd: row.basis for row in order.exempt_opds}
	parts = []
	for name in wanted:
		about = {
			"name": own_names.get(name, tree[name].opd_name),
			"people": len(named_by_opd[name]),
			"basis": exempt.get(name),
		}
		kind = EXEMPT if name in exempt else STOOD_DOWN
		letter = _letter(order, kind, {"order": facts, "opd": about})
		parts += [letter, _annex(order, letter, about, named_by_opd[name])]
	return parts


def facts_to_keep() -> dict[str, Any]:
	"""What an order's letters say that is on file elsewhere: who signs, on which paper, to whom. Raises LetterError."""
	names = {name: seat.opd_name for name, seat in opd_tree().items()}
	return {"head": letterhead("office"), "secretary": secretary(), "place": place(), "opds": names}


def order_facts(order, round_doc) -> dict[str, Any]:
	"""What the texts may name of the order."""
	return {
		"number": order.letter_number,
		"date": getdate(order.letter_date) if order.letter_date else None,
		"effective_date": getdate(order.effective_date),
		"term_end": getdate(round_doc.ending_to),
		"year": round_doc.year,
	}


def people_of(order) -> dict[str, list[tuple[str, str]]]:
	"""Name and position of whom the order speaks of, by OPD: of those whom the session's user may see."""
	found: dict[str, list[tuple[str, str]]] = {}
	for row in query.run(_lines(order) if order.status == "Carried Out" else _foreseen(order)):
		found.setdefault(row.opd, []).append((row.full_name, row.position))
	return found


def _lines(order):
	line = frappe.qb.DocType(LINE)
	rows = (
		frappe.qb.from_(line)
		.select(line.opd, line.personnel_name.as_("full_name"), line.position)
		.where(line.stand_down_order == order.name)
		.orderby(line.personnel_name, line.name)
	)
	return visible(rows, LINE, line)


def _foreseen(order):
	person = frappe.qb.DocType("Personnel")
	rows = waiting_for(order, frappe.get_doc("Renewal Round", order.round))
	rows = rows.select(person.opd, person.full_name, person.position)
	return visible(rows, "Personnel", person).orderby(person.full_name, person.name)


def _texts(order, kind: str, section: str, facts: Mapping[str, Any]) -> list[str]:
	own = [row for row in paragraphs_of(order, kind, section) if row.get("kind") == kind]
	return rendered_all((text for _row, text in named(own)), facts)


def _letter(order, kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
	is_draft, own, count = order.docstatus != 1, kept(order), facts["opd"]["people"]
	seat = own.get("place") or place()
	return {
		"kind": "letter",
		"draft": is_draft,
		"head": head(order, "office"),
		"date": f"{seat}, {tanggal(order.letter_date)}",
		"reference": [
			("Nomor", order.letter_number or OPEN),
			("Sifat", "Segera"),
			("Lampiran", f"{angka(count)} nama"),
			("Hal", " ".join(_texts(order, kind, "Hal", facts))),
		],
		"addressee": ["Kepada", f"Yth. Kepala {facts['opd']['name']}", "di –", f"     {seat}"],
		"paragraphs": _texts(order, kind, "Isi", facts),
		"signature": own.get("secretary") or secretary(is_draft),
		"copies": _texts(order, kind, "Tembusan", facts),
	}


def _annex(
	order, letter: Mapping[str, Any], about: Mapping[str, Any], people: Sequence[tuple[str, str]]
) -> dict[str, Any]:
	return {
		"kind": "table",
		"draft": letter["draft"],
		"landscape": False,
		"size": 9.5,
		"lead": [
			["LAMPIRAN SURAT"],
			[("Nomor", order.letter_number or OPEN), ("Tanggal", tanggal(order.letter_date))],
		],
		"titles": [about["name"].upper()],
		"intro": [],
		"notes": [],
		"footer": f"Lampiran surat Nomor {order.letter_number or OPEN}",
		"columns": [{"label": label, "width": width, "side": side} for label, width, side in COLUMNS],
		"rows": [[str(number), name, position or "–"] for number, (name, position) in enumerate(people, 1)],
		"signature": letter["signature"],
	}
