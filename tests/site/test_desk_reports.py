"""The reports of the year: whom each role sees in them, their figures with their base, their totals, charts and export.

The town is built once; a test that changes it is rolled back, and one that sweeps it lets the next build it again.
"""

import json
import threading
from decimal import Decimal

import frappe
import pytest
from frappe.app import run_after_request_hooks
from frappe.desk.query_report import build_xlsx_data
from frappe.desk.query_report import run as run_report
from frappe.utils import set_request

from kupang_hr.api import board
from kupang_hr.bulk import query
from kupang_hr.bulk.run import acting_as
from kupang_hr.clock import as_of
from kupang_hr.cycle import quality
from kupang_hr.cycle.year_end import run_all
from kupang_hr.demo import people
from kupang_hr.exceptions import DayRangeError
from kupang_hr.report import table
from kupang_hr.rules.renewal import STATES
from tests.site.city import BKPPD_HEAD, CLERK, DINKES_HEAD, HEAD, MAYOR, OTHER_HEAD, City
from tests.site.counting import queries
from tests.site.scripts import run_scripts

FINANCE, OPD_CLERK, SELF, SYSADMIN = (
	"finance@city.test",
	"opd-clerk@city.test",
	"ptt@city.test",
	"sysadmin@city.test",
)
ROUND, TODAY, MONTH, DAY = "2021", "2021-02-10", "2021-01", "2021-01-05"
NASTY = 'O\'Brien "Budi" <script>alert(1)</script>'
HEADCOUNTS = {"DISHUB": 3, "DLHK": 1, "PUPR": 2, "DINKES": 1, "PKM ALAK": 2}
OPD_HEADS = {HEAD: {"DISHUB", "DLHK"}, OTHER_HEAD: {"PUPR"}, DINKES_HEAD: {"DINKES", "PKM ALAK"}}
BKPPD = (CLERK, BKPPD_HEAD)
# Each report: the filters it is tried with, and who may open it.
REPORTS = {
	"Renewal Progress": ({"round": ROUND}, {*BKPPD, MAYOR, *OPD_HEADS}),
	"Ratings by OPD": ({"round": ROUND}, {*BKPPD, MAYOR, *OPD_HEADS}),
	"Expiring Contracts": (
		{"from_date": "2020-12-01", "to_date": "2020-12-31"},
		{*BKPPD, MAYOR, OPD_CLERK, *OPD_HEADS},
	),
	"Stand Down Roster": ({"order": f"SDO-{ROUND}"}, {*BKPPD, MAYOR, OPD_CLERK, *OPD_HEADS}),
	"Leavers": ({}, {*BKPPD, MAYOR, OPD_CLERK, *OPD_HEADS}),
	"Out of Region Violations": ({"from_date": DAY, "to_date": DAY}, {*BKPPD, *OPD_HEADS}),
	"Deductions": ({"period": MONTH}, {*BKPPD, FINANCE}),
	"Data Quality": ({}, {*BKPPD, SYSADMIN, OPD_CLERK, *OPD_HEADS}),
}
ASKING = {*BKPPD, MAYOR, *OPD_HEADS, OPD_CLERK, FINANCE, SYSADMIN, SELF}
SCOPED = [name for name, (_filters, users) in REPORTS.items() if HEAD in users]

built: set[str] = set()  # what this session has built: a town left by another one may be of other code


@pytest.fixture
def town(site):
	frappe.set_user("Administrator")
	frappe.db.rollback()
	if NASTY not in built or not frappe.db.exists("Personnel", {"full_name": NASTY}):
		build(City())
		built.add(NASTY)
	with as_of(TODAY):
		yield City()
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.local.role_permissions = {}
	frappe.clear_messages()


def build(city: City) -> None:
	city.sweep()
	city.seat("DISHUB", OPD_CLERK, "clerk")
	settled = city.settle(**HEADCOUNTS)
	city.opened()
	city.score(ROUND, OTHER_HEAD, **{f"PA-{ROUND}-{settled[4]}": low()})
	city.run(OTHER_HEAD, "2020-12-08", "rate", round=ROUND)
	city.rated(ROUND, HEAD)
	city.stand_down(ROUND)
	leavers = {settled[1]: {"reason": "CPNS", "exit_date": "2020-12-31"}}
	city.run(CLERK, "2021-01-10", "record-leavers", leavers=leavers)
	city.run(MAYOR, "2021-01-20", "recommend", round=ROUND, opd="DISHUB")
	attendance(settled)
	frappe.db.set_value("Personnel", settled[0], "user", SELF)
	rename(settled[0])  # last, so that a town half built is built again
	frappe.db.commit()


