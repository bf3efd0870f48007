"""The ledger of mass steps: found again, resumed, restarted, never done twice."""

from functools import partial

import frappe
import pytest

from kupang_hr.bulk import audit, run
from kupang_hr.cycle import leaving, opening, rating, recommendation, year_end
from tests.site.apart import together
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, failures

RECOMMEND = {"do": "start", "user": MAYOR, "on": "2021-01-20", "action": "recommend"}


def rated(city, **headcounts: int) -> str:
	city.settle(**(headcounts or {"DISHUB": 24}))
	name = city.opened()
	city.rated(name)
	return name


def set_chunk(size: int) -> None:
	frappe.db.set_single_value("Kupang HR Settings", "chunk_size", size)
	frappe.db.commit()


def grow_silent(name: str) -> None:
	frappe.db.set_value("Bulk Run", name, "heartbeat", "2021-01-01 00:00:00", update_modified=False)
	frappe.db.commit()


def versions_of(doctype: str, field: str) -> list[str]:
	rows = frappe.get_all(
		"Version",
		filters={"ref_doctype": doctype, "data": ("like", f'%"{field}"%')},
		pluck="docname",
		limit=0,
	)
	return sorted(rows)


def test_a_step_started_twice_changes_nothing_the_second_time(city):
	name = rated(city)
	first = city.run(MAYOR, "2021-01-20", "recommend", round=name)
	again = city.run(MAYOR, "2021-01-20", "recommend", round=name)
	assert again == first
	assert (first["status"], first["total"], first["done"], first["failed"]) == ("Completed", 24, 24, 0)
	assert frappe.db.count("Bulk Run", {"action": "recommend"}) == 1


def test_users_starting_the_same_step_at_once_share_one_run(city):
	name = rated(city)
	frappe.get_doc("User", CLERK).add_roles("Wali Kota")
	frappe.db.commit()
	try:
		task = {**RECOMMEND, "criterion": {"round": name}}
		answers = together(*[task, {**task, "user": CLERK}] * 3)
	finally:
		frappe.db.rollback()
		frappe.get_doc("User", CLERK).remove_roles("Wali Kota")
		frappe.db.commit()
	assert [answer["code"] for answer in answers] == [0] * 6, answers
	assert {answer["run"] for answer in answers} == {f"recommend/{name}/1"}
	assert city.states(name) == {"Mayor Recommended": 24}
	moved = versions_of("Contract Renewal", "recommended_by")
	assert len(moved) == len(set(moved)) == 24


def test_a_killed_run_goes_on_where_it_stopped(city):
	name = rated(city)
	set_chunk(5)
	task = {**RECOMMEND, "do": "die", "chunks": 2, "criterion": {"round": name}}
	(killed,) = together(task)
	assert killed["code"] == -9
	frappe.db.rollback()
	halted = run.summary(f"recommend/{name}/1")
	assert (halted["status"], halted["done"]) == ("Running", 10)
	assert city.states(name) == {"Mayor Recommended": 10, "Rated": 14}
	assert run.execute(halted["name"])["done"] == 10, "a run that may still be alive is left alone"
	grow_silent(halted["name"])
	ended = run.execute(halted["name"])
	assert (ended["status"], ended["total"], ended["done"], ended["failed"]) == ("Completed", 24, 24, 0)
	assert city.states(name) == {"Mayor Recommended": 24}
	moved = versions_of("Contract Renewal", "recommended_by")
	assert len(moved) == len(set(moved)) == 24


def test_a_silent_run_is_restarted_by_a_real_worker(city):
	from dev import servers

	name = rated(city)
	set_chunk(5)
	together({**RECOMMEND, "do": "die", "chunks": 1, "criterion": {"round": name}})
	frappe.db.rollback()
	grow_silent(f"recommend/{name}/1")
	with servers.worker():
		run.sweep()
		wait_until_ended(f"recommend/{name}/1")
	assert city.states(name) == {"Mayor Recommended": 24}


