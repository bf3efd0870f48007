"""Lines as CSV (RFC 4180), a thousand at a time, so that no month is ever whole in memory."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# What a spreadsheet would run as a formula when a text begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def csv_chunks(header: Sequence[str], pages: Iterable[Sequence[Sequence[Any]]]) -> Iterator[bytes]:
	"""The header line, then each page, as UTF-8 with CRLF; what is empty stays empty, numbers are plain."""
	yield _text([header])
	for rows in pages:
		yield _text([[_cell(value) for value in row] for row in rows])


def _cell(value: Any) -> Any:
	"""A text that a spreadsheet would take for a formula gets an apostrophe before it."""
	if isinstance(value, str) and value.startswith(FORMULA) and not NUMBER.fullmatch(value):
		return f"'{value}"
	return value


def _text(rows: Iterable[Sequence[Any]]) -> bytes:
	buffer = io.StringIO()
	csv.writer(buffer, lineterminator="\r\n").writerows(rows)
	return buffer.getvalue().encode()
