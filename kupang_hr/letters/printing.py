"""Letters on Frappe's print view: the same parts as the PDF, as HTML; and whose PDF button is ours."""

import base64
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

import frappe
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from kupang_hr.letters import decree, stand_down
from kupang_hr.letters.typeset import pdf_of

FORMATS = {
	"Decree": "Keputusan Wali Kota",
	"Decree Line": "Petikan Keputusan",
	"Stand Down Order": "Surat Pemberitahuan",
}


def kupang_letter(doc) -> Markup:
	"""The letter of a Decree, Decree Line or Stand Down Order, for a Print Format: {{ kupang_letter(doc) }}."""
	doc.check_permission("read")
	parts = parts_of(doc)
	for part in parts:
		if part.get("head"):
			part["head"] = {**part["head"], "image": _inline(part["head"]["image"])}
	return Markup(_page().render(parts=parts))


def parts_of(doc) -> list[dict[str, Any]]:
	"""What the letter of a document consists of."""
	if doc.doctype == "Decree":
		return decree.decree_parts(doc)
	if doc.doctype == "Decree Line":
		return list(decree.excerpt_parts(frappe.get_doc("Decree", doc.decree), [doc.name]).values())
	return stand_down.order_parts(doc)


def own_pdf(doctype: str, name: str, print_format: str | None) -> bytes | None:
	"""The PDF of a document in a format of ours, None for any other."""
	if doctype not in FORMATS:
		return None
	chosen = print_format or frappe.get_meta(doctype).default_print_format
	if chosen != FORMATS[doctype]:
		return None
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("print")
	return pdf_of(doc.name, parts_of(doc))


@cache
def _page():
	folder = Path(__file__).parent / "html"
	return Environment(loader=FileSystemLoader(folder), autoescape=True).get_template("letter.html")


def _inline(image: str | None) -> str | None:
	if not image:
		return None
	kind = mimetypes.guess_type(image)[0] or "image/png"
	return f"data:{kind};base64,{base64.b64encode(Path(image).read_bytes()).decode()}"
