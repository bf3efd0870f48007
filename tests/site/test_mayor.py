"""What the mayor's page reads: the right people, their exceptions, in few questions to the database."""

import frappe
import pytest

from kupang_hr.api import mayor
from kupang_hr.bulk.preview import preview
from kupang_hr.cycle.year_end import run_all
from kupang_hr.demo import people
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, OTHER_HEAD
from tests.site.counting import queries
from tests.site.scripts import run_script

ON = "2021-01-20"
HOSTILE = """O'Brien "<script>alert(1)</script>"""


@pytest.fixture
def rated(city):
	"""Three people of DISHUB and two of PUPR, all rated; the renewals by name."""
	city.settle(DISHUB=3, PUPR=2)
	city.opened()
	city.rated("2021", HEAD, OTHER_HEAD)
	return frappe.get_all("Contract Renewal", pluck="name", order_by="name asc")


def overview(city, user: str = MAYOR, **arguments) -> dict:
	with city.acting(user, ON):
		return mayor.overview(**arguments)


def shown(city, **arguments) -> dict:
	with city.acting(MAYOR, ON):
		return mayor.people("2021", **arguments)


def person_of(renewal: str) -> str:
	return frappe.db.get_value("Contract Renewal", renewal, "personnel")


def test_without_a_round_there_is_no_answer(city):
	answer = overview(city)
	assert (answer["round"], answer["rounds"]) == (None, [])


def test_an_opd_is_counted_wrong(city, rated):
	frappe.db.set_value("OPD", "DISHUB", "ptt_quota", 2)
	city.run(MAYOR, ON, "recommend", round="2021", names=rated[:1])
	answer = overview(city)
	assert (answer["round"]["name"], answer["decides"]) == ("2021", True)
	assert {row["opd"]: row["people"] for row in answer["opds"]} == {"DISHUB": 3, "PUPR": 2}
	dishub = next(row for row in answer["opds"] if row["opd"] == "DISHUB")
	assert (dishub["quota"], dishub["rater"]) == (2, "head")
	assert answer["totals"]["states"] == {"Mayor Recommended": 1, "Rated": 4}
	assert sum(answer["totals"]["ratings"].values()) == answer["totals"]["scored"] == 5
	scores = frappe.get_all("Contract Renewal", pluck="total_score")
	assert answer["totals"]["mean"] == round(sum(scores) / 5, 1)
	assert [row["rating"] for row in answer["ratings"]] == ["Sangat Baik", "Baik", "Cukup", "Kurang", "Buruk"]
	assert [row["low"] for row in answer["ratings"]] == [False, False, False, True, True]


def test_an_exception_is_not_found(city, rated):
	frappe.db.set_value("Contract Renewal", rated[0], {"rating": "Buruk", "total_score": 20})
	summary = frappe.get_all("Attendance Summary", {"personnel": person_of(rated[1])}, pluck="name")[0]
	frappe.db.set_value("Attendance Summary", summary, "days_unexcused", 15)
	city.run(
		CLERK,
		ON,
		"record-leavers",
		leavers={person_of(rated[2]): {"reason": "BUMN", "exit_date": "2020-12-31"}},
	)
	frappe.db.set_value("Contract Renewal", rated[3], {"workflow_state": "Draft", "rating": None})
	totals = overview(city)["totals"]
	assert {kind: totals[kind] for kind in ("low", "unexcused", "unscored", "exit", "exceptions")} == {
		"low": 1,
		"unexcused": 1,
		"unscored": 1,
		"exit": 1,
		"exceptions": 2,  # those that wait for the mayor
	}
	assert [row["name"] for row in shown(city, show="exceptions")["rows"]] == rated[:2]
	for position, kind in enumerate(("low", "unexcused", "exit", "unscored")):
		(row,) = shown(city, show=kind)["rows"]
		assert (row["name"], row["kinds"]) == (rated[position], [kind])


def test_a_threshold_of_none_makes_everybody_an_exception(city, rated):
	frappe.db.set_single_value("Kupang HR Settings", "unexcused_days_year", 0)
	frappe.clear_document_cache("Kupang HR Settings", "Kupang HR Settings")
	try:
		assert overview(city)["totals"]["unexcused"] == 0
	finally:
		frappe.db.set_single_value("Kupang HR Settings", "unexcused_days_year", 15)
		frappe.clear_document_cache("Kupang HR Settings", "Kupang HR Settings")


def test_people_are_narrowed_wrongly(city, rated):
	city.run(MAYOR, ON, "recommend", round="2021", names=rated[:1])
	assert shown(city, opd="PUPR")["total"] == 2
	assert [row["name"] for row in shown(city, state="Mayor Recommended")["rows"]] == rated[:1]
	assert shown(city, limit=2)["total"] == 5
	pages = [shown(city, start=start, limit=2)["rows"] for start in (0, 2, 4)]
	assert sorted(row["name"] for rows in pages for row in rows) == rated
	assert pages[-1][-1]["name"] == rated[0]  # decided on, so last


def test_a_name_is_taken_for_a_pattern_or_for_sql(city, rated):
	frappe.db.set_value("Personnel", person_of(rated[0]), "full_name", HOSTILE)
	assert [row["full_name"] for row in shown(city, search=HOSTILE)["rows"]] == [HOSTILE]
	for text in ("%", "_", "\\", "100%"):
		assert shown(city, search=text)["total"] == 0
	with city.acting(MAYOR, ON), pytest.raises(frappe.ValidationError) as refused:
		mayor.people("2021", show="<script>")
	assert "<script>" not in str(refused.value)


