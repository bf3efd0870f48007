"""Meja Wali Kota in a real Chromium: the mayor decides on a city, and nothing that goes wrong on the way loses anything."""

import time

import frappe
import pytest

from kupang_hr.bulk import run
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, SCORES

TODAY = "2021-01-20"
HOSTILE = """O'Brien "<script>document.title='owned'</script>"""
CLICKS = "window.clicks = 0; document.addEventListener('click', (e) => e.isTrusted && e.detail && window.clicks++, true)"
LOW = {"scores": {"Work Results": "40", "Behaviour": "40"}, "reason": "Sering tidak masuk"}


@pytest.fixture
def at_once(city):
	"""Every run is a job of its own, which these tests do when they want it done; nobody else works on jobs."""
	frappe.db.set_single_value("Kupang HR Settings", "answer_at_once", 0)
	frappe.db.commit()


def rated(city, low: int = 0, **headcounts: int) -> list[str]:
	"""A round rated by one head, the first `low` people of it badly; the renewals by name."""
	headcounts = headcounts or {"DISHUB": 3, "PUPR": 2}
	for opd in headcounts:
		city.seat(opd, HEAD)
	city.settle(2020, **headcounts)
	city.opened()
	appraisals = frappe.get_all("Performance Appraisal", pluck="name", order_by="name asc", limit=0)
	city.score(
		"2021",
		HEAD,
		**{name: LOW if place < low else {"scores": SCORES} for place, name in enumerate(appraisals)},
	)
	city.run(HEAD, "2020-12-08", "rate", round="2021")
	return frappe.get_all("Contract Renewal", pluck="name", order_by="name asc", limit=0)


def states(city) -> dict[str, int]:
	frappe.db.rollback()
	return city.states("2021")


def runs(**filters) -> list[str]:
	frappe.db.rollback()
	return frappe.get_all("Bulk Run", filters=filters, pluck="name", order_by="creation asc")


def sit(desk, screen: str = "desktop"):
	"""The mayor at the page, with the round in front of them."""
	seat = desk(MAYOR, screen)
	seat.go("meja-wali-kota")
	seat.page.wait_for_selector(".meja [role=tab]")
	return seat


def asked(seat) -> str:
	"""What the dialog says before anything is done."""
	seat.page.wait_for_selector(".modal.show .kupang-sum")
	return seat.page.inner_text(".modal.show .kupang-sum")


def told(seat, text: str) -> None:
	seat.page.wait_for_selector(".modal.show", state="detached")
	seat.page.wait_for_selector(f".meja-result:has-text({frappe.as_json(text)})")


def end_sessions() -> None:
	"""End the mayor's sessions; twice, since a request under way puts its session back into the cache."""
	for pause in (1, 0):
		frappe.db.delete("Sessions", {"user": MAYOR})
		frappe.db.commit()
		frappe.cache.delete_value("session")
		frappe.cache.delete_keys("session")
		time.sleep(pause)


def test_a_city_takes_more_than_thirty_clicks_or_a_reload(city, desk):
	opds = frappe.get_all("OPD", {"is_group": 0}, pluck="name", order_by="lft asc")
	names = rated(city, low=7, **dict.fromkeys(opds, 2))
	seat = sit(desk)
	seat.page.evaluate(CLICKS)
	seat.page.click("[data-tab=exceptions] >> nth=0")
	seat.page.wait_for_selector(".meja-person")
	for done in range(7):
		seat.page.click(".meja-person [data-act=decline] >> nth=0")
		assert asked(seat) == "1 person · 1 OPD"
		seat.page.keyboard.type(f"Alasan {done}")
		seat.page.keyboard.press("Enter")
		seat.page.wait_for_selector(f"[data-tab=exceptions]:has-text('({6 - done})')")
		seat.page.wait_for_selector(".modal.show", state="detached")
	seat.page.click("[data-do=recommend-all]")
	assert asked(seat).startswith(f"{len(names) - 7} people")
	seat.confirm()
	told(seat, f"{len(names) - 7} people: recommended.")
	assert seat.page.evaluate("window.clicks") <= 30  # a reload would have lost the count
	assert states(city) == {"Mayor Recommended": len(names) - 7, "Not Renewed": 7}
	reasons = frappe.get_all("Contract Renewal", {"workflow_state": "Not Renewed"}, pluck="reason")
	assert sorted(reasons) == [f"Alasan {place}" for place in range(7)]


