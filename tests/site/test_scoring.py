"""The scoring grid: whom it shows, what each row still needs, and what may go wrong while a row is saved."""

from io import BytesIO

import frappe
import openpyxl
import pytest
from frappe.utils.csvutils import to_csv
from frappe.utils.xlsxutils import make_xlsx

from kupang_hr.api import scoring as api
from kupang_hr.bulk import query, run
from kupang_hr.cycle import score_sheet, scoring
from kupang_hr.cycle.rating import scoring_of
from kupang_hr.exceptions import ScoreError, SheetError
from tests.site.city import CLERK, DINKES_HEAD, HEAD, MAYOR, OTHER_HEAD, SCORES
from tests.site.counting import queries, rows_read

TODAY = "2020-12-07"
NASTY = """Ana "O'Brien" <script>document.title = "run"</script>"""
SCHEME_2022 = "Scheme 2022"


@pytest.fixture
def opened(city):
	city.settle(2020, DISHUB=3, DLHK=1, PUPR=2)
	return city.opened()


@pytest.fixture
def acting(city):
	"""The head, on a day of scoring."""
	with city.acting(HEAD, TODAY):
		yield HEAD


def grid(**filters) -> dict:
	return api.grid(**filters)


def first() -> frappe._dict:
	return grid()["rows"][0]


# What is shown


def test_a_head_scores_people_of_others(opened, city):
	for user, opds in ((HEAD, ["DISHUB"] * 3 + ["DLHK"]), (OTHER_HEAD, ["PUPR"] * 2), (DINKES_HEAD, [])):
		with city.acting(user, TODAY):
			found = grid()
			assert sorted(row.opd for row in found["rows"]) == opds
			assert found["people"] == len(opds)


def test_somebody_who_rates_nobody_is_let_in(opened, city):
	for user in (CLERK, MAYOR, "ptt@city.test", "Guest"):
		with city.acting(user, TODAY), pytest.raises(frappe.PermissionError) as refusal:
			grid()
		assert str(refusal.value) == "Scoring is done by the head of an OPD."


def test_a_head_scores_themself(opened, city):
	person = frappe.get_all("Personnel", {"opd": "DISHUB"}, order_by="name asc", pluck="name")[0]
	frappe.db.set_value("Personnel", person, "user", HEAD)
	with city.acting(HEAD, TODAY):
		assert person not in [row.personnel for row in grid()["rows"]]


def test_the_grid_has_no_round(city):
	with city.acting(HEAD, TODAY):
		found = grid()
	assert (found["rounds"], found["round"]) == ([], None)


def test_a_row_does_not_say_what_it_needs(opened, acting):
	row = first()
	assert row.problems == ["The score of Work Results is missing.", "The score of Behaviour is missing."]
	assert row.scores["Attendance"] == row.attendance != ""
	frappe.db.delete("Attendance Summary", {"personnel": row.personnel})
	row = first()
	assert (row.attendance, row.scores["Attendance"]) == (None, "")
	assert row.problems[0] == "The Attendance Summary of the year is missing."


def test_a_summary_that_came_after_the_scores_is_not_seen(opened, acting):
	row = first()
	summary = frappe.get_all("Attendance Summary", {"personnel": row.personnel}, pluck="name")[0]
	values = frappe.db.get_value("Attendance Summary", summary, ["days_expected", "days_present"])
	frappe.db.set_value("Attendance Summary", summary, {"days_expected": 0, "days_present": 0})
	scoring.save_row(row.name, {"scores": SCORES}, row.modified)
	assert "expects no day" in first().problems[0]
	frappe.db.set_value(
		"Attendance Summary", summary, {"days_expected": values[0], "days_present": values[1]}
	)
	row = first()
	assert row.problems == [] and row.rating
	assert api.complete("2021") == [row.name]


def test_pages_and_filters_lose_somebody(opened, acting):
	everybody = [row.name for row in grid()["rows"]]
	paged = [row.name for start in range(4) for row in grid(start=start, limit=1)["rows"]]
	assert paged == everybody and len(everybody) == 4
	row = first()
	frappe.db.set_value("Personnel", row.personnel, "full_name", NASTY)
	assert [found.personnel for found in grid(name="o'brien")["rows"]] == [row.personnel]
	scoring.save_row(row.name, {"scores": SCORES}, None)
	assert row.name not in [found.name for found in grid(unfinished="1")["rows"]]
	found = grid(unfinished=1)
	assert (found["people"], found["fitting"], found["complete"], found["rated"]) == (4, 3, 1, 0)