def test_an_opd_without_a_head_is_missing(city, rated):
	frappe.db.set_value("OPD", "PUPR", {"head": None, "acting_head": None, "rating_officer": None})
	root = frappe.get_all("OPD", {"parent_opd": ("is", "not set")}, pluck="name")
	frappe.db.set_value("OPD", {"name": ("in", root)}, "head", None)
	pupr = next(row for row in overview(city)["opds"] if row["opd"] == "PUPR")
	assert (pupr["rater"], pupr["people"]) == (None, 2)


def test_others_read_the_mayors_page(city, rated):
	for user in (HEAD, CLERK, BKPPD_HEAD, "finance@city.test", "nobody@city.test", "ptt@city.test"):
		for read in (mayor.overview, lambda: mayor.people("2021")):
			with city.acting(user, ON), pytest.raises(frappe.PermissionError):
				read()
	assert overview(city, "sysadmin@city.test")["decides"] is False


def test_more_people_ask_more_of_the_database_or_more_than_a_page(city):
	def asked() -> tuple[int, int]:
		with city.acting(MAYOR, ON):
			one = lambda: mayor.people("2021", show="all", search="a")  # noqa: E731
			return queries(mayor.overview), queries(one)

	city.settle(DISHUB=2, PUPR=1)
	city.opened()
	few = asked()
	city.sweep()
	everywhere = {opd: 3 for opd in frappe.get_all("OPD", {"is_group": 0}, pluck="name", order_by="name asc")}
	city.settle(**everywhere)
	city.opened()
	assert asked() == few
	assert len(shown(city)["rows"]) == 50
	assert len(shown(city, limit=5000)["rows"]) == 100


def test_a_round_of_twenty_thousand_is_sent_at_once(city):
	headcounts = dict.fromkeys(frappe.get_all("OPD", pluck="name", order_by="lft asc"), 350)
	people.save(
		people.invent({**headcounts, "DISHUB": 20000 - 350 * (len(headcounts) - 1)}, seed=7, year=2020), 2020
	)
	frappe.db.commit()
	city.opened()
	with city.acting(MAYOR, ON):
		assert mayor.overview()["totals"]["people"] == 20000
		assert queries(mayor.overview) + queries(lambda: mayor.people("2021")) < 40
		page = mayor.people("2021", start=19980)
		assert (page["total"], len(page["rows"])) == (20000, 20)
		for answer in (mayor.overview(), mayor.people("2021"), mayor.people("2021", opd="DISHUB")):
			assert len(frappe.as_json(answer)) < 100_000


def taken_back(city, action: str = "return", **criterion) -> list[str]:
	"""Whom the mayor takes back, as said before and as done."""
	with city.acting(MAYOR, ON):
		said = preview(action, {"round": "2021", **criterion})["total"]
	done = city.run(MAYOR, ON, action, round="2021", **criterion)
	assert (done["done"], done["failed"]) == (said, 0)
	return frappe.get_all("Contract Renewal", {"workflow_state": "Rated"}, pluck="name", order_by="name asc")


def test_undoing_today_takes_back_what_was_decided_before(city, rated):
	city.run(MAYOR, "2021-01-18", "recommend", round="2021", names=rated[:1])
	today = city.run(MAYOR, ON, "recommend", round="2021")
	assert today["done"] == 4
	city.run(MAYOR, ON, "return", round="2021", names=rated[1:2])
	city.run(MAYOR, ON, "recommend", round="2021", names=rated[1:2])  # decided on anew
	assert taken_back(city, run=today["name"]) == rated[2:]
	held = city.run(MAYOR, ON, "hold", round="2021", names=rated[2:4], reason="Berkas")
	city.run(MAYOR, ON, "hold", round="2021", names=rated[4:], reason="Berkas")
	assert taken_back(city, "release", run=held["name"]) == rated[2:4]


def test_a_run_is_undone_that_is_nobodys_or_after_its_decree(city, rated):
	run = city.run(MAYOR, ON, "recommend", round="2021")["name"]
	with pytest.raises(frappe.DoesNotExistError):
		city.run(MAYOR, ON, "return", round="2021", run="recommend/2021/9")
	with pytest.raises(frappe.PermissionError):
		city.run(HEAD, ON, "return", round="2021", run=run)
	city.decree("Reappointment", "2021", on=ON)
	assert city.run(MAYOR, ON, "return", round="2021", run=run)["done"] == 0
	assert city.states("2021") == {"SK Issued": 5}


def test_a_refusal_is_taken_back_after_its_decree(city, rated):
	city.run(MAYOR, ON, "decline", round="2021", names=rated[:1], reason="Buruk")
	run_all("2021-01-02")
	(before,) = shown(city, state="Not Renewed")["rows"]
	city.decree("Termination", "2021")
	(after,) = shown(city, state="Not Renewed")["rows"]
	rows = frappe.as_json([before, after])
	offered = run_script("page/meja_wali_kota/words.js", f"{rows}.map((row) => fits('return', row))")
	assert offered == [True, False]