def test_a_person_taken_out_is_recommended_with_the_others(city, desk):
	rated(city, DISHUB=4, PUPR=2)
	earlier = frappe.get_all(
		"Contract Renewal", {"proposed_opd": "DISHUB"}, pluck="name", order_by="name desc"
	)[0]
	city.run(MAYOR, "2021-01-18", "recommend", round="2021", names=[earlier])
	seat = sit(desk)
	seat.page.click("[data-open=DISHUB]")
	seat.page.wait_for_selector(".meja-person")
	left_out = seat.page.get_attribute(".meja-person >> nth=0", "data-name")
	seat.page.check(".meja-person [data-choose] >> nth=0")
	seat.page.click("[data-act=rest]")
	assert asked(seat) == "2 people · 1 OPD"
	seat.confirm()
	told(seat, "2 people: recommended.")
	assert states(city) == {"Mayor Recommended": 3, "Rated": 3}
	assert frappe.db.get_value("Contract Renewal", left_out, "workflow_state") == "Rated"
	seat.page.click("[data-do=undo]")
	assert asked(seat) == "2 people · 1 OPD"
	seat.confirm()
	told(seat, "2 people: taken back.")
	assert states(city) == {"Mayor Recommended": 1, "Rated": 5}
	assert frappe.db.get_value("Contract Renewal", earlier, "workflow_state") == "Mayor Recommended"


def test_holding_and_releasing_fail(city, desk):
	rated(city)
	seat = sit(desk)
	seat.page.click("#meja-tab-people")
	seat.page.click(".meja-person [data-act=hold] >> nth=0")
	asked(seat)
	seat.page.keyboard.press("Enter")
	seat.page.wait_for_selector(".modal.show .kupang-bad:has-text('Write a reason.')")
	seat.page.keyboard.type("Menunggu berkas")
	seat.confirm()
	told(seat, "1 person: held.")
	assert states(city) == {"Held": 1, "Rated": 4}
	seat.page.click("[data-do=undo]")
	asked(seat)
	seat.confirm()
	told(seat, "1 person: released.")
	assert states(city) == {"Rated": 5}


def test_a_hostile_name_is_run(city, desk):
	names = rated(city)
	person = frappe.db.get_value("Contract Renewal", names[0], "personnel")
	frappe.db.set_value("Personnel", person, "full_name", HOSTILE)
	frappe.db.set_value("Contract Renewal", names[0], {"personnel_name": HOSTILE, "rated_by": MAYOR})
	frappe.db.commit()
	seat = sit(desk)
	seat.page.click("#meja-tab-people")
	seat.page.fill(".meja-search", "O'Brien")
	seat.page.wait_for_function("document.querySelectorAll('.meja-person').length === 1")
	assert seat.page.inner_text(".meja-who a") == HOSTILE
	seat.page.click("[data-do=recommend-all]")
	seat.page.wait_for_selector(".modal.show .kupang-refused")
	assert HOSTILE in seat.page.inner_text(".modal.show .kupang-refused")
	seat.confirm()
	seat.page.wait_for_selector(".modal.show .kupang-failures")
	assert HOSTILE in seat.page.inner_text(".modal.show .kupang-failures")
	assert "three users" in seat.page.inner_text(".modal.show .kupang-failures")
	assert "owned" not in seat.page.title()


def test_a_double_click_does_it_twice(city, desk, at_once):
	rated(city)
	seat = sit(desk)
	seat.page.dblclick("[data-do=recommend-all]")
	asked(seat)
	assert seat.page.locator(".modal.show").count() == 1
	seat.dialog().locator(".btn-primary:visible").first.dblclick()
	seat.page.wait_for_selector(".modal.show [role=progressbar]")
	(name,) = runs(action="recommend")
	run.execute(name)
	told(seat, "5 people: recommended.")
	assert runs(action="recommend") == [name]


