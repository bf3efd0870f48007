"""What the calendar does by itself: on time, after an outage, once; waves, TMT in the future, revocation."""

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import frappe
import pytest

from kupang_hr.bulk import run
from kupang_hr.cycle.issuing import Terminate
from kupang_hr.cycle.year_end import run_all
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, OTHER_HEAD


def ready(city, **headcounts: int) -> str:
	"""A round rated by its heads, with a submitted Stand Down Order."""
	city.settle(**(headcounts or {"DISHUB": 6, "DLHK": 4}))
	name = city.opened()
	city.rated(name)
	city.ordered(name)
	return name


def test_a_night_after_an_outage_does_all_that_was_due(city):
	name = ready(city)
	run_all("2021-01-08")
	assert frappe.db.count("PTT Contract", {"status": "Expired"}) == 10
	assert city.duty() == {"On Duty": 4, "Stood Down": 6}
	since = frappe.get_all("Personnel", filters={"duty_status": "Stood Down"}, pluck="duty_status_since")
	assert {str(day) for day in since} == {"2021-01-04"}
	order = frappe.get_doc("Stand Down Order", f"SDO-{name}")
	assert (order.status, str(order.carried_out_on)) == ("Carried Out", "2021-01-08")


def test_a_second_night_of_the_same_day_changes_nothing(city):
	ready(city)
	run_all("2021-01-04")
	traces = [frappe.db.count(doctype) for doctype in ("Version", "Bulk Run", "Stand Down Line", "Comment")]
	run_all("2021-01-04")
	assert traces == [
		frappe.db.count(doctype) for doctype in ("Version", "Bulk Run", "Stand Down Line", "Comment")
	]


def test_without_the_setting_nobody_stays_home_by_itself(city):
	name = ready(city)
	frappe.db.set_single_value("Kupang HR Settings", "automatic_stand_down", 0)
	run_all("2021-01-04")
	assert city.duty() == {"On Duty": 10}
	assert city.run(BKPPD_HEAD, "2021-01-04", "stand-down", order=f"SDO-{name}")["done"] == 10
	assert city.duty() == {"On Duty": 4, "Stood Down": 6}


def test_an_order_is_prepared_earlier_or_later_than_the_setting_says(city):
	city.settle(DISHUB=1)
	name = city.opened()
	lead = frappe.db.get_single_value("Kupang HR Settings", "stand_down_lead_days")
	assert lead == 14
	run_all("2020-12-16")
	assert frappe.get_all("Stand Down Order") == []
	run_all("2020-12-17")
	assert frappe.get_all("Stand Down Order", pluck="name") == [f"SDO-{name}"]


def test_an_order_with_nobody_left_to_stand_down_is_carried_out(city):
	city.settle(DISHUB=2)
	name = city.opened()
	city.ordered(name)
	people = frappe.get_all("Personnel", pluck="name")
	leavers = {person: {"reason": "BUMN", "exit_date": "2020-12-31"} for person in people}
	city.run(CLERK, "2021-01-02", "record-leavers", leavers=leavers)
	for day in ("2021-01-04", "2021-01-05"):
		run_all(day)
		order = frappe.get_doc("Stand Down Order", f"SDO-{name}")
		assert (order.status, str(order.carried_out_on), order.stood_down) == ("Carried Out", "2021-01-04", 0)


def test_each_rater_is_reminded_once_a_day_of_the_unrated(city):
	city.settle(DISHUB=3, PUPR=2)
	city.opened(rating_deadline="2020-12-11")
	assert run_all("2020-12-03")["remind_raters"] == []
	assert run_all("2020-12-04")["remind_raters"] == [HEAD, OTHER_HEAD]
	assert run_all("2020-12-04")["remind_raters"] == []
	subjects = frappe.get_all("Notification Log", pluck="subject", order_by="for_user")
	assert subjects == [
		"DISHUB: 3 people wait for scores in round 2021, due 2020-12-11",
		"PUPR: 2 people wait for scores in round 2021, due 2020-12-11",
	]


