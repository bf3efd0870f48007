"""The punch map in a real browser without internet: marks by count, names shown and never run, a list besides."""

import json

import frappe
import pytest

from kupang_hr.bulk import query
from tests.site.city import BKPPD_HEAD, CLERK, HEAD
from tests.site.punching import servants

TODAY = "2021-01-05"
NASTY = 'A\'Brien "Budi" <script>window.ran = 1</script><img src=x onerror="window.ran = 1">'
SQUARE = [[123.55, -10.22], [123.67, -10.22], [123.67, -10.12], [123.55, -10.12], [123.55, -10.22]]
PLACES = (
	("-10.1602", "123.6004", ""),
	("-10.1603", "123.6005", ""),
	("-10.2050", "123.6500", "Outside Office"),
)


@pytest.fixture
def day(city):
	"""Two entries at the office of DISHUB, one far from it; one of PUPR without a position."""
	names = servants(DISHUB=3, PUPR=1)
	frappe.db.set_value("Personnel", names[0], "full_name", NASTY)
	office = {"latitude": -10.16, "longitude": 123.6, "radius_m": 150}
	frappe.db.set_value("OPD", "DISHUB", office)
	settings = frappe.get_doc("Kupang HR Settings")
	settings.city_boundary = json.dumps({"type": "Polygon", "coordinates": [SQUARE]})
	settings.save()
	rows = [
		punch(name, number, *place)
		for number, (name, place) in enumerate(zip(names[:3], PLACES, strict=True))
	]
	query.insert_dicts("Attendance Punch", [*rows, punch(names[3], 9, None, None, "No Position")])
	frappe.db.delete("Access Log")
	frappe.db.commit()
	yield names
	settings.city_boundary = None
	settings.save()
	frappe.db.commit()


def punch(name: str, minute: int, latitude: str | None, longitude: str | None, flags: str) -> dict:
	at = f"{TODAY} 07:2{minute}:00"
	return {
		"name": f"{name}-in",
		"source": "test",
		"source_id": f"{name}-in",
		"personnel": name,
		"counted_at": at,
		"received_at": at,
		"direction": "In",
		"mode": "WFO",
		"latitude": latitude,
		"longitude": longitude,
		"accuracy": "12",
		"raised_flags": flags,
	}


def drawn(seat):
	"""The map, when it has drawn the day; whatever would leave the machine is refused and told."""
	seat.page.route(lambda url: not url.startswith(seat.url), lambda route: route.abort())
	seat.go("punch-map")
	seat.page.wait_for_function("document.querySelector('.kupang-map-said')?.innerText.includes('punches')")
	seat.rest()
	return seat


def marks(seat):
	return seat.page.locator(".kupang-map-mark")


def test_the_map_draws_marks_offices_and_the_boundary_without_internet(desk, day):
	seat = drawn(desk(HEAD))
	assert seat.text(".kupang-map-said") == "3 punches, 0 without a position."
	assert sorted(marks(seat).all_inner_texts()) == ["!", "2"]
	assert seat.page.locator(".kupang-map path.leaflet-interactive").count() == 1
	assert seat.page.locator(".kupang-map path").count() == 2
	assert seat.page.locator(".leaflet-tile").count() == 0


def test_a_name_is_shown_in_popup_and_list_and_never_run(desk, day):
	seat = drawn(desk(HEAD))
	marks(seat).filter(has_text="2").click()
	popup = seat.page.locator(".leaflet-popup-content")
	popup.wait_for()
	assert NASTY in popup.inner_text()
	assert "07:20 · In · WFO · ± 12 m" in popup.inner_text()
	assert NASTY in seat.text(".kupang-map-table tbody")
	assert seat.page.evaluate("window.ran") is None


def test_the_list_finds_somebody_on_the_map_by_keyboard(desk, day):
	seat = drawn(desk(HEAD))
	find = seat.page.locator(".kupang-map-find").nth(2)
	find.focus()
	seat.page.keyboard.press("Enter")
	popup = seat.page.locator(".leaflet-popup-content")
	popup.wait_for()
	assert "Outside Office" in popup.inner_text()


def test_a_mark_opens_by_keyboard(desk, day):
	seat = drawn(desk(HEAD))
	mark = marks(seat).filter(has_text="!")
	assert mark.get_attribute("role") == "button"
	mark.focus()
	seat.page.keyboard.press("Enter")
	seat.page.locator(".leaflet-popup-content:has-text('Outside Office')").wait_for()


def test_only_what_is_flagged_is_shown_when_asked_for(desk, day):
	seat = drawn(desk(HEAD))
	seat.page.check('[data-fieldname="flagged"] input')
	assert marks(seat).all_inner_texts() == ["!"]
	assert seat.page.locator(".kupang-map-table tbody tr").count() == 1


def test_reading_the_map_leaves_a_trace_and_a_head_sees_the_own_opd(desk, day):
	drawn(desk(HEAD))
	frappe.db.rollback()
	logs = frappe.get_all("Access Log", ["user", "export_from", "reference_document"], order_by="name")
	assert logs == [{"user": HEAD, "export_from": "Attendance Punch", "reference_document": TODAY}]
	seat = drawn(desk(BKPPD_HEAD))
	assert seat.text(".kupang-map-said") == "4 punches, 1 without a position."


def test_a_clerk_does_not_get_the_map(desk, day):
	seat = desk(CLERK)
	seat.go("punch-map")
	assert seat.page.locator(".kupang-map").count() == 0
	seat.forgive("403 |Page")


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_the_map_has_no_serious_barrier(desk, day, screen):
	seat = drawn(desk(HEAD, screen))
	assert seat.barriers(".kupang-map-page") == []
