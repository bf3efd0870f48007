"""Every row of every table that a way of doing a step has written, in a form that two ways can share.

Left out: times, names that Frappe makes at random (what they name stands in their place), and the run.
"""

import json
from collections import defaultdict
from typing import Any

import frappe

OF_THE_RUN = {"tabBulk Run", "tabBulk Run Failure", "tabError Log", "tabRQ Job", "tabScheduled Job Log"}
TIMES = {"creation", "modified", "given_at"}
RANDOM_NAMES = {
	"tabVersion": ("ref_doctype", "docname"),
	"tabComment": ("reference_doctype", "reference_name", "comment_type", "content"),
	"tabWorkflow Action": ("reference_name", "workflow_state"),
	"tabNotification Log": ("for_user", "subject"),
}


def checksums() -> dict[str, Any]:
	tables = [name for (name,) in frappe.db.sql("show tables")]
	listed = ", ".join(f"`{name}`" for name in tables)
	return {row[0].split(".", 1)[1]: row[1] for row in frappe.db.sql(f"checksum table {listed}")}


def written_since(before: dict[str, Any]) -> dict[str, list]:
	"""The rows of every table that has changed since, normalized and sorted, by table."""
	frappe.db.commit()
	changed = {name for name, sum_ in checksums().items() if before.get(name) != sum_} - OF_THE_RUN
	rows = {name: frappe.db.sql(f"select * from `{name}`", as_dict=True) for name in sorted(changed)}
	names = _stand_ins(rows)
	return {name: sorted(_plain(name, row, names) for row in found) for name, found in rows.items()}


def _stand_ins(rows: dict[str, list]) -> dict[str, str]:
	"""What stands for each random name: what the row is about, or the place of a child row in its parent."""
	found: dict[str, str] = {}
	seen: dict[tuple, int] = defaultdict(int)
	for table, own in rows.items():
		for row in sorted(own, key=lambda row: str(row.get("creation"))):
			if table in RANDOM_NAMES:
				about = tuple(str(row[key]) for key in RANDOM_NAMES[table])
			elif row.get("parenttype"):
				about = (row["parent"], row["parentfield"], str(row["idx"]))
			else:
				continue
			seen[table, *about] += 1
			found[row["name"]] = "/".join((*about, str(seen[table, *about])))
	return found


def _plain(table: str, row: dict, names: dict[str, str]) -> str:
	kept = {key: value for key, value in row.items() if key not in TIMES}
	for key in ("name", "parent"):
		if kept.get(key) in names:
			kept[key] = names[kept[key]]
	if table == "tabVersion":
		kept["data"] = _plain_version(json.loads(row["data"]), names)
	return json.dumps(kept, sort_keys=True, default=str)


def _plain_version(data: dict, names: dict[str, str]) -> dict:
	data.pop("creation", None)
	assert data.pop("updater_reference")["doctype"] == "Bulk Run"
	data["row_changed"] = [
		[field, position, names.get(name, name), changes]
		for field, position, name, changes in data.get("row_changed", [])
	]
	return data
