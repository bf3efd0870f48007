"""Every row of every table that a way of doing a step has written, in a form that two ways can share.

Left out: times, names that Frappe makes at random (what they name stands in their place), and the run.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import frappe

from tests.site.city import TRACES

OF_THE_RUN = {"tabBulk Run", "tabBulk Run Failure", "tabError Log", "tabRQ Job", "tabScheduled Job Log"}
TIMES = {"creation", "modified", "given_at"}
RANDOM_NAMES = {
	"tabVersion": ("ref_doctype", "docname"),
	"tabComment": ("reference_doctype", "reference_name", "comment_type", "content"),
	"tabWorkflow Action": ("reference_name", "workflow_state"),
	"tabNotification Log": ("for_user", "subject"),
}
UNORDERED = {"tabWorkflow Action Permitted Role": "role"}  # Frappe writes these from a set


@dataclass(frozen=True)
class Before:
	"""What the tables held: a sum for each, and the rows of those that this app or a trace writes."""

	sums: dict[str, Any]
	rows: dict[str, set[str]]


def before() -> Before:
	"""The state that the rows written since are told by."""
	frappe.db.commit()
	return Before(_sums(), {table: set(map(_raw, _rows(table))) for table in _watched()})


def written_since(then: Before) -> dict[str, list[str]]:
	"""The rows that are new or other than they were, normalized and sorted, by table."""
	frappe.db.commit()
	changed = {table for table, total in _sums().items() if then.sums.get(table) != total} - OF_THE_RUN
	names = _stand_ins({table: _rows(table) for table in changed | _watched()})
	written = {
		table: [row for row in _rows(table) if _raw(row) not in then.rows.get(table, ())]
		for table in sorted(changed)
	}
	plain = {table: sorted(_plain(table, row, names) for row in rows) for table, rows in written.items()}
	return plain | {
		f"{table}, deleted": [str(gone)] for table in sorted(changed) if (gone := _gone(then, table))
	}


def _gone(then: Before, table: str) -> int:
	"""How many rows there are no longer."""
	names = {row["name"] for row in _rows(table) if "name" in row}
	before = (json.loads(row) for row in then.rows.get(table, ()))
	return sum(row["name"] not in names for row in before if "name" in row)


def _watched() -> set[str]:
	own = frappe.get_all("DocType", filters={"module": "Kupang HR", "issingle": 0}, pluck="name")
	return {f"tab{doctype}" for doctype in (*own, *TRACES)} - OF_THE_RUN


def _rows(table: str) -> list[dict]:
	return frappe.db.sql(f"select * from `{table}`", as_dict=True)


def _raw(row: dict) -> str:
	return json.dumps(row, sort_keys=True, default=str)


def _sums() -> dict[str, Any]:
	tables = [name for name, kind in frappe.db.sql("show full tables") if kind == "BASE TABLE"]
	listed = ", ".join(f"`{name}`" for name in tables)
	return {row[0].split(".", 1)[1]: row[1] for row in frappe.db.sql(f"checksum table {listed}")}


def _stand_ins(rows: dict[str, list]) -> dict[str, str]:
	"""What stands for each random name: what the row is about, or the place of a child row in its parent."""
	found: dict[str, str] = {}
	seen: dict[tuple, int] = defaultdict(int)
	for table, own in sorted(rows.items(), key=lambda item: item[0] not in RANDOM_NAMES):
		for row in sorted(own, key=lambda row: str(row.get("creation"))):
			if table in RANDOM_NAMES:
				about = tuple(str(row[key]) for key in RANDOM_NAMES[table])
			elif row.get("parenttype"):
				place = row[UNORDERED.get(table, "idx")]
				about = (found.get(row["parent"], row["parent"]), row["parentfield"], str(place))
			else:
				continue
			about = (table, *about)
			seen[about] += 1
			found[row["name"]] = "/".join((*about[1:], str(seen[about])))
	return found


def _plain(table: str, row: dict, names: dict[str, str]) -> str:
	left_out = TIMES | ({"idx"} if table in UNORDERED else set())
	kept = {key: value for key, value in row.items() if key not in left_out}
	for key in ("name", "parent"):
		if kept.get(key) in names:
			kept[key] = names[kept[key]]
	if table == "tabVersion":
		kept["data"] = _plain_version(json.loads(row["data"]), names)
	return json.dumps(kept, sort_keys=True, default=str)


def _plain_version(data: dict, names: dict[str, str]) -> dict:
	data.pop("creation", None)
	data["updater_reference"] = (data["updater_reference"] or {}).get("doctype")
	data["row_changed"] = [
		[field, position, names.get(name, name), changes]
		for field, position, name, changes in data.get("row_changed", [])
	]
	return data
