"""Who is in the office which day: the capacity holds, turns are fair, and what is signed stays."""

from collections import Counter
from contextlib import contextmanager
from datetime import date, datetime

import frappe
import pytest

from kupang_hr import clock
from kupang_hr.access.seats import capacities, capacity_on, opd_tree
from kupang_hr.api import attendance_days
from kupang_hr.attendance import rota
from kupang_hr.bulk import run
from kupang_hr.bulk.audit import Trail
from kupang_hr.exceptions import CapacityError, RotaError
from tests.site.city import BKPPD_HEAD, CLERK, DINKES_HEAD, HEAD, OTHER_HEAD
from tests.site.counting import queries
from tests.site.punching import servants, worked
from tests.site.scripts import run_script

OPD_CLERK = "opd-clerk@city.test"
MADE_ON = "2020-11-27"
WEEKS = (("2020-11-30", "2020-12-04"), ("2020-12-07", "2020-12-11"), ("2020-12-14", "2020-12-18"))
OFFICE, HOME = "Office", "Home"


def give(opd: str, percent: int, first: str = "2020-11-01", last: str | None = "2020-12-31") -> None:
	doc = frappe.get_doc("OPD", opd)
	doc.append("capacities", {"percent": percent, "valid_from": first, "valid_to": last})
	doc.save()
	frappe.db.commit()


def make(city, first: str = WEEKS[0][0], last: str = WEEKS[0][1], opd: str = "DISHUB", **values):
	with city.acting(values.pop("user", HEAD), MADE_ON):
		doc = {"doctype": "Office Rota", "opd": opd, "from_date": first, "to_date": last}
		return frappe.get_doc({**doc, **values}).insert()


def proposed(city, *dates: str, user: str = HEAD, **values):
	doc = make(city, *dates, user=user, **values)
	with city.acting(user, MADE_ON):
		rota.propose(doc.name)
	doc.reload()
	return doc


def signed(city, *dates: str, **values):
	doc = proposed(city, *dates, **values)
	with city.acting(HEAD, MADE_ON):
		doc.submit()
	frappe.db.commit()
	return doc


def lines(name: str, **filters) -> list:
	fields = ["name", "personnel", "day", "place"]
	given = {"office_rota": name, **filters}
	return frappe.get_all("Office Rota Line", filters=given, fields=fields, order_by="day asc, personnel asc")


def in_office(name: str) -> dict[str, int]:
	return dict(Counter(str(line.day) for line in lines(name, place=OFFICE)))


def served(*names: str) -> Counter:
	counted = Counter({line.personnel: 0 for line in lines(names[0])})
	counted.update(line.personnel for name in names for line in lines(name, place=OFFICE))
	return counted


def plain_servants(**headcounts: int) -> list[str]:
	"""Civil servants without a structural post."""
	names = servants(**headcounts)
	frappe.db.set_value("Personnel", {"name": ("in", names)}, "is_structural", 0)
	return names


def change(city, line: str, place: str, user: str = HEAD) -> None:
	with city.acting(user, MADE_ON):
		doc = frappe.get_doc("Office Rota Line", line)
		doc.check_permission("write")
		doc.place = place
		doc.save()


def message_of(raised) -> str:
	return str(raised.value)


@contextmanager
def refused(error: type[Exception], message: str):
	with pytest.raises(error) as raised:
		yield
	assert message_of(raised) == message


# Capacity


def percent_of(opd: str, day: str) -> int:
	return capacity_on(opd, date.fromisoformat(day), opd_tree(), capacities())


def test_an_opd_without_a_row_takes_the_capacity_of_the_nearest_node_above(city):
	give("PEMKOT", 30, "2020-12-01", "2020-12-31")
	give("DINKES", 50, "2020-12-15", None)
	give("DLHK", 100, "2020-12-01", "2020-12-31")
	assert percent_of("DISHUB", "2020-12-29") == 30
	assert percent_of("DLHK", "2020-12-29") == 100
	assert percent_of("PKM ALAK", "2020-12-14") == 30
	assert percent_of("PKM ALAK", "2020-12-15") == 50
	assert percent_of("PKM ALAK", "2021-06-01") == 50


