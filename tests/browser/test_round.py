"""The forms of a round, a decree and an order: what comes next, who is meant, and what came of it."""

import frappe
import pytest

from kupang_hr.cycle.year_end import run_all
from tests.browser.forms import buttons, do, form, headline, press, says
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, OTHER_HEAD, PARAF

TODAY = "2021-02-03"


def test_a_round_does_not_say_what_comes_next(city, desk):
	city.settle(2020, DISHUB=3, PUPR=2)
	name = city.round(rating_deadline="2020-12-11").name
	seat = form(desk, CLERK, "Renewal Round", name)
	says(seat, "BKPPD opens the round")
	assert press(seat, "Open Round") == "5 people · 2 OPDs"
	assert "Done: 5 people. Not done: 0 people." in do(seat)
	says(seat, "5 people: the heads of the OPDs give their scores and rate.")
	assert press(seat, "Remind Raters").startswith("2 raters of 5 people without a score")
	assert "2 raters reminded" in do(seat)
	assert frappe.db.count("Notification Log") == 2
	city.rated(name, HEAD, OTHER_HEAD)
	seat.page.reload()
	says(seat, "5 people: the mayor recommends, declines or holds.")
	city.run(
		MAYOR,
		TODAY,
		"decline",
		round=name,
		reason="a",
		names=frappe.get_all("Contract Renewal", pluck="name"),
	)
	seat.page.reload()
	says(seat, "Everybody has been decided on")
	assert press(seat, "Close Round").startswith("All 5 renewals have come to an end.")
	do(seat)
	says(seat, "The round is closed.")
	frappe.db.rollback()
	assert frappe.get_value("Renewal Round", name, "status") == "Closed"


def test_somebody_is_offered_what_they_may_not_do(city, desk):
	city.settle(2020, DISHUB=2, PUPR=1)
	name = city.opened()
	city.rated(name, OTHER_HEAD)
	offered = {
		CLERK: {"Add late People", "Remind Raters"},
		HEAD: {"Score my People", "Rate my People"},
		MAYOR: {"Meja Wali Kota", "Recommend all Rated", "Hold an OPD"},
	}
	for user, wanted in offered.items():
		seat = form(desk, user, "Renewal Round", name)
		seat.page.wait_for_selector(".kupang-states table")
		assert buttons(seat) == wanted


def test_what_was_not_done_is_not_listed(city, desk):
	city.settle(2020, DISHUB=2)
	name = city.opened()
	appraisals = frappe.get_all("Performance Appraisal", pluck="name", order_by="name asc")
	city.score(name, HEAD, **{appraisals[0]: {"scores": {"Work Results": "80"}}})
	seat = form(desk, HEAD, "Renewal Round", name)
	assert press(seat, "Rate my People") == "1 person · 1 OPD"
	assert "The score of Behaviour is missing." in seat.page.inner_text(".modal.show .kupang-refused")
	seat.confirm()
	seat.page.wait_for_selector(".modal.show .kupang-failures")
	person = frappe.db.get_value("Performance Appraisal", appraisals[0], "personnel_name")
	assert seat.page.inner_text(".modal.show .kupang-failures a") == person
	seat.page.get_by_role("button", name="Everybody who was not done").click()
	seat.page.wait_for_function("frappe.get_route_str() === 'List/Bulk Run Failure/List'")
	seat.rest()
	frappe.db.rollback()
	assert city.states(name) == {"Draft": 1, "Rated": 1}


def test_the_states_by_opd_cannot_be_read_through(city, desk):
	opds = frappe.get_all("OPD", {"is_group": 0}, pluck="name", order_by="lft asc")[:20]
	city.settle(2020, **{opd: 1 for opd in opds[1:]}, **{opds[0]: 3})
	name = city.opened()
	seat = form(desk, CLERK, "Renewal Round", name)
	seat.page.wait_for_selector(".kupang-states table")
	rows = seat.page.locator(".kupang-states tbody tr")
	assert rows.count() == 15
	assert seat.page.inner_text(".kupang-states tfoot").split()[-2:] == ["22", "22"]
	seat.page.click(".kupang-states [data-turn='15']")
	assert rows.count() == 5
	seat.page.click(".kupang-states [data-by=Draft]")
	assert rows.first.locator("td.number").first.inner_text() == "3"
	assert seat.page.get_attribute(".kupang-states th:has([data-by=Draft])", "aria-sort") == "descending"
	assert seat.barriers(".kupang-states") == []
	seat.page.focus(".kupang-states tfoot [data-state=Draft]")
	seat.page.keyboard.press("Enter")
	seat.page.wait_for_function("frappe.get_route_str() === 'List/Contract Renewal/List'")
	seat.page.wait_for_function("cur_list.data.length === 20 && cur_list.total_count === 22")
	seat.rest()
	seat.go("Form", "Renewal Round", name)
	seat.page.focus(".kupang-states tbody tr:first-child [data-state=Draft]")
	seat.page.keyboard.press("Enter")
	seat.page.wait_for_function(
		"document.querySelectorAll('.kupang-board-column[data-state=Draft] a').length === 3"
	)
	seat.page.wait_for_function("document.activeElement.matches('[data-state=Draft] a')")
	seat.rest()


