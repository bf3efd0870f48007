"""What all letters take from Kupang HR Settings: letterheads, signatures, default texts."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import frappe
from frappe import _

from kupang_hr.exceptions import LetterError
from kupang_hr.letters.indonesian import OPEN

IMAGES = (".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp")
DEFAULTS = Path(__file__).parents[1] / "data" / "letters.json"


@cache
def defaults() -> dict[str, Any]:
	"""The settings and texts of letters as the app brings them."""
	return json.loads(DEFAULTS.read_text(encoding="utf-8"))


def settings():
	return frappe.get_cached_doc("Kupang HR Settings")


def paragraphs_of(doc, kind: str, section: str) -> list[Any]:
	"""The rows of a section: the document's own, and the app's where the document is older than the section."""
	own = [row for row in doc.paragraphs if row.section == section]
	texts = defaults()["paragraphs"]
	return own or [row for row in texts if row["kind"] == kind and row["section"] == section]


def kept(doc) -> dict[str, Any]:
	"""What a document's letters keep since it was signed; nothing before."""
	return json.loads(doc.letter_facts or "{}") if doc.docstatus else {}


def letterhead(of: str) -> dict[str, Any]:
	"""Letterhead "decree" or "office" as it is now: its lines and the address of its emblem."""
	text = settings().get(f"{of}_letterhead") or defaults()["settings"][f"{of}_letterhead"]
	return {"lines": text.splitlines(), "emblem": settings().get(f"{of}_emblem")}


def place() -> str:
	return settings().place or "Kupang"


def head(doc, of: str) -> dict[str, Any]:
	"""The letterhead of a document's letters: its lines and its emblem on this server."""
	found = kept(doc).get("head") or letterhead(of)
	return {"lines": found["lines"], "image": _image(found["emblem"])}


def _image(url: str | None) -> str | None:
	"""The path of an emblem that was uploaded; nothing outside the site's files is read."""
	if not url:
		return None
	name = frappe.db.get_value("File", {"file_url": url}, order_by="creation desc")
	path = Path(frappe.get_doc("File", name).get_full_path()) if name else None
	if not path or path.suffix.lower() not in IMAGES or not path.is_file():
		frappe.throw(_("The emblem {0} is not an image on this site.").format(url), LetterError)
	return str(path)


def secretary(is_draft: bool = False) -> dict[str, Any]:
	"""The signature of the city secretary. Raises LetterError where Settings name nobody, but not for a draft."""
	own = settings()
	if not own.secretary_name and not is_draft:
		frappe.throw(_("Settings name no City Secretary, who signs this letter."), LetterError)
	title = own.secretary_title or defaults()["settings"]["secretary_title"]
	nip = f"NIP {own.secretary_nip}" if own.secretary_nip else None
	return signature(title, own.secretary_name, [own.secretary_rank, nip])


def signature(
	title: str,
	name: str | None,
	detail: Sequence[str | None] = (),
	place: str | None = None,
	date: str | None = None,
	note: str | None = None,
) -> dict[str, Any]:
	"""A signature block. `note` stands where the signature would, such as "ttd." on a copy."""
	return {
		"title": f"{title},".upper().splitlines(),
		"name": name or OPEN,
		"detail": [line for line in detail if line],
		"place": place,
		"date": date,
		"note": note,
	}
