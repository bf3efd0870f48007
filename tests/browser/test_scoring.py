"""The scoring grid in a real Chromium: a head at a keyboard, on a bad day."""

import re
from io import BytesIO

import frappe
import openpyxl
import pytest
from frappe.utils.xlsxutils import make_xlsx
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.site.city import DINKES_HEAD, HEAD, SCORES

TODAY, ROUND = "2020-12-07", "2021"
NASTY = (
	"""Ana "O'Brien" <script>document.title = "run"</script><img src=x onerror="document.title = 'run'">"""
)
FIRST = "tbody tr:first-child"
RESULTS, BEHAVIOUR = '[data-key="scores.Work Results"]', '[data-key="scores.Behaviour"]'


@pytest.fixture
def opened(city) -> list[str]:
	"""Three people of a head, one with a name that could run; the appraisals in the order of the grid."""
	people = city.settle(2020, DISHUB=3)
	frappe.db.set_value("Personnel", people[1], "full_name", NASTY)
	city.opened()
	frappe.db.commit()
	named = {f"PA-{ROUND}-{name}": frappe.db.get_value("Personnel", name, "full_name") for name in people}
	return sorted(named, key=lambda name: (named[name].casefold(), name))


class Grid:
	"""The page at somebody's desk."""

	def __init__(self, seat: Desk, user: str) -> None:
		self.seat, self.user = seat, user
		self.context = seat.context
		self.open(seat.page)

	def open(self, page: Page) -> None:
		self.page = self.seat.page = page
		page.goto("/app/penilaian")
		page.wait_for_selector(".kupang-grid table, .kupang-nobody")
		self.seat.rest()  # the desk itself asks for more at first

	def log_in(self) -> None:
		self.seat.log_in(self.user)

	def state(self, row: str = FIRST):
		return self.page.locator(f"{row} td[data-show=status]")

	def cell(self, key: str, row: str = FIRST):
		return self.page.locator(f"{row} {key}")

	def saved(self, row: str = FIRST) -> None:
		self.page.wait_for_selector(f"{row}[data-state=saved]")

	def waits(self, state: str, row: str = FIRST) -> None:
		self.page.wait_for_selector(f"{row}[data-state={state}]")


@pytest.fixture
def head(desk, opened):
	"""Hands out browsers with the page open; in the end nothing may have gone wrong in any of them."""
	return lambda user=HEAD: Grid(desk(user), user)


def scores(appraisal: str) -> dict[str, str]:
	"""What the database holds, of what a head types."""
	frappe.db.rollback()
	rows = frappe.get_all(
		"Performance Appraisal Score", {"parent": appraisal, "computed": 0}, ["component", "score"]
	)
	return {row.component: row.score for row in rows if row.score}


def test_a_head_needs_a_mouse(head, opened):
	page = head().page
	keyboard = page.keyboard
	expect(page.locator(f"{FIRST} {RESULTS}")).to_be_focused()
	for _person in opened:
		keyboard.type("85")
		keyboard.press("ArrowRight")
		keyboard.type("80")
		keyboard.press("Enter")
		keyboard.press("ArrowLeft")
	expect(page.locator("tr[data-state=saved] .indicator.green")).to_have_count(3)
	assert [scores(name) for name in opened] == [SCORES] * 3
	assert page.locator("td[data-show=rating]").all_inner_texts() == ["Baik"] * 3
	button = page.locator(".page-head .primary-action")
	assert button.inner_text() == "Rate my People (3)"
	button.focus()
	keyboard.press("Enter")
	dialog = page.locator(".modal.show")
	expect(dialog.locator(".kupang-sum")).to_have_text("3 people · 1 OPD")
	expect(dialog.locator(".btn-primary")).to_be_focused()
	keyboard.press("Enter")
	expect(page.locator("tr[data-state=rated]")).to_have_count(3)
	frappe.db.rollback()
	assert frappe.db.count("Performance Appraisal", {"docstatus": 1}) == 3


def test_a_name_runs(head, opened):
	grid = head()
	grid.page.fill('input[data-fieldname="name"]', "o'brien")
	expect(grid.page.locator("tbody tr")).to_have_count(1)
	assert grid.page.locator(".kupang-name").inner_text() == NASTY
	assert NASTY in grid.cell(RESULTS).get_attribute("aria-label")
	grid.cell(RESULTS).fill("85")
	grid.saved()
	assert NASTY in grid.page.inner_text(".kupang-said")
	assert grid.page.title() != "run"


@pytest.mark.parametrize(
	("typed", "said"),
	{
		"101": "The score of Work Results must be from 0 to 100: 101",
		"delapan": "The score of Work Results is not a number: delapan",
		"<img src=x onerror=alert(1)>": "The score of Work Results is not a number:",
	}.items(),
)
def test_a_refused_score_is_lost_or_saved(head, opened, typed, said):
	grid = head()
	grid.cell(RESULTS).fill(typed)
	grid.waits("refused")
	expect(grid.state()).to_contain_text(said)
	assert said in grid.page.inner_text(".kupang-said")
	assert grid.cell(RESULTS).input_value() == typed and scores(opened[0]) == {}
	grid.cell(RESULTS).fill("82,5")
	grid.saved()
	assert scores(opened[0]) == {"Work Results": "82,5"}
	grid.seat.forgive("417 POST .*scoring.save")


def test_a_low_rating_asks_for_no_reason(head, opened):
	grid = head()
	grid.cell(RESULTS).fill("10")
	grid.cell(BEHAVIOUR).fill("10")
	expect(grid.state()).to_contain_text("The rating Buruk needs a written reason.")
	grid.cell("[data-key=reason]").fill("Sering mangkir")
	expect(grid.state()).to_contain_text("Saved, complete")


