"""Bad input is refused with a message that says what is wrong, and nothing of it is kept.

In the order of the year: contracts, the round, scores, the three users, the workflow, decrees, identities,
mass steps, the stand-down, exits, settings.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from threading import Event
from unittest.mock import patch

import frappe
import pytest
from frappe import client
from frappe.model.workflow import WorkflowPermissionError, WorkflowTransitionError, apply_workflow

from kupang_hr import exceptions
from kupang_hr.api import cycle
from kupang_hr.bulk import query, run
from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.run import acting_as
from kupang_hr.clock import as_of
from kupang_hr.cycle import decrees
from kupang_hr.cycle.year_end import run_all
from kupang_hr.kupang_hr.doctype.contract_renewal.contract_renewal import DERIVED
from kupang_hr.rules import renewal as law
from tests.site.city import (
	BKPPD_HEAD,
	CLERK,
	DINKES_HEAD,
	HEAD,
	MAYOR,
	OTHER_HEAD,
	PARAF,
	SCORES,
	City,
	failures,
)

ROUND = "2021"
RENEWAL, APPRAISAL, CONTRACT = "Contract Renewal", "Performance Appraisal", "PTT Contract"
THREE_USERS = "Rating, recommending and issuing are done by three users; you already did one."
NOT_YOURS = "Not in the state that this step starts from, or not yours."
DERIVED_ERROR = exceptions.DerivedFieldError
NOT_THE_RATER = "Only the head of the person's OPD rates."
SOMEBODY = "three-roles@city.test"


@contextmanager
def refused(message: str, error: type[Exception] = frappe.ValidationError) -> Iterator[None]:
	"""What happens inside is refused in exactly these words, and has committed nothing before.

	The transaction is rolled back, as Frappe does with that of a request that failed.
	"""
	frappe.db.commit()
	with patch.object(frappe.db, "commit") as commit, pytest.raises(error, match=f"^{re.escape(message)}$"):
		yield
	assert not commit.called
	frappe.db.rollback()
	frappe.clear_messages()


@contextmanager
def request_begun_before(site: str, user: str, on: str, action: Callable) -> Iterator[Future]:
	"""`action` in another connection, which sees the database as it was before what happens inside."""
	begun, go_on = Event(), Event()

	def work() -> None:
		frappe.init(site=site)
		frappe.connect()
		try:
			with acting_as(user), as_of(on):
				frappe.db.count("Personnel")  # from here on its view of the database stands still
				begun.set()
				go_on.wait(60)
				action()
				frappe.db.commit()
		finally:
			frappe.destroy()

	with ThreadPoolExecutor(1) as pool:
		late = pool.submit(work)
		assert begun.wait(60)
		yield late
		frappe.db.commit()
		go_on.set()


def person_of(city: City, opd: str = "DISHUB") -> str:
	return city.settle(**{opd: 1})[0]


def full_name(personnel: str) -> str:
	return frappe.db.get_value("Personnel", personnel, "full_name")


def new_contract(personnel: str, start: str | None, end: str | None, **values):
	contract = {"doctype": CONTRACT, "personnel": personnel, "start_date": start, "end_date": end}
	seat = {"opd": "DISHUB", "position": "Juru Parkir", "monthly_pay": 2_000_000}
	return frappe.get_doc({**contract, **seat, **values})


def renewal_of(personnel: str):
	return frappe.get_doc(RENEWAL, f"{ROUND}-{personnel}")


def appraisal_of(personnel: str):
	return frappe.get_doc(APPRAISAL, f"PA-{ROUND}-{personnel}")


def fresh(doc):
	return frappe.get_doc(doc.doctype, doc.name)


def stored(doc, *fields: str):
	return frappe.db.get_value(doc.doctype, doc.name, fields if len(fields) > 1 else fields[0])


def score(doc, **scores: str):
	"""Type scores into an appraisal, by component with its spaces left out."""
	for row in doc.scores:
		row.score = scores.get(row.component.replace(" ", ""), row.score)
	return doc


def counts(answer: dict) -> tuple:
	return answer["status"], answer["total"], answer["done"], answer["failed"]


def draft(city: City) -> str:
	"""One person whose round is open."""
	personnel = person_of(city)
	city.opened()
	return personnel


def rated(city: City) -> str:
	personnel = draft(city)
	city.rated(ROUND)
	return personnel


def recommended(city: City) -> str:
	personnel = rated(city)
	city.run(MAYOR, "2021-01-20", "recommend", round=ROUND)
	return personnel


# Contracts


def test_two_contracts_of_a_person_would_share_a_day(city):
	personnel = person_of(city)
	message = f"{full_name(personnel)} already has a contract from 2020-01-01 to 2020-12-31."
	for start, docstatus in product(("2020-12-31", "2020-01-01"), (0, 1)):
		with city.acting(CLERK, "2020-06-01"), refused(message, exceptions.ContractOverlapError):
			new_contract(personnel, start, "2020-12-31", docstatus=docstatus).insert()
	assert frappe.db.count(CONTRACT) == 1


def test_a_contract_beside_another_one_would_be_refused(city):
	personnel = person_of(city)
	with city.acting(CLERK, "2020-12-01"):
		contract = new_contract(personnel, "2021-02-01", "2021-12-31", docstatus=1).insert()
	assert (contract.name, contract.status, contract.gap_days, contract.previous_contract) == (
		f"{personnel}-2021-1",
		"Upcoming",
		31,
		f"{personnel}-2020-1",
	)


def test_two_drafts_that_overlap_would_both_be_submitted_at_the_same_moment(site, city):
	personnel = person_of(city)
	with city.acting(CLERK, "2020-12-01"):
		names = [new_contract(personnel, "2021-01-01", "2021-12-31").insert().name for _ in range(2)]
	frappe.db.commit()

	def submit(name: str) -> None:
		frappe.get_doc(CONTRACT, name).submit()

	with request_begun_before(site, CLERK, "2020-12-01", lambda: submit(names[1])) as late:
		with city.acting(CLERK, "2020-12-01"):
			submit(names[0])
	assert isinstance(late.exception(60), exceptions.ContractOverlapError)
	frappe.db.rollback()
	assert [frappe.db.get_value(CONTRACT, name, "docstatus") for name in names] == [1, 0]


WRONG_TERMS = (
	("2021-07-01", "2022-06-30", "A PTT contract stays within one calendar year."),
	("2021-12-31", "2022-01-01", "A PTT contract stays within one calendar year."),
	("2021-12-31", "2021-01-01", "The contract ends before it starts."),
	(None, "2021-12-31", "A contract needs a person and a start date."),
)


def test_a_term_would_leave_its_year_or_run_backwards(city):
	personnel = person_of(city)
	for start, end, message in WRONG_TERMS:
		with city.acting(CLERK, "2020-12-01"), refused(message, exceptions.ContractTermError):
			new_contract(personnel, start, end).insert()
	assert frappe.db.count(CONTRACT) == 1


def test_a_day_that_no_calendar_has_would_end_a_contract(city):
	personnel = person_of(city)
	with city.acting(CLERK, "2020-12-01"):
		with pytest.raises(frappe.ValidationError, match=r"2021-02-29.* is not a valid date string"):
			new_contract(personnel, "2021-01-01", "2021-02-29").insert()
	assert frappe.db.count(CONTRACT) == 1


def test_a_civil_servant_would_get_a_contract(city):
	with city.acting(CLERK, "2020-06-01"):
		asn = {"doctype": "Personnel", "employment_type": "ASN", "full_name": "Ama Lay", "opd": "DISHUB"}
		person = frappe.get_doc({**asn, "position": "Analis"}).insert()
		with refused(f"Only a PTT has a contract; {person.name} is none."):
			new_contract(person.name, "2021-01-01", "2021-12-31").insert()
	assert not frappe.db.count(CONTRACT)


def test_a_new_ptt_would_enter_after_the_national_stop(city):
	frappe.get_doc("Kupang HR Settings").update({"new_ptt_stop_date": "2021-06-01"}).save()
	personnel = person_of(city)
	frappe.db.delete(CONTRACT)
	with city.acting(CLERK, "2021-07-01"):
		message = "No new PTT may enter from 2021-06-01 on."
		with refused(message, exceptions.ContractTermError):
			new_contract(personnel, "2021-07-01", "2021-12-31").insert()
		assert new_contract(personnel, "2021-05-31", "2021-12-31", docstatus=1).insert().status == "Active"


def test_the_end_of_a_contract_would_be_written_by_hand(city):
	by_exit = "A contract ends early by a Personnel Exit or a decree only."
	personnel = person_of(city)
	contract = frappe.get_doc(CONTRACT, f"{personnel}-2020-1")
	exit_of(personnel, "2020-11-30").insert()
	for values, message in (
		({"status": "Terminated"}, "The status of a contract follows from its dates."),
		({"terminated_on": "2020-03-31"}, by_exit),
		({"personnel_exit": f"EXIT-{personnel}-2020-11-30"}, by_exit),
		({"terminated_on": "2020-11-30", "personnel_exit": f"EXIT-{personnel}-2020-11-30"}, by_exit),
	):
		with city.acting(CLERK, "2020-06-01"), refused(message, exceptions.DerivedFieldError):
			fresh(contract).update(values).save()
	assert stored(contract, "terminated_on", "personnel_exit", "status") == (None, None, "Active")


def test_a_contract_would_claim_a_decree_that_does_not_name_the_person(city):
	personnel = recommended(city)
	decree = city.decree("Reappointment", ROUND, sign=False)
	with city.acting(CLERK, "2021-02-03"):
		with refused("Decree is set by the yearly steps.", exceptions.DerivedFieldError):
			new_contract(personnel, "2021-01-01", "2021-12-31", decree=decree.name, docstatus=1).insert()
	assert frappe.db.count(CONTRACT) == 1


def test_a_deleted_draft_would_stop_the_next_contract_of_the_year(city):
	personnel = person_of(city)
	with city.acting(CLERK, "2020-12-01"):
		first, second = (new_contract(personnel, "2021-01-01", "2021-03-31").insert() for _ in range(2))
		frappe.delete_doc(CONTRACT, first.name)
		third = new_contract(personnel, "2021-04-01", "2021-12-31").insert()
	assert (second.name, third.name) == (f"{personnel}-2021-2", f"{personnel}-2021-3")


@pytest.mark.parametrize(
	"year, ends, first_working_day",
	[
		(2020, "2020-02-29", "2020-03-02"),
		(2024, "2024-02-29", "2024-03-01"),
		(2020, "2020-12-31", "2021-01-04"),
		(2024, "2024-12-31", "2025-01-02"),
	],
)
def test_a_term_of_a_leap_year_would_end_on_another_day(city, year, ends, first_working_day):
	personnel = person_of(city)
	frappe.db.delete(CONTRACT)
	with city.acting(CLERK, f"{year}-01-02"):
		contract = new_contract(personnel, f"{year}-01-01", ends, docstatus=1).insert()
		values = {"ending_from": f"{year}-01-01", "ending_to": ends, "term_end": f"{year + 1}-12-31"}
		values |= {"doctype": "Renewal Round", "year": year + 1, "term_start": f"{year + 1}-01-02"}
		round_name = frappe.get_doc(values).insert().name
		frappe.get_doc({"doctype": "Stand Down Order", "round": round_name}).insert()
	run_all(ends)
	assert stored(contract, "status") == "Active"
	run_all(frappe.utils.add_days(ends, 1))
	assert stored(contract, "status") == "Expired"
	order = frappe.get_doc("Stand Down Order", f"SDO-{round_name}")
	assert str(order.effective_date) == first_working_day


def test_a_wrong_contract_could_not_be_cancelled(city):
	personnel = person_of(city)
	run_all("2021-01-01")
	with city.acting(CLERK, "2021-01-02"):
		contract = new_contract(personnel, "2021-01-01", "2021-12-31", opd="PUPR", docstatus=1).insert()
	seat = ["opd", "duty_status"]
	assert frappe.db.get_value("Personnel", personnel, seat) == ("PUPR", "On Duty")
	with city.acting(CLERK, "2021-01-02"), refused("", frappe.PermissionError):
		fresh(contract).cancel()
	with city.acting(BKPPD_HEAD, "2021-01-02"):
		fresh(contract).cancel()
	assert stored(contract, "docstatus") == 2


def test_a_contract_given_by_decree_would_be_cancelled(city):
	personnel = recommended(city)
	city.decree("Reappointment", ROUND)
	contract = frappe.get_doc(CONTRACT, f"{personnel}-2021-1")
	message = "A contract given by decree ends by exit or by a Revocation decree."
	with city.acting(BKPPD_HEAD, "2021-02-10"), refused(message):
		contract.cancel()
	assert stored(contract, "docstatus", "status") == (1, "Active")


def test_somebody_called_back_by_a_wrong_contract_would_stay_on_duty(city):
	order = ordered(city)
	run_all("2021-01-04")
	assert city.duty() == {"Stood Down": 1}
	personnel = frappe.db.get_value("Stand Down Line", {"stand_down_order": order.name}, "personnel")
	with city.acting(CLERK, "2021-01-05"):
		contract = new_contract(personnel, "2021-01-01", "2021-12-31", docstatus=1).insert()
	assert city.duty() == {"On Duty": 1}
	frappe.db.commit()
	with city.acting(BKPPD_HEAD, "2021-01-06"):
		contract.cancel()
	assert city.duty() == {"Stood Down": 1}


# The round


def test_a_person_would_have_two_renewals_in_a_round(city):
	personnel = draft(city)
	message = f"{full_name(personnel)} already has a renewal in round 2021."
	with city.acting(CLERK, "2020-11-20"), refused(message, exceptions.DuplicateRenewalError):
		frappe.get_doc({"doctype": RENEWAL, "round": ROUND, "personnel": personnel}).insert()
	assert frappe.db.count(RENEWAL) == 1


def test_two_clerks_at_once_would_make_two_renewals_of_a_person(site, city):
	personnel = person_of(city)
	city.round()

	def insert() -> None:
		frappe.get_doc({"doctype": RENEWAL, "round": ROUND, "personnel": personnel}).insert()

	with request_begun_before(site, CLERK, "2020-11-20", insert) as late:
		with city.acting(CLERK, "2020-11-20"):
			insert()
	assert isinstance(late.exception(60), frappe.DuplicateEntryError)
	frappe.db.rollback()
	assert (frappe.db.count(RENEWAL), frappe.db.count(APPRAISAL)) == (1, 1)


def test_a_second_renewal_under_another_name_would_pass_the_index(city):
	personnel = draft(city)
	row = {"name": "another", "personnel": personnel, "round": ROUND}
	with pytest.raises(Exception) as caught:
		query.insert_dicts(RENEWAL, [row])
	frappe.db.rollback()
	assert frappe.db.is_duplicate_entry(caught.value)
	assert frappe.db.count(RENEWAL) == 1


def test_a_renewal_would_begin_in_another_state_than_draft(city):
	personnel = person_of(city)
	city.round()
	for values in (
		{"workflow_state": "Mayor Recommended"},
		{"docstatus": 1},
		{"workflow_state": "SK Issued"},
	):
		new = {"doctype": RENEWAL, "round": ROUND, "personnel": personnel, **values}
		with city.acting(BKPPD_HEAD, "2020-11-20"), pytest.raises(frappe.PermissionError):
			client.insert(new)
		frappe.db.rollback()
		with city.acting("Administrator", "2020-11-20"):
			with refused("A renewal begins as Draft.", exceptions.TransitionRefusedError):
				client.insert(new)
	assert not frappe.db.count(RENEWAL)


def test_a_renewal_would_begin_with_values_that_the_year_derives(city):
	personnel = person_of(city)
	city.round()
	values = {"rating": "Sangat Baik", "total_score": 100, "rated_by": CLERK, "recommended_by": MAYOR}
	with city.acting(CLERK, "2020-11-20"):
		new = {"doctype": RENEWAL, "round": ROUND, "personnel": personnel, **values}
		client.insert(new)
	assert stored(renewal_of(personnel), *values) == (None, 0, None, None)


def test_a_person_without_a_contract_in_the_round_would_be_renewed(city):
	personnel = person_of(city)
	city.round(2022)
	message = "No contract of the person ends in this round."
	with city.acting(CLERK, "2021-11-20"), refused(message, exceptions.TransitionRefusedError):
		frappe.get_doc({"doctype": RENEWAL, "round": "2022", "personnel": personnel}).insert()
	assert not frappe.db.count(RENEWAL)


def test_a_closed_round_would_be_opened_again(city):
	person_of(city)
	frappe.db.set_value("Renewal Round", city.round().name, "status", "Closed")
	with city.acting(CLERK, "2020-11-20"), refused("Round 2021 is closed."):
		run.start("open", {"round": ROUND})
	assert (frappe.db.count(RENEWAL), frappe.db.count("Bulk Run")) == (0, 0)


def test_a_round_would_be_closed_over_people_who_wait_or_by_hand(city):
	personnel = draft(city)
	with city.acting(CLERK, "2020-11-20"), refused("1 renewals of round 2021 wait for a decision."):
		cycle.close_round(ROUND)
	with city.acting(CLERK, "2020-11-20"), refused("Status is set by the yearly steps.", DERIVED_ERROR):
		frappe.get_doc("Renewal Round", ROUND).update({"status": "Closed"}).save()
	with city.acting(CLERK, "2020-11-20"), refused("Status is set by the yearly steps.", DERIVED_ERROR):
		frappe.get_doc({"doctype": "Renewal Round", "year": 2022, "status": "Closed"}).insert()
	with city.acting(CLERK, "2020-12-18"):
		exit_of(personnel, docstatus=1).insert()
		for _again in range(2):
			assert cycle.close_round(ROUND) == {"name": ROUND, "status": "Closed"}
	versions = frappe.get_all("Version", {"ref_doctype": "Renewal Round", "docname": ROUND}, pluck="data")
	assert sum('"Closed"' in data for data in versions) == 1
	with city.acting(HEAD, "2020-12-18"), refused("", frappe.PermissionError):
		cycle.close_round(ROUND)


WRONG_ROUNDS = (
	({"year": 1999}, "1999 is not a year of a round."),
	(
		{"year": 2021, "ending_to": "2019-12-31"},
		"The contracts that end: the last day lies before the first.",
	),
	({"year": 2021, "term_end": "2022-01-31"}, "The new term stays within one calendar year."),
	({"year": 2021, "ending_to": "2021-01-01"}, "The new term begins after the contracts that end."),
	({"year": 2021, "waves": [{"wave": 1}, {"wave": 1}]}, "A wave is there twice."),
)


def test_a_round_would_make_no_sense(city):
	for values, message in WRONG_ROUNDS:
		with city.acting(CLERK, "2020-11-16"), refused(message):
			frappe.get_doc({"doctype": "Renewal Round", **values}).insert()
	assert not frappe.db.count("Renewal Round")


def test_a_year_could_be_kept_in_a_contract_whose_name_says_another(city):
	personnel = person_of(city)
	with city.acting(CLERK, "2020-12-01"):
		contract = new_contract(personnel, "2021-01-01", "2021-12-31").insert()
		message = f"{contract.name} stays a contract of this person and year; make another one."
		with refused(message, exceptions.ContractTermError):
			contract.update({"start_date": "2022-01-01", "end_date": "2022-12-31"}).save()
	assert str(stored(contract, "start_date")) == "2021-01-01"


# Scores


WRONG_SCORES = (
	({"Behaviour": "100.5"}, "The score of Behaviour must be from 0 to 100: 100.5"),
	({"Behaviour": "-1"}, "The score of Behaviour must be from 0 to 100: -1"),
	({"Behaviour": "baik"}, "The score of Behaviour is not a number: baik"),
	({"Behaviour": "NaN"}, "The score of Behaviour is not a number: NaN"),
	({"Behaviour": "Infinity"}, "The score of Behaviour is not a number: Infinity"),
	({"Behaviour": "8 5"}, "The score of Behaviour is not a number: 8 5"),
	(
		{"WorkResults": "x", "Behaviour": "101"},
		"The score of Work Results is not a number: x<br>The score of Behaviour must be from 0 to 100: 101",
	),
)


def test_a_score_that_is_none_would_be_saved(city):
	personnel = draft(city)
	for scores, message in WRONG_SCORES:
		appraisal = score(appraisal_of(personnel), **scores)
		with city.acting(HEAD, "2020-12-07"), refused(message, exceptions.ScoreError):
			appraisal.save()
	assert [row.score for row in fresh(appraisal).scores][:2] == [None, None]


@pytest.mark.parametrize(
	"typed, message",
	[
		({"scores": {"Behaviour": "101"}}, "The score of Behaviour must be from 0 to 100: 101"),
		({"scores": {"Behaviour": "baik"}}, "The score of Behaviour is not a number: baik"),
		({"scores": {"Looks": "90"}}, "The scheme has no component Looks."),
		({"scores": 90}, "Scores are given by component."),
		({"recommendation": "Maybe"}, "Recommendation to the Mayor cannot be Maybe."),
		({"reason": ["a"]}, "Reason is a text."),
	],
)
def test_a_mass_step_would_save_what_the_form_refuses(city, typed, message):
	appraisal = appraisal_of(draft(city))
	answer = city.score(ROUND, **{appraisal.name: typed})
	assert (counts(answer), failures(answer)) == (("Completed", 1, 0, 1), {appraisal.name: message})
	assert stored(appraisal, "total", "recommendation", "reason") == (0, "", None)


def test_a_decimal_comma_would_not_be_understood(city):
	appraisal = score(appraisal_of(draft(city)), WorkResults="85,5", Behaviour=" 80 ")
	with city.acting(HEAD, "2020-12-07"):
		appraisal.submit()
	expected = 0.4 * 85.5 + 0.3 * 80 + 0.3 * appraisal.attendance_score
	assert abs(appraisal.total - expected) <= 0.006
	assert stored(renewal_of(appraisal.personnel), "workflow_state", "rating") == ("Rated", appraisal.rating)


@pytest.mark.parametrize(
	"scores, message",
	[
		({}, "The score of Work Results is missing.<br>The score of Behaviour is missing."),
		({"WorkResults": "85"}, "The score of Behaviour is missing."),
		({"WorkResults": "85", "Behaviour": " "}, "The score of Behaviour is missing."),
	],
)
def test_a_person_would_be_rated_without_a_score(city, scores, message):
	appraisal = score(appraisal_of(draft(city)), **scores)
	with city.acting(HEAD, "2020-12-08"):
		appraisal.save()
		with refused(message, exceptions.ScoreError):
			appraisal.submit()
	answer = city.run(HEAD, "2020-12-08", "rate", round=ROUND)
	assert failures(answer) == {appraisal.name: message.replace("<br>", " ")}
	assert (stored(appraisal, "docstatus"), city.states(ROUND)) == (0, {"Draft": 1})


def test_a_person_without_attendance_would_be_rated(city):
	appraisal = appraisal_of(draft(city))
	frappe.db.delete("Attendance Summary")
	message = "The Attendance Summary of the year is missing."
	with city.acting(HEAD, "2020-12-08"):
		score(appraisal, WorkResults="85", Behaviour="80").save()
		with refused(message, exceptions.ScoreError):
			appraisal.submit()
	answer = city.run(HEAD, "2020-12-08", "rate", round=ROUND)
	assert failures(answer) == {appraisal.name: message}
	assert (stored(appraisal, "docstatus"), city.states(ROUND)) == (0, {"Draft": 1})


WRONG_ATTENDANCE = (
	({"days_expected": 0, "days_present": 0, "days_unexcused": 0}, "The Attendance Summary expects no day."),
	({"days_present": -1}, "The Attendance Summary is impossible: days_present is -1."),
	({"days_unexcused": 9}, "235 days present and 9 unexcused are more than the 240 expected."),
)


def test_an_attendance_summary_would_be_impossible(city):
	personnel = person_of(city)
	summary = {"doctype": "Attendance Summary", "personnel": personnel, "year": 2021}
	for days, message in WRONG_ATTENDANCE:
		counted = {"days_expected": 240, "days_present": 235, "days_unexcused": 1, **days}
		with city.acting(CLERK, "2021-12-01"), refused(message, exceptions.ScoreError):
			frappe.get_doc({**summary, **counted}).insert()
	assert not frappe.db.exists("Attendance Summary", {"year": 2021})


@pytest.mark.parametrize("scores, rating", [(("50", "30"), "Kurang"), (("10", "10"), "Buruk")])
def test_a_low_rating_would_stand_without_a_written_reason(city, scores, rating):
	appraisal = score(appraisal_of(draft(city)), WorkResults=scores[0], Behaviour=scores[1])
	message = f"The rating {rating} needs a written reason."
	with city.acting(HEAD, "2020-12-08"):
		appraisal.save()
		for reason in (None, "", " \n"):
			with refused(message, exceptions.ScoreError):
				fresh(appraisal).update({"reason": reason}).submit()
	assert failures(city.run(HEAD, "2020-12-08", "rate", round=ROUND)) == {appraisal.name: message}
	assert city.states(ROUND) == {"Draft": 1}
	with city.acting(HEAD, "2020-12-09"):
		fresh(appraisal).update({"reason": "sering tidak hadir"}).submit()
	assert stored(renewal_of(appraisal.personnel), "workflow_state", "rating") == ("Rated", rating)


def test_a_total_typed_by_hand_would_stand(city):
	appraisal = score(appraisal_of(draft(city)), WorkResults="85", Behaviour="80")
	with city.acting(HEAD, "2020-12-08"):
		derived = {"total": 100, "rating": "Sangat Baik", "attendance_score": 1, "appraised_by": MAYOR}
		appraisal.update(derived).save()
		assert stored(appraisal, "rating", "appraised_by") == ("Baik", None)
		appraisal.update(derived).submit()
	total, rating, attendance, by = stored(appraisal, *derived)
	assert abs(total - (58 + 0.3 * attendance)) <= 0.006
	assert (rating, by) == ("Baik", HEAD)
	assert stored(renewal_of(appraisal.personnel), "total_score", "rating") == (total, "Baik")


def test_somebody_would_rate_themself(city):
	personnel = draft(city)
	frappe.db.set_value("Personnel", personnel, "user", HEAD)
	appraisal = score(appraisal_of(personnel), WorkResults="100", Behaviour="100")
	message = "Nobody rates their own appraisal."
	with city.acting(HEAD, "2020-12-08"):
		with refused("", frappe.PermissionError):
			appraisal.save()
		appraisal.flags.ignore_permissions = True
		with refused(message, exceptions.RaterError):
			appraisal.submit()
	typed = {"round": ROUND, "scores": {appraisal.name: {"scores": SCORES}}}
	for action, criterion in (("score", typed), ("rate", {"round": ROUND, "names": [appraisal.name]})):
		answer = city.run(HEAD, "2020-12-08", action, **criterion)
		assert failures(answer) == {appraisal.name: NOT_YOURS}
	assert (stored(appraisal, "docstatus", "total"), city.states(ROUND)) == ((0, 0), {"Draft": 1})


def test_a_head_would_rate_another_opd(city):
	personnel = draft(city)
	appraisal = score(appraisal_of(personnel), WorkResults="85", Behaviour="80")
	with city.acting(OTHER_HEAD, "2020-12-08"), refused("", frappe.PermissionError):
		appraisal.submit()
	typed = {"round": ROUND, "scores": {appraisal.name: {"scores": SCORES}}}
	for action, criterion in (("score", typed), ("rate", {"round": ROUND, "names": [appraisal.name]})):
		answer = city.run(OTHER_HEAD, "2020-12-08", action, **criterion)
		assert (counts(answer), failures(answer)) == (("Completed", 1, 0, 1), {appraisal.name: NOT_YOURS})
	assert (stored(appraisal, "docstatus", "total"), city.states(ROUND)) == ((0, 0), {"Draft": 1})


def test_the_head_above_would_rate_a_node_that_has_its_own(city):
	personnel = person_of(city, "PKM ALAK")
	city.opened()
	city.seat("PKM ALAK", OTHER_HEAD)
	appraisal = score(appraisal_of(personnel), WorkResults="85", Behaviour="80")
	with city.acting(DINKES_HEAD, "2020-12-08"), refused(NOT_THE_RATER, exceptions.RaterError):
		appraisal.submit()
	answer = city.run(DINKES_HEAD, "2020-12-08", "rate", round=ROUND, names=[appraisal.name])
	assert failures(answer) == {appraisal.name: NOT_YOURS}
	assert city.states(ROUND) == {"Draft": 1}
	city.seat("PKM ALAK", None)
	with city.acting(DINKES_HEAD, "2020-12-08"):
		score(fresh(appraisal), WorkResults="85", Behaviour="80").submit()
	assert stored(renewal_of(personnel), "workflow_state", "rated_by") == ("Rated", DINKES_HEAD)


def test_somebody_else_would_type_scores_into_a_draft(city):
	"""A clerk and the head above may open the draft; what it says is the rater's, mass step and form alike."""
	person = city.settle(**{"PKM ALAK": 1})[0]
	city.seat("PKM ALAK", HEAD)
	city.opened()
	with city.acting(DINKES_HEAD, "2020-12-07"), refused(NOT_THE_RATER, exceptions.RaterError):
		score(appraisal_of(person), WorkResults="85").save()
	with city.acting(DINKES_HEAD, "2020-12-07"), refused(NOT_THE_RATER, exceptions.RaterError):
		appraisal_of(person).update({"recommendation": "Renew"}).save()
	with city.acting(DINKES_HEAD, "2020-12-07"):
		appraisal_of(person).save()
	with city.acting(HEAD, "2020-12-07"):
		score(appraisal_of(person), WorkResults="85").save()