def test_a_slow_network_does_it_twice_or_says_nothing(city, desk):
	rated(city)
	seat = sit(desk)
	seat.slow_down()
	seat.page.dblclick("[data-do=recommend-all]")
	asked(seat)
	button = seat.dialog().locator(".btn-primary:visible").first
	button.dblclick()
	seat.page.wait_for_selector(".modal.show :text('Starting…')")
	assert not seat.dialog().locator(".btn-primary:visible:enabled").count()
	told(seat, "5 people: recommended.")
	assert states(city) == {"Mayor Recommended": 5}
	assert len(runs(action="recommend")) == 1


def test_two_browsers_do_it_twice(city, desk, at_once):
	names = rated(city)
	one, other = sit(desk), sit(desk)
	for seat in (one, other):
		seat.page.click("[data-do=recommend-all]")
		asked(seat)
	one.confirm()
	one.page.wait_for_selector(".modal.show [role=progressbar]")
	other.confirm()
	other.page.wait_for_selector(".modal.show [role=progressbar]")
	(name,) = runs(action="recommend")
	run.execute(name)
	for seat in (one, other):
		told(seat, "5 people: recommended.")
	city.run(MAYOR, TODAY, "return", round="2021", names=names[:1])
	city.run(MAYOR, TODAY, "hold", round="2021", names=names[:1], reason="Berkas")
	other.page.click("#meja-tab-people")
	other.page.click(f"[data-name='{names[0]}'] [data-act=release]")
	asked(other)
	city.run(MAYOR, TODAY, "release", round="2021", names=names[:1])
	other.confirm()
	told(other, "1 person: released.")  # by somebody else meanwhile, and not once more
	assert len(runs(action="release")) == 1


def test_a_session_that_ends_before_the_start_starts_something(city, desk):
	rated(city)
	seat = sit(desk)
	seat.page.click("[data-do=recommend-all]")
	asked(seat)
	seat.rest()
	end_sessions()
	seat.confirm()
	seat.page.wait_for_selector(".modal.show a[href^='/login?redirect-to=']")
	assert states(city) == {"Rated": 5}
	assert not runs(action="recommend")
	seat.forgive(r"^40[13] ")


def test_a_session_that_ends_in_the_middle_loses_the_run(city, desk, at_once):
	rated(city)
	seat = sit(desk)
	seat.page.click("[data-do=recommend-all]")
	asked(seat)
	seat.confirm()
	seat.page.wait_for_selector(".modal.show [role=progressbar]")
	(name,) = runs(action="recommend")
	end_sessions()
	seat.page.wait_for_selector(".modal.show a[href^='/login?redirect-to=']")
	assert "the work goes on" in seat.page.inner_text(".modal.show")
	run.execute(name)
	seat.page.goto("about:blank")  # else an answer to who is logged out may come after the login
	seat.forgive(r"^40[13] ")
	seat.log_in(MAYOR)
	seat.page.goto("/app")
	seat.page.wait_for_selector(".modal.show .kupang-sum:has-text('Done: 5 people.')")
	assert states(city) == {"Mayor Recommended": 5}


def test_a_lost_request_is_given_up_or_done_twice(city, desk):
	rated(city)
	seat = sit(desk)
	lost = []

	def lose(route):
		lost.append(route)
		if len(lost) == 1:
			route.fetch()  # the server does it, its answer is lost
			route.abort("connectionreset")
		else:
			route.continue_()

	seat.page.route("**/kupang_hr.api.cycle.recommend", lose)
	seat.page.click("[data-do=recommend-all]")
	asked(seat)
	seat.confirm()
	seat.page.wait_for_selector(".modal.show :text('No connection. Trying again…')")
	told(seat, "5 people: recommended.")
	assert states(city) == {"Mayor Recommended": 5}
	assert len(runs(action="recommend")) == 1
	seat.forgive("CONNECTION_RESET")


