"""The figures of a day and a month, each with its base; who sees which; the list of unexcused days."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import frappe
import pytest
from frappe.desk.query_report import build_xlsx_data
from frappe.desk.query_report import run as run_report

from kupang_hr.api import attendance_days
from kupang_hr.attendance import report, thresholds
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.run import acting_as
from kupang_hr.exceptions import DayRangeError
from tests.site.city import BKPPD_HEAD, CLERK, DINKES_HEAD, HEAD, MAYOR, OTHER_HEAD
from tests.site.counting import queries
from tests.site.punching import servants
from tests.site.scripts import run_script

OPD_CLERK, SELF, NOBODY, FINANCE = (
	"opd-clerk@city.test",
	"ptt@city.test",
	"nobody@city.test",
	"finance@city.test",
)
THE_DAY = "2020-12-29"
REPORTS = ("Attendance by Day", "Attendance by Month", "Unexcused Days")
FILTERS = {
	"Attendance by Day": {"day": THE_DAY},
	"Attendance by Month": {"month": THE_DAY},
	"Unexcused Days": {"year": 2020},
}
COUNTS = (
	"measured",
	"expected",
	"present",
	"sick",
	"on_leave",
	"permitted",
	"official_duty",
	"study_duty",
	"unexcused",
	"pending",
	"stood_down",
	"holiday",
	"off",
)


def log(names: Sequence[str], codes: str | Sequence[str], *days: str, **values) -> None:
	"""Logs as the app writes them: a code for everybody, or one for each."""
	given = [codes] * len(names) if isinstance(codes, str) else codes
	seats = dict(frappe.get_all("Personnel", fields=["name", "opd"], as_list=True, order_by="name", limit=0))
	rows = [
		{
			"name": f"{name}-{day}",
			"personnel": name,
			"day": day,
			"opd": seats[name],
			"code": code or None,
			"mode": "WFO" if code == "H" else None,
			"minutes_late": 0,
			"minutes_early": 0,
			"missing_entries": 0,
			**values,
		}
		for day in days or (THE_DAY,)
		for name, code in zip(names, given, strict=True)
	]
	Trail("Administrator", None).insert("Attendance Log", rows)
	frappe.db.commit()


def counts_of(found: Mapping) -> dict[str, int]:
	return {key: found[key] for key in COUNTS if found[key]}


def by_opd(found: Mapping) -> dict[str, dict]:
	return {row["opd"]: row for row in found["by_opd"]}


def shown(name: str, user: str, **filters) -> dict:
	with acting_as(user):
		return run_report(name, filters=FILTERS[name] | filters)


def rows_shown(name: str, user: str, **filters) -> list:
	return shown(name, user, **filters)["result"]


# A day


def test_the_day_in_the_newspaper_has_its_figures(city):
	"""6,930 of 7,000 are 99.0 %; a tenth of each here: 693 of 700, and the rest in the same proportions."""
	names = servants(DISHUB=400, PUPR=300)
	log(names, [*["S"] * 1, *["C"] * 1, *["TK"] * 5, *["H"] * 693])
	found = report.daily(THE_DAY)
	assert found["date"] == date(2020, 12, 29)
	assert counts_of(found) == {
		"measured": 700,
		"expected": 700,
		"present": 693,
		"sick": 1,
		"on_leave": 1,
		"unexcused": 5,
	}
	assert found["attendance_percent"] == Decimal("99.0")
	assert found["base"] == (
		"Percentage: people present (office, home, field or official duty) of 700 expected,"
		" which are 700 measured less 0 stood down, 0 on holiday and 0 off by shift."
	)
	assert {opd: row["attendance_percent"] for opd, row in by_opd(found).items()} == {
		"DISHUB": Decimal("98.3"),
		"PUPR": Decimal("100.0"),
	}


def test_each_code_is_counted_once_and_in_its_place(city):
	names = servants(DISHUB=12)
	log(names, ["H", "S", "I", "C", "DL", "TB", "TK", "DR", "L", "CB", "LS", ""])
	found = report.daily(THE_DAY)
	assert counts_of(found) == {
		"measured": 12,
		"expected": 8,
		"present": 2,
		"sick": 1,
		"on_leave": 1,
		"permitted": 1,
		"official_duty": 1,
		"study_duty": 1,
		"unexcused": 1,
		"pending": 1,
		"stood_down": 1,
		"holiday": 2,
		"off": 1,
	}
	assert found["attendance_percent"] == Decimal("25.0")
	assert "of 8 expected, which are 12 measured less 1 stood down, 2 on holiday and 1 off" in found["base"]


def test_a_day_without_anybody_has_no_percentage(city):
	found = report.daily(THE_DAY)
	assert counts_of(found) == {}
	assert found["attendance_percent"] is None
	assert found["by_opd"] == []
	assert found["last_seal"] is None


def test_late_people_are_counted_not_minutes(city):
	names = servants(DISHUB=5)
	log(names[:2], "H", minutes_late=40)
	log(names[2:], "H")
	assert report.daily(THE_DAY)["late"] == 2


def test_who_was_in_the_office_is_held_against_the_capacity(city):
	opd = frappe.get_doc("OPD", "PEMKOT")
	opd.append("capacities", {"percent": 30, "valid_from": "2020-12-01"})
	opd.save()
	names = servants(DISHUB=10, PUPR=10)
	log(names[:3], "H", mode="WFO")
	log(names[3:9], "H", mode="WFH")
	log(names[9:10], "DR")
	log(names[10:13], "H", mode="Device")
	log(names[13:20], "H", mode="Field")
	keys = ("in_office", "headcount", "capacity_percent", "capacity", "over_capacity")
	found = report.daily(THE_DAY)
	assert found["in_office"] == 6
	assert {opd: tuple(row[key] for key in keys) for opd, row in by_opd(found).items()} == {
		"DISHUB": (3, 9, 30, 2, True),
		"PUPR": (3, 10, 30, 3, False),
	}


def test_an_opd_stands_for_itself_and_all_below_it(city):
	names = servants(DINKES=2, PUPR=3, **{"PKM ALAK": 4})
	log(names, "H")
	assert set(by_opd(report.daily(THE_DAY, opd="DINKES"))) == {"DINKES", "PKM ALAK"}
	assert report.daily(THE_DAY, opd="DINKES")["measured"] == 6
	assert report.monthly("2020-12", opd="PKM ALAK")["measured"] == 4


def test_the_last_seal_stands_on_the_day(city):
	seal = {"day": "2020-12-28", "seal": "ab" * 32, "sealed_at": "2020-12-29 00:10:00", "punches": 14000}
	query.insert_dicts("Attendance Seal", [{"name": "2020-12-28", "signature": "x", **seal}])
	log(servants(DISHUB=1), "H")
	assert report.daily(THE_DAY)["last_seal"].seal == "ab" * 32
	assert f"Last seal of the evidence: 2020-12-28, {'ab' * 32}" in shown(REPORTS[0], MAYOR)["message"]


@pytest.mark.parametrize("day", [None, "", "yesterday", "2020-13-01", "2020-12-32"])
def test_a_day_that_is_none_is_refused(city, day):
	with pytest.raises(DayRangeError) as raised:
		report.daily(day)
	assert str(raised.value) == "Give the day as a date."


def test_an_opd_that_is_none_is_refused(city):
	with pytest.raises(frappe.DoesNotExistError) as raised:
		report.daily(THE_DAY, opd="<script>")
	assert str(raised.value) == "There is no OPD &lt;script&gt;."


# A month


def test_a_month_counts_days_of_people_by_code(city):
	names = servants(DISHUB=2, PUPR=1)
	log(names, "H", "2020-12-01", minutes_late=10, minutes_early=5, missing_entries=1)
	log(names, ["H", "TK", "S"], "2020-12-02")
	log(names, "DR", "2020-12-31")
	log(names, "TK", "2020-11-30", "2021-01-01")
	found = report.monthly("2020-12")
	assert found["month"] == date(2020, 12, 1)
	assert {code: days for code, days in found["days"].items() if days} == {"H": 4, "S": 1, "TK": 1, "DR": 3}
	assert (found["minutes_late"], found["minutes_early"], found["missing_entries"]) == (30, 15, 3)
	assert (found["expected"], found["present"]) == (6, 4)
	assert found["attendance_percent"] == Decimal("66.7")
	assert found["base"] == (
		"Percentage: days present (office, home, field or official duty) of 6 days expected,"
		" which are 9 days of people less 3 stood down, 0 on holiday and 0 off by shift."
	)
	own = by_opd(found)
	assert own["DISHUB"]["days"]["TK"] == 1
	assert own["DISHUB"]["minutes_late"] == 20
	assert own["PUPR"]["attendance_percent"] == Decimal("50.0")


def test_any_day_of_a_month_asks_for_the_month(city):
	log(servants(DISHUB=1), "H", "2020-12-01", "2020-12-31")
	for month in ("2020-12", "2020-12-17", date(2020, 12, 31)):
		assert report.monthly(month)["present"] == 2


@pytest.mark.parametrize("month", [None, "2020-13", "December", "20201"])
def test_a_month_that_is_none_is_refused(city, month):
	with pytest.raises(DayRangeError):
		report.monthly(month)


def test_more_people_take_no_more_queries(city):
	names = servants(DISHUB=20, DLHK=200)
	few, many = names[:20], names[20:]
	log(few, "TK", "2020-12-28", "2020-12-29", "2020-12-30", "2020-12-22")
	asked = {
		"day": lambda: report.daily(THE_DAY, HEAD),
		"month": lambda: report.monthly("2020-12", HEAD),
		"year": lambda: thresholds.unexcused(2020, user=HEAD),
	}
	before = {name: queries(ask) for name, ask in asked.items()}
	log(many, "TK", "2020-12-28", "2020-12-29", "2020-12-30", "2020-12-22")
	assert {name: queries(ask) for name, ask in asked.items()} == before
	assert max(before.values()) <= 12


def test_a_day_and_a_month_are_read_from_the_index_alone(city):
	names = servants(DISHUB=100)
	days = [str(date(2020, 1, 1) + timedelta(days=number)) for number in range(120)]
	log(names, "H", *days)
	frappe.db.sql_ddl("analyze table `tabAttendance Log`")
	for ask in (lambda: report.daily("2020-02-03"), lambda: report.monthly("2020-02")):
		plan = explained(ask)
		assert plan.key == "day_figures"
		assert "Using index" in plan.Extra
		assert int(plan.rows) < len(names) * 60


def explained(ask) -> frappe._dict:
	"""The plan of the statement over logs that something sends."""
	sent = []
	real = frappe.db.sql

	def noted(statement, *arguments, **options):
		sent.append(str(statement))
		return real(statement, *arguments, **options)

	frappe.db.sql = noted
	try:
		ask()
	finally:
		del frappe.db.sql
	statement = next(text for text in sent if "`tabAttendance Log`" in text)
	return real(f"explain {statement}", as_dict=True)[0]


# Who sees what


@pytest.fixture
def town(city):
	names = servants(DISHUB=3, DLHK=1, PUPR=2, DINKES=1, **{"PKM ALAK": 2})
	log(names, "TK", "2020-12-28", "2020-12-29", "2020-12-30", "2020-12-22")
	city.seat("DISHUB", OPD_CLERK, "clerk")
	frappe.db.set_value("Personnel", names[0], "user", SELF)
	frappe.db.commit()
	return city


@pytest.mark.parametrize(
	("user", "people"),
	[
		(MAYOR, 9),
		(BKPPD_HEAD, 9),
		(CLERK, 9),
		(HEAD, 4),
		(OTHER_HEAD, 2),
		(DINKES_HEAD, 3),
		(OPD_CLERK, 3),
		(SELF, 1),
		(NOBODY, 0),
		(FINANCE, 0),
	],
)
def test_everybody_counts_whom_they_see(town, user, people):
	assert report.daily(THE_DAY, user)["measured"] == people
	assert report.monthly("2020-12", user)["days"]["TK"] == 4 * people
	assert len({row["personnel"] for row in thresholds.unexcused(2020, user=user)}) == people


def test_an_opd_head_does_not_see_another_opd_by_asking_for_it(town):
	assert report.daily(THE_DAY, HEAD, opd="PUPR")["measured"] == 0
	assert report.daily(THE_DAY, HEAD, opd="PEMKOT")["measured"] == 4


@pytest.mark.parametrize("user", [SELF, NOBODY, FINANCE])
def test_who_may_not_report_on_logs_is_refused(town, user):
	with town.acting(user, THE_DAY):
		for ask in (
			lambda: attendance_days.daily(THE_DAY),
			lambda: attendance_days.monthly("2020-12"),
			lambda: attendance_days.unexcused(2020),
			attendance_days.latest_day,
		):
			with pytest.raises(frappe.PermissionError):
				ask()
	for name in REPORTS:
		with pytest.raises(frappe.PermissionError):
			shown(name, user)


def test_the_endpoints_answer_plain_numbers(town):
	with town.acting(HEAD, THE_DAY):
		found = attendance_days.daily(THE_DAY)
		assert found["attendance_percent"] == 0.0
		assert frappe.as_json(found["by_opd"][0])
		assert attendance_days.monthly("2020-12")["unexcused"] == 16
		assert attendance_days.latest_day() == "2020-12-30"
		assert len(attendance_days.unexcused("2020", "12", "DISHUB")) == 3


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_shows_the_subtree_to_its_head(town, name):
	opds = {row.get("opd") for row in rows_shown(name, DINKES_HEAD)}
	assert opds - {None} == {"DINKES", "PKM ALAK"}
	opds = {row.get("opd") for row in rows_shown(name, MAYOR, opd="DINKES")}
	assert opds - {None} == {"DINKES", "PKM ALAK"}


# The reports


def test_the_daily_report_ends_with_a_total_and_names_the_base(city):
	names = servants(DISHUB=4, PUPR=2)
	log(names, ["H", "H", "H", "TK", "H", "DR"])
	answer = shown("Attendance by Day", MAYOR)
	rows = [
		(row["opd"], row["measured"], row["present"], row["attendance_percent"]) for row in answer["result"]
	]
	assert sorted(rows[:-1]) == [("DISHUB", 4, 3, Decimal("75.0")), ("PUPR", 2, 1, Decimal("100.0"))]
	assert rows[-1] == (None, 6, 4, Decimal("80.0"))
	assert answer["result"][-1]["opd_name"] == "Total"
	assert "of 5 expected" in answer["message"]
	labels = [column["label"] for column in answer["columns"]]
	assert [label for label in labels if "%" in label] == [
		"Present, % of expected",
		"Capacity, % of those not stood down",
	]
	assert sorted(answer["chart"]["data"]["datasets"][0]["values"]) == [75.0, 100.0]
	summary = {card["label"]: card["value"] for card in answer["report_summary"]}
	assert summary["Present, % of expected"] == "80"


def test_the_monthly_report_ends_with_a_total_and_names_the_base(city):
	names = servants(DISHUB=4)
	log(names, ["H", "H", "H", "TK"], "2020-12-28", "2020-12-29")
	answer = shown("Attendance by Month", MAYOR)
	total = answer["result"][-1]
	assert (total["opd_name"], total["H"], total["TK"], total["expected"]) == ("Total", 6, 2, 8)
	assert total["attendance_percent"] == Decimal("75.0")
	assert "of 8 days expected" in answer["message"]
	assert answer["chart"]["data"] == {
		"labels": ["DISHUB"],
		"datasets": [{"name": "Present, % of days expected", "values": [75.0]}],
	}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_of_nobody_is_empty(city, name):
	answer = shown(name, MAYOR)
	assert answer["result"] == []
	assert not answer["chart"]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_exported_as_frappe_does(town, name):
	answer = frappe._dict(shown(name, BKPPD_HEAD))
	answer.columns, answer.result = list(answer.columns), list(answer.result)
	rows = build_xlsx_data(answer, [], include_indentation=0, ignore_visible_idx=True)[0]
	assert len(rows) == 1 + len(answer.result)


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_installed_for_those_who_read_logs(site, name):
	doc = frappe.get_doc("Report", name)
	assert (doc.is_standard, doc.report_type, doc.module) == ("Yes", "Script Report", "Kupang HR")
	assert {row.role for row in doc.roles} == {
		"OPD Clerk",
		"OPD Head",
		"BKPPD Clerk",
		"BKPPD Head",
		"Wali Kota",
	}


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
	("value", "fieldtype", "html"),
	[
		(
			'Maria "Ria" O\'Neil <script>alert(1)</script>',
			"Data",
			"Maria &quot;Ria&quot; O&#39;Neil &lt;script&gt;alert(1)&lt;/script&gt;",
		),
		(99.0, "Float", 99.0),
		(0, "Float", 0),
		(None, "Float", ""),
	],
)
def test_a_report_shows_names_as_text_and_no_percentage_of_nobody(site, name, value, fieldtype, html):
	slug = frappe.scrub(name)
	call = f"formatter({json.dumps(value)}, {{}}, {{fieldtype: '{fieldtype}'}}, {{}}, (value) => value)"
	script = f"report/{slug}/{slug}.js"
	assert run_script(script, f"frappe.query_reports[{json.dumps(name)}].{call}") == html


# Unexcused days


def unexcused_of(*arguments, **options) -> list[tuple]:
	keys = ("personnel", "month", "days", "limit")
	return [tuple(row[key] for key in keys) for row in thresholds.unexcused(*arguments, **options)]


def test_people_at_a_threshold_are_listed_and_nobody_below_it(city):
	below, at = servants(DISHUB=2)
	log([at], "TK", "2020-12-01", "2020-12-02", "2020-12-03", "2020-12-04")
	log([below], "TK", "2020-11-30", "2020-12-02", "2020-12-03", "2020-12-04")
	log([below], "H", "2020-12-07")
	assert unexcused_of(2020) == [(at, 12, 4, 4)]


def test_the_year_has_a_threshold_of_its_own(city):
	person = servants(DISHUB=1)
	days = [f"2020-{month:02d}-{day:02d}" for month in range(1, 6) for day in (1, 2, 3)]
	log(person, "TK", *days)
	log(person, "TK", "2019-12-31", "2021-01-01")
	assert unexcused_of(2020) == [(person[0], None, 15, 15)]
	assert unexcused_of(2020, 3) == []
	assert unexcused_of(2019) == []


def test_the_settings_decide_the_thresholds(city):
	person = servants(DISHUB=1)
	log(person, "TK", "2020-12-01", "2020-12-02")
	settings = frappe.get_doc("Kupang HR Settings")
	settings.unexcused_days_month, settings.unexcused_days_year = 2, 0
	settings.save()
	try:
		assert unexcused_of(2020) == [(person[0], 12, 2, 2)]
	finally:
		settings.unexcused_days_month, settings.unexcused_days_year = 4, 15
		settings.save()
	assert unexcused_of(2020) == []


def test_the_list_changes_nothing(town):
	before = frappe.get_all("Personnel", ["name", "duty_status", "modified"], order_by="name")
	assert len(rows_shown("Unexcused Days", MAYOR)) == 9
	assert frappe.get_all("Personnel", ["name", "duty_status", "modified"], order_by="name") == before
	assert not frappe.db.count("Bulk Run")


def test_the_list_says_where_the_days_were_and_of_which_month(town):
	row = rows_shown("Unexcused Days", OTHER_HEAD)[0]
	assert (row["opd"], row["period"], row["days"], row["limit"], row["employment_type"]) == (
		"PUPR",
		"2020-12",
		4,
		4,
		"ASN",
	)
	assert "reach 4 in a month or 15 in a year" in shown("Unexcused Days", OTHER_HEAD)["message"]


@pytest.mark.parametrize(("year", "month"), [(None, None), ("twenty", None), (2020, 13), (2020, "May")])
def test_a_year_that_is_none_is_refused(city, year, month):
	with pytest.raises(DayRangeError) as raised:
		thresholds.unexcused(year, month)
	assert str(raised.value) == "Give a year, and a month from 1 to 12 if any."
