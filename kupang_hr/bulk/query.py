"""Set-based statements: the query builder's SQL with lists of names and whole rows as parameters.

The query builder renders each literal of a statement in Python, which costs more than the statement itself
from about a hundred values on. So long lists go in as parameters (`NAMES`), and rows as one multi-row insert.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder.terms import NamedParameterWrapper
from pypika.terms import Parameter

NAMES = Parameter("%(names)s")
ROWS_PER_INSERT = 1000
ROWS_PER_CASE = 100


def run(query, as_dict: bool = True, **parameters: Any) -> list:
	"""Run a built query whose own literals are parameters already, with more parameters by name.

	`names`, or any other list, must be a tuple that is not empty: the caller returns before asking for nobody.
	"""
	collector = NamedParameterWrapper()
	sql = query.get_sql(param_wrapper=collector)
	return frappe.db.sql(sql, {**collector.get_parameters(), **parameters}, as_dict=as_dict)


def rows_by(query, key: str, **parameters: Any) -> dict[str, frappe._dict]:
	"""The rows of a query by one of their columns; a later row replaces an earlier one."""
	return {row[key]: row for row in run(query, **parameters)}


def values(query, **parameters: Any) -> list:
	"""The first column of a query."""
	return [row[0] for row in run(query, as_dict=False, **parameters)]


def insert(doctype: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
	"""Insert rows with one statement for each thousand of them."""
	_insert(doctype, list(columns), ["%s"] * len(columns), list(rows))


def insert_numbered(doctype: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
	"""Insert rows of a DocType whose names come from a sequence; `columns` and `rows` are without `name`."""
	_insert(doctype, ["name", *columns], [_next_value(doctype), *["%s"] * len(columns)], list(rows))


def _insert(doctype: str, columns: list[str], placeholders: list[str], rows: list) -> None:
	"""Write rows a thousand at a time; a value that all of them share is escaped once, not once a row."""
	if not rows:
		return
	offset = len(placeholders) - len(rows[0])
	shared, varying = _split_shared(rows)
	for position, value in shared.items():
		placeholders[offset + position] = _literal(value)
	into = frappe.qb.into(frappe.qb.DocType(doctype)).columns(*columns)
	statement = into.insert(*map(Parameter, placeholders)).get_sql()
	one_more = ",({})".format(",".join(placeholders))
	for start in range(0, len(rows), ROWS_PER_INSERT):
		part = rows[start : start + ROWS_PER_INSERT]
		given = [row[position] for row in part for position in varying]
		frappe.db.sql(statement + one_more * (len(part) - 1), given)


def _split_shared(rows: list) -> tuple[dict[int, Any], list[int]]:
	"""The positions whose value all rows share, with it; and the other positions. A lone row shares nothing."""
	first = rows[0]
	if len(rows) == 1:
		return {}, list(range(len(first)))
	shared = {
		position: value
		for position, value in enumerate(first)
		if all(row[position] is value or row[position] == value for row in rows)
	}
	return shared, [position for position in range(len(first)) if position not in shared]


def _literal(value: Any) -> str:
	"""A value as SQL, escaped by Frappe for the database in use."""
	if value is None:
		return "NULL"
	return str(int(value)) if isinstance(value, int) else frappe.db.escape(str(value))


def _next_value(doctype: str) -> str:
	"""The next number of a DocType's sequence, in the two forms that Frappe itself uses for its databases."""
	sequence = frappe.scrub(doctype) + "_id_seq"
	quoted = f"'\"{sequence}\"'" if frappe.db.db_type == "postgres" else f"`{sequence}`"
	return f"nextval({quoted})"


def insert_dicts(doctype: str, rows: Sequence[Mapping[str, Any]]) -> None:
	"""Insert rows given as mappings of the same columns."""
	if rows:
		columns = list(rows[0])
		insert(doctype, columns, ([row[column] for column in columns] for row in rows))


def update(doctype: str, names: Sequence[str], new: Mapping[str, Any]) -> None:
	"""Give the named rows the same new values."""
	if not names:
		return
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.update(table).where(table.name.isin(NAMES))
	for field, value in new.items():
		query = query.set(table[field], value)
	run(query, names=tuple(names))


def update_each(doctype: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
	"""Give each named row its own new values; rows that get the same values share a statement."""
	alike: dict[tuple, list[str]] = {}
	for name, new in rows.items():
		alike.setdefault(tuple(new.items()), []).append(name)
	if len(alike) <= max(1, len(rows) // ROWS_PER_CASE):
		for new, names in alike.items():
			update(doctype, names, dict(new))
		return
	names = list(rows)
	for start in range(0, len(names), ROWS_PER_CASE):
		part = names[start : start + ROWS_PER_CASE]
		_update_by_case(doctype, {name: rows[name] for name in part})


def _update_by_case(doctype: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.update(table).where(table.name.isin(NAMES))
	fields = dict.fromkeys(field for new in rows.values() for field in new)
	for field in fields:
		news = {name: new[field] for name, new in rows.items() if field in new}
		if len(set(news.values())) == 1 and len(news) == len(rows):
			query = query.set(table[field], next(iter(news.values())))
		else:
			query = query.set(table[field], _case(table, field, news))
	run(query, names=tuple(rows))


def _case(table, field: str, news: Mapping[str, Any]):
	case = Case()
	for name, value in news.items():
		case = case.when(table.name == name, value)
	return case.else_(table[field])