def test_a_second_appraisal_would_stand_beside_the_first(city):
	personnel = draft(city)
	message = f"{full_name(personnel)} already has the appraisal PA-2021-{personnel} in this round."
	with city.acting(HEAD, "2020-12-08"), refused(message, exceptions.DuplicateRenewalError):
		frappe.get_doc({"doctype": APPRAISAL, "round": ROUND, "personnel": personnel}).insert()
	assert frappe.db.count(APPRAISAL) == 1


def test_a_rated_appraisal_would_be_cancelled_behind_the_renewal(city):
	personnel = rated(city)
	message = f"Reopen the renewal 2021-{personnel}; that cancels its appraisal."
	with city.acting(BKPPD_HEAD, "2020-12-20"), refused("", frappe.PermissionError):
		appraisal_of(personnel).cancel()
	with city.acting("Administrator", "2020-12-20"), refused(message, exceptions.DerivedFieldError):
		appraisal_of(personnel).cancel()
	assert stored(appraisal_of(personnel), "docstatus") == 1


def test_a_reopened_person_could_not_be_rated_again(city):
	personnel = rated(city)
	with city.acting(BKPPD_HEAD, "2020-12-20"):
		renewal_of(personnel).perform("Reopen", "salah ketik")
	assert stored(renewal_of(personnel), "workflow_state", "appraisal", "rating", "rated_by", "reason") == (
		("Draft", None, None, None, "salah ketik")
	)
	frappe.db.commit()
	with city.acting(HEAD, "2020-12-21"):
		amended = frappe.copy_doc(appraisal_of(personnel))
		amended.amended_from = f"PA-2021-{personnel}"
		score(amended, WorkResults="95", Behaviour="95").insert()
	frappe.db.commit()
	assert counts(city.run(HEAD, "2020-12-22", "rate", round=ROUND)) == ("Completed", 1, 1, 0)
	assert stored(renewal_of(personnel), "workflow_state", "appraisal") == ("Rated", amended.name)


