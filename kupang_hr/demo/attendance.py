"""December 2020 and January 2021 as they are measured: the rota under the capacity, punches, logs, pay.

e-Kinerja sends each day's punches on the day after, through the same code as any source.
"""

import json
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import frappe

from kupang_hr.attendance import devices, rota
from kupang_hr.attendance import report as daily_report
from kupang_hr.attendance.evidence import seal_days
from kupang_hr.attendance.ingest import ingest
from kupang_hr.bulk.query import parts
from kupang_hr.cycle.stand_down import local_revisions
from kupang_hr.demo import days, figures, story, users
from kupang_hr.demo.acting import acting, do
from kupang_hr.rules.calendar import working_days

# the last days of December; a whole month more would double the time of the demonstration
DECEMBER, DECEMBER_END, THE_DAY = date(2020, 12, 21), date(2020, 12, 31), date(2020, 12, 29)
ROTA_MADE = "2020-11-27"
CAPACITY_FROM, CAPACITY_TO, CAPACITY = "2020-12-01", "2020-12-31", 30
JANUARY, JANUARY_END, PERIOD = date(2021, 1, 1), date(2021, 1, 31), "2021-01"
ROWS_IN_A_CALL = 5000
LEDGER = ("Bulk Run",)  # what looks at everybody again is a run of its own, even if it finds nothing new
ONE_DAY = timedelta(days=1)


