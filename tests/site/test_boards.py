"""Board, calendars and map: whom each role sees there, in pages, with the same number of queries for any number."""

import html
import json

import frappe
import pytest

from kupang_hr.api import board, calendars, punch_map
from kupang_hr.bulk import query
from kupang_hr.bulk.run import acting_as
from kupang_hr.cycle import year_end
from kupang_hr.demo import people
from kupang_hr.exceptions import DayRangeError
from kupang_hr.rules.renewal import STATES
from tests.site.city import BKPPD_HEAD, CLERK, DINKES_HEAD, HEAD, MAYOR, OTHER_HEAD
from tests.site.counting import queries
from tests.site.punching import servants

OPD_CLERK, SELF, FINANCE, SYSADMIN = (
	"opd-clerk@city.test",
	"ptt@city.test",
	"finance@city.test",
	"sysadmin@city.test",
)
ROUND, DAY, TODAY = "2021", "2021-01-05", "2021-01-20"
NASTY = 'O\'Brien "Budi" <img src=x onerror=alert(1)>'


@pytest.fixture
def round_of(city):
	"""A round in which DISHUB and DLHK are rated, and DINKES with its health centre is not."""
	names = city.settle(DISHUB=3, DLHK=1, PUPR=2, DINKES=1, **{"PKM ALAK": 2})
	city.seat("DISHUB", OPD_CLERK, "clerk")
	city.opened()
	city.rated(ROUND, HEAD)
	frappe.db.commit()
	return names


def counts(user: str, **arguments) -> dict[str, int]:
	with acting_as(user):
		found = board.counts(ROUND, **arguments)
	assert [row["state"] for row in found["states"]] == list(STATES)
	assert found["total"] == sum(row["count"] for row in found["states"])
	return {row["state"]: row["count"] for row in found["states"] if row["count"]}


def cards(user: str, state: str, **arguments) -> list[dict]:
	with acting_as(user):
		return board.cards(ROUND, state, **arguments)


# The board


@pytest.mark.parametrize(
	("user", "states"),
	[
		(MAYOR, {"Draft": 5, "Rated": 4}),
		(CLERK, {"Draft": 5, "Rated": 4}),
		(HEAD, {"Rated": 4}),
		(OTHER_HEAD, {"Draft": 2}),
		(DINKES_HEAD, {"Draft": 3}),
		(OPD_CLERK, {"Rated": 3}),
	],
)
def test_the_board_would_show_others_than_the_list(round_of, user, states):
	assert counts(user) == states
	for state in STATES:
		with acting_as(user):
			listed = frappe.get_list(
				"Contract Renewal", {"round": ROUND, "workflow_state": state}, pluck="name", limit=0
			)
		assert {card["name"] for card in cards(user, state, limit=100)} == set(listed)


def test_the_board_would_show_another_opd_by_asking_for_it(round_of):
	assert counts(HEAD, opd="PUPR") == {}
	assert counts(HEAD, opd="PEMKOT") == {"Rated": 4}
	assert counts(MAYOR, opd="DINKES") == {"Draft": 3}
	assert cards(HEAD, "Draft", opd="PUPR") == []


def test_a_figure_of_the_round_would_lead_to_others_than_it_counts(round_of):
	frappe.db.set_value("Personnel", {"opd": "PUPR"}, "opd", "DINKES")  # moved since, all of them
	for user in (MAYOR, DINKES_HEAD):
		with acting_as(user):
			found = year_end.states_by_opd(ROUND)
		assert found["DINKES"] == {"Draft": 3} and found["PKM ALAK"] == {"Draft": 2}
		for opd, states in found.items():
			assert counts(user, opd=opd, alone=1) == states
			for state, count in states.items():
				listed = cards(user, state, opd=opd, alone=1, limit=100)
				assert [card["opd"] for card in listed] == [opd] * count