# The three users


@pytest.fixture
def somebody(city) -> str:
	"""A user who is head of an OPD, mayor and head of BKPPD at once, as a site may be set up."""
	if not frappe.db.exists("User", SOMEBODY):
		new = {"doctype": "User", "email": SOMEBODY, "first_name": "Tiga", "send_welcome_email": 0}
		roles = [{"role": role} for role in ("OPD Head", "Wali Kota", "BKPPD Head")]
		frappe.get_doc({**new, "roles": roles}).insert(ignore_permissions=True)
		frappe.db.commit()
	return SOMEBODY


def rated_by(city: City, user: str) -> list[str]:
	"""Two people, one of whom this user has rated and DLHK's head the other."""
	city.seat("DISHUB", user)
	names = city.settle(DISHUB=1, DLHK=1)
	city.opened()
	city.rated(ROUND, user, HEAD)
	return names


def test_the_rater_would_recommend_as_well(city, somebody):
	own, other = rated_by(city, somebody)
	with city.acting(somebody, "2021-01-20"):
		for action in ("Recommend", "Decline"):
			with refused(THREE_USERS, exceptions.TransitionRefusedError):
				renewal_of(own).perform(action, "alasan")
	answer = city.run(somebody, "2021-01-20", "recommend", round=ROUND)
	assert (counts(answer), failures(answer)) == (("Completed", 2, 1, 1), {f"2021-{own}": THREE_USERS})
	assert stored(renewal_of(own), "workflow_state", "recommended_by") == ("Rated", None)
	assert stored(renewal_of(other), "workflow_state", "recommended_by") == ("Mayor Recommended", somebody)


@pytest.mark.parametrize("part", ["rater", "recommender"])
def test_the_rater_or_the_recommender_would_issue_as_well(city, somebody, part):
	own, other = rated_by(city, somebody if part == "rater" else OTHER_HEAD)
	with city.acting(somebody if part == "recommender" else MAYOR, "2021-01-20"):
		renewal_of(own).perform("Recommend")
	frappe.db.commit()
	city.run(MAYOR, "2021-01-20", "recommend", round=ROUND)
	decree = city.decree("Reappointment", ROUND, sign=False).name
	with city.acting(somebody, "2021-02-03"):
		doc = frappe.get_doc("Decree", decree)
		doc.submit()
		frappe.db.commit()
		with refused(THREE_USERS, exceptions.TransitionRefusedError):
			renewal_of(own).perform("Issue SK")
		answer = run.execute(doc.flags.run)
	assert (counts(answer), failures(answer)) == (("Completed", 2, 1, 1), {f"2021-{own}": THREE_USERS})
	assert stored(renewal_of(own), "workflow_state", "issued_by") == ("Mayor Recommended", None)
	assert stored(renewal_of(other), "workflow_state", "issued_by") == ("SK Issued", somebody)
	assert frappe.db.get_value("Decree", decree, ["line_count", "applied"]) == (2, 1)
	again = city.run(BKPPD_HEAD, "2021-02-04", "issue", decree=decree)
	assert (counts(again), frappe.db.get_value("Decree", decree, "applied")) == (("Completed", 1, 1, 0), 2)


def test_one_could_not_undo_and_repeat_ones_own_part(city):
	personnel = rated(city)
	steps = (("Recommend", "Mayor Recommended"), ("Return", "Rated"), ("Decline", "Not Renewed"))
	again = (("Return", "Rated"), ("Hold", "Held"), ("Release", "Rated"), ("Recommend", "Mayor Recommended"))
	for action, state in (*steps, *again):
		with city.acting(MAYOR, "2021-01-20"):
			renewal_of(personnel).perform(action, "alasan")
		assert renewal_of(personnel).workflow_state == state
	assert stored(renewal_of(personnel), "rated_by", "recommended_by", "reason") == (HEAD, MAYOR, None)


