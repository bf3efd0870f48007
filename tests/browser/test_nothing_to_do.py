"""Somebody with a role and nothing to do: each page says so and what comes next, without an error."""

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