def test_who_is_rated_leaves_the_grid(opened, city):
	city.rated(opened)
	with city.acting(HEAD, TODAY):
		found = grid()
		assert (found["people"], found["rated"], found["complete"]) == (4, 4, 0)
		assert {row.docstatus for row in found["rows"]} == {1}


def test_the_grid_asks_more_for_more_people(city):
	city.settle(2020, DISHUB=2, PUPR=30)
	city.opened()
	counts = []
	for user in (HEAD, OTHER_HEAD):
		with city.acting(user, TODAY):
			counts.append(queries(grid))
	assert counts[0] == counts[1]


def test_a_page_of_the_grid_reads_everybody(city):
	city.settle(2020, DISHUB=2, PUPR=30)
	city.opened()
	alike = {"days_expected": 240, "days_present": 230, "days_unexcused": 2}
	for name in frappe.get_all("Attendance Summary", pluck="name"):
		frappe.db.set_value("Attendance Summary", name, alike)
	read = []
	for user, people in ((HEAD, 2), (OTHER_HEAD, 30)):
		with city.acting(user, TODAY):
			found = grid(limit=2)
			assert (len(found["rows"]), found["fitting"], found["people"]) == (2, people, people)
			read.append(rows_read(lambda: grid(limit=2)))
	assert read[0] == read[1]


def test_a_count_of_the_grid_differs_from_its_rows(opened, acting):
	for row, typed in zip(
		grid()["rows"],
		(
			{"scores": SCORES},
			{"scores": {"Work Results": "10", "Behaviour": "10"}},
			{"scores": {"Work Results": "10", "Behaviour": "10"}, "reason": "Sering mangkir"},
			{"scores": {"Work Results": "82,5"}, "reason": "-"},
		),
		strict=True,
	):
		scoring.save_row(row.name, typed, None)
	rows = scoring.rows_of("2021", HEAD)
	assert [bool(row.problems) for row in rows] == [False, True, False, True]
	found = grid(unfinished=1)
	assert (found["complete"], found["fitting"]) == (2, 2)
	assert [row.name for row in found["rows"]] == [row.name for row in rows if row.problems]
	assert [row.name for row in grid(unfinished=1, start=1, limit=1)["rows"]] == [rows[3].name]
	frappe.db.delete("Attendance Summary", {"personnel": rows[0].personnel})
	assert grid()["complete"] == 1


@pytest.mark.parametrize("part", ["50%", "a_b", "c\\d", "o'brien"])
def test_a_part_of_a_name_is_taken_for_a_pattern(opened, acting, part):
	person = first().personnel
	frappe.db.set_value("Personnel", person, "full_name", f"Ana {part.title()} Putri")
	assert [row.personnel for row in grid(name=f" {part} ")["rows"]] == [person]
	assert (grid(name=part)["fitting"], grid(name=part, unfinished=1)["fitting"]) == (1, 1)
	assert grid(name="a%b")["fitting"] == 0


# Saving a row


def test_a_saved_row_differs_from_the_document(opened, acting):
	row = first()
	answer = api.save(row.name, {"scores": SCORES, "recommendation": "Renew"}, row.modified)
	doc = frappe.get_doc("Performance Appraisal", row.name)
	assert answer["status"] == "saved"
	assert (answer["row"].total, answer["row"].rating) == (doc.total, doc.rating)
	assert doc.rating and doc.recommendation == "Renew"
	assert {score.component: score.score for score in doc.scores} == answer["row"].scores
	assert answer["row"].problems == []


def test_a_typed_attendance_counts(opened, acting):
	row = first()
	answer = api.save(row.name, {"scores": {**SCORES, "Attendance": "1"}}, row.modified)
	assert answer["row"].scores["Attendance"] == row.attendance


def test_a_low_rating_needs_no_reason(opened, acting):
	row = first()
	low = {"scores": {"Work Results": "10", "Behaviour": "10"}}
	assert api.save(row.name, low)["row"].problems == ["The rating Buruk needs a written reason."]
	assert api.save(row.name, {"reason": "Sering mangkir"})["row"].problems == []


