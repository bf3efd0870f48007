"""What a person sees of themselves: today, the last days, the phone, the requests."""

from datetime import date, datetime, timedelta
from typing import Any

import frappe

from kupang_hr.attendance.arrivals import WITA
from kupang_hr.attendance.days import derive
from kupang_hr.attendance.devices import DOCTYPE as DEVICE
from kupang_hr.attendance.schedules import places_of, windows_of
from kupang_hr.bulk import query
from kupang_hr.clock import now, today
from kupang_hr.cycle.stand_down import local_revisions
from kupang_hr.rules.attendance import IN, OUT, day_in_windows
from kupang_hr.rules.calendar import city_holidays

ONE_DAY = timedelta(days=1)
REQUESTS = 10
LOGGED = (
	"day",
	"code",
	"first_in",
	"last_out",
	"minutes_late",
	"minutes_early",
	"missing_entries",
	"mode",
	"permit",
)


def find_person(user: str) -> frappe._dict | None:
	"""The person whose login this is, with the words that a page shows."""
	person, opd = frappe.qb.DocType("Personnel"), frappe.qb.DocType("OPD")
	rows = query.run(
		frappe.qb.from_(person)
		.left_join(opd)
		.on(opd.name == person.opd)
		.select(person.name, person.full_name, person.employment_type, person.opd, opd.opd_name)
		.select(person.position, person.duty_status)
		.where(person.user == user)
	)
	return rows[0] if rows else None


def my_day(user: str, thumbprint: str | None) -> dict[str, Any]:
	"""Everything of today that the page paints."""
	person, moment = find_person(user), now()
	return {
		"user": user,
		"now": _iso(moment.replace(microsecond=0)),
		"utc_offset_minutes": int(WITA.utcoffset(None).total_seconds() // 60),
		"person": person and _person(person),
		"day": _day(person.name, moment) if person else {"day": today().isoformat()},
		"device": _device(person.name, thumbprint) if person and thumbprint else None,
		"requests": requests_of(person.name) if person else [],
	}


def _person(person: frappe._dict) -> dict[str, Any]:
	return {
		"name": person.name,
		"personnel_name": person.full_name,
		"kind": person.employment_type,
		"opd": person.opd,
		"opd_name": person.opd_name,
		"position": person.position,
		"duty_status": person.duty_status,
	}


def _day(personnel: str, moment: datetime) -> dict[str, Any]:
	"""The working day that is running, which after midnight may be yesterday's night shift."""
	windows = windows_of(personnel, moment.date() - ONE_DAY, moment.date() + ONE_DAY)
	day = day_in_windows(windows, moment)
	window = windows.get(day)
	derived = derive([personnel], day, day)[personnel].get(day)
	entries = derived.day if derived else None
	first_in, last_out = (entries.first_in, entries.last_out) if entries else (None, None)
	return {
		"day": day.isoformat(),
		"start": window and _iso(window.start),
		"end": window and _iso(window.end),
		"holiday": _holiday(day),
		"place": places_of(personnel, day, day).get(day),
		"first_in": _iso(first_in),
		"last_out": _iso(last_out),
		"next": OUT if first_in else IN,
		"permit": _permit_kind(derived.permit) if derived else None,
	}


def _holiday(day: date) -> str | None:
	holiday = city_holidays(day, day, local_revisions(), day).get(day)
	return holiday.name if holiday else None


def _permit_kind(permit: str | None) -> str | None:
	return frappe.db.get_value("Absence Permit", permit, "kind") if permit else None


def _device(personnel: str, thumbprint: str) -> dict[str, str] | None:
	filters = {"personnel": personnel, "thumbprint": thumbprint}
	return frappe.db.get_value(DEVICE, filters, ["name", "status", "label"], as_dict=True)


def requests_of(personnel: str) -> list[dict[str, Any]]:
	"""The newest permits and corrections that the person asked for, newest first."""
	permits = frappe.get_all(
		"Absence Permit",
		filters={"personnel": personnel},
		fields=["name", "kind", "from_date", "to_date", "docstatus", "creation"],
		order_by="creation desc",
		limit=REQUESTS,
	)
	corrections = frappe.get_all(
		"Attendance Correction",
		filters={"personnel": personnel},
		fields=["name", "kind", "day", "docstatus", "creation"],
		order_by="creation desc",
		limit=REQUESTS,
	)
	rows = [("Absence Permit", row, row.from_date, row.to_date) for row in permits]
	rows += [("Attendance Correction", row, row.day, row.day) for row in corrections]
	rows.sort(key=lambda row: row[1].creation, reverse=True)
	return [
		{
			"doctype": doctype,
			"name": row.name,
			"kind": row.kind,
			"from_date": first.isoformat(),
			"to_date": last.isoformat(),
			"docstatus": int(row.docstatus),
		}
		for doctype, row, first, last in rows[:REQUESTS]
	]


def my_days(personnel: str, count: int) -> list[dict[str, Any]]:
	"""The last days that have something to say, newest first: as logged, otherwise as they would be logged now."""
	last = today()
	first = last - timedelta(days=2 * count + 10)
	days = {day: _derived(day, each) for day, each in derive([personnel], first, last)[personnel].items()}
	logs = frappe.get_all(
		"Attendance Log",
		filters={"personnel": personnel, "day": ("between", (first, last)), "code": ("is", "set")},
		fields=list(LOGGED),
		order_by="day asc",
	)
	days |= {row.day: dict(row) for row in logs if row.day != last}
	return [_told(days[day]) for day in sorted(days, reverse=True)[:count]]


def last_days(personnel: str, count: int) -> list[frappe._dict]:
	"""What is logged of the last days, newest first; without the night's work of today."""
	since = today() - timedelta(days=count - 1)
	return frappe.get_all(
		"Attendance Log",
		filters={"personnel": personnel, "day": ("between", (since, today())), "code": ("is", "set")},
		fields=list(LOGGED),
		order_by="day desc",
	)


def _derived(day: date, derived: Any) -> dict[str, Any]:
	entries = derived.day
	return {
		"day": day,
		"code": entries.code,
		"first_in": entries.first_in,
		"last_out": entries.last_out,
		"minutes_late": entries.minutes_late,
		"minutes_early": entries.minutes_early,
		"missing_entries": derived.missing_entries,
		"mode": entries.mode,
		"permit": derived.permit,
	}


def _told(day: dict[str, Any]) -> dict[str, Any]:
	moments = {field: _iso(day[field]) for field in ("first_in", "last_out")}
	return {**day, **moments, "day": day["day"].isoformat()}


def _iso(moment: datetime | None) -> str | None:
	return moment and moment.isoformat()
