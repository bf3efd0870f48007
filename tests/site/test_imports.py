"""Data Import of today's spreadsheets: what a trial finds, and that it leaves nothing behind."""

import csv
from io import BytesIO
from pathlib import Path

import frappe
import openpyxl
import pytest
from frappe.core.doctype.data_import.importer import Importer
from frappe.utils.background_jobs import get_redis_conn
from frappe.utils.csvutils import to_csv

import kupang_hr
from kupang_hr.api import imports
from tests.site.city import BKPPD_HEAD, CLERK, HEAD

TODAY = "2020-12-01"
TEMPLATES = Path(kupang_hr.__file__).parent / "data" / "templates"
PEOPLE = ["Full Name", "Employment Type", "NIP", "Date of Birth", "OPD", "Position", "Education"]
MARIA = ["Maria Contoh", "PTT", "", "1990-05-17", "DISHUB", "Staf", "S1"]
ANA = ["Ana Contoh", "ASN", "198503152010012003", "1985-03-15", "BKPPD", "Analis", "S1"]
CONTRACTS = ["Personnel", "OPD", "Position", "Monthly Pay", "Start", "End"]


@pytest.fixture
def clerk(city):
	yield from at_work(city, CLERK)


@pytest.fixture
def head(city):
	"""The head of DISHUB with two people to score, and one of PUPR whom somebody else scores."""
	city.settle(2020, DISHUB=2, PUPR=1)
	city.opened()
	yield from at_work(city, HEAD)


def at_work(city, user: str):
	with city.acting(user, TODAY):
		yield user
	frappe.db.rollback()
	for name in frappe.get_all("Data Import", pluck="name"):
		frappe.delete_doc("Data Import", name, force=True)
	frappe.db.commit()


def made(doctype: str, table: list[list], **values):
	"""A Data Import of the session's user with this table in it."""
	doc = frappe.get_doc({"doctype": "Data Import", "reference_doctype": doctype})
	doc.update({"import_type": "Insert New Records", **values}).insert()
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{frappe.generate_hash(length=8)}.csv",
			"content": to_csv(table),
			"is_private": 1,
			"attached_to_doctype": "Data Import",
			"attached_to_name": doc.name,
		}
	).insert()
	doc.import_file = file.file_url
	doc.save()
	frappe.db.commit()
	return doc


def tried(doctype: str, table: list[list], **values) -> dict:
	return imports.try_out(made(doctype, table, **values).name)


def findings(found: dict) -> list[tuple]:
	return [(finding["row"], finding["field"], finding["text"]) for finding in found["findings"]]


def contract(person: str, start: str = "2021-01-01", end: str = "2021-12-31") -> list:
	return [person, "DISHUB", "Staf", 2_000_000, start, end]


def test_a_sound_file_is_refused(clerk):
	found = tried("Personnel", [PEOPLE, MARIA, ANA])
	assert found == {"documents": 2, "sound": 2, "blocked": False, "findings": [], "more": 0}


def test_a_trial_leaves_something_behind(clerk):
	doc = made("Personnel", [PEOPLE, MARIA, ANA])
	tables = [row[0] for row in frappe.db.sql("show tables")]
	before = {table: frappe.db.sql(f"select * from `{table}`") for table in tables}
	queued = get_redis_conn().dbsize(), frappe.cache.llen("global_search_queue")
	imports.try_out(doc.name)
	frappe.db.commit()
	after = {table: frappe.db.sql(f"select * from `{table}`") for table in before}
	assert [table for table in before if before[table] != after[table]] == []
	assert (get_redis_conn().dbsize(), frappe.cache.llen("global_search_queue")) == queued
	assert frappe.message_log == []