def test_an_expectation_that_is_no_choice_would_break_the_matrix(city):
	person_of(city)
	city.opened(scheme="Scheme 2022")
	appraisal = frappe.get_doc(APPRAISAL, {"round": ROUND})
	typed = {"results_expectation": "Sideways", "behaviour_expectation": "Above"}
	message = "Choose results and behaviour against expectation."
	with city.acting(HEAD, "2020-12-07"), pytest.raises(frappe.ValidationError, match="Sideways"):
		appraisal.update(typed).save()
	frappe.db.rollback()
	answer = city.score(ROUND, **{appraisal.name: typed})
	assert list(failures(answer)) == [appraisal.name]
	answer = city.run(HEAD, "2020-12-08", "rate", round=ROUND)
	assert failures(answer) == {appraisal.name: message}
	typed = {"results_expectation": "Below", "behaviour_expectation": "Above"}
	assert counts(city.score(ROUND, **{appraisal.name: typed})) == ("Completed", 1, 1, 0)
	city.run(HEAD, "2020-12-08", "rate", round=ROUND)
	assert stored(renewal_of(appraisal.personnel), "rating") == "Butuh Perbaikan"


# State and docstatus, written directly


def by_form(name: str, values: dict) -> None:
	frappe.get_doc(RENEWAL, name).update(values).save()


def by_put(name: str, values: dict) -> None:
	frappe.get_doc(RENEWAL, name, for_update=True).update(values).save()


def by_set_value(name: str, values: dict) -> None:
	client.set_value(RENEWAL, name, values)


def by_client_save(name: str, values: dict) -> None:
	client.save({**frappe.get_doc(RENEWAL, name).as_dict(), **values})


def by_submit(name: str, values: dict) -> None:
	client.submit({**frappe.get_doc(RENEWAL, name).as_dict(), **values})


WAYS = (by_form, by_put, by_set_value, by_client_save)
JUMPS = {
	"past the mayor": (
		draft,
		CLERK,
		"Mayor Recommended",
		"A renewal cannot go from Draft to Mayor Recommended.",
	),
	"to the end": (
		draft,
		BKPPD_HEAD,
		"SK Issued",
		"Only a renewal in the state SK Issued is submitted, and it is.",
	),
	"past the decree": (
		rated,
		MAYOR,
		"SK Issued",
		"Only a renewal in the state SK Issued is submitted, and it is.",
	),
	"rated by the clerk": (draft, CLERK, "Rated", "Rate is done by OPD Head."),
	"rated without appraisal": (draft, HEAD, "Rated", "There is no submitted appraisal."),
	"recommended by the head": (rated, HEAD, "Mayor Recommended", "Recommend is done by Wali Kota."),
	"declined without reason": (rated, MAYOR, "Not Renewed", "Write a reason."),
	"withdrawn without exit": (draft, CLERK, "Withdrawn", "There is no submitted Personnel Exit."),
	"back to draft": (rated, MAYOR, "Draft", "Reopen is done by BKPPD Head."),
}


@pytest.mark.parametrize("jump", JUMPS)
def test_a_state_written_directly_would_skip_the_workflow(city, jump):
	prepare, user, state, message = JUMPS[jump]
	name = f"{ROUND}-{prepare(city)}"
	before = frappe.db.get_value(RENEWAL, name, "*")
	with city.acting(user, "2021-01-20"):
		error = frappe.PermissionError if " is done by " in message else exceptions.TransitionRefusedError
		for way in WAYS:
			with refused(message, error):
				way(name, {"workflow_state": state})
	assert frappe.db.get_value(RENEWAL, name, "*") == before


def test_a_state_that_nobody_has_heard_of_would_be_kept(city):
	name = f"{ROUND}-{draft(city)}"
	with city.acting(CLERK, "2021-01-20"), pytest.raises(frappe.LinkValidationError, match="Forgotten"):
		by_set_value(name, {"workflow_state": "Forgotten"})
	frappe.db.rollback()
	assert city.states(ROUND) == {"Draft": 1}


@pytest.mark.parametrize("state", [None, "SK Issued"])
@pytest.mark.parametrize("prepare", [draft, rated, recommended])
def test_a_docstatus_written_directly_would_issue_an_sk(city, prepare, state):
	name = f"{ROUND}-{prepare(city)}"
	before = frappe.db.get_value(RENEWAL, name, "*")
	values = {"docstatus": 1, **({"workflow_state": state} if state else {})}
	message = "Only a renewal in the state SK Issued is submitted, and it is."
	if state and prepare is recommended:
		message = "No submitted Reappointment decree names the person."
	elif state:
		message = f"A renewal cannot go from {before.workflow_state} to SK Issued."
	for way in (by_put, by_client_save, by_submit):
		with city.acting(BKPPD_HEAD, "2021-02-03"), refused(message, exceptions.TransitionRefusedError):
			way(name, values)
		with city.acting(MAYOR, "2021-02-03"), refused("", frappe.PermissionError):
			way(name, values)
	with city.acting(BKPPD_HEAD, "2021-02-03"), pytest.raises(frappe.DocstatusTransitionError):
		by_put(name, {"docstatus": 2})
	frappe.db.rollback()
	assert frappe.db.get_value(RENEWAL, name, "*") == before
	assert frappe.db.count(CONTRACT) == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_lawful_state_written_directly_would_leave_no_trace(city, way):
	name = f"{ROUND}-{rated(city)}"
	with city.acting(MAYOR, "2021-01-20"):
		values = {
			"workflow_state": "Mayor Recommended",
			"total_score": 100,
			"rated_by": MAYOR,
			"decree": None,
		}
		score_before = frappe.db.get_value(RENEWAL, name, "total_score")
		way(name, values)
	row = frappe.db.get_value(RENEWAL, name, ["workflow_state", "total_score", "rated_by", "recommended_by"])
	assert row == ("Mayor Recommended", score_before, HEAD, MAYOR)
	assert trace_of(name) == (["Rated", "Mayor Recommended"], [("Mayor Recommended", ("Wali Kota",))])


def trace_of(name: str) -> tuple[list[str], list[tuple]]:
	"""The Workflow comments of a renewal in their order, and its open inbox: states with their roles."""
	about = {"reference_doctype": RENEWAL, "reference_name": name}
	comments = frappe.get_all(
		"Comment", filters={**about, "comment_type": "Workflow"}, pluck="content", order_by="creation, name"
	)
	inbox = frappe.get_all(
		"Workflow Action", filters={**about, "status": "Open"}, fields=["name", "workflow_state"]
	)
	roles = {
		row.name: frappe.get_all(
			"Workflow Action Permitted Role", filters={"parent": row.name}, pluck="role", order_by="role"
		)
		for row in inbox
	}
	return comments, [(row.workflow_state, tuple(roles[row.name])) for row in inbox]


def test_what_the_year_derives_would_be_written_into_a_renewal(city):
	doc = renewal_of(draft(city))
	for fieldname, way in product(
		(*DERIVED, "round", "personnel", "old_contract"), (by_form, by_client_save)
	):
		value = {"total_score": 99.5, "rating": "Sangat Baik"}.get(fieldname, MAYOR)
		message = f"{doc.meta.get_label(fieldname)} is set by the yearly steps."
		with city.acting(CLERK, "2020-12-01"), refused(message, exceptions.DerivedFieldError):
			with patch("frappe.model.document.Document._validate_links"):
				way(doc.name, {fieldname: value})
	assert fresh(doc).as_dict() == doc.as_dict()


@pytest.mark.parametrize(
	"prepare, user, role, state",
	[
		(draft, HEAD, "BKPPD Clerk", "Draft"),
		(rated, CLERK, "Wali Kota", "Rated"),
		(recommended, BKPPD_HEAD, "Wali Kota", "Mayor Recommended"),
	],
)
def test_a_renewal_would_be_edited_by_a_role_whose_turn_it_is_not(city, prepare, user, role, state):
	name = f"{ROUND}-{prepare(city)}"
	before = frappe.db.get_value(RENEWAL, name, "*")
	message = f"In the state {state} a renewal is changed by {role}."
	for values in (
		{"proposed_opd": "PUPR"},
		{"reason": "lain"},
		{"wave": 3},
		{"proposed_position": "Kepala"},
	):
		for way in WAYS:
			with city.acting(user, "2021-01-20"), refused(message, frappe.PermissionError):
				way(name, values)
	assert frappe.db.get_value(RENEWAL, name, "*") == before


def test_a_renewal_would_be_deleted_or_its_sk_cancelled(city):
	personnel = recommended(city)
	name = f"{ROUND}-{personnel}"
	with city.acting("Administrator", "2021-02-03"):
		with refused(
			"A renewal is never deleted; a leaver's is withdrawn.", exceptions.TransitionRefusedError
		):
			frappe.delete_doc(RENEWAL, name)
	city.decree("Reappointment", ROUND)
	with city.acting("Administrator", "2021-02-03"):
		message = "An issued SK is undone by a Revocation decree only."
		with refused(message, exceptions.TransitionRefusedError):
			frappe.get_doc(RENEWAL, name).cancel()
	for values in ({"workflow_state": "Rated"}, {"rating": "Buruk"}, {"new_contract": None}):
		with city.acting(BKPPD_HEAD, "2021-02-03"), pytest.raises(frappe.ValidationError, match="ot allowed"):
			by_put(name, values)
		frappe.db.rollback()
	assert city.states(ROUND) == {"SK Issued": 1}


# Frappe's own workflow button


@dataclass
class Button:
	"""A transition by Frappe's own button: who presses it, what must be on file, and the inbox afterwards."""

	prepare: Callable[[City], str]
	user: str
	action: str
	state: str
	inbox: tuple[str, ...]
	facts: Callable[[str], None] = lambda _personnel: None


def appraised(personnel: str) -> None:
	"""A submitted appraisal, as if its own transition had been undone."""
	frappe.db.set_value(APPRAISAL, f"PA-{ROUND}-{personnel}", {"docstatus": 1, "total": 83, "rating": "Baik"})


def leaving(personnel: str) -> None:
	"""A submitted exit that has not withdrawn the renewal."""
	exit_of(personnel, docstatus=1).db_insert()


def staying(personnel: str) -> None:
	"""A cancelled exit that has not reinstated the renewal."""
	frappe.db.set_value("Personnel Exit", {"personnel": personnel}, "docstatus", 2)
	frappe.db.set_value(RENEWAL, f"{ROUND}-{personnel}", "personnel_exit", None)


def with_reason(personnel: str) -> None:
	frappe.db.set_value(RENEWAL, f"{ROUND}-{personnel}", "reason", "nilai Buruk")


def decreed(personnel: str) -> None:
	"""A signed decree whose run has not come to anybody yet."""
	decree = City().decree("Reappointment", ROUND, sign=False)
	with acting_as(BKPPD_HEAD), as_of("2021-02-03"):
		decree.submit()
	frappe.db.commit()


def exit_of(personnel: str, on: str = "2020-12-17", **values):
	reasons = {"reason": "BUMN", "exit_date": on, **values}
	name = f"EXIT-{personnel}-{on}"
	return frappe.get_doc({"doctype": "Personnel Exit", "name": name, "personnel": personnel, **reasons})


def after(action: str, prepare: Callable[[City], str] = rated) -> Callable[[City], str]:
	def prepared(city: City) -> str:
		personnel = prepare(city)
		with city.acting(MAYOR, "2021-01-20"):
			renewal_of(personnel).perform(action, "alasan")
		frappe.db.commit()
		return personnel

	return prepared


def withdrawn(prepare: Callable[[City], str]) -> Callable[[City], str]:
	def prepared(city: City) -> str:
		personnel = prepare(city)
		with city.acting(CLERK, "2020-12-18"):
			exit_of(personnel, docstatus=1).insert()
		frappe.db.commit()
		return personnel

	return prepared