def low() -> dict:
	scores = {"Work Results": "40", "Behaviour": "40"}
	return {"scores": scores, "recommendation": "Do Not Renew", "reason": "jarang hadir"}


def rename(person: str) -> None:
	"""A name that a form would not take and an older import might."""
	frappe.db.set_value("Personnel", person, "full_name", NASTY)
	for doctype in ("Attendance Violation", "Attendance Period Line", "Contract Renewal"):
		frappe.db.set_value(doctype, {"personnel": person}, "personnel_name", NASTY)


def attendance(names: list[str]) -> None:
	"""A violation a person, and a closed month: one entry missing, and of the first person a day unexcused."""
	rows = frappe.get_all("Personnel", {"name": ("in", names)}, ["name", "opd", "full_name"], order_by="name")
	violations = [
		{
			"name": f"VIO-{row.name}-{DAY}",
			"personnel": row.name,
			"personnel_name": row.full_name,
			"day": DAY,
			"kind": "Out of Region",
			"status": "Explained" if row.opd == "PUPR" else "Open",
		}
		for row in rows
	]
	query.insert_dicts("Attendance Violation", violations)
	if not frappe.db.exists("Attendance Period", MONTH):
		closed = {"name": MONTH, "month": f"{MONTH}-01", "status": "Closed", "version": 1}
		query.insert_dicts("Attendance Period", [closed])
	query.insert_dicts("Attendance Period Line", [line(row, row.name == names[0]) for row in rows])


def line(row, unexcused: bool, **values) -> dict:
	missing, days = 10_000 if row.opd == "DISHUB" else 0, 50_000 if unexcused else 0
	return {
		"name": f"{MONTH}-{row.name}-{values.get('version', 1)}",
		"period": MONTH,
		"version": 1,
		"personnel": row.name,
		"personnel_name": row.full_name,
		"employment_type": "PTT",
		"opd": row.opd,
		"missing_entries": 1 if missing else 0,
		"days_tk": int(unexcused),
		"deduction_missing": missing,
		"deduction_unexcused": days,
		"deductions": missing + days,
		"base_pay": 2_000_000,
		"payable": 2_000_000 - missing - days,
		**values,
	}


def shown(name: str, user: str, **filters) -> dict:
	with acting_as(user):
		return run_report(name, filters=REPORTS[name][0] | filters)


def rows_of(name: str, user: str, **filters) -> list[dict]:
	"""The rows of a report without its total."""
	return [row for row in shown(name, user, **filters)["result"] if not row.get("bold")]


def by_opd(name: str, user: str, **filters) -> dict[str, dict]:
	return {row["opd"]: row for row in rows_of(name, user, **filters)}


def figures(name: str, user: str, **filters) -> dict:
	return {each["label"]: each["value"] for each in shown(name, user, **filters)["report_summary"]}


# Who sees what


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_would_open_for_a_role_that_it_is_not_for(town, name):
	for user in ASKING:
		if user in REPORTS[name][1]:
			assert shown(name, user)["columns"], user
			continue
		with pytest.raises(frappe.PermissionError):
			shown(name, user)


@pytest.mark.parametrize("name", SCOPED)
def test_a_head_would_see_people_of_another_opd(town, name):
	for user, opds in OPD_HEADS.items():
		assert {row["opd"] for row in rows_of(name, user)} <= opds, user
	assert {row["opd"] for row in rows_of(name, DINKES_HEAD)} | {"DINKES", "PKM ALAK"} == {
		"DINKES",
		"PKM ALAK",
	}


@pytest.mark.parametrize("name", SCOPED)
def test_a_head_would_see_another_opd_by_asking_for_it(town, name):
	assert rows_of(name, HEAD, opd="PUPR") == []
	assert {row["opd"] for row in rows_of(name, HEAD, opd="PEMKOT")} <= {"DISHUB", "DLHK"}


