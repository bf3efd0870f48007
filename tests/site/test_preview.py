"""What a mass step says before it is done: the same people and the same reasons as the run, and nothing written."""

import frappe
import pytest

from kupang_hr.api import cycle
from kupang_hr.bulk import run
from kupang_hr.bulk.preview import preview
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, OTHER_HEAD
from tests.site.counting import queries

WRITTEN = ("Version", "Comment", "Workflow Action", "Bulk Run", "Bulk Run Failure", "Notification Log")


def before() -> list[int]:
	return [frappe.db.count(doctype) for doctype in WRITTEN]


def seen(city, user: str, on: str, action: str, **criterion) -> dict:
	"""A preview, after which nothing may have been written, not even within this transaction."""
	frappe.db.commit()
	counts, states = before(), city.states("2021")
	with city.acting(user, on):
		answer = preview(action, criterion)
	assert (before(), city.states("2021")) == (counts, states)
	return answer


def rated(city, **headcounts: int) -> list[str]:
	city.settle(**(headcounts or {"DISHUB": 3, "PUPR": 2}))
	city.opened()
	city.rated("2021", HEAD, OTHER_HEAD)
	return frappe.get_all("Contract Renewal", pluck="name", order_by="name asc")


def test_a_preview_counts_other_people_than_the_run(city):
	city.settle(DISHUB=3, PUPR=2)
	name = city.round().name
	opened = seen(city, CLERK, "2020-11-16", "open", round=name)
	assert (opened["total"], opened["refused"]) == (5, 0)
	assert {(row.opd, row.people) for row in opened["opds"]} == {("PUPR", 2), ("DISHUB", 3)}
	assert city.run(CLERK, "2020-11-16", "open", round=name)["done"] == 5
	city.score(name, HEAD)
	ratings = seen(city, HEAD, "2020-12-08", "rate", round=name)
	assert (ratings["total"], ratings["refused"]) == (3, 0)
	assert city.run(HEAD, "2020-12-08", "rate", round=name)["done"] == 3
	todo = seen(city, MAYOR, "2021-01-20", "recommend", round=name)
	assert (todo["total"], [row.opd for row in todo["opds"]]) == (3, ["DISHUB"])
	assert {person.full_name for person in todo["people"]} == set(
		frappe.get_all("Personnel", {"opd": "DISHUB"}, pluck="full_name")
	)


def test_a_refusal_is_found_out_by_the_run_only(city):
	names = rated(city)
	frappe.db.set_value("Contract Renewal", names[0], "rated_by", MAYOR)
	answer = seen(city, MAYOR, "2021-01-20", "recommend", round="2021")
	assert (answer["total"], answer["refused"]) == (5, 1)
	(reason,) = answer["reasons"]
	assert reason["people"] == 1 and "three users" in reason["reason"]
	assert reason["first"][0]["name"] == names[0] and reason["first"][0]["full_name"]
	result = city.run(MAYOR, "2021-01-20", "recommend", round="2021")
	assert (result["done"], result["failed"]) == (4, 1)


def test_the_scores_that_are_missing_are_not_said_before(city):
	city.settle(DISHUB=2)
	city.opened()
	answer = seen(city, HEAD, "2020-12-08", "rate", round="2021")
	assert (answer["total"], answer["refused"]) == (2, 2)
	assert "is missing" in answer["reasons"][0]["reason"]


def test_a_reason_must_be_typed_before_anything_is_shown(city):
	names = rated(city)
	answer = seen(city, MAYOR, "2021-01-20", "decline", round="2021", names=names[:2])
	assert (answer["asks"], answer["total"], answer["refused"]) == (["reason"], 2, 0)


def test_names_that_are_not_in_the_state_are_passed_over(city):
	names = rated(city)
	city.run(MAYOR, "2021-01-20", "recommend", round="2021", names=names[:1])
	answer = seen(city, MAYOR, "2021-01-20", "recommend", round="2021", names=names[:2])
	assert (answer["total"], answer["refused"]) == (2, 1)
	assert answer["reasons"][0]["reason"] == "Not in the state that this step starts from, or not yours."


def test_several_opds_are_not_taken_at_once(city):
	rated(city, DISHUB=2, PUPR=2, DLHK=1)
	some = {"round": "2021", "opd": ["DISHUB", "PUPR"]}
	assert seen(city, MAYOR, "2021-01-20", "recommend", **some)["total"] == 4
	with city.acting(MAYOR, "2021-01-20"):
		assert cycle.recommend("2021", opd='["DISHUB", "PUPR"]')["done"] == 4
		assert cycle.preview("return", {"round": "2021", "opd": ["DISHUB"]})["total"] == 2
		assert cycle.return_to_rated("2021", opd=["DISHUB"])["done"] == 2
	assert city.states("2021") == {"Mayor Recommended": 2, "Rated": 3}


