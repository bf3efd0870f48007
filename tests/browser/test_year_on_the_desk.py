"""The contract year as its people live it: everything by mouse and keyboard in their own browsers, nothing behind them."""

import frappe
import pytest
from frappe.installer import update_site_config
from playwright.sync_api import expect

from dev import servers
from tests.browser.forms import do, fill, form, new, press, save, says
from tests.site import january
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, OTHER_HEAD, PARAF

TODAY = "2020-11-16"
FINANCE, PTT = "finance@city.test", "ptt@city.test"
ROUND, SIGNED = "2021", "2021-02-03"


@pytest.fixture
def people(city) -> list[str]:
	"""Three who stay home in January, two of a crucial OPD, two of another head; the first has a login."""
	names = city.settle(2020, DISHUB=3, DLHK=2, PUPR=2)
	frappe.db.set_value("Personnel", names[0], "user", PTT)
	frappe.db.commit()
	return names


def live(day: str) -> None:
	"""It is that day for the server, and for the nights between."""
	update_site_config("kupang_hr_today", day)


def states(city) -> dict[str, int]:
	frappe.db.rollback()
	return city.states(ROUND)


def rate(desk, user: str, people: int) -> None:
	"""Score everybody with the keys and rate them."""
	seat = desk(user)
	seat.go("penilaian")
	seat.page.wait_for_selector(".kupang-grid tbody tr input")
	keyboard = seat.page.keyboard
	for _person in range(people):
		keyboard.type("85")
		keyboard.press("ArrowRight")
		keyboard.type("80")
		keyboard.press("Enter")
		keyboard.press("ArrowLeft")
	expect(seat.page.locator("tr[data-state=saved]")).to_have_count(people)
	seat.page.locator(".page-head:visible .primary-action").click()
	seat.confirm()
	expect(seat.page.locator("tr[data-state=rated]")).to_have_count(people)


def recommend_an_opd_and_the_rest(desk) -> None:
	seat = desk(MAYOR)
	seat.go("meja-wali-kota")
	seat.page.locator("[data-do=recommend-opd][data-opd=PUPR]").click()
	seat.page.wait_for_selector(".modal.show .kupang-sum:has-text('2 people')")
	seat.confirm()
	seat.page.wait_for_selector(".meja-result:has-text('2 people: recommended.')")
	seat.page.click("[data-open=DISHUB]")
	seat.page.wait_for_selector(".meja-person")
	seat.page.click(".meja-person [data-act=decline] >> nth=-1")
	seat.page.wait_for_selector(".modal.show .kupang-sum:has-text('1 person')")
	seat.page.keyboard.type("Tidak masuk kerja")
	seat.confirm()
	seat.page.wait_for_selector(".meja-result:has-text('1 person: declined.')")
	seat.page.click("[data-do=recommend-all]")
	seat.page.wait_for_selector(".modal.show .kupang-sum:has-text('4 people')")
	seat.confirm()
	seat.page.wait_for_selector(".meja-result:has-text('4 people: recommended.')")


def drafted(desk) -> str:
	"""The clerk drafts the decree of the recommended; its name."""
	seat = desk(CLERK)
	new(seat, "Decree")
	for fieldname, value in {
		"kind": "Reappointment",
		"round": ROUND,
		"date_signed": SIGNED,
		"tmt": "2021-01-01",
	}.items():
		fill(seat, fieldname, value)
	name = save(seat)
	assert press(seat, "Gather People") == "6 people · 3 OPDs"
	do(seat)
	return name


def signed(city, desk, name: str) -> None:
	"""Four paraf in their order; the third of them signs in the end."""
	for user in PARAF[:3]:
		seat = form(desk, user, "Decree", name)
		assert "6 people" in press(seat, "Give Paraf")
		do(seat)
	with city.acting(PARAF[3], SIGNED):  # reads it by a share alone, which lists of old 15-dev cannot show
		frappe.get_doc("Decree", name).give_paraf()
	frappe.db.commit()
	seat = form(desk, BKPPD_HEAD, "Decree", name)
	assert press(seat, "Submit") == "6 people · 3 OPDs"
	said = "Reappointment, TMT 2021-01-01. Its number is the next one of the series 814/B/2021."
	assert said in seat.page.inner_text(".modal.show .kupang-mass >> nth=0")
	assert "Done: 6 people." in do(seat)
	says(seat, "Signed. In force for 6 of 6 people.")


def test_a_year_cannot_be_lived_on_the_desk(city, desk, people):
	seat = desk(CLERK)
	new(seat, "Renewal Round")
	fill(seat, "year", ROUND)
	assert save(seat) == ROUND
	assert press(seat, "Open Round") == "7 people · 3 OPDs"
	do(seat)
	says(seat, "7 people: the heads of the OPDs give their scores and rate.")

	live("2020-12-07")
	rate(desk, HEAD, 5)
	rate(desk, OTHER_HEAD, 2)
	assert states(city) == {"Rated": 7}

	city.stand_down(ROUND)
	assert city.duty() == {"On Duty": 2, "Stood Down": 5}

	live("2021-01-20")
	recommend_an_opd_and_the_rest(desk)
	assert states(city) == {"Mayor Recommended": 6, "Not Renewed": 1}

	live(SIGNED)
	name = drafted(desk)
	with servers.worker():
		signed(city, desk, name)
	assert states(city) == {"Not Renewed": 1, "SK Issued": 6}
	assert city.duty() == {"On Duty": 6, "Stood Down": 1}

	page = desk(PTT).page
	page.goto("/saya")
	contract = frappe.get_value(
		"PTT Contract", {"personnel": people[0], "start_date": "2021-01-01"}, "status"
	)
	assert contract == "Active"
	expect(page.locator("section[aria-labelledby=contract]")).to_contain_text("2021")

	january.rebuild(city)
	january.close(city, on=SIGNED)
	seat = desk(FINANCE)
	seat.go("Workspaces", "Kupang HR")
	seat.go("List", "Attendance Period")
	seat.page.locator(".page-container:visible .list-row a", has_text="2021-01").first.click()
	seat.page.wait_for_function("cur_frm?.doc.name === '2021-01'")
	seat.rest()
	assert seat.page.evaluate("cur_frm.doc.status") == "Closed"
