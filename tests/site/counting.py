"""How many statements something sends, after a first time that fills the caches."""

from collections.abc import Callable
from unittest.mock import patch

import frappe


def queries(work: Callable[[], object]) -> int:
	work()
	sent = []
	real = frappe.db.sql

	def counted(*arguments, **options):
		sent.append(arguments[0])
		return real(*arguments, **options)

	with patch.object(frappe.db, "sql", counted):
		work()
	return len(sent)