def test_gathering_anew_is_previewed_over_an_empty_draft(city):
	rated(city)
	city.run(MAYOR, "2021-01-20", "recommend", round="2021")
	decree = city.decree("Reappointment", "2021", sign=False).name
	assert seen(city, CLERK, "2021-02-03", "gather", decree=decree)["total"] == 0
	assert seen(city, CLERK, "2021-02-03", "gather", decree=decree, anew=1)["total"] == 5
	assert frappe.db.count("Decree Line", {"decree": decree}) == 5


def test_an_order_does_not_say_who_keeps_working(city):
	city.settle(DISHUB=3, DLHK=2)
	city.opened()
	order = frappe.get_doc({"doctype": "Stand Down Order", "round": "2021"}).insert()
	with city.acting(BKPPD_HEAD, "2020-12-21"):
		order.submit()
	city.run(CLERK, "2021-01-01", "expire")
	answer = seen(city, BKPPD_HEAD, "2021-01-04", "stand-down", order=order.name)
	assert answer["tally"] == {"Stood Down": 3, "Kept on Duty": 2}
	assert city.duty() == {"On Duty": 5}


def test_a_run_that_is_open_is_started_again(city):
	rated(city)
	with city.acting(MAYOR, "2021-01-20"):
		started = run.start("recommend", {"round": "2021"}, in_background=True)
		assert preview("recommend", {"round": "2021"})["run"]["name"] == started["name"]
		run.execute(started["name"])
		assert preview("recommend", {"round": "2021"})["run"] is None


def test_a_step_that_takes_long_does_not_say_whom_it_goes_over(city):
	city.settle(DISHUB=2, PUPR=1)
	for user, opds in ((CLERK, {"DISHUB": 2, "PUPR": 1}), (HEAD, {"DISHUB": 2})):
		answer = seen(city, user, "2021-01-20", "rebuild-days", first="2021-01-18", last="2021-01-19")
		assert (answer["total"], answer["refused"]) == (sum(opds.values()), 0)
		assert {row["opd"]: row["people"] for row in answer["opds"]} == opds
	assert not frappe.db.count("Attendance Log")
	assert seen(city, CLERK, "2021-01-20", "summarize-attendance", year=2021)["total"] == 0


def test_a_step_that_makes_more_than_rows_is_rehearsed(city):
	with city.acting(CLERK, "2021-01-20"), pytest.raises(frappe.ValidationError, match="has no preview"):
		preview("make-logins", {"opd": "DISHUB"})


def test_somebody_previews_what_they_may_not_do(city):
	rated(city)
	for user in (HEAD, CLERK, BKPPD_HEAD, "nobody@city.test"):
		with city.acting(user, "2021-01-20"), pytest.raises(frappe.PermissionError):
			preview("recommend", {"round": "2021"})


def test_a_preview_asks_more_of_the_database_for_more_people(city):
	def asked() -> int:
		with city.acting(MAYOR, "2021-01-20"):
			return queries(lambda: preview("recommend", {"round": "2021"}))

	rated(city, DISHUB=2, PUPR=1)
	few = asked()
	city.sweep()
	rated(city, DISHUB=90, PUPR=60)
	assert asked() == few


def test_failures_are_shown_without_a_name(city):
	names = rated(city)
	answer = city.run(MAYOR, "2021-01-20", "decline", round="2021", names=[*names[:1], "2021-X"], reason="a")
	with city.acting(MAYOR, "2021-01-20"):
		(row,) = cycle.failures(answer["name"])
		assert (row["reference_name"], row["title"]) == ("2021-X", None)
		again = run.start("decline", {"round": "2021", "names": names[:1], "reason": "b"})
		(row,) = cycle.failures(again["name"])
		assert row["title"] == frappe.db.get_value("Contract Renewal", names[0], "personnel_name")
		assert cycle.failures(again["name"], start=20) == []


def test_who_will_be_reminded_is_not_said(city):
	city.settle(DISHUB=3, PUPR=2)
	city.opened()
	with city.acting(CLERK, "2020-12-04"):
		assert [(row["user"], row["people"]) for row in cycle.raters("2021")] == [(HEAD, 3), (OTHER_HEAD, 2)]
		assert cycle.remind("2021") == [HEAD, OTHER_HEAD]
		assert cycle.raters("2021") == []
