"""Set-based statements: the query builder's SQL with lists of names and whole rows as parameters.

The query builder renders each literal of a statement in Python, which costs more than the statement itself
from about a hundred values on. So long lists go in as parameters (`NAMES`), and rows as one multi-row insert.
The driver of v15 escapes each value by itself, which costs as much again; here all of a statement's are escaped
in one go.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder.terms import NamedParameterWrapper
from pypika.terms import Parameter

NAMES = Parameter("%(names)s")
VALUE = Parameter("%s")
WHEN = re.compile(" WHEN .+? THEN %s")
SEPARATOR = "\x1f"  # between texts that are escaped together
ROWS_PER_INSERT = 1000
ROWS_PER_CASE = 100


def run(query, as_dict: bool = True, names: Sequence[str] = ()) -> list:
	"""Run a built query whose own literals are parameters already, with the list that `NAMES` stands for.

	The list must not be empty where the query has one: the caller returns before asking for nobody.
	"""
	collector = NamedParameterWrapper()
	sql = query.get_sql(param_wrapper=collector)
	given = collector.get_parameters()
	escaped = literals([*given.values(), *names])
	listed = "({})".format(",".join(escaped[len(given) :]))
	return _send(
		sql,
		{**dict(zip(given, escaped, strict=False)), "names": listed},
		{**given, "names": names},
		as_dict=as_dict,
	)


def rows_by(query, key: str, names: Sequence[str] = ()) -> dict[str, frappe._dict]:
	"""The rows of a query by one of their columns; a later row replaces an earlier one."""
	return {row[key]: row for row in run(query, names=names)}


def values(query, names: Sequence[str] = ()) -> list:
	"""The first column of a query."""
	return [row[0] for row in run(query, as_dict=False, names=names)]


def parts(rows: Sequence, size: int) -> Iterator[Sequence]:
	"""A sequence in parts of so many."""
	return (rows[start : start + size] for start in range(0, len(rows), size))


def literals(given: Sequence[Any]) -> list[str]:
	"""Values as SQL, escaped by Frappe for the database in use, all texts at once."""
	if not given:
		return []
	texts = [value if type(value) is str else str(value) for value in given]
	whole = frappe.db.escape(SEPARATOR.join(texts), percent=False)
	start = whole.index("'") + 1
	opening, escaped = whole[:start], whole[start:-1].split(SEPARATOR)
	if len(escaped) != len(given):  # one of them has the separator in it
		return [literal for value in given for literal in literals([value])] if len(given) > 1 else [whole]
	return [
		f"{opening}{text}'" if type(value) is str else _plain(value) or f"{opening}{text}'"
		for value, text in zip(given, escaped, strict=True)
	]


def _plain(value: Any) -> str | None:
	"""A value that SQL writes without quotes, None for any other."""
	if value is None:
		return "NULL"
	if isinstance(value, int):
		return str(int(value))
	return repr(value) if isinstance(value, float) else None


def _send(statement: str, escaped: Any, given: Any, **options: Any) -> list:
	"""Run a statement with its values escaped, or by the driver where Frappe would take a value for a function."""
	sql = statement % escaped
	if "ifnull(" in sql.lower():
		return frappe.db.sql(statement, given, **options)
	return frappe.db.sql(sql, **options)


def insert(doctype: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
	"""Insert rows with one statement for each thousand of them."""
	_insert(doctype, columns, ["%s"] * len(columns), list(rows))


def insert_numbered(doctype: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
	"""Insert rows of a DocType whose names come from a sequence; `columns` and `rows` are without `name`."""
	_insert(doctype, ["name", *columns], [_next_value(doctype), *["%s"] * len(columns)], list(rows))


def _insert(doctype: str, columns: Sequence[str], placeholders: Sequence[str], rows: list) -> None:
	into = frappe.qb.into(frappe.qb.DocType(doctype)).columns(*columns)
	statement = into.insert(*map(Parameter, placeholders)).get_sql()
	one_more = ",({})".format(",".join(placeholders))
	for part in parts(rows, ROWS_PER_INSERT):
		given = list(chain.from_iterable(part))
		_send(statement + one_more * (len(part) - 1), tuple(literals(given)), given)


def _next_value(doctype: str) -> str:
	"""The next number of a DocType's sequence, in the two forms that Frappe itself uses for its databases."""
	sequence = frappe.scrub(doctype) + "_id_seq"
	quoted = f"'\"{sequence}\"'" if frappe.db.db_type == "postgres" else f"`{sequence}`"
	return f"nextval({quoted})"


def insert_dicts(doctype: str, rows: Sequence[Mapping[str, Any]]) -> None:
	"""Insert rows given as mappings of the same columns."""
	if rows:
		columns = list(rows[0])
		insert(doctype, columns, map(itemgetter(*columns), rows))


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
	for part in parts(list(rows), ROWS_PER_CASE):
		_update_by_case(doctype, {name: rows[name] for name in part})


def _update_by_case(doctype: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
	table = frappe.qb.DocType(doctype)
	query, given, whens = frappe.qb.update(table), [], []
	for field in dict.fromkeys(field for new in rows.values() for field in new):
		news = {name: new[field] for name, new in rows.items() if field in new}
		if len(set(news.values())) == 1 and len(news) == len(rows):
			query = query.set(table[field], VALUE)
			given.append(next(iter(news.values())))
		else:
			query = query.set(table[field], Case().when(table.name == VALUE, VALUE).else_(table[field]))
			given.extend(chain.from_iterable(news.items()))
			whens.append(len(news))
	named = Parameter("({})".format(",".join(["%s"] * len(rows))))
	counts = iter(whens)
	statement = WHEN.sub(lambda when: when[0] * next(counts), query.where(table.name.isin(named)).get_sql())
	given.extend(rows)
	_send(statement, tuple(literals(given)), given)