@pytest.mark.parametrize(
	("typed", "said"),
	[
		({"scores": {"Behaviour": "101"}}, "The score of Behaviour must be from 0 to 100: 101"),
		({"scores": {"Behaviour": "-1"}}, "The score of Behaviour must be from 0 to 100: -1"),
		({"scores": {"Behaviour": "baik"}}, "The score of Behaviour is not a number: baik"),
		({"scores": {"Behaviour": "NaN"}}, "The score of Behaviour is not a number: NaN"),
		({"scores": {"Skill": "80"}}, "The scheme has no component Skill."),
		({"scores": ["80"]}, "Scores are given by component."),
		({"recommendation": "Yes"}, "Recommendation to the Mayor cannot be Yes."),
		({"reason": 7}, "Reason is a text."),
	],
)
def test_a_wrong_value_is_saved(opened, acting, typed, said):
	row = first()
	with pytest.raises(ScoreError) as refusal:
		api.save(row.name, typed, row.modified)
	assert str(refusal.value) == said
	frappe.db.rollback()
	assert first() == row


def test_a_decimal_comma_is_refused(opened, acting):
	answer = api.save(first().name, {"scores": {"Work Results": "82,5", "Behaviour": "80"}})
	assert answer["row"].rating and answer["row"].problems == []


def test_two_browsers_overwrite_each_other(opened, acting):
	row = first()
	api.save(row.name, {"scores": {"Behaviour": "70"}}, row.modified)
	answer = api.save(row.name, {"scores": {"Behaviour": "90"}}, row.modified)
	assert (answer["status"], answer["row"].scores["Behaviour"], answer["by"]) == ("changed", "70", "head")
	assert first().scores["Behaviour"] == "70"
	again = api.save(row.name, {"scores": {"Behaviour": "90"}}, answer["row"].modified)
	assert (again["status"], first().scores["Behaviour"]) == ("saved", "90")


def test_a_rated_row_is_changed(opened, city):
	city.rated(opened)
	with city.acting(HEAD, TODAY):
		row = first()
		with pytest.raises(ScoreError) as refusal:
			api.save(row.name, {"scores": SCORES}, row.modified)
	assert str(refusal.value) == f"{row.personnel_name} has been rated already."


def test_a_head_saves_a_row_of_another(opened, city):
	with city.acting(OTHER_HEAD, TODAY):
		others = first().name
	with city.acting(HEAD, TODAY), pytest.raises(frappe.PermissionError):
		api.save(others, {"scores": SCORES})


def test_expectations_are_not_rated(city):
	city.settle(2020, DISHUB=1)
	city.opened(scheme=SCHEME_2022)
	with city.acting(HEAD, TODAY):
		assert grid()["scheme"] == {"method": "Matrix", "components": []}
		row = first()
		assert row.problems == ["Choose results and behaviour against expectation."]
		answer = api.save(row.name, {"results_expectation": "Above"}, row.modified)
		answer = api.save(row.name, {"behaviour_expectation": "Above"}, answer["row"].modified)
	assert (answer["row"].rating, answer["row"].problems) == ("Sangat Baik", [])


# The sheet


def scheme_of(round_name: str = "2021"):
	return scoring_of(frappe.db.get_value("Renewal Round", round_name, "scheme")).scheme


def downloaded(kind: str) -> bytes:
	api.sheet("2021", kind)
	content = frappe.response.pop("filecontent")
	frappe.response.pop("filename"), frappe.response.pop("type")
	return content


def table_of(content: bytes) -> list[list]:
	rows = openpyxl.load_workbook(BytesIO(content)).active.iter_rows()
	return [[cell.value for cell in row] for row in rows]


def packed(table: list[list], kind: str = "XLSX") -> bytes:
	return to_csv(table).encode() if kind == "CSV" else make_xlsx(table, score_sheet.AS_IS).getvalue()


def read(content: bytes) -> score_sheet.Findings:
	return score_sheet.read(content, scoring.rows_of("2021", HEAD), scheme_of())


def with_scores(table: list[list], *scores: str) -> list[list]:
	"""A downloaded table with scores in it."""
	heading = table[0]
	for row, score in zip(table[1:], scores, strict=False):
		row[heading.index("Work Results")], row[heading.index("Behaviour")] = score, 80
	return table


