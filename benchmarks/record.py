"""The statements of a run: counted, recorded as they were sent, and sent again."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe

from benchmarks.clock import Clock
from kupang_hr.bulk import run


class ReplayDiffers(Exception):
	"""A statement that was sent again has not read or written as many rows as the first time."""


WRITES = re.compile(r"\s*(?:insert|replace|update|delete)\s(?:[a-z\s]*)`(tab[^`]+)`", re.IGNORECASE)


class Recorder:
	"""The database cursor, which also remembers each statement with the number of rows that it read or wrote."""

	def __init__(self, cursor: Any, keep: bool) -> None:
		self._cursor = cursor
		self._keep = keep
		self.count = 0
		self.written: set[str] = set()
		self.statements: list[tuple[bytes, int]] = []
		self.seconds: list[float] = []

	def execute(self, query: str, *values: Any) -> Any:
		began = time.perf_counter()
		answer = self._cursor.execute(query, *values)
		self.count += 1
		if write := WRITES.match(query):
			self.written.add(write[1])
		if self._keep:
			text = self._cursor._executed
			self.statements.append(
				(text if isinstance(text, bytes) else text.encode(), self._cursor.rowcount)
			)
			self.seconds.append(time.perf_counter() - began)
		return answer

	def __getattr__(self, name: str) -> Any:
		return getattr(self._cursor, name)


@contextmanager
def recording(keep: bool = True) -> Iterator[Recorder]:
	"""Record what goes through Frappe's cursor; without `keep` only count it."""
	own = frappe.db._cursor
	recorder = frappe.db._cursor = Recorder(own, keep)
	try:
		yield recorder
	finally:
		frappe.db._cursor = own


@contextmanager
def counting_chunks() -> Iterator[list[tuple[int, int]]]:
	"""For each chunk of the runs inside: its documents, and the statements sent before it began."""
	chunks: list[tuple[int, int]] = []
	write_chunk = run.write_chunk
	with recording(keep=False) as recorder:

		def counted(step, names, *others):
			chunks.append((len(names), recorder.count))
			write_chunk(step, names, *others)

		run.write_chunk = counted
		try:
			yield chunks
		finally:
			run.write_chunk = write_chunk


def replay(statements: list[tuple[bytes, int]], clock: Clock) -> float:
	"""Send the statements again with a bare cursor, reading every row; the seconds it took."""
	frappe.db.commit()
	cursor = frappe.db._conn.cursor()
	counts = []
	began = clock()
	for text, _count in statements:
		cursor.execute(text)
		if cursor.description:
			cursor.fetchall()
		counts.append(cursor.rowcount)
	seconds = clock() - began
	for (text, before), count in zip(statements, counts, strict=True):
		if count != before:
			raise ReplayDiffers(f"{count} rows instead of {before}: {text[:500]!r}")
	return seconds