def test_a_page_would_leave_a_card_out_or_repeat_it(round_of):
	pages = [cards(MAYOR, "Draft", start=start, limit=2) for start in (0, 2, 4)]
	assert [len(page) for page in pages] == [2, 2, 1]
	names = [card["name"] for page in pages for card in page]
	assert len(set(names)) == 5
	assert names == [card["name"] for card in cards(MAYOR, "Draft", limit=100)]


def test_the_whole_board_would_be_loaded_at_once(round_of):
	assert len(cards(MAYOR, "Draft", limit=100_000)) == 5
	assert len(cards(MAYOR, "Draft", limit=0)) == 1
	assert len(cards(MAYOR, "Draft", start=-3, limit=2)) == 2


def test_a_state_that_there_is_not_would_be_an_empty_page(round_of):
	with pytest.raises(frappe.ValidationError) as raised:
		cards(MAYOR, "Lost")
	assert str(raised.value) == "There is no such state."


@pytest.mark.parametrize("user", [FINANCE, SELF])
def test_the_board_would_open_for_whoever_reads_no_renewals(round_of, user):
	for ask in (lambda: counts(user), lambda: cards(user, "Draft")):
		with pytest.raises(frappe.PermissionError):
			ask()


def test_more_renewals_would_take_more_queries(round_of, city):
	def asked():
		return queries(lambda: (counts(HEAD), cards(HEAD, "Draft"), cards(HEAD, "Rated")))

	before = asked()
	people.save(people.invent({"DISHUB": 80}, seed=8, year=2020), 2020)
	city.run(CLERK, "2020-11-16", "open", round=ROUND)
	assert counts(HEAD) == {"Draft": 80, "Rated": 4}
	assert asked() == before


# The calendars


@pytest.fixture
def absences(city):
	names = servants(DISHUB=2, PUPR=1)
	city.seat("DISHUB", OPD_CLERK, "clerk")
	frappe.db.set_value("Personnel", names[0], "full_name", NASTY)
	rows = [
		{
			"name": f"AP-{name}",
			"personnel": name,
			"personnel_name": NASTY,
			"kind": "Sick",
			"reason": "-",
			"from_date": "2021-01-04",
			"to_date": "2021-01-06",
			"docstatus": number % 2,
		}
		for number, name in enumerate(names)
	]
	cancelled = {**rows[0], "name": "AP-cancelled", "docstatus": 2}
	later = {**rows[0], "name": "AP-later", "from_date": "2021-03-01", "to_date": "2021-03-01"}
	query.insert_dicts("Absence Permit", [*rows, cancelled, later])
	query.insert_dicts(
		"Office Rota",
		[
			{"name": f"ROTA-{opd}", "opd": opd, "from_date": DAY, "to_date": "2021-01-06", "docstatus": 1}
			for opd in ("DISHUB", "PUPR")
		],
	)
	lines = [
		{"name": f"{name}-{day}", "office_rota": f"ROTA-{opd}", "personnel": name, "day": day, "place": place}
		for name, opd, place in zip(
			names, ("DISHUB", "DISHUB", "PUPR"), ("Office", "Home", "Office"), strict=True
		)
		for day in (DAY, "2021-01-06")
	]
	query.insert_dicts("Office Rota Line", lines)
	frappe.db.commit()
	return names


def permits(user: str, start: str = "2020-12-28 00:00:00", end: str = "2021-02-08 00:00:00", **arguments):
	with acting_as(user):
		return calendars.permits(start, end, **arguments)


def rotas(user: str, start: str = "2020-12-28 00:00:00", end: str = "2021-02-08 00:00:00", **arguments):
	with acting_as(user):
		return calendars.rotas(start, end, **arguments)


def test_the_calendar_would_show_absences_of_another_opd_or_cancelled_ones(absences):
	for user, people_seen in ((HEAD, 2), (OTHER_HEAD, 1), (OPD_CLERK, 2), (BKPPD_HEAD, 3)):
		found = permits(user)
		assert {row["name"] for row in found} <= {f"AP-{name}" for name in absences}
		assert len(found) == people_seen, user