def test_a_large_run_is_a_job_with_the_requesters_name_on_its_traces(city):
	from dev import servers

	name = rated(city)
	frappe.db.set_single_value("Kupang HR Settings", "answer_at_once", 20)
	frappe.db.commit()
	with servers.worker():
		with city.acting(MAYOR, "2021-01-20"):
			started = run.start("recommend", {"round": name})
		wait_until_ended(started["name"])
	assert city.states(name) == {"Mayor Recommended": 24}
	actors = frappe.get_all("Contract Renewal", pluck="recommended_by", distinct=True)
	assert actors == [MAYOR]
	writers = frappe.get_all(
		"Version", filters={"data": ("like", '%"recommended_by"%')}, fields=["owner"], limit=0
	)
	assert {row.owner for row in writers} == {MAYOR} and len(writers) == 24


def wait_until_ended(name: str, patience: float = 60) -> None:
	import time

	end = time.monotonic() + patience
	while time.monotonic() < end:
		frappe.db.rollback()
		if frappe.db.get_value("Bulk Run", name, "status") not in run.OPEN:
			return
		time.sleep(0.2)
	pytest.fail(f"{name} did not end: {run.summary(name)}")


def test_five_unrated_among_2180_are_listed_and_a_second_attempt_takes_just_those(city):
	city.settle(DISHUB=2180)
	name = city.opened()
	city.score(name)
	late = frappe.get_all("Performance Appraisal", pluck="name", order_by="name")[:5]
	for appraisal in late:
		row = {"parent": appraisal, "component": "Behaviour"}
		frappe.db.set_value("Performance Appraisal Score", row, "score", None)
	frappe.db.commit()
	first = city.run(HEAD, "2020-12-08", "rate", round=name)
	assert (first["total"], first["done"], first["failed"]) == (2180, 2175, 5)
	assert failures(first) == dict.fromkeys(late, "The score of Behaviour is missing.")
	assert frappe.db.count("Bulk Run Failure", {"bulk_run": first["name"]}) == 5
	assert city.states(name) == {"Draft": 5, "Rated": 2175}
	with city.acting(HEAD, "2020-12-09"):
		scores = {appraisal: {"scores": {"Behaviour": "70"}} for appraisal in late}
		run.start("score", {"round": name, "scores": scores}, in_background=False)
	second = city.run(HEAD, "2020-12-09", "rate", round=name)
	assert (second["total"], second["done"], second["failed"]) == (5, 5, 0)
	assert second["name"] == first["name"][:-1] + "2"
	assert city.states(name) == {"Rated": 2180}


def test_one_row_that_the_database_refuses_costs_nobody_else(city, monkeypatch):
	name = rated(city)
	victim = frappe.get_all("Contract Renewal", pluck="name", order_by="name")[7]
	update = audit.Trail.update

	def refuse(self, doctype, changes):
		if victim in changes:
			raise frappe.db.DataError(1406, "Data too long for column 'reason'")
		update(self, doctype, changes)

	monkeypatch.setattr(audit.Trail, "update", refuse)
	ended = city.run(MAYOR, "2021-01-20", "recommend", round=name)
	assert (ended["done"], ended["failed"]) == (23, 1)
	failure = frappe.get_all("Bulk Run Failure", fields=["reference_name", "reason"])
	assert [(row.reference_name, row.reason) for row in failure] == [
		(victim, "(1406, \"Data too long for column 'reason'\")")
	]
	assert city.states(name) == {"Mayor Recommended": 23, "Rated": 1}


def meanwhile(monkeypatch, step, happens) -> None:
	"""Let something happen after a step has selected whom it takes, and before it reads them."""
	apply = step.apply

	def after_others(self, names, trail):
		happens()
		return apply(self, names, trail)

	monkeypatch.setattr(step, "apply", after_others)