def test_a_contract_of_a_later_tmt_begins_on_its_first_day_and_recalls_then(city):
	name = ready(city, DISHUB=3)
	run_all("2021-01-04")
	city.run(MAYOR, "2021-01-20", "recommend", round=name)
	renewal = frappe.get_all("Contract Renewal", pluck="name", order_by="name")[0]
	frappe.db.set_value("Contract Renewal", renewal, "proposed_opd", "PUPR")
	city.decree("Reappointment", name, tmt="2021-03-01", term_start="2021-03-01", term_end="2021-12-31")
	assert city.duty() == {"Stood Down": 3}
	assert set(frappe.get_all("PTT Contract", {"decree": ("is", "set")}, pluck="status")) == {"Upcoming"}
	run_all("2021-02-28")
	assert city.duty() == {"Stood Down": 3}
	run_all("2021-03-01")
	assert city.duty() == {"On Duty": 3}
	assert set(frappe.get_all("PTT Contract", {"decree": ("is", "set")}, pluck="status")) == {"Active"}
	assert set(frappe.get_all("PTT Contract", {"decree": ("is", "set")}, pluck="gap_days")) == {59}
	assert frappe.db.count("Personnel", {"opd": "PUPR"}) == 1


def test_a_decree_of_one_wave_names_that_wave_alone(city):
	people = city.settle(DISHUB=6)
	for person in people[:2]:
		frappe.db.set_value("Personnel", person, "first_appointment_year", 2020)
	for person in people[2:]:
		frappe.db.set_value("Personnel", person, "first_appointment_year", 2018)
	frappe.db.commit()
	waves = [{"wave": 1, "first_appointed_until": 2018}, {"wave": 2}]
	name = city.opened(waves=waves)
	city.rated(name)
	run_all("2021-01-01")
	city.run(MAYOR, "2021-01-20", "recommend", round=name)
	assert city.decree("Reappointment", name, wave=1).applied == 4
	assert city.states(name) == {"Mayor Recommended": 2, "SK Issued": 4}
	assert city.decree("Reappointment", name, on="2021-03-03", wave=2).applied == 2
	assert city.states(name) == {"SK Issued": 6}


def test_a_revocation_ends_the_contracts_that_it_takes_back(city):
	name = ready(city, DISHUB=3)
	run_all("2021-01-04")
	city.run(MAYOR, "2021-01-20", "recommend", round=name)
	reappointment = city.decree("Reappointment", name)
	assert city.duty() == {"On Duty": 3}
	with city.acting(CLERK, "2021-05-03"):
		values = {"kind": "Revocation", "revokes": reappointment.name, "tmt": "2021-05-01"}
		revocation = frappe.get_doc({"doctype": "Decree", **values}).insert().name
	contract = frappe.get_all(
		"Decree Line", {"decree": reappointment.name}, pluck="contract", order_by="name"
	)[0]
	city.run(CLERK, "2021-05-03", "gather", decree=revocation, names=[contract])
	city.initial(revocation, "2021-05-03")
	city.signed(revocation, "2021-05-03")
	ended = frappe.get_all("PTT Contract", {"status": "Terminated"}, ["previous_contract", "terminated_on"])
	assert [(row.previous_contract, str(row.terminated_on)) for row in ended] == [(contract, "2021-04-30")]
	revoked = frappe.get_all(
		"Decree Line", {"decree": reappointment.name, "revoked_by": revocation}, pluck="contract"
	)
	assert revoked == [contract]
	assert [
		frappe.db.get_value("Decree", decree, "applied") for decree in (reappointment.name, revocation)
	] == [3, 1]


def test_a_termination_shows_for_how_many_it_has_taken_effect(city):
	name = ready(city, DISHUB=3)
	run_all("2021-01-04")
	declined = frappe.get_all("Contract Renewal", pluck="name", order_by="name")[:1]
	city.run(MAYOR, "2021-01-20", "decline", round=name, reason="Kinerja buruk", names=declined)
	with patch.object(Terminate, "apply", side_effect=frappe.ValidationError("not now")):
		decree = city.decree("Termination", name)
	assert (decree.line_count, decree.applied, city.duty()) == (3, 2, {"Stood Down": 3})
	city.run(BKPPD_HEAD, "2021-02-03", "terminate", decree=decree.name)
	assert frappe.db.get_value("Decree", decree.name, "applied") == 3
	assert city.duty() == {"Left": 1, "Stood Down": 2}