MAYOR_ONLY, MAYOR_OR_BKPPD = ("Wali Kota",), ("BKPPD Head", "Wali Kota")
BUTTONS = {
	"Rate": Button(draft, HEAD, "Rate", "Rated", MAYOR_OR_BKPPD, appraised),
	"Withdraw a draft": Button(draft, CLERK, "Withdraw", "Withdrawn", (), leaving),
	"Recommend": Button(rated, MAYOR, "Recommend", "Mayor Recommended", MAYOR_ONLY),
	"Decline": Button(rated, MAYOR, "Decline", "Not Renewed", MAYOR_ONLY, with_reason),
	"Hold": Button(rated, MAYOR, "Hold", "Held", MAYOR_ONLY, with_reason),
	"Withdraw a rated one": Button(rated, CLERK, "Withdraw", "Withdrawn", (), leaving),
	"Reopen": Button(rated, BKPPD_HEAD, "Reopen", "Draft", (), with_reason),
	"Release": Button(after("Hold"), MAYOR, "Release", "Rated", MAYOR_OR_BKPPD),
	"Withdraw a held one": Button(after("Hold"), CLERK, "Withdraw", "Withdrawn", (), leaving),
	"Hold a recommended one": Button(recommended, MAYOR, "Hold", "Held", MAYOR_ONLY, with_reason),
	"Return": Button(recommended, MAYOR, "Return", "Rated", MAYOR_OR_BKPPD),
	"Issue SK": Button(recommended, BKPPD_HEAD, "Issue SK", "SK Issued", (), decreed),
	"Withdraw a recommended one": Button(recommended, CLERK, "Withdraw", "Withdrawn", (), leaving),
	"Return a declined one": Button(after("Decline"), MAYOR, "Return", "Rated", MAYOR_OR_BKPPD),
	"Reinstate a rated one": Button(withdrawn(rated), CLERK, "Reinstate", "Rated", MAYOR_OR_BKPPD, staying),
	"Reinstate a draft": Button(withdrawn(draft), CLERK, "Reinstate", "Draft", (), staying),
}


def test_a_transition_of_the_workflow_would_go_untried_by_frappes_button():
	tried = {(row.action, row.state) for row in BUTTONS.values()}
	assert tried == {(row.action, row.next_state) for row in law.TRANSITIONS}
	assert len(BUTTONS) == len(law.TRANSITIONS)


@pytest.mark.parametrize("button", BUTTONS)
def test_frappes_own_button_would_leave_another_trace(city, button):
	row = BUTTONS[button]
	personnel = row.prepare(city)
	row.facts(personnel)
	frappe.db.commit()
	name = f"{ROUND}-{personnel}"
	comments, waiting = trace_of(name)
	with city.acting(row.user, "2021-02-03"):
		doc = apply_workflow(frappe.get_doc(RENEWAL, name).as_dict(), row.action)
	assert (doc.workflow_state, stored(doc, "workflow_state", "docstatus")) == (
		row.state,
		(row.state, law.docstatus_of(row.state)),
	)
	inbox = [(row.state, row.inbox)] if row.inbox else []
	assert trace_of(name) == ([*comments, row.state], inbox)
	done = {"reference_name": name, "status": "Completed", "completed_by": row.user}
	assert frappe.db.count("Workflow Action", done) >= len(waiting)


def test_frappes_own_button_would_do_without_the_reason(city):
	name = f"{ROUND}-{rated(city)}"
	for action in ("Decline", "Hold", "Reopen"):
		with city.acting(BKPPD_HEAD if action == "Reopen" else MAYOR, "2021-01-20"):
			with refused("Write a reason.", exceptions.TransitionRefusedError):
				apply_workflow(frappe.get_doc(RENEWAL, name).as_dict(), action)
	assert city.states(ROUND) == {"Rated": 1}


def test_an_sk_would_be_issued_without_a_decree(city):
	personnel = recommended(city)
	with city.acting(BKPPD_HEAD, "2021-02-03"):
		with pytest.raises(WorkflowTransitionError, match=r"^Not a valid Workflow Action$"):
			apply_workflow(renewal_of(personnel).as_dict(), "Issue SK")
		frappe.db.rollback()
		message = "No submitted Reappointment decree names the person."
		with refused(message, exceptions.TransitionRefusedError):
			renewal_of(personnel).perform("Issue SK")
	assert (city.states(ROUND), frappe.db.count(CONTRACT)) == ({"Mayor Recommended": 1}, 1)


def test_an_action_would_be_taken_from_a_state_that_does_not_have_it(city):
	personnel = rated(city)
	message = "The renewal is no longer in the state this step starts from."
	for action in ("Release", "Return", "Issue SK", "Reinstate", "Fly"):
		with city.acting("Administrator", "2021-01-20"), refused(message, exceptions.TransitionRefusedError):
			renewal_of(personnel).perform(action, "alasan")
	assert city.states(ROUND) == {"Rated": 1}


# Decrees


def draft_decree(city: City, kind: str = "Reappointment", **values):
	"""A decree that names whom it may, without any paraf."""
	with city.acting(CLERK, "2021-02-01"):
		new = {
			"doctype": "Decree",
			"kind": kind,
			"round": ROUND,
			"date_signed": "2021-02-03",
			"tmt": "2021-01-01",
		}
		doc = frappe.get_doc({**new, **values}).insert()
	city.run(CLERK, "2021-02-01", "gather", decree=doc.name)
	return fresh(doc)


def give_paraf(city: City, decree, *users: str) -> None:
	for user in users:
		with city.acting(user, "2021-02-02"):
			fresh(decree).give_paraf()
	frappe.db.commit()


def given(decree) -> list[bool]:
	return [bool(row.given_at) for row in fresh(decree).paraf]


@pytest.mark.parametrize(
	"before, title",
	[
		(0, "Kepala Bidang"),
		(1, "Sekretaris BKPPD"),
		(2, "Kepala BKPPD"),
		(3, "Asisten III Sekretaris Daerah"),
	],
)
def test_a_decree_would_be_signed_without_a_paraf(city, before, title):
	recommended(city)
	decree = draft_decree(city)
	give_paraf(city, decree, *PARAF[:before])
	with city.acting(BKPPD_HEAD, "2021-02-03"):
		with refused(f"The paraf of {title} is missing.", exceptions.ParafError):
			fresh(decree).submit()
	assert stored(decree, "docstatus", "decree_number") == (0, None)
	assert city.states(ROUND) == {"Mayor Recommended": 1}


def test_a_paraf_would_be_given_out_of_turn_or_by_anybody(city):
	recommended(city)
	decree = draft_decree(city)
	for user, message in (
		(PARAF[1], "The paraf of Kepala Bidang comes first."),
		(PARAF[3], "The paraf of Kepala Bidang comes first."),
		(MAYOR, "You are not among those who give a paraf."),
		(CLERK, "You are not among those who give a paraf."),
		("Administrator", "You are not among those who give a paraf."),
	):
		with city.acting(user, "2021-02-02"), refused(message, exceptions.ParafError):
			fresh(decree).give_paraf()
	give_paraf(city, decree, PARAF[0])
	with city.acting(PARAF[0], "2021-02-02"):
		with refused("The paraf of Sekretaris BKPPD comes first.", exceptions.ParafError):
			fresh(decree).give_paraf()
	assert given(decree) == [True, False, False, False]
	give_paraf(city, decree, *PARAF[1:])
	with city.acting(PARAF[3], "2021-02-02"):
		with refused("Every paraf has been given.", exceptions.ParafError):
			fresh(decree).give_paraf()


def test_a_decree_would_be_signed_where_settings_name_nobody_for_a_paraf(city):
	recommended(city)
	settings = frappe.get_doc("Kupang HR Settings")
	settings.paraf[0].user = None
	settings.save()
	decree = draft_decree(city)
	with city.acting(PARAF[1], "2021-02-02"):
		message = "Settings name no user for the paraf of Kepala Bidang."
		with refused(message, exceptions.ParafError):
			fresh(decree).give_paraf()
	steps = frappe.get_all(
		"Decree Paraf", filters={"parent": "Kupang HR Settings"}, fields=["*"], order_by="idx"
	)
	settings = frappe.get_doc("Kupang HR Settings")
	settings.set("paraf", [])
	settings.save()
	frappe.delete_doc("Decree", decree.name)
	try:
		decree = draft_decree(city)
		with city.acting(BKPPD_HEAD, "2021-02-03"):
			with refused("Settings name nobody who gives a paraf.", exceptions.ParafError):
				fresh(decree).submit()
	finally:
		settings = frappe.get_doc("Kupang HR Settings")
		settings.set("paraf", [{"title": row.title, "user": row.user} for row in steps])
		settings.save()
		frappe.db.commit()
	assert stored(decree, "docstatus") == 0


def test_a_paraf_would_be_written_by_hand(city):
	recommended(city)
	decree = draft_decree(city)
	with city.acting(CLERK, "2021-02-02"):
		doc = fresh(decree)
		for row in doc.paraf:
			row.given_at = "2021-02-02 10:00:00"
		doc.save()
		assert given(decree) == [False] * 4
		doc = fresh(decree)
		doc.set("paraf", [{"title": "Kepala Bidang", "user": CLERK, "given_at": "2021-02-02 10:00:00"}])
		doc.save()
		assert [(row.user, row.given_at) for row in fresh(decree).paraf] == [(user, None) for user in PARAF]
		doc.set("paraf", [])
		doc.save()
	assert len(given(decree)) == 4
	with city.acting(BKPPD_HEAD, "2021-02-03"):
		with refused("The paraf of Kepala Bidang is missing.", exceptions.ParafError):
			fresh(decree).submit()


@pytest.mark.parametrize(
	"values",
	[
		{"monthly_pay": 9_000_000},
		{"signatory_name": "Orang Lain"},
		{"classification": "815"},
		{"paragraphs": [{"section": "Menimbang", "text": "lain"}]},
	],
)
def test_a_decree_changed_after_its_paraf_would_keep_them(city, values):
	recommended(city)
	decree = draft_decree(city)
	give_paraf(city, decree, *PARAF)
	with city.acting(CLERK, "2021-02-03"):
		fresh(decree).update(values).save()
	assert given(decree) == [False] * 4
	frappe.db.commit()
	with city.acting(BKPPD_HEAD, "2021-02-03"):
		with refused("The paraf of Kepala Bidang is missing.", exceptions.ParafError):
			fresh(decree).submit()


def test_a_decree_that_names_other_people_would_keep_its_paraf(city):
	names = city.settle(DISHUB=2)
	city.opened()
	city.rated(ROUND)
	city.run(MAYOR, "2021-01-20", "recommend", round=ROUND)
	decree = draft_decree(city, monthly_pay=2_000_000)
	for person in names:
		with city.acting(CLERK, "2021-02-02"):
			cycle.gather(decree.name, [f"{person}-2020-1"])
		if person == names[0]:
			give_paraf(city, decree, *PARAF)
	assert frappe.get_all("Decree Line", pluck="personnel") == [names[1]]
	assert (stored(decree, "line_count"), given(decree)) == (1, [False] * 4)


def test_a_decree_would_name_nobody(city):
	rated(city)
	decree = draft_decree(city)
	assert decree.line_count == 0
	for user, act in ((PARAF[0], "give_paraf"), (BKPPD_HEAD, "submit")):
		with city.acting(user, "2021-02-03"), refused("The decree names nobody.", exceptions.DecreeError):
			getattr(fresh(decree), act)()
	assert stored(decree, "docstatus", "decree_number") == (0, None)