@pytest.mark.parametrize("kind", ["XLSX", "CSV"])
def test_a_sheet_does_not_come_back_as_it_went(opened, acting, kind):
	row = first()
	api.save(
		row.name, {"scores": {"Work Results": "82,5"}, "reason": "=1+1\nbaik", "recommendation": "Renew"}
	)
	frappe.db.set_value("Personnel", row.personnel, "full_name", NASTY)
	content = downloaded(kind)
	findings = read(content)
	assert (findings.changes, findings.problems, findings.scores) == ([], [], {})
	assert findings.rows == 4
	if kind == "XLSX":
		line = next(line for line in table_of(content) if line[1] == NASTY)
		assert line[3:] == [82.5, None, float(row.attendance), "Renew", "'=1+1\nbaik"]


def test_a_sheet_is_not_saved(opened, acting):
	content = packed(with_scores(table_of(downloaded("XLSX")), "85", 90.5))
	findings = read(content)
	assert (len(findings.changes), len(findings.scores), findings.problems) == (4, 2, [])
	answer = run.start("score", {"round": "2021", "scores": findings.scores}, in_background=False)
	assert (answer["done"], answer["failed"]) == (2, 0)
	assert [row.scores["Work Results"] for row in grid()["rows"]][:2] == ["85", "90.5"]
	assert read(content).changes == []


def test_a_sheet_with_semicolons_is_not_read(opened, acting):
	content = downloaded("CSV").decode("utf-8-sig").replace(",", ";").encode("utf-8")
	assert read(content).rows == 4


def test_a_wrong_cell_is_not_named(opened, acting):
	names = [row.name for row in grid()["rows"]]
	table = with_scores(table_of(downloaded("XLSX")), "101", "delapan", "90", "91")
	table.append([*table[1]])
	table.append(["PA-2021-PTT-99999", "Somebody", "PUPR"])
	table.append([None, "Nobody"])
	findings = read(packed(table))
	assert findings.problems == [
		{
			"row": 2,
			"column": "Work Results",
			"problem": "The score of Work Results must be from 0 to 100: 101",
		},
		{"row": 3, "column": "Work Results", "problem": "The score of Work Results is not a number: delapan"},
		{"row": 6, "column": "Appraisal", "problem": f"{names[0]} is in row 2 already."},
		{
			"row": 7,
			"column": "Appraisal",
			"problem": "PA-2021-PTT-99999 is none of your people's open appraisals in this round.",
		},
		{"row": 8, "column": "Appraisal", "problem": "The appraisal is missing."},
	]
	assert sorted(findings.scores) == sorted(names[2:])
	assert [change["after"] for change in findings.changes] == ["90", "80", "91", "80"]


def test_people_of_another_head_are_scored_by_sheet(opened, city):
	with city.acting(OTHER_HEAD, TODAY):
		content = packed(with_scores(table_of(downloaded("XLSX")), "85", "85"))
	with city.acting(HEAD, TODAY):
		findings = read(content)
	assert findings.scores == {}
	assert len(findings.problems) == 2


@pytest.mark.parametrize(
	("content", "said"),
	[
		(b"", "The file is empty."),
		(b" \n\n", "The file is empty."),
		(b"Appraisal,Work Results\n", "The file has no rows."),
		(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel file (.xls). Save it as .xlsx or .csv."),
		(b"PK\x03\x04 no sheet", "The file cannot be read. Save it as .xlsx or .csv."),
		(b"%PDF-1.4\n\0\0\0", "The file cannot be read. Save it as .xlsx or .csv."),
		(b"x" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB."),
		(
			b"Nama,Nilai\nAna,80\n",
			"The first row must name the columns. Needed: "
			"Appraisal, Work Results, Behaviour, Recommendation to the Mayor, Reason",
		),
		(b"Appraisal,Behaviour,behaviour\nx,1,2\n", "The column Behaviour is there twice."),
		(b"Appraisal,Behaviour\n" + b"x,1\n" * 5000, "A file has at most 5000 rows."),
	],
)
def test_a_file_that_is_no_sheet_is_read(opened, acting, content, said):
	with pytest.raises(SheetError) as refusal:
		read(content)
	assert str(refusal.value) == said


def test_a_choice_in_indonesian_is_refused(opened, acting):
	name = first().name
	frappe.local.lang = "id"
	content = packed(
		[
			[frappe._("Appraisal"), "Work Results", "Recommendation to the Mayor"],
			[name, 80, frappe._("Renew")],
		]
	)
	findings = read(content)
	assert findings.problems == []
	assert findings.scores[name] == {"scores": {"Work Results": "80"}, "recommendation": "Renew"}