def test_who_was_taken_elsewhere_during_the_run_counts_as_done(city, monkeypatch):
	name = rated(city)
	held, recommended = frappe.get_all("Contract Renewal", pluck="name", order_by="name", limit=2)

	def others():
		frappe.db.set_value("Contract Renewal", held, "workflow_state", "Held")
		frappe.db.set_value("Contract Renewal", recommended, "workflow_state", "Mayor Recommended")

	meanwhile(monkeypatch, recommendation.Recommend, others)
	ended = city.run(MAYOR, "2021-01-20", "recommend", round=name)
	assert (ended["done"], ended["failed"]) == (23, 1)
	assert frappe.get_all("Bulk Run Failure", fields=["reference_name", "reason"]) == [
		{"reference_name": held, "reason": "The renewal is no longer in the state this step starts from."}
	]
	assert city.states(name) == {"Mayor Recommended": 23, "Held": 1}


def test_scores_of_who_was_rated_during_the_run_count_as_saved(city, monkeypatch):
	city.settle(DISHUB=3)
	name = city.opened()
	first = frappe.get_all("Performance Appraisal", pluck="name", order_by="name")[0]
	rates = partial(frappe.db.set_value, "Performance Appraisal", first, "docstatus", 1)
	meanwhile(monkeypatch, rating.Score, rates)
	scores = {
		row: {"scores": {"Behaviour": "70"}} for row in frappe.get_all("Performance Appraisal", pluck="name")
	}
	ended = city.run(HEAD, "2020-12-08", "score", round=name, scores=scores)
	assert (ended["done"], ended["failed"]) == (2, 1)
	assert frappe.get_all("Bulk Run Failure", pluck="reference_name") == [first]


def test_an_exit_is_lost_in_silence_where_another_was_recorded_during_the_run(city, monkeypatch):
	first, second = city.settle(DISHUB=2)
	leave = {"reason": "BUMN", "exit_date": "2020-12-18"}

	def resigns():
		frappe.get_doc(
			{"doctype": "Personnel Exit", "personnel": first, **leave, "reason": "Resigned", "docstatus": 1}
		).insert()

	meanwhile(monkeypatch, leaving.RecordLeavers, resigns)
	ended = city.run(CLERK, "2020-12-18", "record-leavers", leavers={first: leave, second: leave})
	assert (ended["total"], ended["done"], ended["failed"]) == (2, 1, 1)
	assert failures(ended) == {
		first: f"{frappe.db.get_value('Personnel', first, 'full_name')} has left already."
	}
	exits = frappe.get_all("Personnel Exit", ["personnel", "reason"], order_by="personnel", as_list=True)
	assert dict(exits) == {first: "Resigned", second: "BUMN"}


def test_a_round_counts_somebody_whose_contract_was_cancelled_during_the_run(city, monkeypatch):
	city.settle(DISHUB=2)
	name = city.round().name
	first, second = frappe.get_all("PTT Contract", pluck="name", order_by="name")
	meanwhile(monkeypatch, opening.Open, lambda: frappe.db.set_value("PTT Contract", first, "docstatus", 2))
	ended = city.run(CLERK, "2020-11-16", "open", round=name)
	assert (ended["total"], ended["done"], ended["failed"]) == (2, 1, 1)
	assert failures(ended) == {first: "No contract of the person ends in this round."}
	assert frappe.get_all("Contract Renewal", pluck="old_contract") == [second]


def test_an_order_counts_somebody_of_whom_it_does_not_speak(city):
	city.settle(DISHUB=3)
	order = city.ordered(city.opened())
	first = frappe.get_all("Personnel", ["name", "full_name"], order_by="name")[0]
	leave = {"reason": "BUMN", "exit_date": "2020-12-31"}
	city.run(CLERK, "2020-12-28", "record-leavers", leavers={first.name: leave})
	ended = city.run(BKPPD_HEAD, "2021-01-04", "stand-down", order=order)
	assert (ended["total"], ended["done"], ended["failed"]) == (3, 2, 1)
	assert failures(ended) == {first.name: f"The order does not speak of {first.full_name}."}
	doc = frappe.get_doc("Stand Down Order", order)
	assert (doc.status, doc.stood_down, doc.kept) == ("Carried Out", 2, 0)
	year_end.run_all("2021-01-05")
	assert city.duty() == {"Left": 1, "Stood Down": 2}