def test_a_decree_would_name_somebody_who_left_after_it_was_drafted(city):
	names = city.settle(DISHUB=2)
	city.opened()
	city.rated(ROUND)
	city.run(MAYOR, "2021-01-20", "recommend", round=ROUND)
	decree = city.decree("Reappointment", ROUND, sign=False)
	city.run(
		CLERK,
		"2021-02-02",
		"record-leavers",
		leavers={names[0]: {"reason": "CPNS", "exit_date": "2020-12-31"}},
	)
	message = f"The decree may no longer name: {full_name(names[0])}. Gather its people again."
	with city.acting(BKPPD_HEAD, "2021-02-03"), refused(message, exceptions.DecreeError):
		fresh(decree).submit()
	assert stored(decree, "docstatus", "decree_number") == (0, None)
	with city.acting(CLERK, "2021-02-02"):
		cycle.gather(decree.name)
	city.initial(decree.name)
	assert (city.signed(decree.name).applied, city.states(ROUND)) == (1, {"SK Issued": 1, "Withdrawn": 1})


WRONG_DRAFTS = (
	({"tmt": "2021-02-01"}, "The TMT is the first day of the new term."),
	({"term_end": "2022-01-31"}, "The new term stays within one calendar year."),
	({"kind": "Termination", "round": None}, "A decree belongs to a round."),
	({"kind": "Revocation", "round": None}, "Only a signed decree is revoked."),
)


def test_a_draft_decree_would_make_no_sense(city):
	city.round()
	for values, message in WRONG_DRAFTS:
		new = {"doctype": "Decree", "kind": "Reappointment", "round": ROUND, **values}
		with city.acting(CLERK, "2021-02-01"), refused(message, exceptions.DecreeError):
			frappe.get_doc(new).insert()
	assert not frappe.db.count("Decree")


@pytest.mark.parametrize(
	"fieldname, label", [("tmt", "TMT (in effect from)"), ("signatory_name", "Signatory")]
)
def test_a_decree_would_be_signed_with_a_blank_in_it(city, fieldname, label):
	recommended(city)
	run_all("2021-01-04")
	decree = draft_decree(city, "Termination")
	decree.db_set(fieldname, None)
	with city.acting(BKPPD_HEAD, "2021-02-03"), refused(f"{label} is missing.", exceptions.DecreeError):
		fresh(decree).submit()
	assert stored(decree, "docstatus") == 0


def test_what_a_decree_is_given_would_be_typed_into_it(city):
	recommended(city)
	typed = {
		"decree_number": "BKPPD.814/99/B/II/2021",
		"serial": 99,
		"insert_letter": "z",
		"applied": 5,
		"line_count": 7,
	}
	decree = draft_decree(city, **typed)
	with city.acting(CLERK, "2021-02-01"):
		fresh(decree).update(typed).save()
	assert stored(decree, *typed) == (None, 0, None, 0, 1)
	city.initial(decree.name)
	with city.acting(BKPPD_HEAD, "2021-02-03"):
		fresh(decree).update(typed).submit()
	assert stored(decree, *typed) == ("BKPPD.814/1/B/II/2021", 1, None, 0, 1)


@pytest.fixture
def signed(city):
	recommended(city)
	return city.decree("Reappointment", ROUND)


def test_a_signed_decree_would_be_changed(city, signed):
	with city.acting(BKPPD_HEAD, "2021-02-10"):
		for values in (
			{"date_signed": "2021-02-04"},
			{"tmt": "2021-02-01"},
			{"decree_number": "1"},
			{"monthly_pay": 1},
			{"signatory_name": "X"},
		):
			(fieldname,) = values
			ways = (
				lambda values: fresh(signed).update(values).save(),
				lambda values: client.set_value("Decree", signed.name, values),
				lambda values: client.save({**fresh(signed).as_dict(), **values}),
			)
			for way in ways:
				with pytest.raises(frappe.UpdateAfterSubmitError):
					way(values)
				frappe.db.rollback()
			assert stored(signed, fieldname) == signed.get(fieldname)
		for fieldname in ("paraf", "paragraphs"):
			doc = fresh(signed)
			doc.set(fieldname, doc.get(fieldname)[1:])
			with refused("A signed decree is never changed.", exceptions.SignedDocumentError):
				doc.save()
			doc = fresh(signed)
			doc.get(fieldname)[0].update({"title": "lain", "text": "lain"})
			with refused("A signed decree is never changed.", exceptions.SignedDocumentError):
				doc.save()
		fresh(signed).update({"applied": 77}).save()
	assert stored(signed, "applied", "decree_number") == (1, "BKPPD.814/1/B/II/2021")
	with city.acting(CLERK, "2021-02-10"), refused("", frappe.PermissionError):
		fresh(signed).save()


def test_a_signed_decree_would_be_cancelled_amended_or_deleted(city, signed):
	message = "A signed decree is never cancelled; another decree revokes it."
	with city.acting("Administrator", "2021-02-10"):
		with refused(message, exceptions.SignedDocumentError):
			fresh(signed).cancel()
		with pytest.raises(frappe.ValidationError, match="Submitted Record cannot be deleted"):
			frappe.delete_doc("Decree", signed.name)
		frappe.db.rollback()
		with refused(
			"A signed decree is not amended; another decree revokes it.", exceptions.SignedDocumentError
		):
			amended = frappe.copy_doc(fresh(signed))
			amended.amended_from = signed.name
			amended.insert()
	for user in (BKPPD_HEAD, CLERK, "sysadmin@city.test"):
		with city.acting(user, "2021-02-10"), refused("", frappe.PermissionError):
			fresh(signed).cancel()
	assert (stored(signed, "docstatus"), frappe.db.count("Decree")) == (1, 1)


def test_a_line_of_a_decree_would_be_changed_added_or_deleted(city, signed):
	line = frappe.get_doc("Decree Line", {"decree": signed.name})
	for user in (BKPPD_HEAD, CLERK):
		with city.acting(user, "2021-02-10"):
			with refused("", frappe.PermissionError):
				fresh(line).update({"monthly_pay": 9}).save()
			with pytest.raises(frappe.PermissionError):
				frappe.delete_doc("Decree Line", line.name)
			frappe.db.rollback()
	with city.acting("Administrator", "2021-02-10"):
		with refused("A line of a decree is never changed.", exceptions.SignedDocumentError):
			fresh(line).update({"monthly_pay": 9}).save()
		with refused("A line of a signed decree stays on file.", exceptions.SignedDocumentError):
			frappe.delete_doc("Decree Line", line.name)
		new = {"doctype": "Decree Line", "decree": signed.name, "personnel": line.personnel}
		message = f"The decree {signed.name} is signed."
		with refused(message, exceptions.SignedDocumentError):
			frappe.get_doc({**new, "contract": line.contract}).insert()
	assert fresh(line).as_dict() == line.as_dict()


def test_a_draft_would_name_somebody_whom_the_mayor_has_not_recommended(city):
	personnel = rated(city)
	decree = draft_decree(city)
	contract = f"{personnel}-2020-1"
	new = {"doctype": "Decree Line", "decree": decree.name, "personnel": personnel, "contract": contract}
	with city.acting("Administrator", "2021-02-01"):
		with refused(f"The decree may not name {contract}.", exceptions.DecreeError):
			frappe.get_doc(new).insert()
	answer = city.run(CLERK, "2021-02-01", "gather", decree=decree.name, names=[contract])
	assert failures(answer) == {contract: NOT_YOURS}
	assert not frappe.db.count("Decree Line")


def test_people_would_be_gathered_into_a_decree_signed_meanwhile(city):
	recommended(city)
	decree = city.decree("Reappointment", ROUND, sign=False)
	late = decrees.Gather({"decree": decree.name}, CLERK)
	frappe.db.delete("Decree Line")
	decree.db_set("docstatus", 1)
	with refused(f"The decree {decree.name} is signed.", exceptions.DecreeError):
		late.apply([frappe.db.get_value(CONTRACT, {})], Trail(CLERK, None))
	with (
		city.acting(CLERK, "2021-02-04"),
		refused(f"The decree {decree.name} is signed.", exceptions.DecreeError),
	):
		cycle.gather(decree.name)
	assert not frappe.db.count("Decree Line")


def test_a_draft_decree_could_not_be_thrown_away(city):
	recommended(city)
	decree = draft_decree(city)
	with city.acting(CLERK, "2021-02-01"):
		frappe.delete_doc("Decree", decree.name)
	assert (frappe.db.count("Decree"), frappe.db.count("Decree Line")) == (0, 0)


# Identities


def identity(personnel: str, nik: str):
	return frappe.get_doc({"doctype": "Personnel Identity", "personnel": personnel, "nik": nik})


def without_identity(city: City, count: int = 1) -> list[str]:
	"""People born on 17 August 1990, men, whose NIK nobody has entered yet."""
	names = city.settle(DISHUB=count)
	frappe.db.delete("Personnel Identity")
	for name in names:
		frappe.db.set_value("Personnel", name, {"birth_date": "1990-08-17", "gender": "Male"})
	frappe.db.commit()
	return names


WRONG_NIKS = (
	("537101170890000", "NIK ***********0000: it must have 16 digits."),
	("53710117089000011", "NIK *************0011: it must have 16 digits."),
	("5371O11708900001", "NIK ************0001: it must have 16 digits."),
	("٥٣٧١٠١١٧٠٨٩٠٠٠٠١", "NIK ************٠٠٠١: it must have 16 digits."),
	("0071011708900001", "NIK ************0001: there is no such region."),
	("5371013202900001", "NIK ************0001: there is no such date of birth."),
	("5371011708900000", "NIK ************0000: there is no such serial."),
	(
		"0071013202900000",
		"NIK ************0000: there is no such region, there is no such date of birth, there is no such serial.",
	),
)


def test_a_number_that_cannot_be_a_nik_would_be_kept_or_shown_whole(city):
	(personnel,) = without_identity(city)
	for nik, message in WRONG_NIKS:
		with city.acting(CLERK, "2020-11-20"), refused(message, exceptions.IdentityError):
			identity(personnel, nik).insert()
	assert not frappe.db.count("Personnel Identity")


def test_two_people_would_share_a_nik(city):
	first, second = without_identity(city, 2)
	nik = "5371011708900001"
	with city.acting(CLERK, "2020-11-20"):
		identity(first, nik).insert()
		with refused(f"This NIK already belongs to {first}.", frappe.DuplicateEntryError):
			identity(second, f" {nik} ").insert()
		other = identity(second, "5371011708900002").insert()
		with refused(f"This NIK already belongs to {first}.", frappe.DuplicateEntryError):
			other.update({"nik": nik}).save()
	assert stored(other, "nik") == "5371011708900002"


def test_two_clerks_at_once_would_give_two_people_one_nik(site, city):
	first, second = without_identity(city, 2)
	nik = "5371011708900001"
	with request_begun_before(site, CLERK, "2020-11-20", lambda: identity(second, nik).insert()) as late:
		with city.acting(CLERK, "2020-11-20"):
			identity(first, nik).insert()
	assert late.exception(60) and frappe.db.rollback() is None
	assert frappe.get_all("Personnel Identity", pluck="personnel") == [first]


@pytest.mark.parametrize(
	"nik, warning",
	[
		("5371011608900001", "NIK ************0001: its date of birth disagrees with the person's."),
		("5371015708900001", "NIK ************0001: its gender disagrees with the person's."),
	],
)
def test_a_nik_that_disagrees_with_the_person_would_be_lost(city, nik, warning):
	(personnel,) = without_identity(city)
	frappe.clear_messages()
	with city.acting(CLERK, "2020-11-20"):
		doc = identity(personnel, nik).insert()
	assert stored(doc, "nik") == nik
	assert [frappe.parse_json(message)["message"] for message in frappe.local.message_log] == [warning]


def test_an_identity_of_nobody_would_be_kept(city):
	with city.acting(CLERK, "2020-11-20"), pytest.raises(frappe.ValidationError, match="PTT-99999"):
		identity("PTT-99999", "5371011708900001").insert()
	frappe.db.rollback()
	assert not frappe.db.count("Personnel Identity")


WRONG_NIPS = (
	("19900817201501100", "NIP *************1100: it must have 18 digits."),
	("199002302015011001", "NIP **************1001: there is no such date of birth."),
	("199008172015131001", "NIP **************1001: there is no such month of appointment."),
	("199008172015013001", "NIP **************3001: the digit of the sex must be 1 or 2."),
)


