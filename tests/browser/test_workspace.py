"""The workspace Kupang HR: what waits for whoever opens it comes first, and nothing on it fails."""

import re

import pytest

from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR

TODAY = "2020-12-29"
FINANCE, OPD_CLERK = "finance@city.test", "opd-clerk@city.test"


@pytest.fixture
def rated(city):
	city.settle(DISHUB=3, DLHK=1)
	city.opened()
	city.rated("2021", HEAD)


@pytest.mark.parametrize("user", [CLERK, HEAD, OPD_CLERK, MAYOR, BKPPD_HEAD, FINANCE])
def test_the_workspace_does_not_open_first_for_a_role_or_has_barriers(desk, rated, user):
	seat = desk(user)
	seat.open()
	assert seat.page.evaluate("frappe.get_route_str()") == "Workspaces/Kupang HR"
	seat.page.locator(".custom-block-widget-box h2", has_text="Waiting for you").wait_for()
	if user != FINANCE:  # who reads closed months, and no renewals
		bars = re.compile("People by duty|Renewals of round")
		seat.page.locator(".custom-block-widget-box h2", has_text=bars).first.wait_for()
	assert seat.barriers(".custom-block-widget-box") == []


def test_the_mayor_goes_from_what_waits_to_the_page_in_one_click(desk, rated):
	seat = desk(MAYOR)
	seat.go("Workspaces", "Kupang HR")
	seat.page.get_by_role("button", name="4 rated people wait for your recommendation").click()
	seat.page.wait_for_function("frappe.get_route()[0] === 'meja-wali-kota'")
	seat.rest()


def test_the_figures_are_those_that_the_role_sees(desk, rated):
	seat = desk(HEAD)
	seat.go("Workspaces", "Kupang HR")
	card = seat.page.locator(".number-widget-box", has_text="Renewals Rated")
	card.locator(".number", has_text="4").wait_for()
	bar = seat.page.locator(".custom-block-widget-box button", has_text="Rated")
	assert bar.locator(".count").inner_text() == "4"
	bar.click()
	seat.page.wait_for_function("frappe.get_route_str() === 'List/Contract Renewal/List'")
	seat.rest()
