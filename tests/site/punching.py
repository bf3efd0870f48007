"""Punches for tests of days, written as the app would have: by set, signed by nobody."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import frappe

from kupang_hr.bulk.audit import Trail, new_names
from kupang_hr.demo import people


def at(text: str) -> datetime:
	return datetime.fromisoformat(text)


def punch(personnel: str, when: str, direction: str | None = None, mode: str = "WFO", **values) -> str:
	"""One entry, counted when it was received unless `counted_at` says otherwise; its name."""
	return punches([{"personnel": personnel, "at": when, "direction": direction, "mode": mode, **values}])[0]


def punches(rows: Iterable[dict]) -> list[str]:
	rows = list(rows)
	names = new_names(len(rows))
	Trail("Administrator", None).insert(
		"Attendance Punch", [_punch(name, row) for name, row in zip(names, rows, strict=True)]
	)
	frappe.db.commit()
	return names


def _punch(name: str, row: dict) -> dict:
	when = at(row["at"]) if isinstance(row["at"], str) else row["at"]
	return {
		"name": name,
		"personnel": row["personnel"],
		"counted_at": when,
		"received_at": row.get("received_at", when),
		"claimed_at": row.get("claimed_at"),
		"direction": row.get("direction"),
		"mode": row.get("mode"),
		"raised_flags": row.get("flags"),
		"source": "test",
		"source_id": name,
	}


def worked(
	names: Iterable[str], *days: str, came: str = "07:20", left: str = "16:35", mode: str = "WFO"
) -> None:
	"""Everybody came and left on these days."""
	rows = [
		{"personnel": name, "at": f"{day} {time}", "direction": direction, "mode": mode}
		for day in days
		for name in names
		for time, direction in ((came, "In"), (left, "Out"))
	]
	punches(rows)


def servants(**headcounts: int) -> list[str]:
	"""Civil servants by OPD."""
	seed = frappe.db.count("Personnel")  # the same number twice would be the same NIP twice
	names = people.save_servants(people.invent_servants(headcounts, seed=seed))
	frappe.db.commit()
	return names


def workdays(first: str, count: int) -> list[str]:
	day, found = date.fromisoformat(first), []
	while len(found) < count:
		if day.weekday() < 5:
			found.append(day.isoformat())
		day += timedelta(days=1)
	return found