def test_a_wrong_row_is_not_named(clerk):
	table = [
		PEOPLE,
		["", "PTT", "", "1990-05-17", "DISHUB", "Staf", "S1"],
		["Ana", "ASN", "19850315", "1985-03-15", "BKPPD", "Analis", "S1"],
		["Bayi", "PTT", "", "2030-01-01", "DISHUB", "Staf", "S1"],
		["Yohanes <script>", "PTT", "", "1990-05-17", "DISHUB", "Staf", "S1"],
		MARIA,
	]
	found = tried("Personnel", table)
	assert (found["documents"], found["sound"], found["blocked"]) == (5, 2, False)
	told = findings(found)
	assert [(row, field) for row, field, _text in told] == [
		(2, "Full Name"),
		(3, "NIP"),
		(4, "Date of Birth"),
	]
	assert told[0][2] == "Full Name is missing."
	assert told[2][2] == "The date of birth lies in the future."


def test_what_frappe_cannot_read_is_not_named(clerk):
	table = [PEOPLE, [*MARIA[:3], "1990-05-17", "DINAS X", "Staf", "Doktor"], MARIA]
	found = tried("Personnel", table)
	assert (found["documents"], found["sound"], found["blocked"]) == (2, 1, True)
	assert {(row, field) for row, field, _text in findings(found)} >= {(2, "OPD"), (2, "Education")}


def test_two_rows_of_a_file_are_not_held_against_each_other(clerk):
	found = tried("Personnel", [PEOPLE, ANA, ANA])
	assert found["sound"] == 1
	assert [(row, field) for row, field, _text in findings(found)] == [(3, "NIP")]


def test_contracts_overlap_in_a_file(city, clerk):
	frappe.set_user("Administrator")
	first, second = city.settle(2020, DISHUB=2)
	frappe.set_user(CLERK)
	table = [
		CONTRACTS,
		contract(first),
		contract(first, "2021-06-01"),
		contract(second, "2021-01-01", "2022-01-31"),
		contract("PTT-99999"),
	]
	found = tried("PTT Contract", table, submit_after_import=1)
	assert (found["documents"], found["sound"]) == (4, 1)
	told = {row: (field, text) for row, field, text in findings(found)}
	name = frappe.db.get_value("Personnel", first, "full_name")
	assert told[3] == ("Start", f"{name} already has a contract from 2021-01-01 to 2021-12-31.")
	assert told[4] == ("End", "A PTT contract stays within one calendar year.")
	assert told[5][0] == "Personnel"
	assert frappe.db.count("PTT Contract") == 2


def test_what_is_changed_is_not_tried(city, clerk):
	frappe.set_user("Administrator")
	person = city.settle(2020, DISHUB=1)[0]
	frappe.set_user(CLERK)
	table = [["ID", "Date of Birth"], [person, "2030-01-01"], ["PTT-99999", "1990-01-01"]]
	found = tried("Personnel", table, import_type="Update Existing Records")
	assert findings(found) == [
		(2, "Date of Birth", "The date of birth lies in the future."),
		(3, "", "Personnel PTT-99999 does not exist."),
	]
	assert found["sound"] == 0


def test_the_import_does_something_else_than_the_trial_said(clerk):
	table = [PEOPLE, MARIA, ["Bayi", "PTT", "", "2030-01-01", "DISHUB", "Staf", "S1"], ANA]
	doc = made("Personnel", table)
	sound = imports.try_out(doc.name)["sound"]
	Importer("Personnel", data_import=frappe.get_doc("Data Import", doc.name)).import_data()
	assert frappe.db.count("Personnel") == sound == 2


@pytest.mark.parametrize("user", [HEAD, BKPPD_HEAD, "finance@city.test"])
def test_somebody_else_tries_the_import_of_a_clerk(city, clerk, user):
	doc = made("Personnel", [PEOPLE, MARIA])
	with city.acting(user, TODAY), pytest.raises(frappe.PermissionError):
		imports.try_out(doc.name)


def test_a_clerk_reads_the_import_of_another(city, clerk):
	doc = made("Personnel", [PEOPLE, MARIA])
	with city.acting("kabid@city.test", TODAY):
		assert frappe.get_list("Data Import", pluck="name") == []
		with pytest.raises(frappe.PermissionError):
			imports.try_out(doc.name)


