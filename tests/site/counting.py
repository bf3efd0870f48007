"""What something asks of the database, after a first time that fills the caches."""

from collections.abc import Callable, Sized
from unittest.mock import patch

import frappe


def queries(work: Callable[[], object]) -> int:
	"""How many statements."""
	return len(_answers(work))


def rows_read(work: Callable[[], object]) -> int:
	"""How many rows come back."""
	return sum(len(answer) for answer in _answers(work) if isinstance(answer, Sized))


def _answers(work: Callable[[], object]) -> list[object]:
	work()
	answers: list[object] = []
	real = frappe.db.sql

	def noted(*arguments, **options):
		answers.append(real(*arguments, **options))
		return answers[-1]

	with patch.object(frappe.db, "sql", noted):
		work()
	return answers