def test_a_missing_summary_is_not_said(head, opened):
	frappe.db.delete("Attendance Summary")
	frappe.db.commit()
	grid = head()
	expect(grid.state()).to_contain_text("The Attendance Summary of the year is missing.")
	assert grid.page.inner_text(f"{FIRST} [data-show=attendance]") == "–"


def test_a_session_that_ended_costs_what_was_typed(head, opened):
	grid = head()
	grid.context.clear_cookies()
	grid.cell(RESULTS).fill("85")
	grid.waits("ended")
	expect(grid.state()).to_contain_text("Your session has ended. What you typed is kept.")
	assert scores(opened[0]) == {}
	grid.log_in()
	grid.saved()
	assert scores(opened[0]) == {"Work Results": "85"}
	grid.seat.forgive("(400|401|403) .*scoring", must=False)  # another request may have shown it the end


def test_rating_after_the_session_ended_says_nothing(head, opened):
	grid = head()
	grid.cell(RESULTS).fill("85")
	grid.cell(BEHAVIOUR).fill("80")
	expect(grid.state()).to_contain_text("Saved, complete")
	grid.context.clear_cookies()
	grid.page.click(".page-head .primary-action")
	expect(grid.page.locator(".modal.show")).to_contain_text("Your session has ended. Log in again.")
	grid.seat.forgive("(400|401|403) .*(scoring|cycle|get_logged_user)")


def test_a_closed_page_costs_what_was_typed(head, opened):
	grid = head()
	grid.context.clear_cookies()
	grid.cell(RESULTS).fill("85")
	grid.page.close()
	grid.log_in()
	grid.open(grid.seat.new_page())
	expect(grid.cell(RESULTS)).to_have_value("85")
	grid.saved()
	assert scores(opened[0]) == {"Work Results": "85"}


def test_a_lost_connection_costs_what_was_typed(head, opened):
	grid = head()
	grid.context.set_offline(True)
	grid.cell(RESULTS).fill("85")
	grid.waits("offline")
	grid.context.set_offline(False)
	grid.saved()
	assert scores(opened[0]) == {"Work Results": "85"}
	grid.seat.forgive("ERR_INTERNET_DISCONNECTED")


def test_a_browser_that_keeps_nothing_sends_nothing(head, opened):
	grid = head()
	grid.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
	grid.page.keyboard.type("85")
	grid.page.keyboard.press("ArrowRight")
	grid.page.keyboard.type("80")
	grid.page.keyboard.press("Enter")
	grid.saved()
	assert scores(opened[0]) == SCORES


def test_two_browsers_overwrite_each_other(head, opened):
	one, other = head(), head()
	one.cell(RESULTS).fill("85")
	one.saved()
	other.cell(RESULTS).fill("60")
	other.waits("changed")
	expect(other.state()).to_contain_text(re.compile(r"has saved this row meanwhile \(Work Results 85\)"))
	assert other.cell(RESULTS).input_value() == "60"
	other.cell(BEHAVIOUR, f"{FIRST} + tr").fill("70")  # going elsewhere saves nothing over it
	other.saved(f"{FIRST} + tr")
	assert scores(opened[0]) == {"Work Results": "85"}
	other.cell(RESULTS).press("Enter")
	other.saved()
	assert scores(opened[0]) == {"Work Results": "60"}


def test_on_a_slow_network_an_earlier_value_stays_or_stands_against_a_later(head, opened):
	grid = head()
	grid.seat.slow_down()
	for text in ("85", "8", "80"):  # each while the one before is still on its way
		grid.cell(RESULTS).fill(text)
		grid.page.wait_for_timeout(700)
	grid.cell(BEHAVIOUR).fill("70")
	expect(grid.page.locator(f"{FIRST}[data-state=saved]")).to_be_visible()
	grid.seat.rest()
	grid.waits("saved")
	assert scores(opened[0]) == {"Work Results": "80", "Behaviour": "70"}


def test_the_grid_has_a_barrier(head, opened):
	assert head().seat.barriers(".layout-main-section") == []


def test_a_head_of_nobody_sees_an_empty_table(head):
	assert head(DINKES_HEAD).page.inner_text(".kupang-nobody") == (
		"In this round there is nobody whom you rate."
	)


def test_a_sheet_is_saved_before_it_is_shown(head, opened, tmp_path):
	grid = head()
	answer = grid.context.request.get(f"/api/method/kupang_hr.api.scoring.sheet?round={ROUND}")
	table = [list(row) for row in openpyxl.load_workbook(BytesIO(answer.body())).active.values]
	results = table[0].index("Work Results")
	table[1][results], table[2][results] = 85, 101
	path = tmp_path / "nilai.xlsx"
	path.write_bytes(make_xlsx(table, "Data Export").getvalue())
	grid.page.locator(".menu-btn-group button").first.click()
	grid.page.get_by_text("Upload a Sheet").first.click()
	grid.page.set_input_files("#kupang-sheet", path)
	found = grid.page.locator(".kupang-found")
	expect(found).to_contain_text("3 rows read: 1 people change, 1 problems")
	expect(found).to_contain_text("The score of Work Results must be from 0 to 100: 101")
	assert scores(opened[0]) == {}
	grid.page.click(".modal.show .btn-primary:has-text('Save 1 People')")
	expect(grid.cell(RESULTS)).to_have_value("85")
	assert [scores(name) for name in opened] == [{"Work Results": "85"}, {}, {}]