def test_where_no_row_is_valid_everybody_may_be_in(city):
	give("PEMKOT", 30, "2020-12-01", "2020-12-31")
	assert percent_of("DISHUB", "2020-11-30") == 100
	assert percent_of("DISHUB", "2021-01-01") == 100
	assert percent_of("Nowhere", "2020-12-29") == 100


@pytest.mark.parametrize(
	("rows", "message"),
	[
		([(0, "2020-12-01", None)], "Capacity, row 1: give a percentage from 1 to 100."),
		([(101, "2020-12-01", None)], "Capacity, row 1: give a percentage from 1 to 100."),
		([(30, None, None)], "Capacity, row 1: give the first day."),
		([(30, "2020-12-02", "2020-12-01")], "Capacity, row 1: the last day lies before the first."),
		(
			[(30, "2020-12-01", "2020-12-15"), (50, "2020-12-15", None)],
			"Capacity, rows 1 and 2: they share a day.",
		),
		(
			[(50, "2021-01-01", "2021-01-31"), (30, "2020-12-01", None)],
			"Capacity, rows 1 and 2: they share a day.",
		),
	],
)
def test_a_capacity_that_cannot_be_meant_is_refused(city, rows, message):
	doc = frappe.get_doc("OPD", "DISHUB")
	for percent, first, last in rows:
		doc.append("capacities", {"percent": percent, "valid_from": first, "valid_to": last})
	with refused(CapacityError, message):
		doc.save()


def test_capacities_that_follow_each_other_are_taken(city):
	give("DISHUB", 30, "2020-12-01", "2020-12-15")
	give("DISHUB", 50, "2020-12-16", None)
	assert [row.percent for row in frappe.get_doc("OPD", "DISHUB").capacities] == [30, 50]


# Proposing


def test_everybody_has_a_line_a_day_and_no_day_is_over_the_capacity(city):
	give("PEMKOT", 30)
	everybody = city.settle(DISHUB=7) + servants(DISHUB=4)
	doc = proposed(city)
	assert in_office(doc.name) == {f"2020-{day}": 3 for day in ("11-30", "12-01", "12-02", "12-03", "12-04")}
	assert Counter(line.personnel for line in lines(doc.name)) == dict.fromkeys(everybody, 5)
	assert {line.place for line in lines(doc.name)} == {OFFICE, HOME}
	assert doc.capacity_percent == 30
	assert doc.people == 11
	assert doc.wished_days == 2
	assert doc.average_days == 1.36  # 15 seats over 11 people
	assert not doc.problems


def test_the_proposal_answers_what_it_reached(city):
	give("PEMKOT", 30)
	city.settle(DISHUB=10)
	city.seat("DISHUB", OPD_CLERK, "clerk")
	doc = make(city)
	with city.acting(OPD_CLERK, MADE_ON):
		assert attendance_days.propose_rota(doc.name) == {
			"name": "ROTA-DISHUB-2020-11-30",
			"people": 10,
			"days": 5,
			"lines": 50,
			"capacity_percent": 30,
			"wished_days": 2,
			"average_days": 1.5,
			"problems": [],
		}


def test_a_wish_below_the_capacity_leaves_seats_empty(city):
	give("PEMKOT", 80)
	city.settle(DISHUB=10)
	doc = proposed(city)
	assert in_office(doc.name) == {f"2020-{day}": 4 for day in ("11-30", "12-01", "12-02", "12-03", "12-04")}
	assert doc.average_days == 2.0


def test_three_weeks_are_fair(city):
	give("PEMKOT", 30)
	city.settle(DISHUB=10)
	names = [signed(city, *week).name for week in WEEKS]
	# three seats on fourteen days: 9 December was a holiday (regional elections)
	assert sorted(served(*names).values()) == [4] * 8 + [5] * 2
	assert all(count in (1, 2) for count in served(names[0]).values())


