"""All petikan of a decree, as one PDF or as a ZIP with a file a person, made by a Bulk Run in the background.

Each chunk leaves a part on disk; a killed run goes on after the last one. When nobody is left, the parts become the
file, which is attached to the decree, private, in place of the one before. A file is written under another name and
renamed when it is whole, so that nobody ever meets half of one; where the disk is full, the parts are removed and
the run ends saying so.
"""

import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import frappe
from frappe import _

from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.step import WholeStep
from kupang_hr.exceptions import DiskFullError, LetterError
from kupang_hr.letters.decree import LINE, excerpt_parts, lines_of, title_of
from kupang_hr.letters.files import FileOnDisk
from kupang_hr.letters.joining import join
from kupang_hr.letters.settings import secretary
from kupang_hr.letters.typeset import Typesetter, engine, room

ACTION = "bundle-petikan"
ADDRESS = "/private/files/Petikan-"
FORMS = ("pdf", "zip")
HASH_BLOCK = 1 << 20


class BundlePetikan(WholeStep):
	"""Make all petikan of a signed decree. Criterion: `decree`, `form` ("pdf" or "zip")."""

	action = ACTION
	doctype = LINE
	writes = ("File",)
	roles = ("BKPPD Clerk", "BKPPD Head")
	largest_chunk = 100

	def prepare(self) -> None:
		self.decree = frappe.get_doc("Decree", self.criterion.get("decree"))
		self.form = self.criterion.get("form")
		if self.decree.docstatus != 1:
			frappe.throw(_("The decree {0} is not signed.").format(self.decree.name), LetterError)
		if self.form not in FORMS or self.criterion.get("names"):
			frappe.throw(_("All petikan are made as {0}.").format(" / ".join(FORMS)), LetterError)

	def check_permission(self) -> None:
		"""Refuse other roles, and what would fail for everybody: no engine, no signatory."""
		super().check_permission()
		engine()
		secretary()

	def subject(self) -> str:
		return f"{self.decree.name}/{self.form}"

	def key(self) -> str:
		return f"{self.action}/{self.subject()}"

	def waiting(self):
		line = self.table
		return frappe.qb.from_(line).where((line.decree == self.decree.name) & (line.signed == 1))

	def sequence(self) -> tuple:
		return self.table.line_number, self.table.name

	def names(self, failed_in: str) -> list[str]:
		"""Who is left, in the order of the lampiran; what earlier runs have left behind is removed."""
		self.attempt = failed_in.rsplit("/", 1)[-1]
		done = frappe.db.get_value("Bulk Run", failed_in, "done") or 0
		for folder in _parts_folder().glob(f"{_plain(self.decree.name)}-{self.form}-*"):
			if folder != self.folder or not done:
				shutil.rmtree(folder, ignore_errors=True)
		if not done:
			self.path.unlink(missing_ok=True)
		return super().names(failed_in)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		parts = excerpt_parts(self.decree, names)
		with self._room(), Typesetter() as typesetter:
			self.folder.mkdir(parents=True, exist_ok=True)
			with whole_file(self.folder / f"{_number(names[0])}.{self.form}") as file:
				WRITERS[self.form](file, typesetter, title_of(self.decree), parts)
		return {}

	def finish(self, failed: int) -> None:
		"""Attach the whole; a person whose petikan failed is missing and in the run's failures."""
		parts = sorted(self.folder.glob(f"*.{self.form}"))
		with self._room():
			if parts and not self.path.exists():
				with whole_file(self.path) as file:
					JOINERS[self.form](file, parts)
		if self.path.exists():
			attach(self.path, self.decree.name)
		shutil.rmtree(self.folder, ignore_errors=True)

	@property
	def folder(self) -> Path:
		return _parts_folder() / f"{_plain(self.decree.name)}-{self.form}-{self.attempt}"

	@property
	def path(self) -> Path:
		name = f"Petikan-{_plain(self.decree.name)}-{self.attempt}.{self.form}"
		return Path(frappe.get_site_path("private", "files", name))

	@contextmanager
	def _room(self) -> Iterator[None]:
		said = _("The disk is full; nothing of these petikan was kept. Make room and start again.")
		try:
			with room(said):
				yield
		except DiskFullError:
			shutil.rmtree(self.folder, ignore_errors=True)
			raise


