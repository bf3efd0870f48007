"""What is missing about people, as far as the year, attendance and pay need it.

Only whether something is there is read: neither a NIK nor an account number leaves the database.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import frappe
from frappe.query_builder import Case

from kupang_hr.access.criterion import visible
from kupang_hr.access.seats import below, opd_tree, rater_of
from kupang_hr.attendance.schedules import MARGIN, Roster
from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.rules.contract import LEFT, ON_DUTY

NO_NIK, NO_BANK, NO_LOGIN = "No NIK", "No bank account", "No login"
NO_HEAD, NO_SCHEDULE, NO_CONTRACT = "No head of the OPD", "No work schedule", "On duty without a contract"
PROBLEMS = (NO_NIK, NO_BANK, NO_LOGIN, NO_HEAD, NO_SCHEDULE, NO_CONTRACT)
PTT = "PTT"


def people(user: str, opd: str | None = None) -> list[dict[str, Any]]:
	"""Everybody whom the user sees and who has not left, of an OPD with its subtree if given, with `missing`.

	Six queries over any number of people. Raises DoesNotExistError.
	"""
	tree, on = opd_tree(), today()
	roster = Roster.read(date.min + MARGIN, date.min + MARGIN)
	headed = {name: bool(rater_of(name, on, tree)) for name in tree}
	return [
		{
			**row,
			"missing": [
				problem
				for problem, is_there in _facts(
					row, headed.get(row.opd), roster.usual(row.opd, row.pop("work_schedule"))
				).items()
				if not is_there
			],
		}
		for row in _rows(user, opd, on)
	]


def _facts(row: Any, headed: bool | None, schedule: str | None) -> Mapping[str, Any]:
	at_work = row.employment_type == PTT and row.duty_status == ON_DUTY
	return {
		NO_NIK: row.pop("has_nik"),
		NO_BANK: row.pop("has_bank"),
		NO_LOGIN: row.pop("has_login"),
		NO_HEAD: headed,
		NO_SCHEDULE: schedule,
		NO_CONTRACT: row.pop("has_contract") or not at_work,
	}


def _rows(user: str, opd: str | None, on: date) -> list[Any]:
	person, identity, contract = map(frappe.qb.DocType, ("Personnel", "Personnel Identity", "PTT Contract"))
	running = frappe.qb.from_(contract).select(contract.personnel)
	running = running.where(
		(contract.docstatus == 1) & (contract.start_date <= on) & (contract.end_date >= on)
	)
	rows = (
		frappe.qb.from_(person)
		.left_join(identity)
		.on(identity.name == person.name)
		.select(person.name.as_("personnel"), person.full_name.as_("personnel_name"))
		.select(person.employment_type, person.opd, person.duty_status, person.work_schedule)
		.select(_has(identity.nik).as_("has_nik"), _has(identity.bank_account).as_("has_bank"))
		.select(_has(person.user).as_("has_login"))
		.select(Case().when(person.name.isin(running), 1).else_(0).as_("has_contract"))
		.where(person.duty_status != LEFT)
		.orderby(person.opd)
		.orderby(person.full_name)
		.orderby(person.name)
	)
	rows = visible(rows, "Personnel", person, user)
	return query.run(rows.where(person.opd.isin(below(opd))) if opd else rows)


def _has(column: Any) -> Case:
	return Case().when(column != "", 1).else_(0)