def test_who_is_new_begins_with_the_mean_of_the_others(city):
	give("PEMKOT", 30)
	city.settle(DISHUB=10)
	before = [signed(city, *week).name for week in WEEKS[:2]]
	assert set(served(*before).values()) == {2, 3}
	newcomer = plain_servants(DISHUB=1)[0]
	assert set(served(signed(city, *WEEKS[2]).name).values()) == {1, 2}
	assert served(signed(city, "2020-12-21", "2020-12-23").name)[newcomer] < 3


def test_what_was_longer_than_four_weeks_ago_is_forgotten(city):
	give("PEMKOT", 30)
	names = city.settle(DISHUB=4)
	old = signed(city, "2020-11-02", "2020-11-02")
	assert served(old.name)[names[0]] == 1
	assert served(proposed(city, "2020-12-01", "2020-12-01").name)[names[0]] == 1


def test_structural_posts_are_always_in(city):
	give("PEMKOT", 30)
	names = city.settle(DISHUB=10)
	frappe.db.set_value("Personnel", names[4], "is_structural", 1)
	doc = proposed(city)
	counted = served(doc.name)
	assert counted.pop(names[4]) == 5
	assert set(counted.values()) == {1, 2}
	assert set(in_office(doc.name).values()) == {3}


def test_more_structural_posts_than_seats_are_named_on_the_document(city):
	give("PEMKOT", 30)
	names = city.settle(DISHUB=10)
	frappe.db.set_value("Personnel", {"name": ("in", names[:4])}, "is_structural", 1)
	doc = proposed(city, "2020-12-01", "2020-12-02")
	assert doc.problems == (
		"2020-12-01: 4 structural posts, but 3 may be in (30 % of 10). They take turns.\n"
		"2020-12-02: 4 structural posts, but 3 may be in (30 % of 10). They take turns."
	)
	assert set(in_office(doc.name).values()) == {3}
	with city.acting(HEAD, MADE_ON):
		doc.submit()
	assert doc.docstatus == 1


def test_holidays_and_weekends_have_no_lines(city):
	city.settle(DISHUB=1)
	doc = proposed(city, "2020-12-19", "2021-01-03")
	days = [str(line.day) for line in lines(doc.name)]
	assert days == [f"2020-12-{day}" for day in (21, 22, 23, 28, 29, 30)]


def test_the_opds_own_week_decides_which_days_are_planned(city):
	city.settle(DISHUB=1)
	frappe.db.set_value("OPD", "DISHUB", "work_schedule", "Enam Hari Kerja")
	doc = proposed(city, "2020-12-05", "2020-12-07")
	assert [str(line.day) for line in lines(doc.name)] == ["2020-12-05", "2020-12-07"]


def test_without_any_schedule_a_week_has_five_days(city):
	city.settle(DISHUB=1)
	frappe.db.set_single_value("Kupang HR Settings", "default_work_schedule", None)
	try:
		doc = proposed(city, "2020-12-05", "2020-12-07")
		assert [str(line.day) for line in lines(doc.name)] == ["2020-12-07"]
	finally:
		frappe.db.set_single_value("Kupang HR Settings", "default_work_schedule", "Lima Hari Kerja")


def test_people_of_opds_below_and_leavers_are_not_planned(city):
	names = city.settle(DINKES=2, **{"PKM ALAK": 2})
	frappe.db.set_value("Personnel", names[0], "duty_status", "Left")
	doc = proposed(city, opd="DINKES", user=DINKES_HEAD)
	assert {line.personnel for line in lines(doc.name)} == {names[1]}


def stand_down(names, day: str) -> None:
	rows = [
		{
			"name": f"test-{name}",
			"personnel": name,
			"outcome": "Stood Down",
			"effective_date": day,
			"stand_down_order": "test",
		}
		for name in names
	]
	Trail("Administrator", None).insert("Stand Down Line", rows)


