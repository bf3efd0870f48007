"""The city in January with everybody in it, for the desk's pages: its round, contracts, December's attendance, a decree."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import frappe

from benchmarks import world
from benchmarks.attended import write_logs
from benchmarks.steps import STEPS
from benchmarks.world import BKPPD_HEAD, REAPPOINTMENT
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import new_names
from kupang_hr.demo.acting import do
from kupang_hr.demo.setting import finish_setup

TODAY, DAY, PERIOD, CLOSED = "2021-01-20", "2021-01-19", "2020-12", "2021-01-08"
FINANCE, OPD_CLERK, PERSON = "finance@bench.test", "opd-clerk@bench.test", "person@bench.test"
HEAD, LARGEST = "head@bench.test", "SETDA"  # an eighth of the city; nobody else sees more of it and not all
ROLES = {
	HEAD: "OPD Head",
	FINANCE: "Finance Officer",
	OPD_CLERK: "OPD Clerk",
	PERSON: "Personnel Self Service",
}
PLACES = ("Office", "Home")


def scored(count: int) -> None:
	"""So many people in a round, scored by one rater, who has not rated them yet."""
	world.settle(count)
	frappe.db.set_single_value("System Settings", "setup_complete", 1)
	finish_setup()
	for email, role in ROLES.items():
		world.make_user(email, role)
	frappe.db.set_value("OPD", {"parent_opd": ("is", "not set")}, "clerk", OPD_CLERK)
	_seat(None)
	_live(count, "open", "score")
	_seat(HEAD)


def rated(count: int) -> None:
	"""The mayor's day: all rated and at home, two months of attendance, December closed."""
	_seat(None)
	_live(count, "rate")
	_seat(HEAD)
	world.order_stand_down()
	_live(count, "expire", "stand_down")
	names = frappe.get_all("Personnel", ["name", "full_name", "opd"], order_by="name", limit=0)
	frappe.db.set_value("Personnel", names[0].name, "user", PERSON)
	write_logs(names, date(2020, 12, 1), date.fromisoformat(DAY))
	_write_day(names)
	_write_absences(names)
	do(BKPPD_HEAD, CLOSED, "close-period", period=PERIOD)
	frappe.db.commit()


def gathered(count: int) -> None:
	"""A decree that names everybody."""
	_live(count, "recommend")
	world.draft_decree(REAPPOINTMENT)
	_live(count, "gather")


def _seat(head: str | None) -> None:
	"""Who rates the largest OPD; without a head, the one of the whole city does."""
	frappe.db.set_value("OPD", LARGEST, "head", head)
	frappe.db.commit()


def _live(people: int, *figures: str) -> None:
	for figure in figures:
		STEPS[figure].run(people)
	frappe.db.commit()


def _write_day(people: Sequence[Any]) -> None:
	"""Everybody comes and goes on a day, at places of their own; one in twenty far from the office."""
	ways = ((f"{TODAY} {world.IN}", "In"), (f"{TODAY} {world.OUT}", "Out"))
	entries = [(person, place, *way) for place, person in enumerate(people) for way in ways]
	punches = [
		{
			"name": name,
			"personnel": person.name,
			"counted_at": at,
			"received_at": at,
			"direction": direction,
			"mode": "WFO",
			"latitude": f"-10.{1500 + place % 400:04}",
			"longitude": f"123.{5900 + place % 700:04}",
			"raised_flags": "" if place % 20 else "Outside Office",
		}
		for name, (person, place, at, direction) in zip(new_names(len(entries)), entries, strict=True)
	]
	query.insert_dicts("Attendance Punch", punches)
	violations = [
		{
			"name": f"VIO-{person.name}",
			"personnel": person.name,
			"personnel_name": person.full_name,
			"day": DAY,
			"kind": "Out of Region",
			"status": "Open",
		}
		for person in people[::20]
	]
	query.insert_dicts("Attendance Violation", violations)


def _write_absences(people: Sequence[Any]) -> None:
	"""One in ten is ill for two days; every OPD has a rota for its people."""
	days = {"from_date": DAY, "to_date": TODAY}
	permits = [
		{
			"name": f"AP-{person.name}",
			"personnel": person.name,
			"personnel_name": person.full_name,
			"kind": "Sick",
			"reason": "-",
			**days,
		}
		for person in people[::10]
	]
	query.insert_dicts("Absence Permit", permits)
	opds = sorted({person.opd for person in people})
	query.insert_dicts("Office Rota", [{"name": f"ROTA-{opd}", "opd": opd, **days} for opd in opds])
	lines = [
		{
			"name": f"{person.name}-{TODAY}",
			"office_rota": f"ROTA-{person.opd}",
			"personnel": person.name,
			"day": TODAY,
			"place": PLACES[number % 2],
		}
		for number, person in enumerate(people)
	]
	query.insert_dicts("Office Rota Line", lines)
