"""The buttons of letters on the desk: a PDF opens, all petikan are made under somebody's eyes, and lie there in the end."""

import frappe
from playwright.sync_api import expect

from dev import servers
from tests.browser.forms import do, form
from tests.site.city import BKPPD_HEAD, CLERK
from tests.site.papers import SIGNED, reappointed

TODAY = SIGNED
PDF = "application/pdf"


def answered(seat, method: str, press) -> str:
	"""Press what opens a PDF in a window of its own; its content type, and nothing else than a PDF."""
	with seat.context.expect_event("response", lambda response: method in response.url) as found:
		press()
	response = found.value
	assert response.status == 200, response.url
	return response.headers["content-type"]


def test_the_buttons_of_letters_lead_nowhere(city, desk):
	doc = reappointed(city, DISHUB=2, PUPR=1)
	with city.acting(BKPPD_HEAD, "2020-12-28"):
		order = frappe.get_doc({"doctype": "Stand Down Order", "round": doc.round}).insert()
		order.submit()
	frappe.db.set_single_value("Kupang HR Settings", "answer_at_once", 1)  # the rest is made by a worker
	frappe.db.commit()
	seat = form(desk, CLERK, "Decree", doc.name)
	page = seat.page

	def pick(label: str) -> None:
		page.get_by_role("button", name="Letters").click()
		page.locator(".dropdown-menu.show a:visible", has_text=label).click()

	assert answered(seat, "letters.decree_pdf", lambda: pick("Decree with Lampiran")) == PDF
	pick("All Petikan, one PDF")
	expect(seat.dialog()).to_contain_text("The petikan of 2 people, made in the background.")
	with servers.worker():
		assert "Done: 2 people. Not done: 0 people." in do(seat)
	page.wait_for_function("cur_frm?.doc.doctype === 'Bulk Run'")
	expect(page.locator(".form-message:visible")).to_contain_text("Done: 2 people. Not done: 0 people.")
	button = page.get_by_role("button", name="Open the Petikan")
	assert answered(seat, "/private/files/Petikan-", button.click) == PDF

	seat.go("Form", "Stand Down Order", order.name)
	page.locator(".page-container:visible").get_by_role("button", name="Letters").click()
	expect(seat.dialog().locator("input").first).to_be_focused()
	page.keyboard.press("Tab")  # away from the OPDs, whose list lies over the button
	assert answered(seat, "letters.stand_down_letter", seat.confirm) == PDF
	frappe.db.rollback()
	log = frappe.get_all(
		"Access Log",
		{"user": CLERK, "method": ("like", "letters.%")},
		pluck="method",
		order_by="creation asc",
	)
	assert log[-3:] == ["letters.decree_pdf", "letters.bundle", "letters.stand_down_letter"]
