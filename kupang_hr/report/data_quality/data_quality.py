"""What is missing about people: NIK, bank account, login, head, schedule, contract. No such number is shown."""

from collections import Counter
from typing import Any

import frappe
from frappe import _

from kupang_hr.cycle import quality
from kupang_hr.report import table


def execute(filters: dict | None = None) -> tuple:
	"""Filters: `problem`, one of quality.PROBLEMS; `employment_type`; `opd` with its subtree. People who left are not
	counted.
	"""
	filters = filters or {}
	kind, problem = filters.get("employment_type"), filters.get("problem")
	found = quality.people(frappe.session.user, filters.get("opd"))
	people = [row for row in found if kind in (None, "", row["employment_type"])]
	wanted = [row for row in people if row["missing"] and problem in (None, "", *row["missing"])]
	rows = [{**row, "problems": len(row["missing"]), "missing": in_words(row["missing"])} for row in wanted]
	return columns(), *table.on_page(rows, message()), chart(people), summary(people)


def in_words(missing: list[str]) -> str:
	return "; ".join(_(problem) for problem in missing)


def columns() -> list[dict[str, Any]]:
	return [
		*table.of_person(),
		table.text("employment_type", _("Employment"), 90),
		table.link("opd", _("OPD"), "OPD", 110),
		table.text("duty_status", _("Duty Status"), 110),
		table.count("problems", _("Problems"), 90),
		table.text("missing", _("What is missing"), 420),
	]


def message() -> str:
	return _("Percentage: people with nothing missing, of all you see who have not left.")


def chart(people: list[dict[str, Any]]) -> dict[str, Any] | None:
	counts = Counter(problem for row in people for problem in row["missing"])
	labels = [problem for problem in quality.PROBLEMS if counts[problem]]
	return table.bars([_(label) for label in labels], {_("People"): [counts[label] for label in labels]})


def summary(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
	counts = Counter(problem for row in people for problem in row["missing"])
	whole = sum(not row["missing"] for row in people)
	return [
		table.figure(_("People"), len(people)),
		table.figure(_("Nothing missing, % of people"), table.percent(whole, len(people))),
		*(
			table.figure(_(problem), counts[problem], "Red")
			for problem in quality.PROBLEMS
			if counts[problem]
		),
	]