@pytest.mark.parametrize("name", REPORTS)
def test_an_opd_would_be_shown_without_those_below_it(town, name):
	user = CLERK
	every = {row["opd"] for row in rows_of(name, user)}
	assert {row["opd"] for row in rows_of(name, user, opd="DINKES")} == every & {"DINKES", "PKM ALAK"}


@pytest.mark.parametrize("name", REPORTS)
def test_an_opd_that_there_is_not_would_be_everybody(town, name):
	with pytest.raises(frappe.DoesNotExistError):
		shown(name, CLERK, opd="NOWHERE")


def test_the_own_renewal_would_be_told_to_a_head(town):
	"""A head is rated by somebody else, and does not read the own renewal: neither its state nor that it is there."""
	own = frappe.db.get_value("Personnel", {"opd": "PUPR"}, "name")
	frappe.db.set_value("Personnel", own, "user", OTHER_HEAD)
	row = next(row for row in rows_of("Expiring Contracts", OTHER_HEAD) if row["personnel"] == own)
	assert (row["renewal"], row["workflow_state"]) == (None, None)
	assert figures("Renewal Progress", OTHER_HEAD)["Renewals"] == 1


def test_a_number_of_an_identity_would_stand_in_a_report(town):
	numbers = {
		number
		for row in frappe.get_all("Personnel Identity", ["nik", "bank_account"], order_by="name")
		for number in row.values()
		if number
	}
	assert len(numbers) > 9
	for name, (_filters, users) in REPORTS.items():
		for user in users:
			text = frappe.as_json(shown(name, user))
			assert not [number for number in numbers if number in text], (name, user)


# Figures


def test_the_states_of_a_round_would_not_add_up(town):
	found = by_opd("Renewal Progress", MAYOR)
	assert {opd: row["total"] for opd, row in found.items()} == HEADCOUNTS
	states = {opd: {state: row[state] for state in STATES if row[state]} for opd, row in found.items()}
	assert states == {
		"DISHUB": {"Mayor Recommended": 2, "Withdrawn": 1},
		"DLHK": {"Rated": 1},
		"PUPR": {"Rated": 2},
		"DINKES": {"Draft": 1},
		"PKM ALAK": {"Draft": 2},
	}
	total = shown("Renewal Progress", MAYOR)["result"][-1]
	assert (total["opd_name"], total["total"], total["Draft"], total["in_play"]) == ("Total", 9, 3, 8)
	assert (total["rated_percent"], total["issued_percent"]) == (62.5, 0.0)


def test_a_percentage_would_stand_without_its_base(town):
	assert shown("Renewal Progress", MAYOR)["message"] == (
		"Percentages: of 8 renewals not withdrawn, which are 9 renewals less 1 withdrawn."
	)
	for name in REPORTS:
		user = next(iter(REPORTS[name][1] & {CLERK}))
		answer = shown(name, user)
		labels = [each["label"] for each in (*answer["columns"], *answer["report_summary"])]
		shares = [label for label in labels if "%" in label]
		assert shares or name == "Leavers", name
		assert not [label for label in shares if "% of " not in label], name


def test_a_low_rating_would_not_be_counted_of_those_rated(town):
	found = by_opd("Ratings by OPD", MAYOR)
	assert {opd: (row["people"], row["rated"], row["low"]) for opd, row in found.items()} == {
		"DISHUB": (2, 2, 0),
		"DLHK": (1, 1, 0),
		"PUPR": (2, 2, 1),
		"DINKES": (1, 0, 0),
		"PKM ALAK": (2, 0, 0),
	}
	assert found["PUPR"]["low_percent"] == 50.0
	assert found["DINKES"]["low_percent"] is None
	assert found["DINKES"]["mean"] is None
	answer = shown("Ratings by OPD", MAYOR)
	assert "1 of 5 rated" in answer["message"]
	labels = [column["label"] for column in answer["columns"]]
	assert labels[5:10] == ["Sangat Baik", "Baik", "Cukup", "Kurang", "Buruk"]
	scores = [
		Decimal(str(score))
		for score in frappe.get_all(
			"Contract Renewal",
			{"rating": ("is", "set"), "workflow_state": ("!=", "Withdrawn")},
			pluck="total_score",
			order_by="name",
		)
	]
	assert answer["result"][-1]["mean"] == pytest.approx(float(sum(scores) / len(scores)), abs=0.005)


