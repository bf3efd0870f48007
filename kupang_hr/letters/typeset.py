"""PDF from the parts of a letter, by Typst: text goes in as data, the layout is in `typst/`.

A table is laid out in slices that end with a whole page, so that memory does not grow with the number of rows; the
slices are joined afterwards. Only the app's own fonts are used, so that a letter looks the same on every server,
and all are embedded.
"""

import errno
import gc
import io
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import frappe
from frappe import _

from kupang_hr.exceptions import DiskFullError, LetterError
from kupang_hr.letters.glyphs import printable
from kupang_hr.letters.joining import join

HERE = Path(__file__).parent
FONTS, LAYOUT = HERE / "fonts", HERE / "typst"
SLICE = 300  # rows of a table that are laid out together
WITH_SIGNATURE = 2  # rows that go over with a signature, so that it stands on no page alone
KEPT_COMPILATIONS = 12  # Typst remembers what it did in its last ten compilations
UNKNOWN_PAGES = 9999
PDF_BEGINS = b"%PDF-"
LIST_OF_ROWS = "<mark>"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Part = Mapping[str, Any]


@contextmanager
def room(message: str) -> Iterator[None]:
	"""Where the disk is full, say so. Raises DiskFullError."""
	try:
		yield
	except OSError as error:
		if error.errno not in NO_ROOM:
			raise
		frappe.throw(message, DiskFullError)


def pdf_of(title: str, parts: Sequence[Part]) -> bytes:
	"""A PDF of all parts, one after the other. Raises LetterError where there is no engine or no PDF came of it, and
	DiskFullError."""
	with (
		room(_("The disk is full, so the letter was not made. Make room and try again.")),
		Typesetter() as typesetter,
	):
		flowing: list[Part] = []
		made: list[bytes] = []
		for part in parts:
			if part["kind"] != "table":
				flowing.append(part)
				continue
			made += typesetter.flushed(title, flowing)
			flowing = []
			made += typesetter.table(title, part)
		made += typesetter.flushed(title, flowing)
	return joined(made)


def joined(made: Sequence[bytes]) -> bytes:
	"""Several PDFs as one."""
	if len(made) == 1:
		return made[0]
	whole = io.BytesIO()
	join(whole, map(io.BytesIO, made))
	return checked(whole.getvalue())


def checked(pdf: bytes | None) -> bytes:
	"""What is handed out as a PDF is one."""
	if not pdf or not pdf.startswith(PDF_BEGINS) or b"%%EOF" not in pdf[-64:]:
		frappe.throw(_("No PDF came of this letter."), LetterError)
	return pdf


def engine():
	"""The typst package; raises LetterError where it is not installed."""
	try:
		import typst
	except ImportError:
		frappe.throw(
			_("No PDF engine is installed: pip install typst, in the bench's environment."), LetterError
		)
	return typst


class Typesetter:
	"""Compiles parts in a folder of their own, which is gone afterwards."""

	def __init__(self) -> None:
		self.typst = engine()

	def __enter__(self) -> "Typesetter":
		self._folder = TemporaryDirectory(prefix="kupang-letters-")
		self.folder = Path(self._folder.name)
		for file in LAYOUT.glob("*.typ"):
			shutil.copy(file, self.folder)
		(self.folder / "nothing.typ").touch()
		return self

	def __exit__(self, *_error: Any) -> None:
		self.forget()
		self._folder.cleanup()

	def flushed(self, title: str, parts: Sequence[Part]) -> list[bytes]:
		return [self.compiled(title, parts)] if parts else []

	def compiled(self, title: str, parts: Sequence[Part]) -> bytes:
		"""One PDF of parts that are laid out together."""
		compiler = self._compiler(title, parts)
		return checked(self._done(lambda: compiler.compile(format="pdf", pdf_tags=False)))

	def table(self, title: str, part: Part) -> Iterator[bytes]:
		"""PDFs of the slices of a table, each with its page numbers out of all."""
		slices = list(self._slices(title, part))
		total = sum(pages for _slice, pages in slices)
		start = 1
		for piece, pages in slices:
			yield self.compiled(title, [{**piece, "start": start, "total": total}])
			self.forget()
			start += pages

	def _slices(self, title: str, part: Part) -> Iterator[tuple[Part, int]]:
		rows, first = list(part["rows"]), True
		while True:
			piece = {**part, "rows": rows[:SLICE], "first": first, "last": len(rows) <= SLICE}
			pages_of_rows, pages = self._pages(title, piece)
			fitting = len(piece["rows"])
			if not piece["last"] and pages > 1:
				fitting = sum(page < pages for page in pages_of_rows)
				pages -= 1
			elif fitting > WITH_SIGNATURE and pages_of_rows[-1] < pages:
				fitting -= WITH_SIGNATURE
				piece["last"], pages = False, pages_of_rows[fitting - 1]
			yield {**piece, "rows": rows[:fitting]}, pages
			self.forget()
			rows, first = rows[fitting:], False
			if piece["last"]:
				return

	def _pages(self, title: str, piece: Part) -> tuple[list[int], int]:
		"""On which page each row of a slice lies, and how many pages there are."""
		compiler = self._compiler(title, [{**piece, "start": 1, "total": UNKNOWN_PAGES}])
		marks = json.loads(self._done(lambda: compiler.query(LIST_OF_ROWS, field="value")))
		pages = [page for number, page in marks if number >= 0]
		return pages, next(page for number, page in marks if number < 0)

	def forget(self) -> None:
		"""Have Typst forget what it laid out; it keeps some generations of it otherwise, which is all our memory."""
		nothing = self.typst.Compiler(str(self.folder / "nothing.typ"), font_paths=fonts(self.typst))
		for _generation in range(KEPT_COMPILATIONS):
			nothing.compile(format="pdf", pdf_tags=False)
		gc.collect()

	def _compiler(self, title: str, parts: Sequence[Part]):
		parts = [self._with_emblem(part) for part in parts]
		job = json.dumps(printable({"title": title, "parts": parts}), ensure_ascii=False)
		(self.folder / "job.json").write_text(job, encoding="utf-8")
		return self.typst.Compiler(
			str(self.folder / "main.typ"), root=str(self.folder), font_paths=fonts(self.typst)
		)

	def _with_emblem(self, part: Part) -> Part:
		"""The part with its emblem inside the folder, the only place that Typst may read."""
		head = part.get("head")
		if not head or not head["image"]:
			return part
		source = Path(head["image"])
		copy = self.folder / f"emblem{source.suffix.lower()}"
		shutil.copy(source, copy)
		return {**part, "head": {**head, "image": copy.name}}

	def _done(self, work):
		try:
			return work()
		except self.typst.TypstError as error:
			frappe.throw(_("The letter cannot be laid out: {0}").format(str(error)[:500]), LetterError)


@cache
def fonts(typst):
	return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
