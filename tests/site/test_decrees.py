"""What is signed is what takes effect: people gathered once, seats and pay as the decree says."""

import re

import frappe
import pytest

from kupang_hr.api import cycle
from kupang_hr.bulk import run
from kupang_hr.bulk.audit import Trail
from kupang_hr.cycle import recommendation
from kupang_hr.cycle.year_end import run_all
from kupang_hr.exceptions import DecreeError, TransitionRefusedError
from tests.site.apart import together, while_waiting
from tests.site.city import BKPPD_HEAD, CLERK, MAYOR


def recommended(city) -> str:
	city.settle(DISHUB=6)
	name = city.opened()
	city.rated(name)
	frappe.db.set_single_value("Kupang HR Settings", "automatic_stand_down", 0)
	run_all("2021-01-04")
	city.run(MAYOR, "2021-01-20", "recommend", round=name)
	return name


def test_gathering_twice_at_once_loses_nobody_and_nothing_is_signed_meanwhile(city):
	name = recommended(city)
	decree = city.decree("Reappointment", name, sign=False).name
	frappe.db.set_single_value("Kupang HR Settings", "answer_at_once", 0)
	with city.acting(CLERK, "2021-02-03"):
		first = cycle.gather(decree)
		again = cycle.gather(decree)
	assert (first["status"], again["name"]) == ("Queued", first["name"])
	with city.acting(BKPPD_HEAD, "2021-02-03"):
		with pytest.raises(DecreeError, match=r"^The people of the decree are still being gathered\.$"):
			frappe.get_doc("Decree", decree).submit()
	frappe.db.rollback()
	run.execute(first["name"])
	doc = frappe.get_doc("Decree", decree)
	assert (doc.line_count, [row.given_at for row in doc.paraf]) == (6, [None] * 4)
	city.initial(decree)
	assert city.signed(decree).applied == 6


def test_what_is_edited_after_the_signing_does_not_change_what_was_signed(city):
	name = recommended(city)
	decree = city.decree("Reappointment", name, sign=False).name
	signed = city.submitted(decree)
	frappe.db.commit()
	first, second = frappe.get_all("Contract Renewal", pluck="name", order_by="name")[:2]
	with city.acting(MAYOR, "2021-02-03"):
		renewal = frappe.get_doc("Contract Renewal", first)
		renewal.proposed_opd = "PUPR"
		renewal.save()
	with city.acting(BKPPD_HEAD, "2021-02-03"):
		renewal = frappe.get_doc("Contract Renewal", second)
		renewal.update({"proposed_opd": "PUPR", "workflow_state": "SK Issued"})
		renewal.submit()
		frappe.db.commit()
		run.execute(signed.flags.run)
	assert frappe.db.get_value("Contract Renewal", second, "proposed_opd") == "DISHUB"
	contracts = frappe.get_all("PTT Contract", filters={"decree": decree}, pluck="opd")
	assert contracts == ["DISHUB"] * 6


def test_a_form_that_sends_dates_as_text_takes_the_paraf_away(city):
	decree = city.decree("Reappointment", recommended(city), sign=False)
	with city.acting(CLERK, "2021-02-03"):
		doc = frappe.get_doc(frappe.parse_json(frappe.get_doc("Decree", decree.name).as_json()))
		doc.save()
		assert all(row.given_at for row in doc.paraf)
		doc.term_end = "2021-11-30"
		doc.save()
	assert [row.given_at for row in frappe.get_doc("Decree", decree.name).paraf] == [None] * 4


def test_what_came_between_the_signature_and_its_effect_gives_two_contracts_or_one_to_a_leaver(city):
	name = recommended(city)
	decree = city.decree("Reappointment", name, sign=False).name
	signed = city.submitted(decree)
	frappe.db.commit()
	rows = frappe.get_all("Contract Renewal", fields=["name", "personnel"], order_by="name")
	leaver, taken, renewed = rows[:3]
	left = {"personnel": leaver.personnel, "reason": "BUMN", "exit_date": "2021-02-01"}
	other = {"personnel": taken.personnel, "start_date": "2021-03-01", "end_date": "2021-06-30"}
	more = {"opd": "DISHUB", "position": "Juru Parkir", "monthly_pay": 2_000_000}
	with city.acting(CLERK, "2021-02-03"):
		frappe.get_doc({"doctype": "Personnel Exit", **left, "docstatus": 1}).insert()
		frappe.get_doc({"doctype": "PTT Contract", **other, **more, "docstatus": 1}).insert()
	frappe.db.set_value("Contract Renewal", renewed.name, "new_contract", "another")
	frappe.db.commit()
	run.execute(signed.flags.run)
	told = frappe.get_all("Bulk Run Failure", {"bulk_run": signed.flags.run}, ["reference_name", "reason"])
	assert {row.reference_name: row.reason for row in told} == {
		taken.name: "Another contract of the person overlaps the new term.",
		renewed.name: "The contract has been renewed in this round already.",
	}
	assert city.states(name) == {"SK Issued": 3, "Mayor Recommended": 2, "Withdrawn": 1}
	assert frappe.db.count("PTT Contract", {"decree": decree}) == 3