def test_a_contract_would_end_without_anybody_seeing_its_renewal(town):
	rows = rows_of("Expiring Contracts", CLERK)
	assert len(rows) == sum(HEADCOUNTS.values())
	assert {row["days_left"] for row in rows} == {-41}
	found = figures("Expiring Contracts", CLERK)
	assert (found["PTT Contracts"], found["Without a Renewal"]) == (9, 0)
	assert found["SK Issued, % of these contracts"] == "0"
	assert rows_of("Expiring Contracts", CLERK, status="Active") == []


def test_the_roster_would_not_tell_who_is_at_home(town):
	found = figures("Stand Down Roster", CLERK)
	lines = frappe.db.count("Stand Down Line", {"outcome": "Stood Down"})
	assert lines and found["Stood Down"] == lines
	assert found["Recalled, % of those stood down"] == "0"
	at_home = rows_of("Stand Down Roster", CLERK, duty_status="Stood Down")
	assert {row["opd"] for row in at_home} == {"DISHUB", "PUPR", "DINKES"}
	kept = rows_of("Stand Down Roster", CLERK, outcome="Kept on Duty")
	assert {row["opd"] for row in kept} == {"DLHK", "PKM ALAK"}


def test_an_order_not_carried_out_would_look_like_an_empty_one(town):
	frappe.db.set_value("Stand Down Order", f"SDO-{ROUND}", "carried_out_on", None)
	frappe.db.delete("Stand Down Line")
	answer = shown("Stand Down Roster", CLERK)
	assert answer["result"] == []
	assert answer["message"].startswith("This order has not been carried out.")


def test_a_leaver_would_be_missing_or_a_draft_counted(town):
	assert [(row["opd"], row["reason"]) for row in rows_of("Leavers", MAYOR)] == [("DISHUB", "CPNS")]
	assert rows_of("Leavers", MAYOR, from_date="2021-01-01") == []
	assert rows_of("Leavers", MAYOR, reason="Retired") == []
	frappe.db.set_value("Personnel Exit", {"reason": "CPNS"}, "docstatus", 0)
	assert rows_of("Leavers", MAYOR) == []


def test_a_violation_would_tell_where_somebody_was(town):
	rows = rows_of("Out of Region Violations", BKPPD_HEAD)
	assert len(rows) == 9
	assert not {"punch", "latitude", "longitude", "accuracy"} & {key for row in rows for key in row}
	found = figures("Out of Region Violations", BKPPD_HEAD)
	assert (found["Open"], found["Open, % of these violations"]) == (7, "77.8")
	assert rows_of("Out of Region Violations", BKPPD_HEAD, from_date="2021-01-06", to_date="2021-01-07") == []


def test_deductions_would_be_other_than_the_closed_lines(town):
	rows = rows_of("Deductions", FINANCE)
	assert {row["personnel_name"]: row["deductions"] for row in rows}[NASTY] == 60_000
	assert len(rows) == 3
	answer = shown("Deductions", FINANCE)
	total = answer["result"][-1]
	assert total["personnel_name"] == "Total of 9 people"
	assert (total["deductions"], total["base_pay"], total["payable"]) == (80_000, 18_000_000, 17_920_000)
	assert total["deduction_share"] == 0.4
	assert answer["chart"]["data"] == {
		"labels": ["DISHUB"],
		"datasets": [{"name": "Deductions", "values": [80_000]}],
	}
	assert len(rows_of("Deductions", FINANCE, everybody=1)) == 9


def test_a_closing_under_way_would_be_shown(town):
	row = frappe.get_all("Personnel", ["name", "opd", "full_name"], {"opd": "PUPR"}, order_by="name")[0]
	query.insert_dicts("Attendance Period Line", [line(row, True, version=2)])
	assert figures("Deductions", FINANCE)["With a deduction"] == 3
	frappe.db.set_value("Attendance Period", MONTH, "version", 2)
	assert figures("Deductions", FINANCE)["With a deduction"] == 4


def test_what_is_missing_about_people_would_not_be_told(town):
	person, other = frappe.get_all("Personnel", {"opd": "DLHK"}, pluck="name"), "PUPR"
	frappe.db.delete("Personnel Identity", {"personnel": person[0]})
	frappe.db.set_value("OPD", {"name": ("in", ["PUPR", "PEMKOT"])}, {"head": None})
	missing = {row["personnel"]: row["missing"] for row in rows_of("Data Quality", CLERK)}
	assert "No NIK; No bank account; No login" in missing[person[0]]
	assert "No head of the OPD" in by_opd("Data Quality", CLERK)[other]["missing"]
	assert {row["opd"] for row in rows_of("Data Quality", CLERK, problem="No NIK")} == {"DLHK"}
	assert figures("Data Quality", CLERK)["No NIK"] == 1


