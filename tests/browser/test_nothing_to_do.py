"""Somebody with a role and nothing to do: each page says so and what comes next, without an error."""

import frappe
import pytest
from playwright.sync_api import expect

from tests.site.city import HEAD, MAYOR

TODAY = "2020-12-29"
FINANCE = "finance@city.test"
NO_ROUND = "There is no renewal round yet."
WORKSPACE = ("Workspaces", "Kupang HR")
PAGES = {
	HEAD: {
		WORKSPACE: "Nothing waits for you today.",
		("penilaian",): "No renewal round is open. BKPPD opens it once the year's contracts are known.",
		("renewal-board",): NO_ROUND,
		("punch-map",): "Nobody whom you see recorded on this day.",
		("query-report", "Stand Down Roster"): "There is no stand-down order yet.",
	},
	MAYOR: {
		WORKSPACE: "Nothing waits for you today.",
		("meja-wali-kota",): "BKPPD opens the round of a year; then its people are listed here.",
		("renewal-board",): NO_ROUND,
		("query-report", "Renewal Progress"): "Nothing to show",
	},
	FINANCE: {
		WORKSPACE: "Nothing waits for you today.",
		("query-report", "Deductions"): "No closed month has lines of people whom you see.",
	},
}


@pytest.mark.parametrize("user", PAGES)
def test_a_page_is_blank_or_fails_for_whom_nothing_waits(desk, city, user):
	seat = desk(user)
	for route, says in PAGES[user].items():
		seat.go(*route)
		expect(seat.page.get_by_text(says).locator("visible=true").first).to_be_visible()
		assert not seat.page.locator(".modal.show").count(), seat.text(".modal.show")


OF_OURS = {MAYOR: ("meja-wali-kota",), HEAD: ("penilaian", "renewal-board", "punch-map")}


@pytest.fixture
def passer_by(city) -> str:
	"""Somebody with the desk and no role of the city."""
	user = {"doctype": "User", "email": "desk-only@city.test", "first_name": "Desk", "send_welcome_email": 0}
	if not frappe.db.exists("User", user["email"]):
		frappe.get_doc(user | {"roles": [{"role": "Report Manager"}]}).insert()
	frappe.db.commit()
	return user["email"]


def test_a_page_is_blank_for_whom_it_is_not(desk, passer_by):
	seat = desk(passer_by)
	for page in (page for pages in OF_OURS.values() for page in pages):
		seat.page.goto(f"/app/{page}")
		expect(seat.dialog()).to_contain_text("You do not have enough permissions to access this resource.")
	seat.forgive("desk_page")


def test_a_page_that_a_colleague_has_left_in_the_browser_is_blank_for_whom_it_is_not(desk, passer_by):
	seat = desk(MAYOR)
	for user, pages in OF_OURS.items():
		seat.log_in(user)
		for page in pages:
			seat.page.goto(f"/app/{page}")
			seat.rest()
	seat.log_in(passer_by)
	for page in (page for pages in OF_OURS.values() for page in pages):
		seat.page.goto(f"/app/{page}")
		seat.rest()
		shown = seat.text(".page-container:visible .layout-main-section").strip()
		assert shown == "None of your roles opens this page. If your work needs it, ask BKPPD.", page
		assert not seat.page.locator(".modal.show").count(), seat.text(".modal.show")
	assert seat.barriers() == []