def test_the_calendar_would_leave_out_an_absence_that_began_before(absences):
	assert len(permits(BKPPD_HEAD, DAY, DAY)) == 3
	assert permits(BKPPD_HEAD, "2021-01-07", "2021-01-31") == []


def test_the_calendar_would_run_a_name(absences):
	"""Frappe reads titles as HTML to take the text out of them."""
	found = permits(HEAD)
	assert [html.unescape(row["title"]) for row in found] == [f"{NASTY} · Sick"] * 2
	assert not {"<", ">", '"'} & set("".join(row["title"] for row in found))


def test_the_calendar_would_not_take_the_filters_of_the_list(absences):
	filters = [["Absence Permit", "personnel", "=", absences[0]]]
	assert len(permits(BKPPD_HEAD, filters=json.dumps(filters))) == 1
	assert len(permits(BKPPD_HEAD, filters="[]")) == 3
	assert len(rotas(CLERK, filters=[["Office Rota", "opd", "=", "PUPR"]])) == 2


def test_the_calendar_would_be_loaded_whole(absences, monkeypatch):
	monkeypatch.setattr(calendars, "MOST", 2)
	assert len(permits(BKPPD_HEAD)) == 2
	message = frappe.message_log[-1]
	assert "Only the first 2 absences are shown." in str(message)


def test_the_rota_would_count_people_of_another_opd(absences):
	found = rotas(HEAD)
	assert [(row["name"], str(row["day"]), row["title"]) for row in found] == [
		("ROTA-DISHUB", "2021-01-05", "DISHUB · 1 in the office, 1 at home"),
		("ROTA-DISHUB", "2021-01-06", "DISHUB · 1 in the office, 1 at home"),
	]
	assert {row["name"] for row in rotas(CLERK)} == {"ROTA-DISHUB", "ROTA-PUPR"}
	assert {str(row["day"]) for row in rotas(CLERK, DAY, DAY)} == {DAY}


def test_the_calendars_would_open_for_whoever_reads_neither(absences):
	for ask in (lambda: permits(MAYOR), lambda: permits(CLERK), lambda: rotas(MAYOR), lambda: rotas(FINANCE)):
		with pytest.raises(frappe.PermissionError):
			ask()


# The map


@pytest.fixture
def day_of_punches(city):
	names = servants(DISHUB=3, PUPR=1)
	city.seat("DISHUB", OPD_CLERK, "clerk")
	frappe.db.set_value("Personnel", names[0], "full_name", NASTY)
	frappe.db.set_value("OPD", "DISHUB", {"latitude": -10.16, "longitude": 123.6, "radius_m": 150})
	punches([(name, f"{DAY} 07:2{number}:00") for number, name in enumerate(names)])
	punches([(names[0], f"{DAY} 16:05:00")], latitude=None, longitude=None, raised_flags="No Position")
	punches([(names[0], "2021-01-06 00:00:00")])
	frappe.db.commit()
	return names


def punches(rows, **values) -> None:
	query.insert_dicts(
		"Attendance Punch",
		[
			{
				"name": f"{name}-{at}",
				"source": "test",
				"source_id": f"{name}-{at}",
				"personnel": name,
				"counted_at": at,
				"received_at": at,
				"direction": "In",
				"mode": "Field",
				"latitude": "-10.161234",
				"longitude": "123.601234",
				"accuracy": "12",
				"raised_flags": "Outside Office, Inaccurate",
				**values,
			}
			for name, at in rows
		],
	)


def of_day(user: str, day: str = DAY, **arguments) -> dict:
	with acting_as(user):
		return punch_map.day(day, **arguments)


def test_the_map_would_show_people_of_another_opd(day_of_punches):
	found = of_day(HEAD)
	assert (found["total"], found["located"], found["without_position"]) == (4, 3, 1)
	assert {point["opd"] for point in found["points"]} == {"DISHUB"}
	assert of_day(OTHER_HEAD)["located"] == 1
	assert of_day(HEAD, opd="PUPR")["points"] == []
	assert of_day(BKPPD_HEAD)["located"] == 4