def test_whoever_left_would_still_be_missing_something(town):
	listed = {row["personnel"] for row in quality.people(CLERK)}
	left = set(frappe.get_all("Personnel", {"duty_status": "Left"}, pluck="name"))
	assert left and not listed & left


def test_somebody_on_duty_without_a_contract_would_go_unseen(town):
	found = {row["opd"] for row in quality.people(CLERK) if quality.NO_CONTRACT in row["missing"]}
	assert found == {"DLHK", "PKM ALAK"}  # crucial: kept on duty, their SK is not there yet


@pytest.mark.parametrize(
	("name", "filters"),
	[
		("Expiring Contracts", {"from_date": None}),
		("Expiring Contracts", {"from_date": "2021-01-02", "to_date": "2021-01-01"}),
		("Leavers", {"from_date": "2021-01-02", "to_date": "2021-01-01"}),
		("Out of Region Violations", {"from_date": "2021-01-06", "to_date": DAY}),
	],
)
def test_days_in_the_wrong_order_would_be_an_empty_report(town, name, filters):
	with pytest.raises(DayRangeError):
		shown(name, CLERK, **filters)


# Names, charts, export


@pytest.mark.parametrize(
	"name", sorted(set(REPORTS) - {"Renewal Progress", "Ratings by OPD", "Data Quality", "Leavers"})
)
def test_a_name_would_be_changed_on_its_way(town, name):
	user = FINANCE if name == "Deductions" else CLERK
	assert NASTY in {row["personnel_name"] for row in rows_of(name, user)}


def test_a_report_would_run_a_name(site):
	"""Frappe's tables and prints take what the formatter answers as HTML."""
	paths = [f"report/{frappe.scrub(name)}/{frappe.scrub(name)}.js" for name in REPORTS]
	call = f"formatter({json.dumps(NASTY)}, {{}}, {{ fieldtype: 'Data' }}, {{}}, (value) => value)"
	found = run_scripts(
		paths, f"{json.dumps(list(REPORTS))}.map((name) => frappe.query_reports[name].{call})"
	)
	assert set(found) == {"O&#39;Brien &quot;Budi&quot; &lt;script&gt;alert(1)&lt;/script&gt;"}
	assert len(found) == len(REPORTS)


def test_a_chart_would_run_a_rating(town):
	"""A rating is a text of the scheme; the chart's labels are HTML."""
	frappe.db.set_value("Contract Renewal", {"rating": "Kurang"}, "rating", "<img src=x onerror=alert(1)>")
	answer = shown("Ratings by OPD", MAYOR)
	names = [dataset["name"] for dataset in answer["chart"]["data"]["datasets"]]
	assert "&lt;img src=x onerror=alert(1)&gt;" in names
	assert "<" not in frappe.as_json(answer["chart"])


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_would_have_no_chart_or_no_figures(town, name):
	answer = shown(name, CLERK)
	assert answer["chart"]["data"]["labels"]
	assert answer["report_summary"]
	assert {column["fieldname"] for column in answer["columns"]} <= set(answer["result"][0])


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_would_not_be_exported(town, name):
	answer = frappe._dict(shown(name, CLERK))
	rows = build_xlsx_data(answer, [], include_indentation=0, ignore_visible_idx=True)[0]
	assert len(rows) == 1 + len(answer.result)


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_would_fail_in_an_empty_city(city, name):
	answer = shown(name, CLERK, round=None, order=None, period=None)
	assert answer["result"] == []
	assert not answer["chart"]


# Where they begin


def test_a_report_would_begin_with_nothing(town):
	with acting_as(CLERK):
		assert board.beginning() == {
			"round": ROUND,
			"order": f"SDO-{ROUND}",
			"period": MONTH,
			"ending_from": "2020-01-01",
			"ending_to": "2020-12-31",
			"day": TODAY,
			"year": TODAY[:4],
			"month_from": "2021-02-01",
			"month_to": "2021-02-28",
			"today": TODAY,
		}