def test_other_documents_are_tried(city, clerk):
	frappe.set_user("Administrator")
	doc = made("Note", [["Title"], ["x"]])
	with pytest.raises(frappe.ValidationError) as refusal:
		imports.try_out(doc.name)
	assert str(refusal.value) == "Note cannot be tried out."


OF_CLERKS = sorted(path for path in TEMPLATES.glob("*.csv") if path.stem != "performance_appraisal")


@pytest.mark.parametrize("path", OF_CLERKS, ids=lambda path: path.stem)
def test_an_example_does_not_fit_the_import(city, clerk, path):
	frappe.set_user("Administrator")
	city.settle(2020, DISHUB=2)
	frappe.db.delete("Attendance Summary")
	frappe.set_user(CLERK)
	with path.open(encoding="utf-8", newline="") as file:
		table = list(csv.reader(file))
	people = frappe.get_all("Personnel", pluck="name", order_by="name asc")
	for row in table[1:] if table[0][0] == "Personnel" else ():
		row[0] = people[int(row[0][-1]) - 1]
	doctype = frappe.unscrub(path.stem).replace("Ptt", "PTT")
	found = tried(doctype, table)
	assert (found["sound"], found["findings"]) == (len(table) - 1, [])


@pytest.mark.parametrize("doctype", ["Personnel", "PTT Contract", "Attendance Summary"])
def test_an_example_cannot_be_downloaded(city, clerk, doctype):
	assert len(example(doctype)) >= 3
	with city.acting(HEAD, TODAY), pytest.raises(frappe.PermissionError):
		imports.template(doctype)


def example(doctype: str) -> list[list]:
	imports.template(doctype)
	content = frappe.response.pop("filecontent")
	return [list(row) for row in openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]


def score_of(appraisal: str) -> dict[str, str]:
	rows = frappe.get_all("Performance Appraisal Score", {"parent": appraisal}, ["component", "score"])
	return {row.component: row.score for row in rows if row.component != "Attendance"}


SCORES = {"import_type": "Update Existing Records"}


def test_scores_do_not_come_in_by_the_example(head):
	table = example("Performance Appraisal")
	assert [row[4] for row in table[1:]] == ["Work Results", "Behaviour"] * 2
	first, second = table[1][0], table[3][0]
	for place, score in enumerate((85, "80,5", 70, 75), 1):
		table[place][5] = score
	doc = made("Performance Appraisal", table, **SCORES)
	found = imports.try_out(doc.name)
	assert found == {"documents": 2, "sound": 2, "blocked": False, "findings": [], "more": 0}
	assert score_of(first) == {"Work Results": None, "Behaviour": None}
	Importer("Performance Appraisal", data_import=frappe.get_doc("Data Import", doc.name)).import_data()
	assert [score_of(first), score_of(second)] == [
		{"Work Results": "85", "Behaviour": "80,5"},
		{"Work Results": "70", "Behaviour": "75"},
	]
	assert frappe.db.get_value("Performance Appraisal", first, "rating")
	only = [[*table[0][:1], *table[0][4:]], [first, "Behaviour", 60]]
	again = made("Performance Appraisal", only, **SCORES)
	Importer("Performance Appraisal", data_import=frappe.get_doc("Data Import", again.name)).import_data()
	assert score_of(first) == {"Work Results": "85", "Behaviour": "60"}


def test_a_wrong_score_is_not_named(head):
	table = example("Performance Appraisal")
	table[1][5], table[3][4], table[3][5] = 120, "Senyum", 80
	other = frappe.db.get_value("Performance Appraisal", {"name": ("not in", [table[1][0], table[3][0]])})
	found = tried("Performance Appraisal", [*table, [other, None, "Renew", None, None, None]], **SCORES)
	assert found["sound"] == 0
	assert findings(found) == [
		(2, "Scores", "The score of Work Results must be from 0 to 100: 120"),
		(4, "Scores", "The scheme has no component Senyum."),
		(6, "", "You may not import Performance Appraisal."),
	]


def test_a_clerk_brings_scores(city, clerk):
	with pytest.raises(frappe.PermissionError):
		imports.template("Performance Appraisal")