def test_a_signature_whose_answer_was_lost_is_given_twice(city):
	name = recommended(city)
	decree = city.decree("Reappointment", name, sign=False)
	with city.acting(BKPPD_HEAD, "2021-02-03"):
		about = cycle.signing(decree.name)
		assert (about["total"], about["opds"][0]["people"], len(about["people"])) == (6, 6, 6)
		first = cycle.sign(decree.name, str(decree.modified))
		frappe.db.commit()
		again = cycle.sign(decree.name, str(decree.modified))
		assert again["name"] == first["name"]
		run.execute(first["name"])
		assert cycle.sign(decree.name)["name"] == first["name"]
	assert city.states(name) == {"SK Issued": 6}
	assert frappe.db.count("Bulk Run", {"action": "issue"}) == 1


def test_a_draft_that_has_changed_since_it_was_read_is_signed(city):
	decree = city.decree("Reappointment", recommended(city), sign=False)
	with city.acting(CLERK, "2021-02-03"):
		frappe.get_doc("Decree", decree.name).save()
	frappe.db.commit()
	with city.acting(BKPPD_HEAD, "2021-02-03"), pytest.raises(frappe.TimestampMismatchError):
		cycle.sign(decree.name, str(decree.modified))
	with city.acting(CLERK, "2021-02-03"), pytest.raises(frappe.PermissionError):
		cycle.sign(decree.name)
	frappe.db.rollback()
	assert frappe.db.get_value("Decree", decree.name, "docstatus") == 0


@pytest.mark.parametrize("action", ["hold", "return"])
def test_somebody_is_taken_out_between_the_signature_and_its_effect(city, action):
	name = recommended(city)
	decree = city.decree("Reappointment", name, sign=False).name
	signed = city.submitted(decree)
	frappe.db.commit()
	ended = city.run(MAYOR, "2021-02-03", action, round=name, reason="a")
	assert (ended["done"], ended["failed"]) == (0, 6)
	told = f"The Reappointment decree {signed.decree_number} names the person."
	assert set(frappe.get_all("Bulk Run Failure", pluck="reason")) == {told}
	one = frappe.get_all("Contract Renewal", pluck="name", order_by="name")[0]
	with city.acting(MAYOR, "2021-02-03"), pytest.raises(TransitionRefusedError, match=re.escape(told)):
		cycle.act(one, action.title(), "a")
	frappe.db.rollback()
	run.execute(signed.flags.run)
	assert city.states(name) == {"SK Issued": 6}


@pytest.mark.parametrize("action", ["Hold", "Return"])
def test_somebody_is_taken_out_in_the_moment_of_the_signature(city, action):
	name = recommended(city)
	decree = city.decree("Reappointment", name, sign=False).name
	first, second = frappe.get_all("Contract Renewal", pluck="name", order_by="name")[:2]
	mayor = {"user": MAYOR, "on": "2021-02-03"}
	with city.acting(MAYOR, "2021-02-03"):
		frappe.get_doc("Contract Renewal", first).perform(action, "a")
	signing = {"do": "submit", "doctype": "Decree", "name": decree, "user": BKPPD_HEAD, "on": "2021-02-03"}
	refused = while_waiting(signing, frappe.db.commit)
	moved = frappe.db.get_value("Contract Renewal", first, "personnel_name")
	assert (
		f"DecreeError: The decree may no longer name: {moved}. Gather its people again." in refused["error"]
	)
	assert frappe.db.get_value("Decree", decree, "docstatus") == 0

	city.initial(gathered_anew(city, decree))
	signed = city.submitted(decree)
	told = f"The Reappointment decree {signed.decree_number} names the person."
	refused = while_waiting(
		{"do": "act", "name": second, "action": action, "reason": "a", **mayor}, frappe.db.commit
	)
	assert f"TransitionRefusedError: {told}" in refused["error"]
	run.execute(signed.flags.run)
	assert city.states(name)["SK Issued"] == 5


@pytest.mark.parametrize("action", ["hold", "return"])
def test_people_are_taken_out_by_a_mass_step_in_the_moment_of_the_signature(city, action):
	name = recommended(city)
	decree = city.decree("Reappointment", name, sign=False).name
	with city.acting(MAYOR, "2021-02-03"):
		# recorded before: InnoDB may have its row wait beside that of the decree's run, where tests have deleted rows
		ended = run.start(action, {"round": name, "reason": "a"}, in_background=True)["name"]
	signed = city.submitted(decree)
	assert while_waiting({"do": "execute", "run": ended}, frappe.db.commit)["done"] == 0
	frappe.db.rollback()
	told = f"The Reappointment decree {signed.decree_number} names the person."
	failures = frappe.get_all("Bulk Run Failure", {"bulk_run": ended}, pluck="reason")
	assert (len(failures), {*failures}) == (6, {told})
	run.execute(signed.flags.run)
	assert city.states(name) == {"SK Issued": 6}


