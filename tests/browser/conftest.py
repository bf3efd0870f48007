"""Phones and desks with a real Chromium, on the clean city of the site's tests."""

from collections.abc import Callable, Iterator

import frappe
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from dev import packages
from kupang_hr.demo.setting import finish_setup
from tests.browser.desk import Desk, Rooms
from tests.site import conftest as of_site
from tests.site.city import MAYOR

city = of_site.city
expect.set_options(timeout=30_000)  # milliseconds; a loaded machine is slow, which says nothing about a page


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
	"""The browser; without one the test fails and says how to install it."""
	with sync_playwright() as playwright:
		# --no-sandbox: containers run as root, which Chromium otherwise refuses
		yield playwright.chromium.launch(executable_path=packages.browser(), args=["--no-sandbox"])


@pytest.fixture(scope="module")
def rooms(chromium, web) -> Rooms:
	return Rooms(chromium, web.url)


@pytest.fixture
def desk(rooms, city) -> Iterator[Callable[..., Desk]]:
	"""Seats a user: `desk(CLERK)`; in the end nothing may have gone wrong on anybody's screen."""
	seated: list[Desk] = []
	if not frappe.db.get_single_value("System Settings", "setup_complete"):
		frappe.db.set_single_value("System Settings", "setup_complete", 1)
		finish_setup()
		frappe.db.commit()
		frappe.clear_cache()

	def seat(user: str, screen: str = "desktop") -> Desk:
		seated.append(Desk(rooms, screen))
		seated[-1].log_in(user)
		return seated[-1]

	yield seat
	for each in seated:
		each.leave()
	frappe.db.rollback()
	assert [error for each in seated for error in each.errors] == []


@pytest.fixture
def papers(city) -> dict[str, str]:
	"""A document of each kind, as the year leaves them before the decree is signed."""
	names = city.settle(2020, DISHUB=4, DAMKAR=1)
	city.opened()
	city.rated("2021")
	city.stand_down("2021")
	city.run(MAYOR, "2021-01-20", "recommend", round="2021")
	decree = city.decree("Reappointment", "2021", sign=False).name
	period = frappe.get_doc({"doctype": "Attendance Period", "month": "2021-01-01"}).insert().name
	frappe.db.commit()
	return {
		"Personnel": names[0],
		"PTT Contract": f"{names[0]}-2020-1",
		"Contract Renewal": f"2021-{names[0]}",
		"Performance Appraisal": f"PA-2021-{names[0]}",
		"Renewal Round": "2021",
		"Stand Down Order": "SDO-2021",
		"Decree": decree,
		"Attendance Period": period,
		"Bulk Run": frappe.get_last_doc("Bulk Run").name,
		"OPD": "DISHUB",
	}
