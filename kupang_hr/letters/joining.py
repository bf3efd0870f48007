"""Several PDFs of one letter as one, written part by part: memory holds one part and the place of each object.

pypdf's own writer holds all objects until it writes, which for ten thousand petikan is more than a worker may take.
Each part keeps its tree of pages; the whole has one above them. What is said of the document is said by its first part.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NumberObject

BEGIN = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CATALOG, PAGES, OTHERS = 1, 2, 3
NOT_OF_THE_WHOLE = ("/Catalog", "/Metadata", "/ObjStm", "/XRef")


def join(out: IO[bytes], parts: Iterable[str | Path | IO[bytes]]) -> None:
	"""Write the PDFs, in their order, as one."""
	whole = _Whole(out)
	for part in parts:
		whole.add(PdfReader(part))
	whole.close()


class _Whole:
	def __init__(self, out: IO[bytes]) -> None:
		self.out = out
		out.write(BEGIN)
		self.places: dict[int, int] = {}
		self.trees, self.pages = ArrayObject(), 0
		self.catalog, self.info = DictionaryObject(), None

	def add(self, reader: PdfReader) -> None:
		"""The objects of one part, each with a number that no other part uses."""
		offset = max(self.places, default=OTHERS)
		root, top = reader.trailer["/Root"], reader.trailer["/Root"].raw_get("/Pages").idnum
		if not self.trees:
			self._describe(reader, offset)
		self.trees.append(IndirectObject(top + offset, 0, None))
		self.pages += int(root["/Pages"]["/Count"])
		for number in sorted({*reader.xref.get(0, ()), *reader.xref_objStm}):
			found = reader.get_object(number)
			if isinstance(found, DictionaryObject) and found.get("/Type") in NOT_OF_THE_WHOLE:
				continue
			moved = _moved(found, offset)
			if number == top:
				moved[NameObject("/Parent")] = IndirectObject(PAGES, 0, None)
			self._write(number + offset, moved)

	def close(self) -> None:
		tree = {"/Type": NameObject("/Pages"), "/Kids": self.trees, "/Count": NumberObject(self.pages)}
		self._write(PAGES, _dictionary(tree))
		self._write(CATALOG, self.catalog)
		self._write_places()

	def _describe(self, reader: PdfReader, offset: int) -> None:
		kept = {key: item for key, item in reader.trailer["/Root"].items() if key != "/Metadata"}
		self.catalog = _moved(_dictionary(kept), offset)
		self.catalog[NameObject("/Pages")] = IndirectObject(PAGES, 0, None)
		self.info = _moved(reader.trailer.raw_get("/Info"), offset)

	def _write(self, number: int, item: Any) -> None:
		self.places[number] = self.out.tell()
		self.out.write(f"{number} 0 obj\n".encode())
		item.write_to_stream(self.out)
		self.out.write(b"\nendobj\n")

	def _write_places(self) -> None:
		"""The table of where each object is; a number that no object has is free."""
		begin, count = self.out.tell(), max(self.places) + 1
		self.out.write(f"xref\n0 {count}\n".encode())
		for number in range(count):
			at = self.places.get(number)
			entry = "0000000000 65535 f \n" if at is None else f"{at:010} 00000 n \n"
			self.out.write(entry.encode())
		about = {"/Size": NumberObject(count), "/Root": IndirectObject(CATALOG, 0, None), "/Info": self.info}
		self.out.write(b"trailer\n")
		_dictionary(about).write_to_stream(self.out)
		self.out.write(f"\nstartxref\n{begin}\n%%EOF\n".encode())


def _dictionary(items: dict[str, Any]) -> DictionaryObject:
	return DictionaryObject({NameObject(key): item for key, item in items.items()})


def _moved(item: Any, offset: int) -> Any:
	"""The object with what it refers to under the numbers of the whole."""
	if isinstance(item, IndirectObject):
		return IndirectObject(item.idnum + offset, 0, None)
	if isinstance(item, DictionaryObject):
		for key, inner in list(item.items()):
			item[key] = _moved(inner, offset)
	elif isinstance(item, ArrayObject):
		item[:] = [_moved(inner, offset) for inner in item]
	return item