def test_who_is_stood_down_in_between_is_planned_until_then(city):
	give("PEMKOT", 50, "2020-11-01", None)
	names = city.settle(DISHUB=6) + plain_servants(DISHUB=2)
	stand_down(names[:6], "2021-01-04")
	doc = proposed(city, "2020-12-29", "2021-01-05")
	assert in_office(doc.name) == {"2020-12-29": 4, "2020-12-30": 4, "2021-01-04": 1, "2021-01-05": 1}
	planned = {str(line.day): 0 for line in lines(doc.name)}
	for line in lines(doc.name):
		planned[str(line.day)] += 1
	assert planned == {"2020-12-29": 8, "2020-12-30": 8, "2021-01-04": 2, "2021-01-05": 2}
	assert [served(doc.name)[name] for name in names[6:]] == [2, 2]


def test_proposing_again_replaces_the_lines_of_a_draft(city):
	give("PEMKOT", 30)
	names = city.settle(DISHUB=10)
	doc = proposed(city)
	change(city, lines(doc.name, place=OFFICE)[0].name, HOME)
	frappe.db.set_value("Personnel", names[0], "duty_status", "Left")
	with city.acting(HEAD, MADE_ON):
		rota.propose(doc.name)
	assert len(lines(doc.name)) == 45
	assert set(in_office(doc.name).values()) == {2}
	assert frappe.db.get_value("Office Rota", doc.name, "people") == 9


def test_a_signed_rota_is_not_proposed_again(city):
	city.settle(DISHUB=2)
	doc = signed(city)
	before = lines(doc.name)
	with (
		refused(RotaError, f"{doc.name} is no draft any more; its lines stay as they are."),
		city.acting(HEAD, MADE_ON),
	):
		attendance_days.propose_rota(doc.name)
	assert lines(doc.name) == before


def test_an_opd_without_people_or_days_is_refused(city):
	with refused(RotaError, "Nobody of DISHUB is on duty on these days."):
		proposed(city)
	city.settle(DISHUB=1)
	with refused(RotaError, "DISHUB has no working day from 2020-12-05 to 2020-12-06."):
		proposed(city, "2020-12-05", "2020-12-06")


def test_a_larger_opd_takes_no_more_queries(city):
	city.settle(DISHUB=20, DLHK=200)
	small, large = make(city), make(city, opd="DLHK")
	with city.acting(HEAD, MADE_ON):
		assert queries(lambda: rota.propose(small.name)) == queries(lambda: rota.propose(large.name))


@pytest.mark.parametrize("user", [OTHER_HEAD, CLERK, BKPPD_HEAD, "mayor@city.test", "ptt@city.test"])
def test_only_the_opd_proposes(city, user):
	city.settle(DISHUB=1)
	doc = make(city)
	with city.acting(user, MADE_ON), pytest.raises(frappe.PermissionError):
		attendance_days.propose_rota(doc.name)
	assert not lines(doc.name)


def test_the_figures_cannot_be_typed(city):
	give("PEMKOT", 30)
	city.settle(DISHUB=10)
	doc = proposed(city)
	with city.acting(HEAD, MADE_ON):
		doc.update({"average_days": 5, "people": 1, "capacity_percent": 100, "problems": "none"})
		doc.save()
	assert (doc.average_days, doc.people, doc.capacity_percent, doc.problems) == (1.5, 10, 30, None)


# Changing by hand, signing


def test_a_line_of_a_draft_is_changed_and_the_figures_follow(city):
	give("PEMKOT", 30)
	city.settle(DISHUB=10)
	doc = proposed(city)
	city.seat("DISHUB", OPD_CLERK, "clerk")
	change(city, lines(doc.name, day="2020-12-01", place=OFFICE)[0].name, HOME, OPD_CLERK)
	assert in_office(doc.name)["2020-12-01"] == 2
	doc.reload()
	assert doc.average_days == 1.4


