"""Writing invented people into a site, by set: what a clerk's saves would have left."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import frappe

from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.lock import lock_series
from kupang_hr.clock import as_of
from kupang_hr.cycle.contracts import contract_name
from kupang_hr.cycle.expiry import status_on
from kupang_hr.demo.invention import Person, Servant, invent, invent_servants

__all__ = ["Person", "Servant", "invent", "invent_servants", "save", "save_servants"]

PTT_SERIES, ASN_SERIES = "PTT-", "ASN-"


def save(people: Sequence[Person], year: int) -> list[str]:
	"""Write people with their identity, attendance and contract of `year`; their Personnel names, in order.

	The rows are what a clerk's saves would have left as of 1 January of that year, a submitted Active contract
	among them; only the global search index is left to whoever needs it. Commits nothing.
	"""
	names = _new_names(PTT_SERIES, len(people))
	trail = Trail(frappe.session.user, None)
	named = list(zip(names, people, strict=True))
	trail.insert("Personnel", [_personnel(name, person) for name, person in named])
	trail.insert("Personnel Identity", [_identity(name, person) for name, person in named])
	trail.insert("Attendance Summary", [_summary(name, person, year) for name, person in named])
	with as_of(f"{year}-01-01"):
		trail.insert("PTT Contract", [_contract(name, person, year) for name, person in named])
	return names


def save_servants(servants: Sequence[Servant]) -> list[str]:
	"""Write civil servants, as a clerk's saves would have left them; their Personnel names, in order."""
	names = _new_names(ASN_SERIES, len(servants))
	rows = [_servant(name, servant) for name, servant in zip(names, servants, strict=True)]
	Trail(frappe.session.user, None).insert("Personnel", rows)
	return names


def _new_names(prefix: str, count: int) -> list[str]:
	"""The next names of Frappe's naming series, reserved in one go; a form continues after them."""
	last = lock_series(prefix)
	series = frappe.qb.Table("tabSeries")
	frappe.qb.update(series).set(series.current, last + count).where(series.name == prefix).run()
	return [f"{prefix}{number:05d}" for number in range(last + 1, last + count + 1)]


def _servant(name: str, servant: Servant) -> dict[str, Any]:
	return {
		"name": name,
		"naming_series": f"{ASN_SERIES}.#####",
		"employment_type": "ASN",
		"duty_status": "On Duty",
		**asdict(servant),
	}


def _personnel(name: str, person: Person) -> dict[str, Any]:
	return {
		"name": name,
		"naming_series": f"{PTT_SERIES}.#####",
		"full_name": person.full_name,
		"employment_type": "PTT",
		"gender": person.gender,
		"birth_place": person.birth_place,
		"birth_date": person.birth_date,
		"opd": person.opd,
		"position": person.position,
		"job_group": person.job_group,
		"first_appointment_year": person.first_appointment_year,
		"duty_status": "On Duty",
		"education_level": person.education_level,
		"field_of_study": person.field_of_study,
	}


def _identity(name: str, person: Person) -> dict[str, Any]:
	return {
		"name": name,
		"personnel": name,
		"personnel_name": person.full_name,
		"nik": person.nik,
		"bank_name": person.bank_name,
		"bank_account": person.bank_account,
		"account_holder": person.full_name,
	}


def _summary(name: str, person: Person, year: int) -> dict[str, Any]:
	return {
		"name": f"{name}-{year}",
		"personnel": name,
		"personnel_name": person.full_name,
		"year": year,
		"days_expected": person.days_expected,
		"days_present": person.days_present,
		"days_unexcused": person.days_unexcused,
		"source": "Import",
	}


def _contract(name: str, person: Person, year: int) -> dict[str, Any]:
	term = frappe._dict(start_date=date(year, 1, 1), end_date=date(year, 12, 31), terminated_on=None)
	return {
		"name": contract_name(name, year, 1),
		"docstatus": 1,
		"personnel": name,
		"personnel_name": person.full_name,
		"opd": person.opd,
		"position": person.position,
		"monthly_pay": person.monthly_pay,
		"start_date": term.start_date,
		"end_date": term.end_date,
		"status": status_on(term),
	}
