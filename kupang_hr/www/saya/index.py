"""/saya, a person's own page: contract, renewal, petikan, attendance, pay and requests, made whole on the server."""

from collections import Counter
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_date, getdate

from kupang_hr.access.criterion import SELF
from kupang_hr.attendance import mine as attendance
from kupang_hr.attendance.accounts import FIRST_LANGUAGE
from kupang_hr.cycle import mine as year
from kupang_hr.letters.indonesian import angka
from kupang_hr.payroll import mine as pay
from kupang_hr.rules.contract import LEFT, STOOD_DOWN
from kupang_hr.www.absen.index import looks

no_cache = 1
sitemap = 0

DAYS = 30
LONG, SHORT, MONTH = "d MMMM yyyy", "EEE d MMM", "MMMM yyyy"


def get_context(context) -> None:
	user = frappe.session.user
	if user == "Guest":
		frappe.local.flags.redirect_location = "/login?redirect-to=/saya"
		raise frappe.Redirect
	language = frappe.db.get_value("User", user, "language")
	context.lang = frappe.local.lang = language or FIRST_LANGUAGE
	context.phone_css = looks()
	person = attendance.find_person(user) if SELF in frappe.get_roles(user) else None
	context.person = person
	context.update(_page(person) if person else {})


def _page(person: frappe._dict) -> dict[str, Any]:
	found = year.contracts(person.name)
	contract, standing = year.current(found), year.renewal(person.name)
	days = attendance.last_days(person.name, DAYS)
	return {
		"duty": {LEFT: _("Left"), STOOD_DOWN: _("Stood Down")}.get(person.duty_status, _("On Duty")),
		"next_step": year.next_step(person, contract, standing),
		"contract": contract and _contract(contract),
		"nik": year.masked_nik(person.name),
		"renewal": standing and _renewal(standing),
		"decrees": [_decree(row) for row in year.decrees(person.name)],
		"totals": [(_code(code), count) for code, count in Counter(row.code for row in days).most_common()],
		"days": [_day(row) for row in days],
		"months": [_month(row) for row in pay.months(person.name)],
		"requests": [_request(row) for row in attendance.requests_of(person.name)],
	}


def _contract(row: frappe._dict) -> dict[str, str]:
	until = row.terminated_on or row.end_date
	return {
		"term": _("{0} to {1}").format(format_date(row.start_date, LONG), format_date(until, LONG)),
		"opd": row.opd_name,
		"position": row.position,
		"pay": _rupiah(row.monthly_pay),
		"status": {
			"Upcoming": _("Upcoming"),
			"Active": _("Active"),
			"Expired": _("Expired"),
			"Terminated": _("Terminated"),
		}[row.status],
	}


def _renewal(row: frappe._dict) -> dict[str, str]:
	said = {
		year.IN_PROCESS: _("Your renewal for {0} is in process. You need not do anything for it."),
		year.SK_ISSUED: _("Your contract for {0} is renewed: your SK has been issued."),
		year.NOT_RENEWED: _("Your contract is not renewed for {0}."),
		year.WITHDRAWN: _("Your renewal for {0} is withdrawn, since your leaving is on file."),
	}[row.state]
	return {"said": said.format(row.year), "reason": row.reason}


def _decree(row: frappe._dict) -> dict[str, Any]:
	kinds = {
		"Reappointment": _("Re-appointment"),
		"Termination": _("Termination of contract"),
		"Revocation": _("Revocation"),
	}
	return {
		"line": row.line,
		"kind": kinds[row.kind],
		"number": row.decree_number,
		"signed": format_date(row.date_signed, LONG),
		"tmt": format_date(row.tmt, LONG),
		"revoked_by": row.revoked_by,
	}


def _day(row: frappe._dict) -> dict[str, Any]:
	remarks = (
		(row.minutes_late, _("late {0} min")),
		(row.minutes_early, _("early {0} min")),
		(row.missing_entries, _("missing {0}")),
	)
	return {
		"day": format_date(row.day, SHORT),
		"first_in": row.first_in and f"{row.first_in:%H.%M}",
		"last_out": row.last_out and f"{row.last_out:%H.%M}",
		"status": ", ".join([_code(row.code), *(text.format(count) for count, text in remarks if count)]),
	}


def _code(code: str) -> str:
	return {
		"H": _("Present"),
		"S": _("Sick"),
		"I": _("Permitted"),
		"C": _("Leave"),
		"DL": _("Official Duty"),
		"TB": _("Study Duty"),
		"TK": _("Unexcused"),
		"DR": _("Stood Down"),
		"L": _("Public Holiday"),
		"CB": _("Joint Holiday"),
		"LS": _("Off by shift"),
	}[code]


def _month(row: frappe._dict) -> dict[str, Any]:
	counted = {
		"LATE": _("Late: {0} min").format(row.minutes_late),
		"EARLY": _("Left early: {0} min").format(row.minutes_early),
		"MISSING": _("Missing entries: {0}").format(row.missing_entries),
		"UNEXCUSED": _("Unexcused days: {0}").format(row.days_tk),
	}
	return {
		"month": _named(row.period),
		"is_paid": row.is_paid,
		"base": _rupiah(row.base_pay),
		"taken": [(counted[code], _rupiah(-amount)) for code, amount in row.taken.items()],
		"payable": _rupiah(row.payable),
		"parts": [_part(*part) for part in row.parts] if row.is_paid else [],
	}


def _part(reason: str, booked_in: str, payable: int) -> str:
	words = {"Closing": _("Closing"), "Correction": _("Correction"), "Back Pay": _("Back Pay")}
	return _("{0}, paid with {1}: {2}").format(words[reason], _named(booked_in), _rupiah(payable))


def _named(month: str) -> str:
	return format_date(getdate(f"{month}-01"), MONTH)


def _request(row: dict[str, Any]) -> dict[str, str]:
	kinds = {
		"Sick": _("Sick"),
		"Permitted": _("Permitted"),
		"Leave": _("Leave"),
		"Official Duty": _("Official Duty"),
		"Study Duty": _("Study Duty"),
		"Out of Region": _("Out of Region"),
	}
	days = dict.fromkeys(format_date(row[field], LONG) for field in ("from_date", "to_date"))
	return {
		"kind": kinds.get(row["kind"], _("Correction")),
		"days": " – ".join(days),
		"state": (_("waiting for your OPD"), _("granted"), _("cancelled"))[row["docstatus"]],
	}


def _rupiah(amount: float | None) -> str:
	"""Whole rupiah as Indonesians write them."""
	amount = amount or 0
	sign = "−" if amount < 0 else ""
	return f"{sign}Rp {angka(abs(int(amount)))}"