def test_a_report_would_begin_with_what_somebody_may_not_read(town):
	with acting_as(FINANCE):
		found = board.beginning()
	assert (found["round"], found["order"], found["period"]) == (None, None, MONTH)
	with acting_as(SELF):
		found = board.beginning()
	assert (found["round"], found["order"], found["period"]) == (None, None, None)


# Size


def test_a_report_would_ask_more_for_more_people(city):
	few = city.settle(DISHUB=10)
	city.opened()
	city.rated(ROUND, HEAD)
	stand_down(few)
	asked()  # what newer Frappe reads once in a while is read
	before = asked()
	many = people.save(people.invent({"DISHUB": 60, "DLHK": 60}, seed=8, year=2020), 2020)
	city.run(CLERK, "2020-11-16", "open", round=ROUND)
	city.rated(ROUND, HEAD)
	stand_down(many)
	assert asked() == before
	assert max(before.values()) <= 25, before


def stand_down(names: list[str]) -> None:
	"""Lines of an order, leavers, violations and closed lines, as the steps would have written them."""
	attendance(names)
	order = {"name": f"SDO-{ROUND}", "round": ROUND, "effective_date": "2021-01-04", "docstatus": 1}
	if not frappe.db.exists("Stand Down Order", order["name"]):
		query.insert_dicts("Stand Down Order", [order])
	of_people = {
		"Stand Down Line": {"stand_down_order": order["name"], "outcome": "Stood Down"},
		"Personnel Exit": {"reason": "CPNS", "exit_date": "2020-12-31", "docstatus": 1},
	}
	for doctype, values in of_people.items():
		rows = [{"name": f"{doctype}-{name}", "personnel": name, **values} for name in names]
		query.insert_dicts(doctype, rows)
	frappe.db.commit()


def asked() -> dict[tuple[str, str], int]:
	return {
		(name, user): queries(lambda name=name, user=user: shown(name, user))
		for name, (_filters, users) in REPORTS.items()
		for user in (HEAD, CLERK)
		if user in users
	}


# Too many for a browser


def asked_by(path: str, name: str) -> dict:
	set_request(method="POST", path=f"/api/method/{path}")
	try:
		return shown(name, CLERK)
	finally:
		del frappe.local.request  # Frappe asks only whether there is one


@pytest.mark.parametrize("name", ["Expiring Contracts", "Stand Down Roster", "Deductions", "Data Quality"])
def test_a_page_gets_more_rows_than_it_can_show_or_an_export_fewer(town, monkeypatch, name):
	whole = rows_of(name, CLERK)
	monkeypatch.setattr(table, "MOST", 2)
	cut = asked_by("frappe.desk.query_report.run", name)
	assert [row for row in cut["result"] if not row.get("bold")] == whole[:2]
	told = "The first 2 of {0} rows are shown; an OPD narrows them, and an export has them all."
	assert cut["message"].endswith(told.format(len(whole)))
	export = asked_by("frappe.desk.query_report.export_query", name)
	assert [row for row in export["result"] if not row.get("bold")] == whole
	for key in ("chart", "report_summary"):
		assert cut[key] == export[key]
	assert cut["result"][2:] == [row for row in export["result"] if row.get("bold")], "the total is of all"


def test_a_report_that_refuses_its_filters_is_taken_for_a_slow_one(town):
	name, given = "Expiring Contracts", frappe.local.form_dict
	others = threading.Timer(60, print, kwargs={"report": "Leavers", "site": frappe.local.site})
	watch = threading.Timer(60, print, kwargs={"report": name, "site": frappe.local.site})
	try:
		for timer in (others, watch):
			timer.start()
		frappe.local.form_dict = frappe._dict(report_name=name)
		with pytest.raises(DayRangeError):
			run_report(name, {"from_date": "2021-01-02", "to_date": "2021-01-01"})
		run_after_request_hooks(None, None)
		waiting = {one.kwargs["report"] for one in timers() if not one.finished.is_set()}
		assert (name in waiting, others.finished.is_set()) == (False, False)
	finally:
		frappe.local.form_dict = given
		for timer in (others, watch):
			timer.cancel()


def timers() -> list[threading.Timer]:
	return [
		one for one in threading.enumerate() if isinstance(one, threading.Timer) and "report" in one.kwargs
	]
