"""January 2021 for a few people: most stand at home without a contract, a crucial OPD works on, an SK comes late."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import frappe

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import new_names
from kupang_hr.cycle.stand_down import local_revisions
from kupang_hr.cycle.year_end import run_all
from kupang_hr.demo.invention import invent_servants
from kupang_hr.demo.people import save_servants
from kupang_hr.rules.calendar import working_days
from tests.site.city import BKPPD_HEAD, HEAD, MAYOR, City

ROUND, PERIOD, LAST_DAY, SIGNED = "2021", "2021-01", "2021-01-31", "2021-02-03"
WORKING = working_days(date(2021, 1, 1), date(2021, 1, 31))
STARTS, ENDS, FRIDAY_ENDS = time(7, 30), time(16, 0), time(16, 30)
LINE = "Attendance Period Line"
# The rule in SQL's own words: pay for the whole month, less what the city's rule of July 2020 takes.
PAYABLE = """
	select {columns} sum(greatest(contract.monthly_pay - coalesce(breach.rupiah, 0), 0)) payable
	from `tabPTT Contract` contract
	join `tabPersonnel` person on person.name = contract.personnel
	left join (
		select personnel, sum(
			15000 * (minutes_late > 0) + 15000 * (minutes_early > 0)
			+ 10000 * missing_entries + 50000 * (code = 'TK')
		) rupiah
		from `tabAttendance Log` where day between '2021-01-01' and '2021-01-31' group by personnel
	) breach on breach.personnel = contract.personnel
	where contract.start_date = '2021-01-01' and contract.docstatus = 1 {grouped}
"""


def stood_down(city: City, servants: int = 1, **headcounts: int) -> list[str]:
	"""Contracts of 2020 over, everybody rated, PTT of OPDs that are not crucial at home from 4 January."""
	names = city.settle(**(headcounts or {"DISHUB": 3, "DLHK": 2}))
	save_servants(invent_servants({"DISHUB": servants}, seed=7)) if servants else None
	city.opened()
	city.rated(ROUND, HEAD)
	run_all("2020-12-20")
	frappe.db.commit()
	with city.acting(BKPPD_HEAD, "2020-12-21"):
		frappe.get_doc("Stand Down Order", f"SDO-{ROUND}").submit()
	run_all("2021-01-01")
	run_all("2021-01-04")
	frappe.db.commit()
	return names


def plain(city: City, **headcounts: int) -> list[str]:
	"""Contracts of 2021 for everybody, and a civil servant; the whole of January worked."""
	names = city.settle(year=2021, **(headcounts or {"DISHUB": 3, "DLHK": 2}))
	save_servants(invent_servants({"DISHUB": 1}, seed=7))
	punch([*names, *servants()], WORKING)
	return names


def without_contract(opd: str, hidden: bool = True) -> None:
	"""As if the contracts of an OPD were not signed yet, or were by now."""
	frappe.db.set_value("PTT Contract", {"opd": opd}, "docstatus", 0 if hidden else 1, update_modified=False)
	frappe.db.commit()


def at_work(opd: str = "DLHK") -> list[str]:
	return frappe.get_all("Personnel", {"opd": opd, "duty_status": "On Duty"}, pluck="name", order_by="name")


def at_home() -> list[str]:
	return frappe.get_all("Personnel", {"duty_status": "Stood Down"}, pluck="name", order_by="name")


def servants() -> list[str]:
	return frappe.get_all("Personnel", {"employment_type": "ASN"}, pluck="name", order_by="name")


def punch(names: Iterable[str], days: Iterable[date], late: int = 0, out: bool = True) -> None:
	"""Entries in time (or `late` minutes), and leavings in time unless told not to."""
	rows = []
	for day in days:
		came = datetime.combine(day, STARTS) + timedelta(minutes=late or -5)
		left = datetime.combine(day, FRIDAY_ENDS if day.weekday() == 4 else ENDS) + timedelta(minutes=5)
		for name in names:
			rows.append((name, came, "In"))
			if out:
				rows.append((name, left, "Out"))
	stamped = [
		{"name": name, "personnel": row[0], "counted_at": row[1], "received_at": row[1], "direction": row[2]}
		for name, row in zip(new_names(len(rows)), rows, strict=True)
	]
	query.insert_dicts("Attendance Punch", stamped)
	frappe.db.commit()


def everybody_works(days: Iterable[date] = WORKING) -> None:
	punch([*at_work(), *servants()], days)


def close(city: City, on: str = LAST_DAY, period: str = PERIOD) -> dict:
	answer = city.run(BKPPD_HEAD, on, "close-period", period=period)
	assert (answer["status"], answer["failed"]) == ("Completed", 0)
	return answer


def rebuild(city: City, first: str = "2021-01-01", last: str = LAST_DAY) -> None:
	city.run(BKPPD_HEAD, max(last, LAST_DAY), "rebuild-days", first=first, last=last)


def reappointed(city: City, on: str = SIGNED) -> None:
	"""The mayor recommends everybody; the SK is signed on 3 February with TMT 1 January."""
	city.run(MAYOR, "2021-01-20", "recommend", round=ROUND)
	city.decree("Reappointment", ROUND, on=on, tmt="2021-01-01")


def lines(**filters) -> list[frappe._dict]:
	"""The lines of January, whole rows, by name."""
	frappe.db.rollback()
	return frappe.get_all(LINE, {"period": PERIOD, **filters}, ["*"], order_by="name asc", limit=0)


def raw_lines(where: str = "1 = 1") -> dict[str, tuple]:
	"""Every column of every line as the database has it."""
	frappe.db.rollback()
	return {row[0]: row for row in frappe.db.sql(f"select * from `tab{LINE}` where {where}")}


def local_days(first: date, last: date) -> list[date]:
	return working_days(first, last, local_revisions())
