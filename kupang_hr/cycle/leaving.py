"""Leavers: their exit withdraws an open renewal, ends an active contract, and takes them off duty."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from kupang_hr.access.criterion import visible
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Change, Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.step import Step
from kupang_hr.clock import today
from kupang_hr.cycle.duty import write_duty
from kupang_hr.cycle.expiry import status_on
from kupang_hr.cycle.renewals import lock_renewals, move
from kupang_hr.rules.contract import ACTIVE, LEFT, UPCOMING
from kupang_hr.rules.renewal import transitions_of

EXIT = "Personnel Exit"
OPEN_STATES = tuple(row.state for row in transitions_of("Withdraw"))
_day = lru_cache(maxsize=1024)(getdate)  # many leave on the same day
CONTRACT_FIELDS = (
	"docstatus",
	"status",
	"start_date",
	"end_date",
	"terminated_on",
	"personnel",
	"personnel_exit",
)


class RecordLeavers(Step):
	"""Record the exits of many people.

	Criterion: `leavers`, by person: {"reason", "exit_date" (ISO), "notes"}. A wrong row costs nobody else.
	"""

	action = "record-leavers"
	doctype = "Personnel"
	writes = (EXIT, "Contract Renewal", "PTT Contract")
	roles = ("BKPPD Clerk",)

	def prepare(self) -> None:
		self.leavers = self.criterion.get("leavers") or {}
		if not self.leavers:
			frappe.throw(_("There are no leavers to record."))
		self.criterion["names"] = sorted(self.leavers)

	def subject(self) -> str:
		return str(today())

	def waiting(self):
		rows = frappe.qb.from_(self.table).where(self.table.duty_status != LEFT)
		rows = rows.where(self.table.name.notin(leaving()))
		return visible(rows, self.doctype, self.table, self.user)

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		people = lock_rows("Personnel", names, ("full_name",))
		gone = {
			*query.values(leaving().where(frappe.qb.DocType(EXIT).personnel.isin(query.NAMES)), names=names)
		}
		failures, exits, reasons = {}, {}, exit_reasons()
		for name, person in people.items():
			if name in gone:  # by an exit that somebody else has recorded meanwhile
				failures[name] = left_already(person.full_name)
			elif problems := exit_problems(self.leavers[name], reasons):
				failures[name] = " ".join(problems)
			else:
				exits[name] = frappe._dict(
					self.leavers[name], exit_date=_day(self.leavers[name]["exit_date"])
				)
				exits[name].update(
					name=exit_name(name, exits[name].exit_date), personnel_name=person.full_name
				)
		renewals, contracts = affected({name: row.exit_date for name, row in exits.items()})
		trail.insert(EXIT, [_exit_row(name, row, renewals, contracts) for name, row in exits.items()])
		self._withdraw(exits, renewals, trail)
		ended = {each: row for name, row in exits.items() for each in contracts.get(name, ())}
		end_contracts(ended, trail)
		write_duty(list(exits), today(), trail)
		return failures

	def _withdraw(self, exits: Mapping[str, Any], renewals: Mapping[str, str], trail: Trail) -> None:
		rows = lock_renewals(sorted(renewals.values()), "personnel_exit")
		extra = {
			renewals[name]: {"personnel_exit": row.name} for name, row in exits.items() if name in renewals
		}
		by_state = {row.state: row for row in transitions_of("Withdraw")}
		move(rows, lambda _met, row: by_state.get(row.workflow_state), trail, extra=extra)


def leaving():
	"""Query over the people who have left, or will: a submitted exit after which no contract has begun."""
	leave, contract = frappe.qb.DocType(EXIT), frappe.qb.DocType("PTT Contract")
	later = (contract.personnel == leave.personnel) & (contract.start_date > leave.exit_date)
	return (
		frappe.qb.from_(leave)
		.left_join(contract)
		.on(later & (contract.docstatus == 1))
		.select(leave.personnel)
		.where((leave.docstatus == 1) & contract.name.isnull())
	)


def left_already(full_name: str) -> str:
	"""Why somebody's exit is not recorded."""
	return _("{0} has left already.").format(full_name)