SIGNING = {"do": "submit", "doctype": "Decree", "user": BKPPD_HEAD, "on": "2021-02-03"}
EXIT = {"doctype": "Personnel Exit", "reason": "BUMN", "exit_date": "2021-02-01", "docstatus": 1}


@pytest.mark.parametrize("by", ["mass step", "exit"])
def test_whom_an_unfinished_step_takes_out_is_signed_for(city, by):
	name = recommended(city)
	decree = city.decree("Reappointment", name, sign=False).name
	rows = frappe.get_all("Contract Renewal", ["personnel", "personnel_name"], order_by="name")
	out = [row.personnel_name for row in (rows[:1] if by == "exit" else rows)]
	if by == "exit":
		with city.acting(CLERK, "2021-02-03"):
			frappe.get_doc({**EXIT, "personnel": rows[0].personnel}).insert()
	else:
		with city.acting(MAYOR, "2021-02-03"):
			step = recommendation.Hold({"round": name, "reason": "a"}, MAYOR)
			assert step.apply(step.names(""), Trail(MAYOR, None)) == {}
	refused = while_waiting({**SIGNING, "name": decree}, frappe.db.commit)
	lines = frappe.get_all("Decree Line", {"decree": decree}, pluck="full_name", order_by="line_number")
	told = ", ".join(person for person in lines if person in out)
	assert f"DecreeError: The decree may no longer name: {told}. Gather its people again." in refused["error"]
	assert frappe.db.get_value("Decree", decree, "docstatus") == 0


def test_a_signature_and_a_mass_step_at_once_end_each_other_or_contradict_each_other(city):
	name = recommended(city)
	decree = city.decree("Reappointment", name, sign=False).name
	hold = {"do": "start", "user": MAYOR, "on": "2021-02-03", "action": "hold"}
	hold["criterion"] = {"round": name, "reason": "a"}
	signed, held = together({**SIGNING, "name": decree}, hold)
	frappe.db.rollback()
	assert held["code"] == 0, held["error"]
	if signed["code"]:
		assert "DecreeError: The decree may no longer name: " in signed["error"]
		assert city.states(name) == {"Held": 6}
	else:
		assert run.summary(held["run"])["failed"] == 6
		run.execute(frappe.get_all("Bulk Run", {"action": "issue"}, pluck="name")[0])
		assert city.states(name) == {"SK Issued": 6}


def test_an_exit_in_the_moment_of_an_issue_ends_in_a_deadlock(city):
	name = recommended(city)
	city.submitted(city.decree("Reappointment", name, sign=False).name)
	frappe.db.commit()
	(issue,) = frappe.get_all("Bulk Run", {"action": "issue"}, pluck="name")
	person = frappe.get_all("Contract Renewal", pluck="personnel", order_by="name")[0]

	def leave():
		with city.acting(CLERK, "2021-02-03"):
			frappe.get_doc({**EXIT, "personnel": person}).insert()
		frappe.db.commit()

	frappe.db.get_value("Personnel", person, "duty_status", for_update=True)  # as an exit begins
	answer = while_waiting({"do": "execute", "run": issue}, leave)
	assert (answer["code"], answer.get("done")) == (0, 5), answer["error"]
	assert city.states(name) == {"SK Issued": 5, "Withdrawn": 1}


def gathered_anew(city, decree: str) -> str:
	with city.acting(CLERK, "2021-02-03"):
		cycle.gather(decree)
	frappe.db.commit()
	return decree


@pytest.mark.parametrize("kind", ["Reappointment", "Termination"])
def test_two_decrees_of_a_kind_name_the_same_person(city, kind):
	name = recommended(city)
	run_all("2021-01-04")
	drafts = [city.decree(kind, name, sign=False).name for _ in range(2)]
	signing = {"do": "submit", "doctype": "Decree", "user": BKPPD_HEAD, "on": "2021-02-03"}
	answers = together(*({**signing, "name": draft} for draft in drafts))
	assert sorted(answer["code"] for answer in answers) == [0, 1]
	(refused,) = (answer["error"] for answer in answers if answer["code"])
	assert "DecreeError: The decree may no longer name: " in refused
	frappe.db.rollback()
	assert sorted(frappe.get_all("Decree", pluck="docstatus")) == [0, 1]
	named = frappe.get_all("Decree Line", {"signed": 1}, pluck="contract")
	assert len(named) == len(set(named)) == frappe.db.count("Personnel")
	with pytest.raises(DecreeError, match="The decree names nobody"):
		city.decree(kind, name, sign=False)
