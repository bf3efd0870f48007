"""Letters on Frappe's print view: the same parts as the PDF, as HTML; and whose PDF button is ours."""

import base64
import json
import mimetypes
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from kupang_hr.exceptions import LetterError
from kupang_hr.letters import decree, stand_down
from kupang_hr.letters.glyphs import unflipped
from kupang_hr.letters.typeset import joined, pdf_of

AT_ONCE = 25  # as many as Frappe's list prints in one answer

FORMATS = {
	"Decree": "Keputusan Wali Kota",
	"Decree Line": "Petikan Keputusan",
	"Stand Down Order": "Surat Pemberitahuan",
}


def kupang_letter(doc) -> Markup:
	"""The letter of a Decree, Decree Line or Stand Down Order, for a Print Format: {{ kupang_letter(doc) }}."""
	doc.check_permission("read")
	return Markup(html_of(parts_of(doc)))


def html_of(parts: Sequence[dict[str, Any]]) -> str:
	"""The parts of a letter as HTML, with its emblem in it."""
	for part in parts:
		if part.get("head"):
			part["head"] = {**part["head"], "image": _inline(part["head"]["image"])}
	return _page().render(parts=unflipped(parts))


def parts_of(doc) -> list[dict[str, Any]]:
	"""What the letter of a document consists of."""
	if doc.doctype == "Decree":
		return decree.decree_parts(doc)
	if doc.doctype == "Decree Line":
		return list(decree.excerpt_parts(frappe.get_doc("Decree", doc.decree), [doc.name]).values())
	return stand_down.order_parts(doc)


def is_ours(doctype: Any, print_format: str | None) -> bool:
	"""Whether a print format of a DocType, or its usual one, is a letter of ours."""
	if not isinstance(doctype, str) or doctype not in FORMATS:
		return False
	return (print_format or frappe.get_meta(doctype).default_print_format) == FORMATS[doctype]


def own_pdf(doctype: str, name: str, print_format: str | None) -> bytes | None:
	"""The PDF of a document in a format of ours, None for any other."""
	if not is_ours(doctype, print_format):
		return None
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("print")
	return pdf_of(doc.name, parts_of(doc))


def own_pdfs(doctype: str, names: Sequence[str]) -> bytes:
	"""The letters of several documents as one PDF. Raises LetterError where they are too many for one answer."""
	if len(names) > AT_ONCE:
		frappe.throw(
			_("At most {0} letters are printed at once; all petikan are made on their decree.").format(
				AT_ONCE
			),
			LetterError,
		)
	return joined([own_pdf(doctype, name, None) for name in names])


def mail_own(queued, _method: str | None = None) -> None:
	"""A letter that Frappe would print for a mail goes along as our PDF, a private file of its document."""
	attached = json.loads(queued.attachments or "[]")
	for number, wanted in enumerate(attached):
		doctype, name = wanted.get("doctype"), wanted.get("name")
		if wanted.get("print_format_attachment") and is_ours(doctype, wanted.get("print_format")):
			attached[number] = {"fid": _kept_file(doctype, name, own_pdf(doctype, name, None))}
			note(doctype, name, "mail")
	queued.attachments = json.dumps(attached)


def note(doctype: str, name: str, how: str, file_type: str = "PDF", **asked: str) -> None:
	"""Who took a letter, when and how: a row of the Access Log, which stays although a GET is rolled back."""
	make_access_log(
		doctype=doctype,
		document=name,
		method=f"letters.{how}",
		file_type=file_type,
		filters=json.dumps(asked, sort_keys=True) if asked else None,
	)


def _kept_file(doctype: str, name: str, pdf: bytes) -> str:
	file = {"doctype": "File", "file_name": f"{name}.pdf".replace("/", "-"), "content": pdf, "is_private": 1}
	place = {"attached_to_doctype": doctype, "attached_to_name": name}
	return frappe.get_doc({**file, **place}).insert(ignore_permissions=True).name


@cache
def _page():
	folder = Path(__file__).parent / "html"
	return Environment(loader=FileSystemLoader(folder), autoescape=True).get_template("letter.html")


def _inline(image: str | None) -> str | None:
	if not image:
		return None
	kind = mimetypes.guess_type(image)[0] or "image/png"
	return f"data:{kind};base64,{base64.b64encode(Path(image).read_bytes()).decode()}"