def test_a_point_would_lack_what_the_map_says_of_it(day_of_punches):
	point = of_day(HEAD)["points"][0]
	assert point == {
		"name": f"{day_of_punches[0]}-{DAY} 07:20:00",
		"personnel": day_of_punches[0],
		"personnel_name": NASTY,
		"opd": "DISHUB",
		"at": "07:20",
		"direction": "In",
		"mode": "Field",
		"flags": ["Outside Office", "Inaccurate"],
		"latitude": -10.161234,
		"longitude": 123.601234,
		"accuracy": 12.0,
	}


@pytest.mark.parametrize("user", [OPD_CLERK, CLERK, MAYOR, FINANCE, SELF, SYSADMIN])
def test_positions_would_be_read_by_a_role_that_may_not(day_of_punches, user):
	for ask in (lambda: of_day(user), lambda: around(user)):
		with pytest.raises(frappe.PermissionError):
			ask()
	assert not frappe.db.count("Access Log", {"method": "punch_map.day", "user": user})


def around(user: str, **arguments) -> dict:
	with acting_as(user):
		return punch_map.surroundings(**arguments)


def test_reading_positions_would_leave_no_trace(day_of_punches):
	frappe.db.delete("Access Log", {"method": "punch_map.day"})
	of_day(HEAD, opd="DISHUB")
	log = frappe.get_last_doc("Access Log", {"method": "punch_map.day"})
	assert (log.user, log.export_from, log.reference_document) == (HEAD, "Attendance Punch", DAY)
	assert json.loads(log.filters) == {"day": DAY, "opd": "DISHUB", "points": 3, "start": 0}


def test_the_map_would_be_loaded_whole(day_of_punches, monkeypatch):
	monkeypatch.setattr("kupang_hr.attendance.positions.PAGE", 2)
	first, second = of_day(BKPPD_HEAD), of_day(BKPPD_HEAD, start="2")
	assert [len(page["points"]) for page in (first, second)] == [2, 2]
	assert len({point["name"] for page in (first, second) for point in page["points"]}) == 4
	assert first["located"] == second["located"] == 4


def test_more_punches_would_take_more_queries(day_of_punches):
	before = queries(lambda: of_day(HEAD))
	many = servants(DISHUB=60)
	punches([(name, f"{DAY} 08:00:00") for name in many])
	assert of_day(HEAD)["located"] == 63
	assert queries(lambda: of_day(HEAD)) == before


def test_a_day_that_is_none_would_be_every_day(day_of_punches):
	with pytest.raises(DayRangeError):
		of_day(HEAD, day="")


def test_the_map_would_lack_offices_boundary_or_tiles(day_of_punches):
	found = around(HEAD)
	assert [office["name"] for office in found["offices"]] == ["DISHUB"]
	assert found["offices"][0]["radius_m"] == 150
	assert (found["boundary"], found["tiles"]) == (None, None)
	assert around(OTHER_HEAD)["offices"] == []
	settings = frappe.get_doc("Kupang HR Settings")
	square = {"type": "Polygon", "coordinates": [[[123, -10], [124, -10], [124, -11], [123, -10]]]}
	tiles = "https://tiles.example/{z}/{x}/{y}.png"
	settings.update({"city_boundary": json.dumps(square), "map_tile_url": tiles})
	settings.save()
	try:
		found = around(HEAD)
		assert found["boundary"] == square
		assert found["tiles"] == {"url": tiles, "attribution": ""}
	finally:
		settings.update({"city_boundary": None, "map_tile_url": None})
		settings.save()
		frappe.db.commit()


@pytest.mark.parametrize(
	"url", ["javascript:alert(1)", "http://tiles.example/{z}/{x}/{y}", "https://tiles.example/"]
)
def test_tiles_would_come_from_anywhere(city, url):
	settings = frappe.get_doc("Kupang HR Settings")
	settings.map_tile_url = url
	with pytest.raises(frappe.ValidationError) as raised:
		settings.save()
	assert str(raised.value) == "Tiles have an address that begins with https:// and holds {z}, {x} and {y}."