def is_leaving(personnel: str) -> bool:
	return bool(leaving().where(frappe.qb.DocType(EXIT).personnel == personnel).run())


def exit_name(personnel: str, exit_date: date) -> str:
	"""The name of an exit: one a person and day."""
	return f"EXIT-{personnel}-{exit_date}"


def exit_reasons() -> list[str]:
	"""The reasons that the form offers."""
	return frappe.get_meta(EXIT).get_field("reason").options.split("\n")


def exit_problems(row: Mapping[str, Any], reasons: Sequence[str]) -> list[str]:
	"""What is wrong with one leaver's row."""
	problems = []
	if row.get("reason") not in reasons:
		problems.append(
			_("The reason must be one of: {0}").format(", ".join(_(reason) for reason in reasons))
		)
	try:
		if not row.get("exit_date") or not _day(row["exit_date"]):
			problems.append(_("The exit date is missing."))
	except Exception:
		problems.append(_("The exit date is not a date: {0}").format(row["exit_date"]))
	if not isinstance(row.get("notes") or "", str):
		problems.append(_("{0} is a text.").format(_("Notes")))
	return problems


def affected(exit_dates: Mapping[str, date]) -> tuple[dict[str, str], dict[str, list[str]]]:
	"""What exits touch, by person: the open renewal to withdraw, and the contracts that end early, by start."""
	if not exit_dates:
		return {}, {}
	return _open_renewals(exit_dates), _running_contracts(exit_dates)


def _open_renewals(exit_dates: Mapping[str, date]) -> dict[str, str]:
	renewal, contract = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("PTT Contract")
	rows = (
		frappe.qb.from_(renewal)
		.join(contract)
		.on(contract.name == renewal.old_contract)
		.select(renewal.name, renewal.personnel, contract.start_date)
		.where(renewal.personnel.isin(query.NAMES) & renewal.workflow_state.isin(OPEN_STATES))
		.orderby(contract.start_date)
	)
	found = query.run(rows, names=tuple(exit_dates))
	return {row.personnel: row.name for row in found if row.start_date <= exit_dates[row.personnel]}


def _running_contracts(exit_dates: Mapping[str, date]) -> dict[str, list[str]]:
	contract = frappe.qb.DocType("PTT Contract")
	rows = (
		frappe.qb.from_(contract)
		.select(contract.name, contract.personnel, contract.end_date)
		.where(contract.personnel.isin(query.NAMES) & (contract.docstatus == 1))
		.where(contract.status.isin((ACTIVE, UPCOMING)))
		.orderby(contract.start_date)
	)
	found = query.run(rows, names=tuple(exit_dates))
	ending: dict[str, list[str]] = {}
	for row in found:
		if exit_dates[row.personnel] < row.end_date:
			ending.setdefault(row.personnel, []).append(row.name)
	return ending


def end_contracts(exits: Mapping[str, Any], trail: Trail) -> None:
	"""End contracts early, by contract name: the exit with its `name` and `exit_date`."""
	rows = lock_rows("PTT Contract", sorted(exits), CONTRACT_FIELDS)
	changes = {}
	for name, row in rows.items():
		new = {"terminated_on": exits[name].exit_date, "personnel_exit": exits[name].name}
		new["status"] = status_on(frappe._dict(row, **new))
		changes[name] = Change(row, new)
	trail.update("PTT Contract", changes)


def _exit_row(name: str, row, renewals: Mapping[str, str], contracts: Mapping[str, list]) -> dict[str, Any]:
	return {
		"name": row.name,
		"docstatus": 1,
		"personnel": name,
		"personnel_name": row.personnel_name,
		"reason": row.reason,
		"exit_date": row.exit_date,
		"notes": row.get("notes"),
		"renewal": renewals.get(name),
		"contract": next(iter(contracts.get(name, ())), None),
	}