def test_a_decree_does_not_say_whose_paraf_is_next(city, desk):
	city.settle(2020, DISHUB=12)
	name = city.opened()
	city.rated(name)
	run_all("2021-01-02")
	city.run(MAYOR, "2021-01-20", "recommend", round=name)
	with city.acting(CLERK, TODAY):
		decree = frappe.get_doc({"doctype": "Decree", "kind": "Reappointment", "round": name}).insert().name
	frappe.db.commit()
	seat = form(desk, CLERK, "Decree", decree)
	says(seat, "Nobody is named yet")
	assert press(seat, "Gather People") == "12 people · 1 OPD"
	assert "Done: 12 people." in do(seat)
	says(seat, "is next; 0 of 4 given, for 12 people.")
	seat.page.wait_for_selector(".kupang-states tbody tr >> nth=9")
	seat.page.click(".kupang-states [data-turn='10']")
	seat.page.wait_for_function("document.querySelectorAll('.kupang-states tbody tr').length === 2")
	signer = form(desk, PARAF[0], "Decree", decree)
	assert "12 people" in press(signer, "Give Paraf")
	do(signer)
	says(signer, "1 of 4 given")
	for user in PARAF[1:]:
		with city.acting(user, TODAY):
			frappe.get_doc("Decree", decree).give_paraf()
	frappe.db.commit()
	seat.page.reload()
	says(seat, "Every paraf is given, for 12 people")
	city.signed(decree, TODAY)
	seat.page.reload()
	says(seat, "Signed. In force for 12 of 12 people.")


def test_an_order_is_carried_out_without_saying_who_stays_home(city, desk):
	city.settle(2020, DISHUB=3, DLHK=2)
	name = city.opened()
	frappe.db.set_single_value("Kupang HR Settings", "automatic_stand_down", 0)
	run_all("2020-12-20")
	run_all("2021-01-02")
	order = f"SDO-{name}"
	seat = form(desk, BKPPD_HEAD, "Stand Down Order", order)
	says(seat, "A draft: the head of BKPPD submits it.")
	with city.acting(BKPPD_HEAD, "2021-01-03"):
		frappe.get_doc("Stand Down Order", order).submit()
	frappe.db.commit()
	seat.page.reload()
	says(seat, "Submitted: it is carried out on")
	assert press(seat, "Carry Out") == "5 people · 2 OPDs"
	said = seat.page.inner_text(".modal.show .kupang-mass >> nth=0")
	assert "They stay home: 3" in said and "They keep working: 2" in said
	do(seat)
	says(seat, "Carried out: 3 people stay home")
	assert city.duty() == {"On Duty": 2, "Stood Down": 3}


@pytest.mark.parametrize("user", [CLERK, MAYOR, HEAD])
def test_a_round_of_nobody_breaks_the_form(city, desk, user):
	name = city.round().name
	seat = form(desk, user, "Renewal Round", name)
	assert "BKPPD opens the round" in headline(seat)


def test_a_reason_that_is_not_given_breaks_the_form(city, desk):
	city.settle(2020, DISHUB=1)
	city.rated(city.opened())
	(name,) = frappe.get_all("Contract Renewal", pluck="name")
	seat = form(desk, MAYOR, "Contract Renewal", name)
	for reason in (None, "Berkas tidak lengkap"):
		seat.page.click(".page-container:visible .actions-btn-group button")
		seat.page.click(".page-container:visible .actions-btn-group a:has-text('Decline')")
		seat.page.wait_for_selector(".modal.show [data-fieldname=reason]")
		if reason:
			seat.page.fill(".modal.show textarea", reason)
			seat.confirm()
			says(seat, f"Not renewed: {reason}")
		else:
			seat.page.click(".modal.show .btn-modal-close")
			seat.page.wait_for_selector(".modal.show", state="detached")
	seat.rest()
	frappe.db.rollback()
	assert city.states("2021") == {"Not Renewed": 1}


def test_a_month_is_closed_without_saying_for_whom(city, desk):
	city.settle(2021, DISHUB=2, DLHK=1)
	period = frappe.get_doc({"doctype": "Attendance Period", "month": "2021-01-01"}).insert().name
	frappe.db.commit()
	seat = desk(BKPPD_HEAD)
	seat.go("Form", "Attendance Period", period)
	assert press(seat, "Close Month") == "3 people · 2 OPDs"
	told = do(seat)
	assert "Done: 3 people. Not done: 0 people." in told and "Lines added: 3, of 3 people." in told
	assert press(seat, "Close Again") == "There is nobody to do this for."
	frappe.db.rollback()
	assert frappe.db.get_value("Attendance Period", period, "lines") == 3
