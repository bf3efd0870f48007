"""Lists of the desk: what they show and filter by, and that every indicator leads to the rows that have it."""

import json
from pathlib import Path

import frappe
import pytest
from frappe.model import no_value_fields

from tests.site.scripts import run_scripts

# Lists without anything to tell apart in a colour.
PLAIN = {"Appraisal Scheme", "Attendance Seal", "Personnel Identity", "Sent Notice", "Work Schedule"}
NASTY = "<img src=x onerror='alert(1)'>"
# Each list: rows, with the indicator and the filter that it stands for.
WAITING = ("orange", "docstatus,=,0")
INDICATORS = {
	"Absence Permit": [({"docstatus": 0}, "Waiting for Approval", *WAITING)],
	"Attendance Correction": [({"docstatus": 1}, "Approved", "green", "docstatus,=,1")],
	"Attendance Log": [({"code": "TK"}, "TK", "red", "code,=,TK"), ({}, "Not over", "gray", "")],
	"Attendance Period": [({"status": "Open"}, "Open", "orange", "status,=,Open")],
	"Attendance Period Line": [({"reason": "Back Pay"}, "Back Pay", "blue", "reason,=,Back Pay")],
	"Attendance Punch": [
		({"raised_flags": "Mock Location"}, "Flagged", "red", "raised_flags,is,set"),
		({"raised_flags": ""}, "No Flag", "green", "raised_flags,is,not set"),
	],
	"Attendance Violation": [({"status": "Open"}, "Open", "red", "status,=,Open")],
	"Bulk Run": [({"status": "Failed"}, "Failed", "red", "status,=,Failed")],
	"Decree": [
		({"docstatus": 0}, "Not Signed", *WAITING),
		({"docstatus": 1, "line_count": 2, "applied": 1}, "Taking Effect", "blue", "docstatus,=,1"),
		({"docstatus": 1, "line_count": 2, "applied": 2}, "Signed", "green", "docstatus,=,1"),
	],
	"Decree Line": [
		({"signed": 1, "revoked_by": "SK-2"}, "Revoked", "red", "revoked_by,is,set"),
		({"signed": 0}, "Not Signed", "orange", "signed,=,0"),
	],
	"Local Holiday": [({"kind": "Holiday"}, "Holiday", "red", "kind,=,Holiday")],
	"OPD": [({"is_crucial": 1}, "Crucial", "orange", "is_crucial,=,1")],
	"Office Rota": [
		({"docstatus": 0, "problems": "x"}, "To be Mended", "red", "docstatus,=,0|problems,is,set"),
		({"docstatus": 1, "problems": "x"}, "Signed", "green", "docstatus,=,1"),
	],
	"Office Rota Line": [({"place": "Home"}, "Home", "blue", "place,=,Home")],
	"PTT Contract": [({"status": "Expired"}, "Expired", "gray", "status,=,Expired")],
	"Performance Appraisal": [
		({"docstatus": 0}, "To be Rated", *WAITING),
		({"docstatus": 1, "rating": "Buruk"}, "Buruk", "red", "rating,=,Buruk"),
		(
			{"docstatus": 1, "rating": NASTY},
			"&lt;img src=x onerror=&#39;alert(1)&#39;&gt;",
			"green",
			"rating,=,&lt;img src=x onerror=&#39;alert(1)&#39;&gt;",
		),
	],
	"Personnel": [({"duty_status": "Stood Down"}, "Stood Down", "orange", "duty_status,=,Stood Down")],
	"Personnel Exit": [({"docstatus": 1}, "Recorded", "green", "docstatus,=,1")],
	"Registered Device": [({"status": "Requested"}, "Requested", "orange", "status,=,Requested")],
	"Renewal Round": [({"status": "Open"}, "Open", "green", "status,=,Open")],
	"Stand Down Line": [({"outcome": "Kept on Duty"}, "Kept on Duty", "green", "outcome,=,Kept on Duty")],
	"Stand Down Order": [({"status": "Ready"}, "Ready", "orange", "status,=,Ready")],
}
WITHOUT_INDICATOR = {"Attendance Summary", "Bulk Run Failure", "Contract Renewal"}


def script_of(doctype: str) -> str:
	slug = frappe.scrub(doctype)
	return f"doctype/{slug}/{slug}_list.js"


def doctypes() -> list[str]:
	return frappe.get_all(
		"DocType", {"module": "Kupang HR", "istable": 0, "issingle": 0}, pluck="name", order_by="name"
	)


def test_a_list_would_be_left_as_frappe_makes_it(site):
	there = {name for name in doctypes() if Path(frappe.get_app_path("kupang_hr", script_of(name))).exists()}
	assert there == set(doctypes()) - PLAIN
	assert there == set(INDICATORS) | WITHOUT_INDICATOR


@pytest.fixture(scope="module")
def told(site) -> dict[str, dict]:
	"""By list: the fields that it reads besides its columns, and the indicator of each row above."""
	rows = {name: [row for row, *_wanted in cases] for name, cases in INDICATORS.items()}
	settings = "frappe.listview_settings[name]"
	own = f"{{ read: {settings}.add_fields, found: rows.map((doc) => {settings}.get_indicator(doc)) }}"
	ask = f"Object.fromEntries(Object.entries({json.dumps(rows)}).map(([name, rows]) => [name, {own}]))"
	return run_scripts(map(script_of, INDICATORS), ask)


@pytest.mark.parametrize("doctype", INDICATORS)
def test_an_indicator_would_say_or_filter_something_else(told, doctype):
	assert told[doctype]["found"] == [list(wanted) for _row, *wanted in INDICATORS[doctype]]


@pytest.mark.parametrize("doctype", INDICATORS)
def test_an_indicator_would_need_a_field_that_the_list_does_not_read(told, doctype):
	read, meta = told[doctype]["read"], frappe.get_meta(doctype)
	assert not [field for field in read if field != "docstatus" and not meta.has_field(field)]
	used = {key for row, *_wanted in INDICATORS[doctype] for key in row}
	assert used <= {*read, "docstatus"} | {field.fieldname for field in meta.fields if field.in_list_view}


def test_a_list_would_show_nothing_or_more_than_fits(site):
	for name in doctypes():
		meta = frappe.get_meta(name)
		shown = [field for field in meta.fields if field.in_list_view and field.fieldname != meta.title_field]
		assert 1 <= len(shown) <= 6, name
		assert not [field.fieldname for field in shown if field.fieldtype in no_value_fields], name
		assert meta.get_title_field() == "name" or meta.has_field(meta.get_title_field()), name


def test_a_list_of_people_would_be_searched_by_number_alone(site):
	"""Whatever is about a person is titled by the person's name, or named by it."""
	about = [name for name in doctypes() if frappe.get_meta(name).has_field("personnel_name")]
	others = {"Registered Device"}  # titled by the label that the person gave it
	assert {name for name in about if frappe.get_meta(name).get_title_field() != "personnel_name"} == others


def test_a_number_of_an_identity_would_stand_in_a_list(site):
	meta = frappe.get_meta("Personnel Identity")
	shown = {field.fieldname for field in meta.fields if field.in_list_view or field.in_standard_filter}
	assert not shown & {"nik", "bank_account", "account_holder"}
	assert not {"nik", "bank_account"} & set((meta.search_fields or "").replace(" ", "").split(","))