def test_an_order_is_carried_out_after_the_first_few_of_its_people(city):
	city.settle(DISHUB=3)
	order = city.ordered(city.opened())
	first = frappe.get_all("Personnel", pluck="name", order_by="name")[0]
	part = city.run(BKPPD_HEAD, "2021-01-04", "stand-down", order=order, names=[first])
	assert (part["total"], part["done"], part["failed"]) == (1, 1, 0)
	assert frappe.db.get_value("Stand Down Order", order, "status") == "Ready"
	rest = city.run(BKPPD_HEAD, "2021-01-04", "stand-down", order=order)
	assert (rest["total"], rest["done"], rest["failed"]) == (2, 2, 0)
	doc = frappe.get_doc("Stand Down Order", order)
	assert (doc.status, doc.stood_down) == ("Carried Out", 3)


def test_two_decrees_signed_at_the_same_moment_get_two_numbers_without_a_gap(city):
	name = rated(city)
	frappe.db.set_single_value("Kupang HR Settings", "automatic_stand_down", 0)
	city.run(MAYOR, "2021-01-20", "recommend", round=name)
	city.run("Administrator", "2021-01-20", "expire")
	decrees = [city.decree(kind, name, sign=False).name for kind in ("Termination", "Reappointment")]
	submit = {"do": "submit", "user": BKPPD_HEAD, "on": "2021-02-03", "doctype": "Decree"}
	answers = together(*({**submit, "name": decree} for decree in decrees))
	assert [answer["code"] for answer in answers] == [0, 0], answers
	frappe.db.rollback()
	numbers = frappe.get_all("Decree", fields=["serial", "decree_number"], order_by="serial")
	assert [(row.serial, row.decree_number) for row in numbers] == [
		(1, "BKPPD.814/1/B/II/2021"),
		(2, "BKPPD.814/2/B/II/2021"),
	]


def test_a_series_that_nobody_has_used_gives_every_number_once_to_many_at_once(city):
	keys = [f"kupang_hr/test/{year}" for year in range(2021, 2061)]
	answers = together(*[{"do": "number", "keys": keys}] * 6)
	assert [answer["code"] for answer in answers] == [0] * 6, answers
	for given in zip(*(answer["numbers"] for answer in answers), strict=True):
		assert sorted(given) == [1, 2, 3, 4, 5, 6]


def test_a_number_taken_by_a_signing_that_fails_is_given_again(city):
	from kupang_hr.bulk.lock import next_in_series

	assert next_in_series("kupang_hr/test/2021") == 1
	frappe.db.rollback()
	assert next_in_series("kupang_hr/test/2021") == 1


def test_what_a_site_does_at_each_save_is_left_out_in_silence(city):
	name = rated(city, DISHUB=1)
	watcher = frappe.get_doc(
		{
			"doctype": "Notification",
			"name": "Tell the city",
			"document_type": "Contract Renewal",
			"event": "Save",
			"subject": "a",
			"message": "a",
			"channel": "System Notification",
			"recipients": [{"receiver_by_role": "BKPPD Clerk"}],
		}
	).insert()
	try:
		ended = city.run(MAYOR, "2021-01-20", "recommend", round=name)
		again = city.run(MAYOR, "2021-01-21", "return", round=name)
		watcher.update({"enabled": 0}).save()
		quiet = city.run(MAYOR, "2021-01-22", "recommend", round=name)
	finally:
		frappe.db.rollback()
		watcher.delete()
		frappe.db.commit()
	message = "Not run for these documents: Notification Tell the city"
	assert [run["message"] for run in (ended, again, quiet)] == [message, message, None]


def test_an_unknown_step_is_refused(city):
	with pytest.raises(frappe.ValidationError, match=r"^There is no mass step erase\.$"):
		run.start("erase", {})