def made(decree: str) -> list[dict[str, Any]]:
	"""The bundles that a decree has, the newest first."""
	rows = frappe.get_all(
		"File",
		filters={
			"attached_to_doctype": "Decree",
			"attached_to_name": decree,
			"file_name": ("like", f"Petikan-{_plain(decree)}-%"),
		},
		fields=["file_name", "file_url", "file_size", "creation"],
		order_by="creation desc",
	)
	return [{**row, "form": row.file_name.rsplit(".", 1)[-1]} for row in rows]


def attach(path: Path, decree: str) -> None:
	"""A private File for what lies on disk, in place of the bundle of the same form before."""
	for old in made(decree):
		if old["form"] == path.suffix[1:] and old["file_name"] != path.name:
			name = frappe.db.get_value("File", {"file_url": old["file_url"]})
			frappe.delete_doc("File", name, ignore_permissions=True, delete_permanently=True)
	file = FileOnDisk(
		{
			"doctype": "File",
			"file_name": path.name,
			"file_url": f"/private/files/{path.name}",
			"is_private": 1,
			"attached_to_doctype": "Decree",
			"attached_to_name": decree,
			"content_hash": _hash(path),
			"file_size": path.stat().st_size,
		}
	)
	file.insert(ignore_permissions=True)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
	"""A file to write that is there when all of it is, and not before."""
	growing = path.with_name(f".{path.name}.growing")
	try:
		with growing.open("wb") as file:
			yield file
			file.flush()
			os.fsync(file.fileno())
		growing.replace(path)
	finally:
		growing.unlink(missing_ok=True)


def _write_pdf(file: IO[bytes], typesetter: Typesetter, title: str, parts: dict[str, dict]) -> None:
	file.write(typesetter.compiled(title, list(parts.values())))


def _write_zip(file: IO[bytes], typesetter: Typesetter, title: str, parts: dict[str, dict]) -> None:
	with zipfile.ZipFile(file, "w") as archive:
		for name, part in parts.items():
			archive.writestr(_file_name(name, part), typesetter.compiled(title, [part]))


def _join_zip(file: IO[bytes], parts: Sequence[Path]) -> None:
	with zipfile.ZipFile(file, "w") as whole:
		for part in parts:
			with zipfile.ZipFile(part) as archive:
				for entry in archive.infolist():
					whole.writestr(entry, archive.read(entry))


WRITERS: dict[str, Callable] = {"pdf": _write_pdf, "zip": _write_zip}
JOINERS: dict[str, Callable] = {"pdf": join, "zip": _join_zip}


def _file_name(line: str, part: dict[str, Any]) -> str:
	"""The place in the lampiran and the person, as any file system takes it."""
	about = dict(part["decisions"][0]["facts"]) if part["decisions"] else {}
	name = re.sub(r"[^\w .-]", "", about.get("Nama", ""))[:80].strip()
	return f"{about.get('Nomor urut lampiran', line):0>5} {name}.pdf"


def _number(line: str) -> str:
	return f"{frappe.db.get_value(LINE, line, 'line_number'):06}"


def _plain(name: str) -> str:
	return re.sub(r"[^\w-]", "-", name)


def _parts_folder() -> Path:
	return Path(frappe.get_site_path("private", "letters"))


def _hash(path: Path) -> str:
	digest = hashlib.md5(usedforsecurity=False)
	with path.open("rb") as file:
		while block := file.read(HASH_BLOCK):
			digest.update(block)
	return digest.hexdigest()
