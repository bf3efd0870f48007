"""What a bulk run has not done, for the eye: page by page, with people's names."""

from typing import Any

import frappe

from kupang_hr.bulk import query

PAGE = 20


def failures(run: str, start: int = 0) -> list[dict[str, Any]]:
	"""Failures of a run from `start` on: reference_doctype, reference_name, title, reason.

	The title is that of a document which the session's user may see, otherwise None.
	"""
	failure = frappe.qb.DocType("Bulk Run Failure")
	rows = query.run(
		frappe.qb.from_(failure)
		.select(failure.reference_doctype, failure.reference_name, failure.reason)
		.where(failure.bulk_run == run)
		.orderby(failure.reference_name, failure.name)
		.limit(PAGE)
		.offset(max(start, 0))
	)
	titles = _titles(rows)
	return [{**row, "title": titles.get((row.reference_doctype, row.reference_name))} for row in rows]


def _titles(rows: list) -> dict[tuple[str, str], str]:
	found = {}
	for doctype in sorted({row.reference_doctype for row in rows}):
		field = frappe.get_meta(doctype).get_title_field()
		names = [row.reference_name for row in rows if row.reference_doctype == doctype]
		for name, title in frappe.get_list(
			doctype,
			filters={"name": ("in", names)},
			fields=["name", field],
			as_list=True,
			order_by="name asc",
			limit=PAGE,
		):
			found[doctype, name] = title
	return found
