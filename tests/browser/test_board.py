"""The renewal board in a real browser: counts, cards by page, keyboard, names shown and never run."""

import frappe
import pytest

from tests.site.city import CLERK, HEAD, MAYOR

TODAY, ROUND = "2020-12-29", "2021"
NASTY = 'A\'Brien "Budi" <script>window.ran = 1</script><img src=x onerror="window.ran = 1">'
COLUMN = '.kupang-board-column[data-state="{0}"]'
FINANCE = "finance@city.test"


@pytest.fixture
def names(city) -> list[str]:
	"""A round: 25 of DISHUB and 2 of PUPR, nobody rated."""
	found = city.settle(DISHUB=25, PUPR=2)
	frappe.db.set_value("Personnel", found[0], "full_name", NASTY)
	city.opened()
	frappe.db.commit()
	return found


def board(seat, **filters):
	seat.go("renewal-board", **filters)
	seat.page.wait_for_selector('.kupang-board[aria-busy="false"] .kupang-board-column')
	seat.rest()
	return seat


def counts(seat) -> dict[str, str]:
	pairs = (
		"(all) => all.map((one) => [one.dataset.state, one.querySelector('.kupang-board-count').innerText])"
	)
	return dict(seat.page.eval_on_selector_all(".kupang-board-column", pairs))


def cards(seat, state: str = "Draft"):
	return seat.page.locator(f"{COLUMN.format(state)} li a")


def test_the_board_shows_counts_and_the_first_cards(desk, names):
	seat = board(desk(CLERK))
	assert counts(seat) == {
		"Draft": "27",
		"Rated": "0",
		"Mayor Recommended": "0",
		"SK Issued": "0",
		"Not Renewed": "0",
		"Held": "0",
		"Withdrawn": "0",
	}
	assert cards(seat).count() == 20
	assert NASTY in cards(seat).first.inner_text()
	assert seat.page.evaluate("window.ran") is None
	assert seat.text(".kupang-board-said") == "27 renewals"


def test_a_page_is_added_and_the_focus_stays_with_it(desk, names):
	seat = board(desk(CLERK))
	more = seat.page.locator(COLUMN.format("Draft") + " .kupang-board-more")
	assert more.inner_text() == "Show more, 7 left"
	more.focus()
	seat.page.keyboard.press("Enter")
	seat.page.wait_for_function(f"document.querySelectorAll('{COLUMN.format('Draft')} li').length === 27")
	seat.rest()
	assert more.is_hidden()
	focused = (
		"[...document.activeElement.closest('ul').children].indexOf(document.activeElement.parentElement)"
	)
	assert seat.page.evaluate(focused) == 20


def test_arrows_go_from_card_to_card_and_enter_opens_the_form(desk, names, city):
	city.score(ROUND, "other-head@city.test")
	city.run("other-head@city.test", "2020-12-08", "rate", round=ROUND)
	seat = board(desk(MAYOR))
	assert (counts(seat)["Draft"], counts(seat)["Rated"]) == ("25", "2")
	cards(seat).first.focus()
	for key in ("ArrowDown", "ArrowUp", "ArrowRight", "ArrowDown"):
		seat.page.keyboard.press(key)
	name = cards(seat, "Rated").nth(1).get_attribute("href").rsplit("/", 1)[1]
	seat.page.keyboard.press("Enter")
	seat.page.wait_for_function(f"frappe.get_route().join('/') === 'Form/Contract Renewal/{name}'")
	seat.rest()


def test_the_board_is_narrowed_to_an_opd_and_a_head_sees_the_own(desk, names):
	seat = board(desk(CLERK), opd="PUPR")
	assert (counts(seat)["Draft"], cards(seat).count()) == ("2", 2)
	seat = board(desk(HEAD))
	assert counts(seat)["Draft"] == "25"
	seat = board(desk(HEAD), opd="PUPR")
	assert counts(seat)["Draft"] == "0"
	assert seat.text(".kupang-board-said") == "Nobody whom you see is in this round."


def test_the_board_says_what_to_do_before_there_is_a_round(desk, city):
	seat = desk(CLERK)
	seat.go("renewal-board")
	seat.page.wait_for_selector(".kupang-board-said:has-text('There is no renewal round yet.')")


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_the_board_has_no_serious_barrier(desk, names, screen):
	seat = board(desk(CLERK, screen))
	assert seat.barriers(".kupang-board-page") == []


def test_the_board_is_not_there_for_whoever_reads_no_renewals(desk, names):
	seat = desk(FINANCE)
	seat.go("renewal-board")
	assert seat.page.locator(".kupang-board-column").count() == 0
	seat.forgive("403 |Page")