def test_lines_changed_beyond_the_capacity_are_named_and_refused_at_signing(city):
	give("PEMKOT", 30)
	city.settle(DISHUB=10)
	doc = proposed(city)
	for line in lines(doc.name, day="2020-12-01", place=HOME)[:2]:
		change(city, line.name, OFFICE)
	problem = "2020-12-01: 5 people are in the office, 3 may be (30 % of 10)."
	doc.reload()
	assert doc.problems == problem
	with refused(CapacityError, problem), city.acting(HEAD, MADE_ON):
		doc.submit()
	assert frappe.db.get_value("Office Rota", doc.name, "docstatus") == 0


def test_who_left_since_does_not_make_room(city):
	give("PEMKOT", 30)
	names = city.settle(DISHUB=10)
	doc = proposed(city, "2020-12-01", "2020-12-01")
	home = [line.personnel for line in lines(doc.name, place=HOME)]
	frappe.db.set_value("Personnel", home[0], "duty_status", "Left")
	assert len(names) == 10
	with (
		refused(CapacityError, "2020-12-01: 3 people are in the office, 2 may be (30 % of 9)."),
		city.acting(HEAD, MADE_ON),
	):
		doc.submit()


def test_a_line_of_a_signed_rota_stays(city):
	city.settle(DISHUB=2)
	doc = signed(city)
	line = lines(doc.name)[0]
	with refused(RotaError, f"{doc.name} is no draft any more; its lines stay as they are."):
		change(city, line.name, HOME)
	with refused(RotaError, f"{doc.name} is no draft any more; its lines stay as they are."):
		frappe.delete_doc("Office Rota Line", line.name)
	assert frappe.db.get_value("Office Rota Line", line.name, "place") == OFFICE


def test_another_opd_changes_no_line(city):
	city.settle(DISHUB=2)
	doc = proposed(city)
	with pytest.raises(frappe.PermissionError):
		change(city, lines(doc.name)[0].name, HOME, OTHER_HEAD)


def test_a_line_stays_with_its_person_and_inside_its_rota(city):
	names = city.settle(DISHUB=2)
	doc = proposed(city)
	line = frappe.get_doc("Office Rota Line", lines(doc.name, personnel=names[0])[0].name)
	line.personnel = names[1]
	with pytest.raises(frappe.CannotChangeConstantError):
		line.save()
	outside = {"office_rota": doc.name, "personnel": names[0], "day": "2020-12-07", "place": OFFICE}
	with refused(RotaError, f"2020-12-07 is not a day of {doc.name}."):
		frappe.get_doc({"doctype": "Office Rota Line", **outside}).insert()


def test_a_rota_without_lines_is_not_signed(city):
	city.settle(DISHUB=2)
	doc = make(city)
	with refused(RotaError, f"{doc.name} has no lines yet. Propose it first."), city.acting(HEAD, MADE_ON):
		doc.submit()


def test_the_clerk_of_an_opd_does_not_sign(city):
	city.settle(DISHUB=2)
	city.seat("DISHUB", OPD_CLERK, "clerk")
	doc = proposed(city)
	with city.acting(OPD_CLERK, MADE_ON), pytest.raises(frappe.PermissionError):
		doc.submit()


def test_two_rotas_of_an_opd_share_no_day(city):
	city.settle(DISHUB=2, DLHK=2)
	doc = signed(city, *WEEKS[0])
	with refused(RotaError, f"{doc.name} covers 2020-11-30 to 2020-12-04 already."):
		make(city, "2020-12-04", "2020-12-10")
	assert make(city, "2020-12-04", "2020-12-10", opd="DLHK").docstatus == 0
	assert make(city, "2020-12-05", "2020-12-10").docstatus == 0