def test_a_dialog_that_is_closed_too_early_leaves_the_page_as_it_was(city, desk):
	rated(city)
	seat, held = sit(desk), []
	seat.page.route("**/kupang_hr.api.cycle.recommend", lambda route: held.append(route))
	seat.page.click("[data-do=recommend-all]")
	asked(seat)
	seat.confirm()
	seat.page.wait_for_selector(".modal.show :text('Starting…')")
	seat.page.click(".modal.show .btn-modal-close")
	seat.page.wait_for_selector(".modal.show", state="detached")
	held[0].continue_()
	told(seat, "5 people: recommended.")
	assert states(city) == {"Mayor Recommended": 5}


def test_an_empty_desk_says_nothing(city, desk):
	seat = desk(MAYOR)
	seat.go("meja-wali-kota")
	seat.page.wait_for_selector(".meja-empty:has-text('There is no round yet.')")
	city.round()
	seat.page.reload()
	seat.page.wait_for_selector(".meja-empty:has-text('Nobody is in this round yet.')")


def test_an_opd_without_a_head_is_not_said(city, desk):
	city.settle(2020, DISHUB=1)
	city.opened()
	frappe.db.sql("update `tabOPD` set head = null, acting_head = null, rating_officer = null")
	frappe.db.commit()
	seat = sit(desk)
	seat.page.wait_for_selector(".meja-opd:has-text('No head who rates')")
	assert "Nobody waits for you" in seat.page.inner_text(".meja-head h2")


def test_somebody_else_decides_at_the_mayors_desk(city, desk):
	rated(city)
	reader = desk("sysadmin@city.test")
	reader.go("meja-wali-kota")
	reader.page.wait_for_selector(".meja-opd")
	assert not reader.page.locator("[data-do=recommend-all], [data-do=recommend-opd], [data-choose]").count()
	for user in (HEAD, CLERK, BKPPD_HEAD):
		request = desk(user).context.request
		for path in ("frappe.desk.desk_page.getpage?name=meja-wali-kota", "kupang_hr.api.mayor.overview"):
			assert request.get(f"/api/method/{path}").status == 403


def focus(seat, wanted: str) -> None:
	"""Reach an element with the Tab key alone."""
	for _ in range(80):
		seat.page.keyboard.press("Tab")
		if seat.page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
			return
	raise AssertionError(f"the keyboard never reaches {wanted}")


def test_the_keyboard_alone_does_not_do(city, desk):
	rated(city)
	seat = sit(desk)
	focus(seat, "[role=tab]")
	seat.page.keyboard.press("ArrowRight")
	seat.page.wait_for_selector("#meja-tab-exceptions[aria-selected=true]")
	seat.page.keyboard.press("ArrowLeft")
	focus(seat, "[data-open=DISHUB]")
	seat.page.keyboard.press("Enter")
	seat.page.wait_for_selector(".meja-person")
	focus(seat, ".meja-person [data-choose]")
	seat.page.keyboard.press("Space")
	focus(seat, "[data-act=rest]")
	seat.page.keyboard.press("Enter")
	asked(seat)
	seat.page.keyboard.press("Enter")
	told(seat, "2 people: recommended.")


@pytest.mark.parametrize("screen", ["desktop", "tablet", "phone"])
def test_somebody_cannot_read_it(city, desk, screen):
	rated(city, low=2)
	seat = sit(desk, screen)
	seat.page.click("[data-open=DISHUB]")
	seat.page.wait_for_selector(".meja-person")
	assert seat.barriers(".meja") == []
	width = seat.page.viewport_size["width"]
	assert seat.page.evaluate("document.documentElement.scrollWidth") <= width
	seat.page.click("[data-act=decline] >> nth=0")
	asked(seat)
	assert seat.barriers(".modal.show .modal-body") == []


def test_the_columns_of_the_opds_do_not_stand_under_each_other(city, desk):
	frappe.db.set_value("OPD", "PUPR", "opd_name", "Dinas " + "Pekerjaan Umum dan Penataan Ruang " * 3)
	rated(city, low=2, DISHUB=12, PUPR=1, DLHK=3)
	seat = sit(desk)
	for column in ("people", "ratings", "exceptions"):
		where = f"[...document.querySelectorAll('.meja-opd-row .meja-{column}')].map((e) => e.getBoundingClientRect().x)"
		found = seat.page.evaluate(where)
		assert len(found) == 3 and len(set(found)) == 1, (column, found)
