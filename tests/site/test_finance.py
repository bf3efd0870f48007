"""The finance API over a real server: what it shows to whom, what it refuses, and the trace that it leaves."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import frappe
import pytest
import requests
import schemathesis
from frappe.installer import update_site_config
from frappe.utils.password import set_encrypted_password
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks

from dev import servers
from kupang_hr.demo.invention import invent_servants
from kupang_hr.demo.people import save_servants
from kupang_hr.payroll import reading
from kupang_hr.payroll.export import csv_chunks
from kupang_hr.payroll.lines import LINE, checksum_of
from kupang_hr.rules.pay import period_checksum
from tests.site import january
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, USERS, City
from tests.site.january import LAST_DAY, PERIOD, WORKING

PROJECT = Path(__file__).resolve().parents[2]
TODAY, FEBRUARY = "2021-03-01", "2021-02"
FINANCE, SYSADMIN, NOBODY = "finance@city.test", "sysadmin@city.test", "nobody@city.test"
READING = ("lines", "person", "export")
ENDPOINTS = {
	"periods": {},
	"period": {"period": PERIOD},
	"lines": {"period": PERIOD},
	"person": {"personnel": "PTT-00001"},
	"totals": {"period": PERIOD},
	"export": {"period": PERIOD},
}
ODD_NAME = '=HYPERLINK("http://x.test";"a")'


class Caller:
	"""Somebody with a token who calls the finance API."""

	def __init__(self, url: str, token: str | None) -> None:
		self.url = url
		self.headers = {"Authorization": f"token {token}"} if token else {}

	def get(self, endpoint: str, headers: dict | None = None, **query) -> requests.Response:
		return self.send("GET", endpoint, headers, query)

	def send(self, verb: str, endpoint: str, headers: dict | None = None, query=None) -> requests.Response:
		frappe.db.commit()
		answer = requests.request(
			verb,
			f"{self.url}/api/method/kupang_hr.api.finance.{endpoint}",
			params=query,
			headers={**self.headers, **(headers or {})},
			timeout=60,
		)
		frappe.db.rollback()
		return answer

	def reads(self, endpoint: str, **query) -> dict:
		answer = self.get(endpoint, **query)
		assert answer.status_code == 200, answer.text
		return answer.json()


@pytest.fixture
def told(site, web) -> Iterator[City]:
	"""January closed twice: three at DLHK and two civil servants, then three of DISHUB by a late contract."""
	frappe.set_user("Administrator")
	frappe.db.rollback()
	city = City()
	if (
		not frappe.db.exists("Attendance Period", PERIOD)
		or frappe.db.get_value("Attendance Period", PERIOD, "version") != 2
	):
		_tell(city)
	frappe.db.delete("Access Log")
	frappe.db.commit()
	yield city
	frappe.db.rollback()
	frappe.set_user("Administrator")


@pytest.fixture
def changed(told) -> Iterator[City]:
	"""The same, for a test that changes it."""
	yield told
	frappe.db.rollback()
	told.sweep()


def _tell(city: City) -> None:
	city.sweep()
	names = city.settle(year=2021, DLHK=3, DISHUB=3)
	january.without_contract("DISHUB")
	save_servants(invent_servants({"DISHUB": 2}, seed=7))
	frappe.db.set_value("Personnel", names[0], "full_name", ODD_NAME)
	frappe.db.set_value("Personnel Identity", names[0], "account_holder", 'Budi, "Si" Tua')
	january.punch([*names, *january.servants()], WORKING)
	frappe.db.delete("Attendance Punch", {"personnel": names[1], "counted_at": ("like", "2021-01-12%")})
	january.close(city)
	january.without_contract("DISHUB", hidden=False)
	january.close(city, "2021-02-03")


@pytest.fixture(scope="module")
def tokens(web) -> dict[str, str]:
	City().sweep()
	for number, user in enumerate(USERS):
		frappe.db.set_value("User", user, "api_key", f"finance{number}", update_modified=False)
		set_encrypted_password("User", user, "secret", "api_secret")
	frappe.db.commit()
	return {user: f"finance{number}:secret" for number, user in enumerate(USERS)}


@pytest.fixture
def caller(web, tokens, told):
	return lambda user=FINANCE: Caller(web.url, tokens.get(user, user))


def all_lines(who: Caller, **query) -> list[dict]:
	found, cursor = [], {}
	while True:
		page = who.reads("lines", **query, **cursor)
		found += page["lines"]
		if not page["next_cursor"]:
			return found
		cursor = {"cursor": page["next_cursor"]}


def error_of(answer: requests.Response) -> tuple:
	assert answer.headers["Content-Type"] == "application/json; charset=utf-8", answer.text
	body = answer.json()
	assert set(body) == {"error"} and set(body["error"]) == {"code", "message", "field"}
	assert body["error"]["message"] and "Traceback" not in answer.text
	return answer.status_code, body["error"]["code"], body["error"]["field"]


# Figures


def test_a_page_would_repeat_or_leave_out_a_line(caller):
	expected = frappe.get_all(LINE, {"period": PERIOD}, pluck="name", order_by="name asc")
	assert len(expected) == 8
	for limit in (1, 3, 7, 8, 1000):
		assert [line["name"] for line in all_lines(caller(), period=PERIOD, limit=limit)] == expected
	page = caller().reads("lines", period=PERIOD)
	assert (page["next_cursor"], page["versions"], page["booked_in"]) == (None, {PERIOD: 2}, None)


def test_totals_would_differ_from_the_sum_of_the_lines(caller):
	lines, totals = all_lines(caller(), period=PERIOD), caller().reads("totals", period=PERIOD)
	for row in totals["opds"]:
		own = [line for line in lines if line["opd"] == row["opd"]]
		assert row["payable"] == sum(line["payable"] or 0 for line in own)
		assert row["deductions"] == sum(line["deductions"] for line in own)
		assert (row["lines"], row["people"]) == (len(own), len({line["personnel"] for line in own}))
	by_sql = frappe.db.sql(
		f"select opd, cast(sum(payable) as signed) from `tab{LINE}` group by opd order by opd"
	)
	assert [(row["opd"], row["payable"]) for row in totals["opds"]] == list(by_sql)
	period = caller().reads("period", period=PERIOD)
	assert totals["total"] == {key: period[key] for key in totals["total"]}
	assert totals["total"]["payable"] > 0 and totals["total"]["deductions"] == 50_000
	one = caller().reads("totals", period=PERIOD, opd="DISHUB")
	assert [row["opd"] for row in one["opds"]] == ["DISHUB"]


def test_a_civil_servant_would_have_a_pay_of_nought(caller):
	of_asn = [line for line in all_lines(caller(), period=PERIOD) if line["employment_type"] == "ASN"]
	assert [(line["base_pay"], line["payable"], line["days_h"]) for line in of_asn] == [(None, None, 20)] * 2


def test_a_checksum_could_not_be_computed_again_by_the_reader(caller):
	lines = all_lines(caller(BKPPD_HEAD), period=PERIOD)
	assert [checksum_of(line) for line in lines] == [line["checksum"] for line in lines]
	period = caller().reads("period", period=PERIOD)
	assert period["checksum"] == period_checksum(line["checksum"] for line in lines)
	assert [row["version"] for row in period["versions"]] == [1, 2]
	assert sum(row["payable"] for row in period["versions"]) == period["payable"]


def test_filters_would_let_others_through(caller):
	lines = all_lines(caller(), period=PERIOD)
	for key, values in (("opd", ("DISHUB", "DLHK")), ("booked_in", (PERIOD, FEBRUARY))):
		for value in values:
			found = all_lines(caller(), period=PERIOD, **{key: value}, limit=2)
			assert found == [line for line in lines if line[key] == value] != []
	one = lines[0]["personnel"]
	assert all_lines(caller(), period=PERIOD, personnel=one) == [lines[0]]
	assert all_lines(caller(), booked_in=FEBRUARY) == [line for line in lines if line["version"] == 2]
	person = caller().reads("person", personnel=one)
	assert (person["lines"], person["payable"]) == ([lines[0]], lines[0]["payable"])


def test_what_has_changed_since_would_be_missed(caller):
	period = caller().reads("period", period=PERIOD)
	first, second = (row["closed_at"] for row in period["versions"])
	assert first.endswith("+08:00") and first.startswith(LAST_DAY)
	new = [line for line in all_lines(caller(), period=PERIOD) if line["version"] == 2]
	assert len(new) == 3
	for since, expected in (("0", 8), ("1", 3), ("2", 0), (first, 3), (second, 0), ("2021-01-01", 8)):
		assert len(all_lines(caller(), period=PERIOD, changed_since=since)) == expected, since
	assert all_lines(caller(), period=PERIOD, changed_since=first) == new
	utc = "2021-01-31T00:00:00Z"
	assert len(all_lines(caller(), booked_in=FEBRUARY, changed_since=utc)) == 3


def test_a_closing_under_way_would_be_shown(changed, caller):
	row = frappe.get_all(LINE, {"period": PERIOD}, ["*"], limit=1, order_by="name asc")[0]
	doc = frappe.get_doc({**row, "doctype": LINE, "name": f"{PERIOD}-x-9", "version": 3})
	doc.flags.by_closing = True
	doc.insert(ignore_permissions=True)
	before = caller().reads("totals", period=PERIOD)["total"]["lines"]
	assert before == len(all_lines(caller(), period=PERIOD)) == 8
	assert len(caller().reads("person", personnel=row.personnel)["lines"]) == 1
	assert caller().get("export", period=PERIOD).headers["X-Line-Count"] == "8"


def test_a_closing_between_two_pages_would_repeat_or_hide_lines(changed, caller):
	before = all_lines(caller(), period=PERIOD)
	first = caller().reads("lines", period=PERIOD, limit=4)
	frappe.db.delete("Attendance Punch", {"counted_at": ("like", "2021-01-14%")})
	frappe.db.commit()
	january.close(changed, TODAY)
	rest = caller().reads("lines", period=PERIOD, limit=4, cursor=first["next_cursor"])
	assert first["lines"] + rest["lines"] == before and rest["next_cursor"] is None
	assert rest["versions"] == {PERIOD: 2}
	since = all_lines(caller(), period=PERIOD, changed_since="2")
	assert {line["days_tk"] for line in since} == {1} and len(since) == 8


# Conditional requests


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_what_is_known_would_be_sent_again(caller, endpoint):
	who, query = caller(), ENDPOINTS[endpoint]
	first = who.get(endpoint, **query)
	tag = first.headers["ETag"]
	assert who.get(endpoint, **query).headers["ETag"] == tag
	for sent in (tag, f"W/{tag}", f'"other", {tag}'):
		again = who.get(endpoint, {"If-None-Match": sent}, **query)
		assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
	other = who.get(endpoint, {"If-None-Match": '"other"'}, **query)
	assert other.status_code == 200 and other.content == first.content


def test_a_changed_month_or_bank_account_would_look_unchanged(changed, caller):
	tags = {(user, name): _tag(caller(user), name) for user in (FINANCE, BKPPD_HEAD) for name in READING}
	assert tags[FINANCE, "lines"] != tags[BKPPD_HEAD, "lines"]
	with changed.acting(CLERK, TODAY):
		identity = frappe.get_doc("Personnel Identity", "PTT-00001")
		identity.bank_account = "0099"
		identity.save()
	frappe.db.commit()
	for name in READING:
		assert _tag(caller(FINANCE), name) != tags[FINANCE, name]
		assert _tag(caller(BKPPD_HEAD), name) == tags[BKPPD_HEAD, name]
	before = {name: _tag(caller(BKPPD_HEAD), name) for name in ENDPOINTS}
	frappe.db.delete("Attendance Punch", {"counted_at": ("like", "2021-01-14%")})
	january.close(changed, TODAY)
	for name, tag in before.items():
		assert _tag(caller(BKPPD_HEAD), name) != tag


def _tag(who: Caller, endpoint: str) -> str:
	return who.get(endpoint, **ENDPOINTS[endpoint]).headers["ETag"]


# Who may


def test_a_nik_or_a_bank_account_would_reach_somebody_else(caller):
	row = frappe.get_doc("Personnel Identity", "PTT-00001")
	secrets = (row.nik, row.bank_account, 'Budi, "Si" Tua')
	for endpoint in READING:
		theirs = caller(FINANCE).get(endpoint, **ENDPOINTS[endpoint]).text
		plain = caller(BKPPD_HEAD).get(endpoint, **ENDPOINTS[endpoint])
		assert row.nik in theirs and row.bank_account in theirs
		assert plain.status_code == 200
		assert not [secret for secret in secrets if secret in plain.text]
		assert not [name for name in reading.IDENTITY if f'"{name}"' in plain.text]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize(
	"user", [CLERK, HEAD, MAYOR, SYSADMIN, NOBODY, "ptt@city.test", "opd-clerk@city.test"]
)
def test_another_role_would_read_the_pay(caller, user, endpoint):
	answer = caller(user).get(endpoint, **ENDPOINTS[endpoint])
	assert error_of(answer) == (403, "forbidden", None)
	assert not frappe.db.count("Access Log")


@pytest.mark.parametrize("token", [None, "finance4:wrong", "x:y", "nonsense"])
def test_somebody_without_a_token_would_read_the_pay(caller, token):
	for endpoint, query in ENDPOINTS.items():
		assert error_of(caller(token).get(endpoint, **query)) == (401, "unauthenticated", None)


# The trace


@pytest.mark.parametrize("endpoint", READING)
@pytest.mark.parametrize("user", [FINANCE, BKPPD_HEAD])
def test_a_read_would_leave_no_trace(caller, endpoint, user):
	query = {**ENDPOINTS[endpoint], **({} if endpoint == "person" else {"opd": "DLHK"})}
	assert caller(user).get(endpoint, **query).status_code == 200
	(row,) = frappe.get_all("Access Log", fields=["*"], order_by="creation asc")
	assert (row.user, row.export_from) == (user, LINE)
	assert (row.method, row.file_type) == (
		f"finance.v1.{endpoint}",
		"CSV" if endpoint == "export" else "JSON",
	)
	assert row.reference_document == query.get("period")
	assert json.loads(row.filters) == query
	assert row.creation


def test_a_trace_would_be_left_where_nothing_was_read(caller):
	for endpoint in ("periods", "period", "totals"):
		caller().reads(endpoint, **ENDPOINTS[endpoint])
	caller().get("lines", period="2021-13")
	caller().get("lines", period="2020-05")
	tag = caller().get("lines", period=PERIOD).headers["ETag"]
	assert caller().get("lines", {"If-None-Match": tag}, period=PERIOD).status_code == 304
	assert frappe.db.count("Access Log") == 1


# Refusals


@pytest.mark.parametrize(
	"endpoint, query, expected",
	[
		("lines", {}, (400, "missing_parameter", "period")),
		("period", {}, (400, "missing_parameter", "period")),
		("person", {}, (400, "invalid_parameter", "personnel")),
		("lines", {"period": "2021-13"}, (400, "invalid_parameter", "period")),
		("lines", {"period": ""}, (400, "invalid_parameter", "period")),
		("lines", {"period": "2021-01\n"}, (400, "invalid_parameter", "period")),
		("lines", {"period": "2021-02"}, (404, "not_found", "period")),
		("lines", {"period": "2019-01"}, (404, "not_found", "period")),
		("period", {"period": "2019-01"}, (404, "not_found", "period")),
		("totals", {"booked_in": "Februari"}, (400, "invalid_parameter", "booked_in")),
		("lines", {"period": PERIOD, "opd": "NOWHERE"}, (404, "not_found", "opd")),
		("lines", {"period": PERIOD, "opd": "dishub"}, (404, "not_found", "opd")),
		("lines", {"period": PERIOD, "opd": ""}, (400, "invalid_parameter", "opd")),
		("lines", {"period": PERIOD, "opd": "x" * 200}, (400, "invalid_parameter", "opd")),
		("lines", {"period": PERIOD, "opd": "' or 1=1 -- "}, (404, "not_found", "opd")),
		("lines", {"period": PERIOD, "personnel": "a\0b"}, (400, "invalid_parameter", "personnel")),
		("person", {"personnel": "PTT-99999"}, (404, "not_found", "personnel")),
		("lines", {"period": PERIOD, "limit": "0"}, (400, "invalid_parameter", "limit")),
		("lines", {"period": PERIOD, "limit": "1001"}, (400, "invalid_parameter", "limit")),
		("lines", {"period": PERIOD, "limit": "ten"}, (400, "invalid_parameter", "limit")),
		("lines", {"period": PERIOD, "limit": "-1"}, (400, "invalid_parameter", "limit")),
		("lines", {"period": PERIOD, "limit": "٣"}, (400, "invalid_parameter", "limit")),
		(
			"lines",
			{"period": PERIOD, "changed_since": "tomorrow"},
			(400, "invalid_parameter", "changed_since"),
		),
		("lines", {"booked_in": PERIOD, "changed_since": "1"}, (400, "invalid_parameter", "changed_since")),
		("lines", {"period": PERIOD, "cursor": "x"}, (400, "invalid_cursor", "cursor")),
		("lines", {"period": PERIOD, "cursor": ""}, (400, "invalid_cursor", "cursor")),
		("lines", {"period": PERIOD, "offset": "5"}, (400, "unknown_parameter", "offset")),
		("lines", {"period": [PERIOD, PERIOD]}, (400, "invalid_parameter", "period")),
		("periods", {"period": PERIOD}, (400, "unknown_parameter", "period")),
		("export", {"period": PERIOD, "limit": "5"}, (400, "unknown_parameter", "limit")),
		("nothing", {}, (404, "not_found", None)),
	],
)
def test_a_wrong_question_would_get_some_answer(caller, endpoint, query, expected):
	assert error_of(caller().get(endpoint, **query)) == expected


def test_a_cursor_would_be_taken_to_another_period_or_filter(changed, caller):
	january.close(changed, TODAY, FEBRUARY)
	cursor = caller().reads("lines", period=PERIOD, limit=2)["next_cursor"]
	for query in (
		{"period": FEBRUARY},
		{"period": PERIOD, "opd": "DLHK"},
		{"booked_in": PERIOD},
		{"period": PERIOD, "booked_in": PERIOD},
		{"period": PERIOD, "changed_since": "0"},
	):
		answer = caller().get("lines", cursor=cursor, **query)
		assert error_of(answer) == (400, "invalid_cursor", "cursor")
	assert caller().reads("lines", period=PERIOD, limit=3, cursor=cursor)["lines"]
	for broken in (cursor[:-3], cursor + "A", cursor[::-1], "W10", "e30", "bnVsbA"):
		assert error_of(caller().get("lines", period=PERIOD, cursor=broken))[0] == 400


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE", "PATCH"])
def test_something_else_than_get_would_be_answered(caller, verb):
	for endpoint, query in ENDPOINTS.items():
		answer = caller().send(verb, endpoint, query=query)
		assert error_of(answer) == (405, "method_not_allowed", None)
		assert answer.headers["Allow"] == "GET"


def test_a_body_that_cannot_be_read_would_be_taken_for_a_wrong_token(caller):
	url, sent = caller().url, {**caller().headers, "Content-Type": "application/json"}
	periods = f"{url}/api/method/kupang_hr.api.finance.periods"
	answer = requests.get(periods, headers=sent, data="{", timeout=60)
	assert error_of(answer) == (400, "invalid_request", None)
	# newer Frappe takes a list, and a body is not looked at
	answer = requests.get(periods, headers=sent, data="[1]", timeout=60)
	assert answer.status_code == 200 or error_of(answer) == (400, "invalid_request", None)


def test_an_answer_would_be_sent_that_the_caller_does_not_take(caller):
	for accept, endpoint, status in (
		("application/xml", "lines", 406),
		("text/csv", "lines", 406),
		("application/json", "export", 406),
		("text/*", "export", 200),
		("*/*", "lines", 200),
		("application/xml, application/json;q=0.5", "lines", 200),
	):
		answer = caller().get(endpoint, {"Accept": accept}, period=PERIOD)
		assert answer.status_code == status
		if status == 406:
			assert error_of(answer) == (406, "not_acceptable", None)


def test_an_error_of_ours_would_show_a_traceback(changed, caller):
	frappe.db.sql("rename table `tabAttendance Period Version` to `tabHidden Version`")
	try:
		assert error_of(caller().get("period", period=PERIOD)) == (500, "internal_error", None)
	finally:
		frappe.db.sql("rename table `tabHidden Version` to `tabAttendance Period Version`")


# CSV


def test_an_export_would_not_be_the_lines(caller):
	answer = caller().get("export", period=PERIOD)
	assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
	assert answer.headers["Content-Disposition"] == 'attachment; filename="pay-2021-01-v2.csv"'
	assert answer.headers["X-Line-Count"] == "8"
	text = answer.content.decode()
	assert text.count("\r\n") == text.count("\n") == 9
	rows = list(csv.DictReader(io.StringIO(text, newline="")))
	lines = all_lines(caller(), period=PERIOD)
	assert list(rows[0]) == list(lines[0])
	for row, line in zip(rows, lines, strict=True):
		expected = {key: "" if value is None else str(value) for key, value in line.items()}
		if line["personnel_name"] == ODD_NAME:
			expected["personnel_name"] = f"'{ODD_NAME}"
		assert row == expected
	assert 'Budi, "Si" Tua' in {row["account_holder"] for row in rows}
	booked = caller().get("export", booked_in=FEBRUARY)
	assert booked.headers["Content-Disposition"] == 'attachment; filename="pay-booked-in-2021-02.csv"'
	assert booked.headers["X-Line-Count"] == "3"


@pytest.mark.parametrize("text", ["=1+1", "+1a", "-1+1", "@x", "\tx", "\r=x"])
def test_a_spreadsheet_would_run_a_name_as_a_formula(text):
	(_header, body) = csv_chunks(["a", "b"], [[[text, "-1.5"]]])
	assert next(csv.reader(io.StringIO(body.decode(), newline=""))) == [f"'{text}", "-1.5"]


def test_a_long_month_would_be_read_at_once(told, monkeypatch):
	monkeypatch.setattr(reading, "PAGE", 3)
	scope = reading.Scope({PERIOD: (0, 2)})
	parts = list(reading.pages(scope, with_identity=False))
	assert [len(part) for part in parts] == [3, 3, 2]
	assert [row[0] for part in parts for row in part] == frappe.get_all(
		LINE, pluck="name", order_by="name asc"
	)
	assert not list(reading.pages(reading.Scope({}), with_identity=False))


# The documents


def test_the_example_of_the_documentation_would_not_run(caller, web, tokens, tmp_path):
	command = [sys.executable, str(PROJECT / "docs/examples/finance.py"), PERIOD, str(tmp_path)]
	env = {**os.environ, "KUPANG_URL": web.url, "KUPANG_TOKEN": tokens[FINANCE]}
	total = caller().reads("totals", period=PERIOD)["total"]["payable"]
	for unchanged in ("", "lines: unchanged\ntotals: unchanged\n"):
		done = subprocess.run(command, env=env, capture_output=True, text=True)
		assert (done.returncode, done.stderr) == (0, unchanged)
		assert done.stdout.splitlines()[-1].strip() == f"{total:,}"
	command[2] = "2020-01"
	done = subprocess.run(command, env=env, capture_output=True, text=True)
	assert done.stderr.strip() == "404 not_found: The month 2020-01 is not closed. (period)"
	for wrong, words in (
		({"KUPANG_TOKEN": ""}, "What a month pays"),
		({"KUPANG_URL": "http://127.0.0.1:1"}, "http://127.0.0.1:1 cannot be reached"),
		({"KUPANG_URL": f"{web.url}/elsewhere"}, "404 from "),
	):
		done = subprocess.run(command, env={**env, **wrong}, capture_output=True, text=True)
		assert done.stderr.startswith(words) and "Traceback" not in done.stderr


specified = schemathesis.openapi.from_path(str(PROJECT / "docs/openapi.yaml"))


@specified.parametrize()
@settings(
	max_examples=25,
	derandomize=True,
	database=None,
	deadline=None,
	phases=[Phase.explicit, Phase.generate],
	suppress_health_check=list(HealthCheck),
)
def test_the_server_would_not_do_what_openapi_says(case, web, tokens, told):
	case.call_and_validate(
		base_url=f"{web.url}/api/method",
		headers={"Authorization": f"token {tokens[FINANCE]}"},
		# A cursor that fits the schema need not be one that was given.
		excluded_checks=[checks.positive_data_acceptance]
		if hasattr(checks, "positive_data_acceptance")
		else [],
	)
