"""Letters as a reader meets them: decrees to print, pages, text, fonts and QR codes of a PDF."""

import io
from typing import Any

import frappe
import pypdfium2
import zxingcpp
from pypdf import PdfReader

from tests.site.city import CLERK, MAYOR, City

SIGNED = "2021-02-03"


def reappointed(city: City, sign: bool = True, **headcounts: int) -> Any:
	"""A decree that reappoints everybody; head@city.test rates, so DISHUB and DLHK."""
	city.settle(**headcounts)
	name = city.opened()
	city.rated(name)
	city.run(MAYOR, "2021-01-20", "recommend", round=name)
	return city.decree("Reappointment", name, sign=sign)


def terminated(city: City, **headcounts: int) -> Any:
	"""A decree that ends the term of everybody; needs no ratings."""
	city.settle(**headcounts)
	name = city.round().name
	city.run(CLERK, "2021-01-04", "expire")
	return city.decree("Termination", name)


def revoked(city: City, doc: Any, line: str) -> Any:
	"""A signed decree that revokes one line of another, from 10 February 2021."""
	contract = frappe.db.get_value("Decree Line", line, "contract")
	with city.acting(CLERK, SIGNED):
		taken = frappe.get_doc({"doctype": "Decree", "kind": "Revocation", "revokes": doc.name})
		taken.update({"date_signed": SIGNED, "tmt": "2021-02-10"}).insert()
	city.run(CLERK, SIGNED, "gather", decree=taken.name, names=[contract])
	city.initial(taken.name)
	return city.signed(taken.name)


def pages_of(pdf: bytes) -> list[str]:
	"""The text of each page, as a reader's program copies it (pypdf takes kerning for spaces)."""
	return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def edges_of(pdf: bytes, letter: str) -> list[tuple[int, float, float]]:
	"""Page, left and right edge (points) of every place where a letter stands."""
	found = []
	for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
		text = page.get_textpage()
		for index, character in enumerate(text.get_text_range()):
			if character == letter:
				left, _bottom, right, _top = text.get_charbox(index)
				found.append((number, left, right))
	return found


def flat(text: str) -> str:
	"""A text without its line breaks."""
	return " ".join(text.split())


def fonts_of(pdf: bytes) -> dict[str, bool]:
	"""The fonts that the pages use, and whether each is embedded."""
	found = {}
	for page in PdfReader(io.BytesIO(pdf)).pages:
		for font in page["/Resources"].get("/Font", {}).values():
			described = font.get_object()
			inner = (
				described["/DescendantFonts"][0].get_object()
				if "/DescendantFonts" in described
				else described
			)
			descriptor = inner["/FontDescriptor"].get_object()
			files = ("/FontFile", "/FontFile2", "/FontFile3")
			found[described["/BaseFont"]] = any(file in descriptor for file in files)
	return found


def size_of(pdf: bytes) -> list[tuple[int, int]]:
	"""Width and height of each page in millimetres."""
	boxes = [page.mediabox for page in PdfReader(io.BytesIO(pdf)).pages]
	return [(round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) for box in boxes]


def qr_codes(pdf: bytes, page: int = 0) -> list[str]:
	"""What the QR codes on a page's image say."""
	image = pypdfium2.PdfDocument(pdf)[page].render(scale=2).to_pil()
	return [code.text for code in zxingcpp.read_barcodes(image)]


def lines_of(decree: str) -> list[Any]:
	return frappe.get_all(
		"Decree Line",
		filters={"decree": decree},
		fields=["name", "full_name", "code", "line_number", "personnel", "nik"],
		order_by="line_number asc",
		limit=0,
	)
