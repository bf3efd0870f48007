"""Forms and the tree of OPDs in a real Chromium: what must happen next, buttons for those who may, names that could run."""

import frappe
import pytest
from playwright.sync_api import expect

from tests.site.city import CLERK, MAYOR

TODAY, ROUND = "2020-12-07", "2021"
NASTY = (
	"""Ana "O'Brien" <script>document.title = "run"</script><img src=x onerror="document.title = 'run'">"""
)


@pytest.fixture
def person(city) -> str:
	name = city.settle(2020, DISHUB=1)[0]
	doc = frappe.get_doc("Personnel", name)  # as a clerk saves it: Frappe takes out what could run
	doc.full_name = NASTY
	doc.save()
	city.opened()
	frappe.db.commit()
	return name


def form(seat, doctype: str, name: str):
	seat.go("Form", doctype, name)
	return seat.page.locator(".page-container:visible")


def test_a_form_does_not_say_what_comes_next(desk, person):
	said = {
		("Personnel", person): f"Renewal {ROUND} is Draft.",
		("Contract Renewal", f"{ROUND}-{person}"): "The head of the OPD scores and rates this person.",
		("Performance Appraisal", f"PA-{ROUND}-{person}"): "Still missing: Work Results, Behaviour",
		("PTT Contract", f"{person}-2020-1"): "a renewal round decides what follows.",
	}
	seat = desk(CLERK)
	for (doctype, name), words in said.items():
		page = form(seat, doctype, name)
		expect(page.locator(".form-message:visible").first).to_contain_text(words)
		assert seat.page.title() != "run"


def test_a_person_is_not_connected(desk, person):
	page = form(desk(CLERK), "Personnel", person)
	links = page.locator(".form-links")
	for doctype in ("PTT Contract", "Contract Renewal", "Performance Appraisal", "Personnel Exit"):
		expect(links.locator(f'.document-link[data-doctype="{doctype}"]')).to_be_visible()
	expect(links.locator('[data-doctype="Contract Renewal"] .count')).to_have_text("1")


def test_a_clerk_makes_no_login(desk, person):
	seat = desk(CLERK)
	frappe.db.set_value(
		"Personnel", person, "full_name", "Ana O'Brien"
	)  # Frappe refuses a user's name with < in it
	frappe.db.commit()
	page = form(seat, "Personnel", person)
	page.get_by_role("button", name="Login").click()
	page.get_by_text("Make Login", exact=True).click()
	with seat.page.expect_download() as download:
		seat.confirm()
	assert download.value.suggested_filename == "logins.csv"
	frappe.db.rollback()
	user = frappe.db.get_value("Personnel", person, "user")
	assert frappe.db.get_value("User", user, "enabled") == 1
	seat.rest()
	page.get_by_role("button", name="Login").click()
	page.get_by_text("Reset Login", exact=True).click()
	seat.confirm()
	expect(seat.page.locator(".msgprint code").first).to_have_text(user.split("@")[0])


def test_others_are_offered_a_login(desk, person):
	page = form(desk(MAYOR), "Personnel", person)
	expect(page.locator(".form-message:visible").first).to_contain_text("Renewal")
	assert page.get_by_role("button", name="Login").count() == 0


def test_the_tree_shows_no_marks(desk, person):
	seat = desk(CLERK)
	frappe.db.set_value("OPD", "DISHUB", "opd_name", NASTY)
	frappe.db.commit()
	seat.open()
	seat.page.evaluate("frappe.set_route('Tree', 'OPD')")
	node = seat.page.locator('.tree-link[data-label="DISHUB"]')
	expect(node).to_contain_text("1 PTT, 0 ASN")
	expect(node).to_contain_text(NASTY)
	expect(seat.page.locator('.tree-link[data-label="DAMKAR"]')).to_contain_text("Crucial")
	seat.page.get_by_role("button", name="Expand All").click()
	expect(seat.page.locator('.tree-link[data-label="PKM ALAK"]')).to_contain_text("Crucial")
	assert seat.page.title() != "run"


def test_a_clerk_tries_no_import(desk, person, city):
	seat = desk(CLERK)
	with city.acting(CLERK, TODAY):
		doc = frappe.get_doc(
			{
				"doctype": "Data Import",
				"reference_doctype": "Personnel",
				"import_type": "Insert New Records",
			}
		).insert()
		content = "Full Name,OPD,Position,Date of Birth\n<b>Ana</b>,DISHUB,Staf,2030-01-01\n"
		file = {"doctype": "File", "file_name": "people.csv", "content": content, "is_private": 1}
		place = {"attached_to_doctype": "Data Import", "attached_to_name": doc.name}
		doc.import_file = frappe.get_doc({**file, **place}).insert().file_url
		doc.save()
	frappe.db.commit()
	page = form(seat, "Data Import", doc.name)
	page.get_by_role("button", name="Try without Saving").click()
	expect(seat.dialog()).to_contain_text("0 of 1 documents can be imported.")
	expect(seat.dialog()).to_contain_text("The date of birth lies in the future.")
	frappe.db.rollback()
	assert frappe.db.count("Personnel") == 1
