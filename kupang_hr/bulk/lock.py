"""Row locks, each on a row that has a unique key, so that no gap is ever locked."""

from collections.abc import Sequence

import frappe

from kupang_hr.bulk import query


def lock_rows(doctype: str, names: Sequence[str], fields: Sequence[str]) -> dict[str, frappe._dict]:
	"""Lock the named rows until the transaction ends, and read them as they are now, by name.

	Rows are locked in the order of their names, so that two runs never wait for each other in a circle.
	A name that is gone is missing from the answer.
	"""
	if not names:
		return {}
	table = frappe.qb.DocType(doctype)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, *[table[field] for field in fields if field != "name"])
		.where(table.name.isin(query.NAMES))
		.orderby(table.name)
		.for_update()
	)
	return query.rows_by(rows, "name", names=tuple(names))


def lock_series(key: str) -> int:
	"""Lock the counter of a series until the transaction ends; the last number it gave.

	The counter is Frappe's own Series row. It is made first, since a lock on a missing row would lock a gap.
	"""
	series = frappe.qb.Table("tabSeries")
	row = frappe.qb.from_(series).select(series.current).where(series.name == key)
	if not row.run():
		_make_series(series, key)
	return int(row.for_update().run()[0][0])


def next_in_series(key: str) -> int:
	"""The next number of a gap-free series, starting at 1.

	A rolled back transaction gives its number back; a concurrent one waits for it.
	"""
	series = frappe.qb.Table("tabSeries")
	number = lock_series(key) + 1
	frappe.qb.update(series).set(series.current, number).where(series.name == key).run()
	return number


def _make_series(series, key: str) -> None:
	"""Make the counter, one at a time: a row that always exists stands guard over those that do not yet.

	Somebody may have made it since this transaction looked. A refused insert would leave a shared lock on that row, and two
	transactions that hold one wait for each other when they count; the update that changes nothing takes the exclusive lock.
	"""
	lock_rows("DocType", ["Bulk Run"], ())
	made = frappe.qb.into(series).columns("name", "current").insert(key, 0)
	made.on_duplicate_key_update(series.current, series.current).run()
