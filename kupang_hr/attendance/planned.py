"""What rotas plan, counted by set: how many people are where on which day."""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe.query_builder.functions import Count

from kupang_hr.access.criterion import visible
from kupang_hr.attendance.rota import LINE
from kupang_hr.bulk import query


def places_by_day(rotas: Sequence[str], first: date, last: date) -> dict[str, dict[date, dict[str, int]]]:
	"""People by rota, day and place, of those whom the session's user sees; one query."""
	if not rotas:
		return {}
	line = frappe.qb.DocType(LINE)
	rows = (
		frappe.qb.from_(line)
		.select(line.office_rota, line.day, line.place, Count("*"))
		.where(line.office_rota.isin(query.NAMES) & line.day[first:last])
		.groupby(line.office_rota, line.day, line.place)
		.orderby(line.day)
	)
	found: dict[str, dict[date, dict[str, int]]] = {}
	rows = visible(rows, LINE, line)
	for rota, day, place, people in query.run(rows, as_dict=False, names=tuple(rotas)):
		found.setdefault(rota, {}).setdefault(day, {})[place] = int(people)
	return found
