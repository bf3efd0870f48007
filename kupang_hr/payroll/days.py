"""The days that a month is closed from: the logs that the first closing freezes, otherwise the facts themselves.

Most days of a month are like any other: they only count, by code. So the logs are summed up by the database, and
only days that could cost something are read one by one; for 7,000 people that is a tenth of the rows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Max, Sum

from kupang_hr.attendance.days import LOG, derive
from kupang_hr.attendance.schedules import Roster
from kupang_hr.bulk import query
from kupang_hr.rules.attendance import UNEXCUSED


@dataclass
class Month:
	"""A person's month. `days`: rows of rules.pay.LoggedDay; `others`: how many more there are of each code, which
	cost nothing. `opd`: the seat of the last day, None without any.
	"""

	days: list[tuple] = field(default_factory=list)
	others: dict[str, int] = field(default_factory=dict)
	opd: str | None = None

	def __bool__(self) -> bool:
		return bool(self.days or self.others)


def from_facts(names: Sequence[str], first: date, last: date) -> dict[str, Month]:
	"""The months of people as they are on file now; days that are not over are left out."""
	found = {}
	for name, days in derive(names, first, last).items():
		logged = [each.logged(day) for day, each in days.items() if each.day.code]
		found[name] = Month(logged, {}, days[max(days)].opd if days else None)
	return found


def from_logs(people: Mapping[str, Any], roster: Roster) -> dict[str, Month]:
	"""The months of those people whose logs are all there: one, with a code, for every day with hours.

	`people`: rows with opd and work_schedule. One query for each schedule that they have.
	"""
	by_schedule: dict[str | None, list[str]] = {}
	for name, person in people.items():
		by_schedule.setdefault(roster.usual(person.opd, person.work_schedule), []).append(name)
	found: dict[str, Month] = {}
	for schedule, names in by_schedule.items():
		hours = [day for day in roster.windows(schedule) if roster.first <= day <= roster.last]
		found.update(_whole_months(names, hours, roster))
	return found


def _whole_months(names: Sequence[str], hours: Sequence[date], roster: Roster) -> dict[str, Month]:
	found: dict[str, Month] = {}
	there, last_days = Counter(), {}
	for name, opd, code, *figures, day, count, with_hours, last_day in _summed(names, hours, roster):
		month = found.setdefault(name, Month())
		if day:
			month.days.append((day, code, *figures))
		else:
			month.others[code] = month.others.get(code, 0) + count
		there[name] += int(with_hours) if code else -len(hours)
		if last_day >= last_days.get(name, last_day):
			month.opd, last_days[name] = opd, last_day
	return {name: month for name, month in found.items() if there[name] == len(hours)}


def _summed(names: Sequence[str], hours: Sequence[date], roster: Roster) -> list[tuple]:
	"""Person, seat, code, figures, and the day of what may cost something or has no code (None for all others); how
	many days those are, how many of them have hours, and the last one.
	"""
	log = frappe.qb.DocType(LOG)
	figures = (log.minutes_late, log.minutes_early, log.missing_entries)
	may_cost = (log.minutes_late > 0) | (log.minutes_early > 0) | (log.missing_entries > 0)
	may_cost |= log.code.isnull() | log.code.isin(("", UNEXCUSED))
	costly_day = Case().when(may_cost, log.day)
	with_hours = Sum(Case().when(log.day.isin(list(hours) or [date.min]), 1).else_(0))
	group = (log.personnel, log.opd, log.code, *figures, costly_day)
	rows = (
		frappe.qb.from_(log)
		.select(*group, Count("*"), with_hours, Max(log.day))
		.where(log.personnel.isin(query.NAMES) & log.day[roster.first : roster.last])
		.groupby(*group)
	)
	return query.run(rows, as_dict=False, names=tuple(names))
