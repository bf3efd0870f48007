"""The desk on a tablet and a cheap phone: nothing lies beside the screen, and what is pressed is big enough for a thumb."""

import frappe
import pytest

from tests.site.city import BKPPD_HEAD, CLERK, HEAD

TODAY = "2021-02-03"
BESIDE = """() => [...document.querySelectorAll('.page-container:not([style*="none"]) *, .modal.show *')]
	.filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
	.filter((one) => !one.closest('.datatable, .kupang-states, .kupang-grid, .form-grid, .frappe-list, .chart-container, .form-tabs-list'))
	.map((one) => one.outerHTML.slice(0, 160))"""
SMALL = """(area) => [...document.querySelectorAll(`${area} button, ${area} a.btn`)]
	.filter((one) => one.checkVisibility())
	.map((one) => [one.innerText.trim(), one.getBoundingClientRect()])
	.filter(([, { width, height }]) => Math.min(width, height) < 24)
	.map(([text, { width, height }]) => `${text}: ${width} x ${height}`)"""


def fits(seat) -> None:
	assert seat.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), seat.page.url
	assert seat.page.evaluate(BESIDE) == [], seat.page.url


@pytest.mark.parametrize("screen", ["tablet", "phone"])
def test_a_form_or_its_mass_action_lies_beside_the_screen(desk, papers, screen):
	seat = desk(BKPPD_HEAD, screen)
	for doctype in ("Renewal Round", "Decree", "Personnel", "Contract Renewal"):
		seat.go("Form", doctype, papers[doctype])
		fits(seat)
	seat.go("query-report", "Renewal Progress")
	fits(seat)
	seat.go("Workspaces", "Kupang HR")
	fits(seat)
	clerk = desk(CLERK, screen)
	clerk.go("Form", "Decree", papers["Decree"])
	clerk.page.locator(
		".page-container:visible .menu-btn-group button:visible"
	).first.click()  # where Frappe moves buttons
	clerk.page.locator(".dropdown-menu.show a:visible", has_text="Gather People").click()
	clerk.page.wait_for_selector(".modal.show .kupang-sum")
	fits(clerk)
	assert clerk.page.evaluate(SMALL, ".modal.show .modal-content") == []


@pytest.mark.parametrize("screen", ["tablet", "phone"])
def test_the_scores_cannot_be_typed_on_a_small_screen(city, desk, screen):
	city.settle(2020, DISHUB=3)
	city.opened()
	seat = desk(HEAD, screen)
	seat.go("penilaian")
	cell = seat.page.locator("[data-key]:enabled").first
	cell.wait_for()
	fits(seat)
	cell.scroll_into_view_if_needed()
	cell.fill("88")
	cell.press("Enter")
	cell.blur()
	for _try in range(100):
		frappe.db.rollback()
		if frappe.db.exists("Performance Appraisal Score", {"score": 88}):
			break
		seat.page.wait_for_timeout(100)
	assert frappe.db.exists("Performance Appraisal Score", {"score": 88})
	assert seat.page.evaluate(SMALL, ".kupang-scoring") == []