def test_a_number_that_cannot_be_a_nip_would_be_kept(city):
	asn = {"doctype": "Personnel", "employment_type": "ASN", "full_name": "Ama Lay", "opd": "DISHUB"}
	for nip, message in WRONG_NIPS:
		with city.acting(CLERK, "2020-11-20"), refused(message, exceptions.IdentityError):
			frappe.get_doc({**asn, "position": "Analis", "nip": nip}).insert()
	assert not frappe.db.count("Personnel")


def test_a_duty_status_would_be_written_by_hand(city):
	personnel = person_of(city)
	message = "The duty status follows from decrees, orders and exits."
	for status in ("Left", "Stood Down"):
		with city.acting(CLERK, "2020-11-20"), refused(message, exceptions.DerivedFieldError):
			frappe.get_doc("Personnel", personnel).update({"duty_status": status}).save()
	with city.acting(CLERK, "2020-11-20"):
		frappe.get_doc("Personnel", personnel).update({"duty_status_since": "2019-01-01"}).save()
	assert frappe.db.get_value("Personnel", personnel, ["duty_status", "duty_status_since"]) == (
		"On Duty",
		None,
	)


def test_a_person_would_be_deleted_or_born_tomorrow(city):
	personnel = person_of(city)
	message = f"{full_name(personnel)} has contracts on file and cannot be deleted."
	with city.acting("Administrator", "2020-11-20"), refused(message):
		frappe.delete_doc("Personnel", personnel)
	with city.acting(CLERK, "2020-11-20"), refused("The date of birth lies in the future."):
		frappe.get_doc("Personnel", personnel).update({"birth_date": "2020-11-20"}).save()
	assert frappe.db.exists("Personnel", personnel)


# Mass steps


def test_five_unrated_people_would_keep_the_other_fifteen_waiting(city):
	people = city.settle(DISHUB=20)
	city.opened()
	city.score(ROUND)
	unrated = [f"PA-{ROUND}-{person}" for person in people[::4]]
	frappe.db.set_value(
		"Performance Appraisal Score", {"parent": ("in", unrated), "component": "Behaviour"}, "score", None
	)
	frappe.db.commit()
	first = city.run(HEAD, "2020-12-08", "rate", round=ROUND)
	assert counts(first) == ("Completed", 20, 15, 5)
	assert failures(first) == dict.fromkeys(unrated, "The score of Behaviour is missing.")
	assert city.states(ROUND) == {"Draft": 5, "Rated": 15}
	typed = {name: {"scores": {"Behaviour": "70"}} for name in unrated}
	city.run(HEAD, "2020-12-09", "score", round=ROUND, scores=typed)
	second = city.run(HEAD, "2020-12-09", "rate", round=ROUND)
	assert (counts(second), failures(second)) == (("Completed", 5, 5, 0), {})
	keys = frappe.db.get_all(
		"Bulk Run",
		filters={"action": "rate"},
		fields=["run_key", "attempt"],
		order_by="attempt",
		as_list=True,
	)
	assert [attempt for _key, attempt in keys] == [1, 2] and keys[0][0] == keys[1][0]
	assert city.states(ROUND) == {"Rated": 20}
	assert city.run(HEAD, "2020-12-10", "rate", round=ROUND) == second


def test_names_of_other_people_would_be_taken_or_dropped_in_silence(city):
	mine, theirs = city.settle(DISHUB=1, PUPR=1)
	city.opened()
	for user in (HEAD, OTHER_HEAD):
		city.score(ROUND, user)
	names = [f"PA-{ROUND}-{name}" for name in (mine, theirs)] + ["PA-nobody", "' or 1=1 -- "]
	answer = city.run(HEAD, "2020-12-08", "rate", round=ROUND, names=names)
	assert (counts(answer), failures(answer)) == (("Completed", 4, 1, 3), dict.fromkeys(names[1:], NOT_YOURS))
	nobody = city.run(HEAD, "2020-12-08", "rate", round=ROUND, names=names[1:])
	assert (counts(nobody), failures(nobody)) == (("Completed", 3, 0, 3), dict.fromkeys(names[1:], NOT_YOURS))
	assert city.states(ROUND) == {"Draft": 1, "Rated": 1}


def test_a_name_given_twice_would_count_twice(city):
	personnel = draft(city)
	city.score(ROUND)
	names = [f"PA-{ROUND}-{personnel}"] * 2
	answer = city.run(HEAD, "2020-12-08", "rate", round=ROUND, names=[*names, "PA-nobody", "PA-nobody"])
	assert counts(answer) == ("Completed", 2, 1, 1)


def test_a_name_longer_than_any_would_break_the_step(city):
	rated(city)
	long = "x" * 500
	answer = city.run(MAYOR, "2021-01-20", "recommend", round=ROUND, names=[long])
	assert (counts(answer), list(failures(answer).values())) == (("Completed", 1, 0, 1), [NOT_YOURS])


LACKING = (
	("decline", {"reason": " "}, "Write a reason."),
	("hold", {}, "Write a reason."),
	("fly", {}, "There is no mass step fly."),
)


def test_a_mass_step_would_start_without_what_it_needs(city):
	rated(city)
	runs = frappe.db.count("Bulk Run")
	for action, criterion, message in LACKING:
		with city.acting(MAYOR, "2021-01-20"), refused(message):
			run.start(action, {"round": ROUND, **criterion})
	assert (frappe.db.count("Bulk Run"), city.states(ROUND)) == (runs, {"Rated": 1})


def test_a_mass_step_would_start_about_nothing(city):
	criterion = {"round": "2099", "order": "SDO-2099", "decree": "SK-2099", "leavers": {}}
	for action in ("open", "rate", "recommend", "record-leavers", "stand-down", "gather", "issue"):
		with city.acting("Administrator", "2021-01-20"), pytest.raises(frappe.ValidationError, match=" "):
			run.start(action, criterion)
		frappe.db.rollback()
	assert not frappe.db.count("Bulk Run")


# The stand-down


def ordered(city: City, submit: bool = True, **headcounts: int):
	"""The Stand Down Order of a round whose people are rated."""
	city.settle(**headcounts or {"DISHUB": 1})
	city.opened()
	with city.acting(CLERK, "2020-12-20"):
		order = frappe.get_doc({"doctype": "Stand Down Order", "round": ROUND}).insert()
	if submit:
		with city.acting(BKPPD_HEAD, "2020-12-21"):
			order = fresh(order)
			order.submit()
	frappe.db.commit()
	return order


def test_people_would_be_stood_down_before_the_day_or_by_a_draft(city):
	order = ordered(city, submit=False)
	message = "The Stand Down Order SDO-2021 is not submitted."
	with city.acting(BKPPD_HEAD, "2021-01-04"), refused(message):
		run.start("stand-down", {"order": order.name})
	with city.acting(BKPPD_HEAD, "2020-12-21"):
		fresh(order).submit()
	message = "The Stand Down Order SDO-2021 takes effect on 2021-01-04, not earlier."
	line = {"doctype": "Stand Down Line", "stand_down_order": order.name, "outcome": "Stood Down"}
	personnel = frappe.db.get_value("Personnel", {})
	with city.acting(BKPPD_HEAD, "2021-01-03"):
		with refused(message):
			run.start("stand-down", {"order": order.name})
		with refused(message):
			frappe.get_doc({**line, "personnel": personnel}).insert(ignore_permissions=True)
	run_all("2021-01-03")
	assert (city.duty(), stored(order, "status")) == ({"On Duty": 1}, "Ready")


def test_people_would_be_stood_down_twice(city):
	order = ordered(city)
	first = city.run(BKPPD_HEAD, "2021-01-04", "stand-down", order=order.name)
	assert counts(first) == ("Completed", 1, 1, 0)
	before = (
		fresh(order).as_dict(),
		frappe.get_all("Stand Down Line", fields=["*"]),
		frappe.db.count("Version"),
	)
	assert city.run(BKPPD_HEAD, "2021-01-05", "stand-down", order=order.name) == first
	run_all("2021-01-05")
	after_it = (fresh(order).as_dict(), frappe.get_all("Stand Down Line", fields=["*"]))
	assert (*after_it, city.duty()) == (*before[:2], {"Stood Down": 1})
	line = {"doctype": "Stand Down Line", "stand_down_order": order.name, "outcome": "Stood Down"}
	personnel = frappe.db.get_value("Personnel", {})
	with city.acting("Administrator", "2021-01-05"):
		with refused(f"The order does not speak of {full_name(personnel)}."):
			frappe.get_doc({**line, "personnel": personnel}).insert()


def test_a_round_would_have_two_stand_down_orders(city):
	ordered(city)
	message = "Round 2021 already has the Stand Down Order SDO-2021."
	with city.acting(CLERK, "2020-12-22"), refused(message, exceptions.DuplicateRenewalError):
		frappe.get_doc({"doctype": "Stand Down Order", "round": ROUND}).insert()
	assert frappe.db.count("Stand Down Order") == 1


def test_a_stand_down_would_be_cancelled_after_its_effect(city):
	order = ordered(city)
	city.run(BKPPD_HEAD, "2021-01-04", "stand-down", order=order.name)
	message = "An order that has taken effect is not cancelled."
	with city.acting(BKPPD_HEAD, "2021-01-05"), refused(message, exceptions.SignedDocumentError):
		fresh(order).cancel()
	line = frappe.get_doc("Stand Down Line", {"stand_down_order": order.name})
	with city.acting("Administrator", "2021-01-05"):
		with refused("A line of an order is never changed.", exceptions.SignedDocumentError):
			fresh(line).update({"outcome": "Kept on Duty"}).save()
		with refused("A line of an order is never deleted.", exceptions.SignedDocumentError):
			frappe.delete_doc("Stand Down Line", line.name)
	assert (stored(order, "docstatus", "status"), city.duty()) == ((1, "Carried Out"), {"Stood Down": 1})


def test_a_cancelled_order_would_stop_the_nightly_steps(city):
	order = ordered(city)
	with city.acting(BKPPD_HEAD, "2020-12-22"):
		fresh(order).cancel()
	frappe.db.commit()
	assert stored(order, "status") == "Cancelled"
	for day in ("2020-12-23", "2021-01-04"):
		run_all(day)
	assert (frappe.db.count("Stand Down Order"), city.duty()) == (1, {"On Duty": 1})
	with city.acting(BKPPD_HEAD, "2021-01-04"):
		amended = frappe.copy_doc(fresh(order))
		amended.amended_from = order.name
		amended.insert()
		amended.submit()
	run_all("2021-01-05")
	assert (amended.name, city.duty()) == ("SDO-2021-1", {"Stood Down": 1})


def test_the_effect_of_an_order_would_be_written_by_hand(city):
	order = ordered(city)
	message = "An order is carried out on its date, not by hand."
	with city.acting(BKPPD_HEAD, "2020-12-22"):
		for status in ("Carried Out", "Draft", "Cancelled"):
			with refused(message, exceptions.SignedDocumentError):
				fresh(order).update({"status": status}).save()
		fresh(order).update({"stood_down": 500, "kept": 500, "carried_out_on": "2020-12-22"}).save()
		for values in ({"effective_date": "2020-12-22"}, {"letter_number": "1"}):
			with pytest.raises(frappe.UpdateAfterSubmitError):
				fresh(order).update(values).save()
			frappe.db.rollback()
	fields = ("status", "stood_down", "kept", "carried_out_on", "letter_number")
	assert stored(order, *fields) == ("Ready", 0, 0, None, None)
	with city.acting(CLERK, "2020-12-22"):
		with pytest.raises(frappe.PermissionError):
			fresh(order).submit()