class Attendance:
	"""The chapters about attendance; `year` is the story that they belong to."""

	def __init__(self, year: Any) -> None:
		self.year = year
		self.report = year.report
		self.opds = list(figures.asn_headcounts())
		self.december = working_days(DECEMBER, DECEMBER_END, local_revisions())

	def prepare(self) -> None:
		"""Offices on the map, the city's boundary, the capacity of December, and e-Kinerja as a source."""
		settings = frappe.get_doc("Kupang HR Settings")
		settings.city_boundary = json.dumps(days.boundary())
		settings.save()
		own_capacity = {"PEMKOT": CAPACITY, **dict.fromkeys(figures.flagged(), 100)}
		for opd in ("PEMKOT", *self.opds):
			doc = frappe.get_doc("OPD", opd)
			doc.latitude, doc.longitude = days.point(f"office {opd}", days.OFFICE_SPREAD)
			if opd in own_capacity:
				row = {"percent": own_capacity[opd], "valid_from": CAPACITY_FROM, "valid_to": CAPACITY_TO}
				doc.append("capacities", row)
			doc.save()
		with acting(users.BKPPD_HEAD, ROTA_MADE):
			source = {"doctype": "Registered Device", "kind": "Source", "label": "e-Kinerja"}
			doc = frappe.get_doc({**source, "user": users.DEVICE}).insert()
			devices.decide(doc.name, True, None)
		frappe.db.commit()

	def make_rota(self) -> None:
		"""Each head proposes who is in the office in the last days of December, and signs it."""
		first, last = self.december[0], self.december[-1]
		for opd in self.opds:
			with acting(self.year.raters[opd], ROTA_MADE):
				doc = frappe.get_doc(
					{"doctype": "Office Rota", "opd": opd, "from_date": first, "to_date": last}
				).insert()
				rota.propose(doc.name)
				doc.reload()
				doc.submit()
				frappe.db.commit()
		self.report.note(ROTA_MADE, "office days a week reached", figures.average_office_days())

	def measure_december(self) -> None:
		"""7,000 people; on the 29th some are sick, on leave, or simply not there."""
		everybody = figures.seats()
		absent = story.absent(sorted(everybody), self.year.seed)
		self.permit(absent["Sick"], "Sick")
		self.permit(absent["Leave"], "Leave")
		away = {name for names in absent.values() for name in names}
		for day in self.december:
			office = figures.in_office(day)
			if day == THE_DAY:
				here = {name: opd for name, opd in everybody.items() if name not in away}
				rows = days.punctual_day(day, days.workers(here), office)
			else:
				rows = days.usual_day(day, days.workers(everybody), office)
			self.send(day, list(rows))
		self.rebuild(self.december[0], self.december[-1])
		self.see_the_day()

	def permit(self, names: Collection[str], kind: str) -> None:
		for name in names:
			head = self.year.raters[frappe.db.get_value("Personnel", name, "opd")]
			with acting(head, str(THE_DAY)):
				doc = {"doctype": "Absence Permit", "personnel": name, "kind": kind, "reason": kind}
				frappe.get_doc({**doc, "from_date": THE_DAY, "to_date": THE_DAY}).insert().submit()
				frappe.db.commit()

	def send(self, day: date, rows: list[dict]) -> None:
		"""The punches of a day, as e-Kinerja sends them in the following night."""
		with acting(users.DEVICE, str(day + ONE_DAY)):
			for part in parts(rows, ROWS_IN_A_CALL):
				refused = [row for row in ingest(part) if row["status"] != "accepted"]
				if refused:
					raise RuntimeError(f"{len(refused)} punches of {day} refused: {refused[0]}")
				frappe.db.commit()

	def rebuild(self, first: date, last: date) -> None:
		do(users.BKPPD_HEAD, str(last + ONE_DAY), "rebuild-days", first=str(first), last=str(last))

	def see_the_day(self) -> None:
		with acting(users.BKPPD_HEAD, str(self.december[-1])):
			found = daily_report.daily(THE_DAY)
		day = str(THE_DAY)
		self.report.see(day, "measured", "measured", found["measured"])
		self.report.see(day, "present", "present", found["present"])
		self.report.see(day, "sick", "sick", found["sick"])
		self.report.see(day, "on leave", "on_leave", found["on_leave"])
		self.report.see(day, "unexcused", "unexcused", found["unexcused"])
		percent = float(found["attendance_percent"])
		self.report.see(day, f"present in % of {found['expected']:,} expected", "attendance_percent", percent)
		over = [row["opd"] for row in found["by_opd"] if row["in_office"] > row["capacity"]]
		self.report.figure(day, "OPDs over their capacity", len(over), 0)
		self.report.figure(day, "off by shift", found["off"], 0)
		again = partial(self.rebuild, self.december[0], self.december[-1])
		self.report.changed(day, "rebuilding the days", again, besides=LEDGER)

	def measure_january(self) -> None:
		"""Civil servants, and PTT who are on duty without a contract; the others are at home."""
		for day in working_days(JANUARY, JANUARY_END, local_revisions()):
			self.send(day, list(days.usual_day(day, days.workers(self.at_work()))))
		self.rebuild(JANUARY, JANUARY_END)

	def seal(self) -> None:
		"""The nightly seals, all that are due by the end of January."""
		with acting("Administrator", str(JANUARY_END)):
			seal_days()
			frappe.db.commit()
		sent = len(self.december) + len(working_days(JANUARY, JANUARY_END - ONE_DAY, local_revisions()))
		sealed = frappe.db.count("Attendance Seal", {"punches": (">", 0)})
		self.report.figure(str(JANUARY_END), "days sealed that brought punches", sealed, sent)

	def at_work(self) -> Mapping[str, str]:
		return figures.seats(duty_status="On Duty")

	def close_january(self, day: str, text: str) -> None:
		do(users.BKPPD_HEAD, day, "close-period", period=PERIOD)
		again = partial(do, users.BKPPD_HEAD, day, "close-period", period=PERIOD)
		self.report.changed(day, text, again, besides=LEDGER)

	def first_closing(self) -> None:
		day = str(JANUARY_END)
		self.close_january(day, "closing January")
		self.report.figure(day, "lines of January, one a person", figures.period_lines("Closing"), 7000 - 23)
		self.report.figure(day, "payable to PTT without a contract", figures.payable("Closing"), 0)
		self.before = figures.closed_lines()

	def second_closing(self, day: str) -> None:
		self.close_january(day, "closing January again")
		self.report.see(
			day, "people with back pay for January", "back_pay_people", figures.period_lines("Back Pay")
		)
		self.report.see(day, "payable for January, rupiah", "payable_total", figures.payable())
		after = figures.closed_lines()
		changed = sum(after.get(name) != row for name, row in self.before.items())
		self.report.figure(day, "closed lines changed", changed, 0)