def test_who_is_declined_after_the_termination_stays_stood_down(city):
	name = ready(city, DISHUB=3)
	run_all("2021-01-04")
	held = frappe.get_all("Contract Renewal", pluck="name", order_by="name")[:1]
	city.run(MAYOR, "2021-01-20", "hold", round=name, reason="Ditinjau", names=held)
	city.decree("Termination", name)
	assert city.duty() == {"Stood Down": 3}
	city.run(MAYOR, "2021-02-10", "release", round=name, names=held)
	city.run(MAYOR, "2021-02-10", "decline", round=name, reason="Kinerja buruk", names=held)
	run_all("2021-02-11")
	assert city.duty() == {"Left": 1, "Stood Down": 2}
	written = frappe.db.count("Version")
	run_all("2021-02-11")
	assert frappe.db.count("Version") == written


def test_every_scheduled_step_and_every_mass_step_can_be_called(city):
	from kupang_hr import hooks

	events = hooks.scheduler_events
	paths = [*events["daily"], *(path for steps in events["cron"].values() for path in steps)]
	assert all(callable(frappe.get_attr(path)) for path in paths)
	for action, path in hooks.kupang_hr_bulk_steps.items():
		assert frappe.get_attr(path).action == action


def test_a_scheduled_step_is_known_to_frappes_scheduler(city):
	methods = frappe.get_all(
		"Scheduled Job Type", filters={"method": ("like", "kupang_hr.%")}, pluck="method", order_by="method"
	)
	assert methods == [
		"kupang_hr.attendance.evidence.seal_days",
		"kupang_hr.attendance.nightly.rebuild_days",
		"kupang_hr.attendance.retention.blank_positions",
		"kupang_hr.bulk.run.sweep",
		"kupang_hr.cycle.year_end.carry_out_stand_down",
		"kupang_hr.cycle.year_end.expire_contracts",
		"kupang_hr.cycle.year_end.prepare_stand_down",
		"kupang_hr.cycle.year_end.remind_raters",
		"kupang_hr.notices.due.send_due",
		"kupang_hr.notices.missed.tell_missed",
	]


@pytest.mark.parametrize(
	("as_of", "code", "says"),
	[
		("2021-01-04", 0, '"expire_contracts"'),
		("4 Januarius", 2, "4 Januarius is not a date; write YYYY-MM-DD."),
	],
)
def test_the_year_end_command_works_as_of_a_date(city, as_of, code, says):
	ready(city)
	frappe.db.set_single_value(
		"Kupang HR Settings", "answer_at_once", 5
	)  # ten people are for a worker, and none is there
	frappe.db.commit()
	command = [
		sys.executable,
		"-m",
		"frappe.utils.bench_helper",
		"frappe",
		"--site",
		os.environ["KUPANG_SITE"],
	]
	sites = Path(os.environ["KUPANG_BENCH"]) / "sites"
	done = subprocess.run(
		[*command, "kupang-year-end", "--as-of", as_of], cwd=sites, text=True, capture_output=True
	)
	assert (done.returncode, says in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
	frappe.db.rollback()
	assert city.duty() == ({"On Duty": 4, "Stood Down": 6} if code == 0 else {"On Duty": 10})


def test_runs_of_different_days_are_different_runs(city):
	ready(city)
	run_all("2021-01-04")
	keys = frappe.get_all("Bulk Run", filters={"action": ("in", ["expire", "stand-down"])}, pluck="run_key")
	assert sorted(keys) == ["expire/2021-01-04", "stand-down/SDO-2021"]
	assert run.summary("expire/2021-01-04/1")["done"] == 10