def test_an_opd_moved_after_the_order_would_change_who_stays_home(city):
	order = ordered(city, DISHUB=1, DLHK=1, PUPR=1)
	with city.acting(BKPPD_HEAD, "2020-12-22"):
		frappe.get_doc("OPD", "RSUD").update({"is_group": 1}).save()
		frappe.get_doc("OPD", "DISHUB").update({"parent_opd": "RSUD"}).save()
		frappe.get_doc("OPD", "DLHK").update({"is_crucial": 0}).save()
		frappe.get_doc("OPD", "PUPR").update({"is_crucial": 1, "crucial_basis": "SK baru"}).save()
	frappe.db.commit()
	run_all("2021-01-04")
	seats = frappe.get_all("Personnel", fields=["opd", "duty_status"], as_list=True, order_by="opd")
	assert dict(seats) == {"DISHUB": "Stood Down", "DLHK": "On Duty", "PUPR": "Stood Down"}
	assert stored(order, "status", "stood_down", "kept") == ("Carried Out", 2, 1)
	exempt = {row.opd for row in fresh(order).exempt_opds}
	assert "DLHK" in exempt and not exempt & {"DISHUB", "PUPR"}


def test_a_puskesmas_would_lose_its_own_flag_below_a_parent_without_one(city):
	ordered(city, **{"PKM ALAK": 1, "DINKES": 1})
	run_all("2021-01-04")
	seats = frappe.get_all("Personnel", fields=["opd", "duty_status"], as_list=True)
	assert dict(seats) == {"PKM ALAK": "On Duty", "DINKES": "Stood Down"}


def test_an_opd_would_be_crucial_without_a_decision_or_headed_backwards(city):
	name = frappe.db.get_value("OPD", "DISHUB", "opd_name")
	with city.acting(CLERK, "2020-12-22"):
		with refused(f"Write the mayor's decision that makes {name} crucial."):
			frappe.get_doc("OPD", "DISHUB").update({"is_crucial": 1, "crucial_basis": " "}).save()
		for role, label in (("head", "Head"), ("acting_head", "Acting Head (Plt.)")):
			dates = {f"{role}_from": "2021-02-01", f"{role}_until": "2021-01-31"}
			with refused(f"The last day of {label} lies before the first."):
				frappe.get_doc("OPD", "DISHUB").update(dates).save()
		with pytest.raises(frappe.ValidationError, match="own descendants"):
			frappe.get_doc("OPD", "DINKES").update({"parent_opd": "PKM ALAK"}).save()
		frappe.db.rollback()
	assert frappe.db.get_value("OPD", "DISHUB", ["is_crucial", "head_from"]) == (0, None)


# Exits


def test_somebody_who_has_left_would_leave_again(city):
	personnel = draft(city)
	with city.acting(CLERK, "2020-12-18"):
		exit_of(personnel, docstatus=1).insert()
		frappe.db.commit()
		with refused(f"{full_name(personnel)} has left already."):
			exit_of(personnel, "2020-12-18").insert()
	answer = city.run(
		CLERK,
		"2020-12-18",
		"record-leavers",
		leavers={personnel: {"reason": "CPNS", "exit_date": "2020-12-18"}},
	)
	assert failures(answer) == {personnel: NOT_YOURS}
	assert frappe.db.count("Personnel Exit") == 1


@pytest.mark.parametrize("day", ["2020-12-18", "2020-12-20"])
def test_somebody_whose_exit_is_still_ahead_would_leave_twice(city, day):
	personnel = draft(city)
	leavers = {personnel: {"reason": "BUMN", "exit_date": "2020-12-18"}}
	first = city.run(CLERK, "2020-12-18", "record-leavers", leavers=leavers)
	assert (counts(first), city.duty()) == (("Completed", 1, 1, 0), {"On Duty": 1})
	assert city.run(CLERK, "2020-12-18", "record-leavers", leavers=leavers) == first
	with city.acting(CLERK, "2020-12-18"), refused(f"{full_name(personnel)} has left already."):
		exit_of(personnel, day).insert()
	assert (frappe.db.count("Personnel Exit"), city.states(ROUND)) == (1, {"Withdrawn": 1})


def test_somebody_would_be_gone_before_the_last_day(city):
	personnel = draft(city)
	with city.acting(CLERK, "2020-11-20"):
		exit_of(personnel, "2020-12-15", docstatus=1).insert()
	frappe.db.commit()
	assert (city.duty(), city.states(ROUND)) == ({"On Duty": 1}, {"Withdrawn": 1})
	contract = frappe.get_doc(CONTRACT, f"{personnel}-2020-1")
	for day, duty, status in (
		("2020-12-15", "On Duty", "Active"),
		("2020-12-16", "Left", "Terminated"),
		("2021-01-01", "Left", "Terminated"),
	):
		run_all(day)
		assert (city.duty(), stored(contract, "status")) == ({duty: 1}, status)
	assert str(stored(contract, "terminated_on")) == "2020-12-15"


@pytest.mark.parametrize("at_once", [False, True])
def test_somebody_who_leaves_would_begin_the_next_contract(city, at_once):
	personnel = person_of(city)
	with city.acting(CLERK, "2020-12-10"):
		new_contract(personnel, "2021-01-01", "2021-12-31").insert().submit()
	names = [f"{personnel}-2020-1", f"{personnel}-2021-1"]
	if at_once:
		leavers = {personnel: {"reason": "CPNS", "exit_date": "2020-12-17"}}
		city.run(CLERK, "2020-12-18", "record-leavers", leavers=leavers)
		leave = frappe.get_last_doc("Personnel Exit")
	else:
		with city.acting(CLERK, "2020-12-18"):
			leave = exit_of(personnel, "2020-12-17", docstatus=1).insert()
	frappe.db.commit()
	ended = [stored(frappe.get_doc(CONTRACT, name), "status", "personnel_exit") for name in names]
	assert (ended, leave.contract) == ([("Terminated", leave.name)] * 2, names[0])
	run_all("2021-01-04")
	assert city.duty() == {"Left": 1}
	with city.acting(CLERK, "2020-12-19"):
		leave.cancel()
	given_back = [stored(frappe.get_doc(CONTRACT, name), "status", "personnel_exit") for name in names]
	assert given_back == [("Active", None), ("Upcoming", None)]


@pytest.mark.parametrize(
	"prepare, state", [(draft, "Draft"), (rated, "Rated"), (recommended, "Rated"), (after("Hold"), "Rated")]
)
def test_a_cancelled_exit_would_not_give_everything_back(city, prepare, state):
	personnel = prepare(city)
	with city.acting(CLERK, "2020-12-18"):
		leave = exit_of(personnel, docstatus=1).insert()
	frappe.db.commit()
	contract = frappe.get_doc(CONTRACT, f"{personnel}-2020-1")
	assert (stored(contract, "status"), city.duty(), city.states(ROUND)) == (
		("Terminated", {"Left": 1}, {"Withdrawn": 1})
	)
	with city.acting(CLERK, "2020-12-19"):
		leave.cancel()
	frappe.db.commit()
	fields = ("status", "terminated_on", "personnel_exit")
	assert (stored(contract, *fields), city.duty()) == (("Active", None, None), {"On Duty": 1})
	row = stored(renewal_of(personnel), "workflow_state", "personnel_exit", "recommended_by", "reason")
	assert row == (state, None, None, None)
	assert trace_of(f"{ROUND}-{personnel}")[0][-2:] == ["Withdrawn", state]
	again = city.run(
		CLERK,
		"2020-12-20",
		"record-leavers",
		leavers={personnel: {"reason": "CPNS", "exit_date": "2020-12-19"}},
	)
	assert (counts(again), city.states(ROUND)) == (("Completed", 1, 1, 0), {"Withdrawn": 1})


@pytest.mark.parametrize(
	"row, message",
	[
		({"reason": "Bored"}, "The exit date is missing."),
		({"reason": "CPNS"}, "The exit date is missing."),
		({"reason": "CPNS", "exit_date": "soon"}, "The exit date is not a date: soon"),
		({"reason": "CPNS", "exit_date": "2021-02-29"}, "The exit date is not a date: 2021-02-29"),
		({"reason": "CPNS", "exit_date": ["2020-12-31"]}, "The exit date is not a date: ['2020-12-31']"),
		({"reason": ["CPNS"], "exit_date": "2020-12-31"}, ""),
		({"reason": "CPNS", "exit_date": "2020-12-31", "notes": {"a": 1}}, "Notes is a text."),
	],
)
def test_one_wrong_row_of_leavers_would_cost_the_others(city, row, message):
	wrong, right = city.settle(DISHUB=2)
	city.opened()
	leavers = {wrong: row, right: {"reason": "CPNS", "exit_date": "2020-12-31"}}
	answer = city.run(CLERK, "2021-01-02", "record-leavers", leavers=leavers)
	reasons = "CPNS, PPPK, BUMN, Other Employer, Moved Away, Resigned, Deceased, Retired, Indiscipline"
	if row["reason"] != "CPNS":
		message = f"The reason must be one of: {reasons} {message}".strip()
	assert (counts(answer), failures(answer)) == (("Completed", 2, 1, 1), {wrong: message})
	assert frappe.get_all("Personnel Exit", pluck="personnel") == [right]
	assert city.states(ROUND) == {"Draft": 1, "Withdrawn": 1}


# Settings


def test_a_scheme_would_rate_by_weights_that_are_not_a_whole(city):
	scheme = frappe.get_doc("Appraisal Scheme", "Scheme 2020")
	scheme.components[0].weight = 30
	with city.acting(BKPPD_HEAD, "2020-11-01"), refused("The weights add up to 90, not to 100."):
		scheme.save()
	scheme = fresh(scheme)
	scheme.bands[-1].from_score = 10
	message = "Totals below 10 have no rating; the lowest rating must start at 0."
	with city.acting(BKPPD_HEAD, "2020-11-01"), pytest.raises(frappe.ValidationError) as caught:
		scheme.save()
	frappe.db.rollback()
	assert str(caught.value).replace("10.0 ", "10 ") == message
	assert [row.weight for row in fresh(scheme).components] == [40, 30, 30]


WRONG_TEMPLATES = (
	("SK/{nomor}/{serial}/{year}", "The number template has no field nomor."),
	("SK/{year}", "The number template lacks the field serial."),
	("SK/{serial}", "The number template lacks the field year."),
	("SK/{serial/{year}", "A brace of the number template has no partner."),
	("SK/{serial:05}/{year}", "A field of the number template is a name and nothing else: serial"),
)


def test_a_number_template_would_make_no_number(city):
	before = frappe.db.get_single_value("Kupang HR Settings", "number_template")
	for template, message in WRONG_TEMPLATES:
		with city.acting(BKPPD_HEAD, "2020-11-01"), refused(message):
			frappe.get_doc("Kupang HR Settings").update({"number_template": template}).save()
	assert frappe.db.get_single_value("Kupang HR Settings", "number_template") == before


@pytest.mark.parametrize(
	"values, message",
	[
		({"classification": "814/B"}, "classification cannot be part of a number: 814/B"),
		({"series_letter": "bb"}, "series_letter cannot be part of a number: bb"),
		({"insert_after_serial": 737}, "No decree has the serial 737."),
	],
)
def test_a_decree_would_get_a_number_that_is_none(city, values, message):
	recommended(city)
	decree = draft_decree(city, **values)
	city.initial(decree.name)
	with city.acting(BKPPD_HEAD, "2021-02-03"), refused(message, exceptions.DecreeError):
		fresh(decree).submit()
	assert stored(decree, "docstatus", "decree_number") == (0, None)
	assert city.states(ROUND) == {"Mayor Recommended": 1}


def test_settings_would_make_mass_steps_impossible(city):
	message = "A transaction takes at least one person, and silence lasts at least a minute."
	for values in ({"chunk_size": 0}, {"stale_after_minutes": 0}, {"chunk_size": -5}):
		with city.acting(BKPPD_HEAD, "2020-11-01"), refused(message):
			frappe.get_doc("Kupang HR Settings").update(values).save()
	assert frappe.db.get_single_value("Kupang HR Settings", "chunk_size") == 999