@pytest.mark.parametrize(
	("first", "last", "message"),
	[
		("2020-12-04", "2020-12-03", "The rota ends before it begins."),
		("2020-12-01", "2021-03-03", "A rota has at most 92 days."),
		("2020-12-01", None, "Give the first and the last day of the rota."),
	],
)
def test_days_that_cannot_be_meant_are_refused(city, first, last, message):
	with refused(RotaError, message):
		make(city, first, last)


def test_another_opds_head_makes_no_rota(city):
	with pytest.raises(frappe.PermissionError):
		make(city, user=OTHER_HEAD)


def test_an_amended_rota_begins_with_the_lines_it_had(city):
	give("PEMKOT", 30)
	city.settle(DISHUB=10)
	doc = signed(city)
	with city.acting(HEAD, MADE_ON):
		doc.cancel()
		again = frappe.copy_doc(doc)
		again.update({"amended_from": doc.name, "docstatus": 0})
		again.insert()
		places = [(line.personnel, line.day, line.place) for line in lines(doc.name)]
		assert [(line.personnel, line.day, line.place) for line in lines(again.name)] == places
		assert again.average_days == 1.5
		again.submit()
	assert served(again.name) == served(doc.name)


def test_a_deleted_draft_takes_its_lines_along(city):
	city.settle(DISHUB=2)
	doc = proposed(city)
	with city.acting(HEAD, MADE_ON):
		frappe.delete_doc("Office Rota", doc.name)
	assert not frappe.db.count("Office Rota Line")


@pytest.mark.parametrize("hour, code_of_that_day", [(10, None), (23, "TK")])
def test_a_rota_signed_late_brings_its_past_days_up_to_date(city, monkeypatch, hour, code_of_that_day):
	monkeypatch.setattr(clock, "now_datetime", lambda: datetime(2020, 12, 2, hour))
	names = city.settle(DISHUB=1)
	worked(names, "2020-12-01", mode="WFO")
	city.run("Administrator", "2020-12-02", "rebuild-days", first="2020-12-01", last="2020-12-01")
	doc = make(city, "2020-12-01", "2020-12-04")
	with city.acting(HEAD, MADE_ON):
		rota.propose(doc.name)
		frappe.db.set_value(
			"Office Rota Line", {"office_rota": doc.name, "day": "2020-12-01"}, "place", "Off"
		)
	assert codes(names[0]) == {"2020-12-01": "H"}
	with city.acting(HEAD, "2020-12-02"):
		doc.reload()
		doc.submit()
		frappe.db.commit()
	run.execute(frappe.get_last_doc("Bulk Run").name)
	assert codes(names[0]) == {"2020-12-01": "LS", "2020-12-02": code_of_that_day}


def codes(person: str) -> dict:
	fields = ["day", "code"]
	rows = frappe.get_all("Attendance Log", {"personnel": person}, fields, order_by="day asc")
	return {str(row.day): row.code for row in rows}


HOSTILE = 'Maria "Ria" O\'Neil <script>alert(1)</script>'


def test_a_name_reaches_the_lines_as_it_is(city):
	person = city.settle(DISHUB=1)[0]
	frappe.db.set_value("Personnel", person, "full_name", HOSTILE)
	doc = proposed(city)
	assert {
		row.personnel_name
		for row in frappe.get_all(
			"Office Rota Line", {"office_rota": doc.name}, "personnel_name", order_by="day asc"
		)
	} == {HOSTILE}


def test_the_form_shows_problems_as_text(site):
	frm = """{
		is_new: () => false,
		add_custom_button: () => {},
		doc: { docstatus: 1, problems: "2020-12-01: <script>\\nsecond" },
		dashboard: { set_headline_alert: (html) => (shown = html) },
	}"""
	assert (
		run_script(
			"doctype/office_rota/office_rota.js",
			f"(() => {{ let shown; frappe.form.refresh({frm}); return shown; }})()",
		)
		== "2020-12-01: &lt;script&gt;<br>second"
	)
