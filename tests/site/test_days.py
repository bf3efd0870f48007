"""A person's day as it comes out of punches, hours, permits, rota, holidays and duty; built by set, as often as wanted."""

import os
import time
from datetime import date, datetime

import frappe
import pytest
from frappe.utils import add_days

from kupang_hr import clock
from kupang_hr.api.days import rebuild_days, summarize_attendance
from kupang_hr.attendance import days, nightly, schedules
from kupang_hr.attendance.days import derive
from kupang_hr.bulk import run
from kupang_hr.bulk.audit import Trail
from kupang_hr.exceptions import AppendOnlyError, DayRangeError, ScheduleError
from tests.site import january
from tests.site.apart import together
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, OTHER_HEAD
from tests.site.punching import at, punch, punches, servants, workdays, worked

TUESDAY = "2020-12-29"
LATER = datetime(2021, 6, 1)
EVERY_DAY = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COLUMNS = ["name", "code", "first_in", "last_out", "minutes_late", "missing_entries", "modified", "creation"]


def schedule(name: str, start: str, end: str, weekdays=EVERY_DAY, more=(), **values) -> str:
	hours = [{"weekday": day, "start_time": start, "end_time": end} for day in weekdays]
	doc = {"doctype": "Work Schedule", "schedule_name": name, "hours": [*hours, *more], **values}
	frappe.delete_doc_if_exists("Work Schedule", name, force=1)
	return frappe.get_doc(doc).insert().name


def one(opd: str = "PUPR", **values) -> str:
	"""A civil servant, so that no contract matters."""
	(name,) = servants(**{opd: 1})
	if values:
		frappe.db.set_value("Personnel", name, values)
		frappe.db.commit()
	return name


def day_of(name: str, day: str, as_of: datetime | None = LATER):
	found = derive([name], date.fromisoformat(day), date.fromisoformat(day), as_of)[name]
	return found[date.fromisoformat(day)].day if found else None


def permit(name: str, kind: str, first: str, last: str | None = None, **values):
	doc = {
		"doctype": "Absence Permit",
		"personnel": name,
		"kind": kind,
		"from_date": first,
		"reason": "sakit",
	}
	return frappe.get_doc({**doc, "to_date": last or first, "letter_number": "ST-1", **values}).insert()


def approved(city, doc, user: str = OTHER_HEAD, on: str = "2021-01-05"):
	frappe.db.commit()
	with city.acting(user, on):
		doc = frappe.get_doc(doc.doctype, doc.name)
		doc.submit()
	frappe.db.commit()
	return doc


def correction(name: str, day: str, **values):
	doc = {"doctype": "Attendance Correction", "personnel": name, "day": day, "kind": "Times"}
	return frappe.get_doc({**doc, "reason": "listrik padam", **values}).insert()


def rota(opd: str, lines: list[dict]) -> None:
	"""A signed rota by set, as the proposal leaves it."""
	span = sorted(line["day"] for line in lines)
	trail, name = Trail("Administrator", None), f"ROTA-{opd}-{span[0]}"
	head = {"name": name, "opd": opd, "from_date": span[0], "to_date": span[-1], "docstatus": 1}
	trail.insert("Office Rota", [head])
	rows = [{"name": f"{name}-{number}", "office_rota": name, **line} for number, line in enumerate(lines)]
	trail.insert("Office Rota Line", [{"work_schedule": None, **row} for row in rows])
	frappe.db.commit()


def logs(**filters) -> list:
	return frappe.get_all("Attendance Log", filters=filters, fields=COLUMNS, order_by="name asc", limit=0)


def codes(**filters) -> dict[str, str]:
	return {row.name: row.code for row in logs(**filters)}


def build(
	city, first: str, last: str | None = None, user: str = "Administrator", on: str = "2021-02-10", **more
):
	return city.run(user, on, "rebuild-days", first=first, last=last or first, **more)


def set_closed(month: str) -> None:
	Trail("Administrator", None).insert(
		"Attendance Period", [{"name": month[:7], "month": month, "status": "Closed", "version": 1}]
	)
	frappe.db.commit()


# What a day is


def test_a_morning_after_a_night_shift_counts_to_the_night(city):
	name = one(work_schedule=schedule("Malam", "21:00:00", "07:00:00"))
	punch(name, "2020-12-28 20:50:00", "In")
	punch(name, "2020-12-29 07:05:00", "Out")
	punch(name, "2020-12-29 20:55:00", "In")
	monday, tuesday = day_of(name, "2020-12-28"), day_of(name, TUESDAY)
	assert (monday.code, monday.first_in, monday.last_out) == (
		"H",
		at("2020-12-28 20:50:00"),
		at("2020-12-29 07:05:00"),
	)
	assert (monday.missing_in, monday.missing_out) == (False, False)
	assert (tuesday.first_in, tuesday.last_out, tuesday.missing_out) == (
		at("2020-12-29 20:55:00"),
		None,
		True,
	)


def test_the_end_of_a_night_is_not_counted_to_the_day_off_after_it(city):
	night = schedule("Malam", "21:00:00", "07:00:00")
	name = one()
	line = {"personnel": name, "personnel_name": name}
	rota(
		"PUPR",
		[
			{**line, "day": "2020-12-28", "place": "Office", "work_schedule": night},
			{**line, "day": TUESDAY, "place": "Off"},
		],
	)
	punch(name, "2020-12-28 20:58:00", "In")
	punch(name, "2020-12-29 07:31:00", "Out")
	monday, tuesday = day_of(name, "2020-12-28"), day_of(name, TUESDAY)
	assert (monday.code, monday.last_out, monday.missing_out) == ("H", at("2020-12-29 07:31:00"), False)
	assert (tuesday.code, tuesday.source, tuesday.first_in, tuesday.last_out) == ("LS", "Rota", None, None)


def test_a_late_shift_after_an_early_one_shares_the_time_between_them(city):
	early, late = schedule("Pagi", "06:00:00", "14:00:00"), schedule("Malam", "21:00:00", "06:00:00")
	name = one()
	line = {"personnel": name, "personnel_name": name, "place": "Office"}
	rota(
		"PUPR",
		[
			{**line, "day": "2020-12-28", "work_schedule": late},
			{**line, "day": TUESDAY, "work_schedule": early},
		],
	)
	windows = schedules.windows_of(name, date(2020, 12, 28), date(2020, 12, 29))
	assert (
		windows[date(2020, 12, 28)].closes == windows[date(2020, 12, 29)].opens == at("2020-12-29 06:00:00")
	)
	assert schedules.day_of(name, at("2020-12-29 05:59:00")) == date(2020, 12, 28)
	assert schedules.day_of(name, at("2020-12-29 06:00:00")) == date(2020, 12, 29)


def test_saturday_is_a_working_day_where_the_opd_or_one_above_works_six(city):
	(nurse,) = servants(**{"PKM ALAK": 1})
	clerk = one()
	frappe.db.set_value("OPD", "DINKES", "work_schedule", "Enam Hari Kerja")
	frappe.db.commit()
	saturday = "2020-12-05"
	assert day_of(nurse, saturday).code == "TK"
	assert day_of(clerk, saturday) is None
	worked([nurse, clerk], saturday, left="13:10")
	assert (day_of(nurse, saturday).code, day_of(nurse, saturday).minutes_early) == ("H", 0)
	assert (day_of(clerk, saturday).code, day_of(clerk, saturday).missing_out) == ("LS", False)


def test_the_hours_of_ramadan_decide_who_is_late(city):
	dated = {"valid_from": "2021-04-13", "valid_to": "2021-05-12"}
	ramadan = [
		{"weekday": day, "start_time": "08:00:00", "end_time": "15:00:00", **dated} for day in EVERY_DAY[:5]
	]
	hours = schedule("Lima dan Ramadan", "07:30:00", "16:00:00", EVERY_DAY[:5], ramadan)
	name = one(work_schedule=hours)
	worked([name], "2021-04-12", "2021-04-13", came="07:50", left="15:05")
	before, during = day_of(name, "2021-04-12"), day_of(name, "2021-04-13")
	assert (before.minutes_late, before.minutes_early) == (20, 55)
	assert (during.minutes_late, during.minutes_early) == (0, 0)


def test_half_a_day_permitted_takes_away_its_half_and_no_more(city):
	name = one()
	worked([name], TUESDAY, came="12:10", left="15:00")
	approved(city, permit(name, "Permitted", TUESDAY, part="Morning"))
	found = day_of(name, TUESDAY)
	assert (found.code, found.minutes_late, found.minutes_early) == ("H", 0, 60)
	approved(city, permit(name, "Sick", TUESDAY, part="Afternoon"))
	assert day_of(name, TUESDAY).code == "I", "two halves are a whole day, of the first one's kind"


def test_an_entry_at_one_minute_to_midnight_and_one_after_are_of_two_days(city):
	frappe.db.set_single_value("Kupang HR Settings", "default_work_schedule", None)
	frappe.db.commit()
	name = one()
	try:
		punch(name, "2020-12-28 23:59:00", "Out")
		punch(name, "2020-12-29 00:01:00", "In")
		monday, tuesday = day_of(name, "2020-12-28"), day_of(name, TUESDAY)
		assert (monday.code, monday.last_out, monday.first_in) == ("LS", at("2020-12-28 23:59:00"), None)
		assert (tuesday.code, tuesday.first_in, tuesday.last_out) == ("LS", at("2020-12-29 00:01:00"), None)
	finally:
		frappe.db.set_single_value("Kupang HR Settings", "default_work_schedule", "Lima Hari Kerja")
		frappe.db.commit()


def test_the_day_is_that_of_wita_on_a_server_in_utc(city, monkeypatch):
	monkeypatch.setenv("TZ", "UTC")
	time.tzset()
	try:
		passed = clock.now() - datetime.utcnow()
		assert round(passed.total_seconds() / 3600, 2) == 8
	finally:
		monkeypatch.undo()
		time.tzset()


def test_somebody_without_hours_is_never_unexcused_and_is_listed(city):
	frappe.db.set_single_value("Kupang HR Settings", "default_work_schedule", None)
	frappe.db.commit()
	try:
		name = one()
		assert day_of(name, TUESDAY) is None
		assert schedules.people_without_schedule() == [name]
		worked([name], TUESDAY)
		assert (day_of(name, TUESDAY).code, day_of(name, TUESDAY).minutes_late) == ("LS", 0)
	finally:
		frappe.db.set_single_value("Kupang HR Settings", "default_work_schedule", "Lima Hari Kerja")
		frappe.db.commit()


def test_a_holiday_stays_one_except_for_those_who_work_on_holidays(city):
	guard = one(work_schedule=schedule("Jaga", "07:00:00", "15:00:00", works_on_holidays=1))
	clerk = one()
	worked([guard, clerk], "2020-12-25", came="06:50", left="15:05")
	assert (day_of(guard, "2020-12-25").code, day_of(clerk, "2020-12-25").code) == ("H", "L")
	assert day_of(clerk, "2020-12-24").code == "CB"


def test_a_revision_counts_from_the_day_it_is_known(city):
	name = one()
	revision = {"doctype": "Local Holiday", "day": "2020-12-23", "kind": "Holiday", "description": "Duka"}
	frappe.get_doc({**revision, "known_from": "2020-12-28"}).insert()
	assert day_of(name, "2020-12-23", datetime(2020, 12, 27)).code == "TK"
	assert day_of(name, "2020-12-23", datetime(2020, 12, 28)).code == "L"


def test_a_day_that_is_not_over_has_no_code_yet(city):
	name = one()
	assert day_of(name, TUESDAY, at("2020-12-29 21:59:00")).code is None
	assert day_of(name, TUESDAY, at("2020-12-29 22:00:00")).code == "TK"


def test_an_accepted_claim_counts_at_the_claimed_time_and_no_longer_when_it_arrived(city):
	name = one()
	punch(name, "2020-12-28 07:20:00", "In")
	queued = punch(
		name, "2020-12-29 07:10:00", "Out", claimed_at=at("2020-12-28 16:05:00"), flags="Late Received"
	)
	assert day_of(name, "2020-12-28").missing_out
	claim = correction(name, "2020-12-28", kind="Claimed Time", punch=queued, out_at="2020-12-28 16:05:00")
	approved(city, claim)
	monday = day_of(name, "2020-12-28")
	assert (monday.last_out, monday.missing_out, monday.source) == (at("2020-12-28 16:05:00"), False, "Punch")
	assert day_of(name, TUESDAY).code == "TK"
	assert codes(day="2020-12-28") == {f"{name}-2020-12-28": "H"}
	assert codes(day=TUESDAY) == {f"{name}-{TUESDAY}": "TK"}


# Duty


def test_who_was_sent_home_has_dr_from_4_january_until_the_sk_was_signed(city):
	january.stood_down(city, servants=0)
	home = january.at_home()
	january.reappointed(city)
	for name in home:
		found = derive([name], date(2020, 12, 28), date(2021, 2, 5), LATER)[name]
		by_code = {str(day): each.day.code for day, each in found.items()}
		assert by_code["2020-12-30"] == "TK" and by_code["2021-01-01"] == "L"
		assert {code for day, code in by_code.items() if "2021-01-04" <= day <= "2021-02-03"} == {"DR"}
		assert (by_code["2021-02-04"], by_code["2021-02-05"]) == ("TK", "TK")


def test_whoever_comes_on_the_day_of_the_sk_is_present(city):
	january.stood_down(city, servants=0)
	came, stayed = january.at_home()[:2]
	january.reappointed(city)
	worked([came], "2021-02-03")
	assert [day_of(name, "2021-02-03").code for name in (came, stayed)] == ["H", "DR"]


def test_a_leaver_has_no_days_after_the_last(city):
	(name,) = city.settle(DISHUB=1)
	city.run(
		CLERK, "2020-12-10", "record-leavers", leavers={name: {"reason": "BUMN", "exit_date": "2020-12-09"}}
	)
	found = derive([name], date(2020, 12, 8), date(2020, 12, 11), LATER)[name]
	assert list(found) == [date(2020, 12, 8), date(2020, 12, 9)]


def test_a_ptt_has_no_days_before_the_first_contract(city):
	(name,) = city.settle(DISHUB=1)
	assert derive([name], date(2019, 12, 2), date(2019, 12, 6), LATER) == {name: {}}


def test_nobody_and_strangers_have_no_days(city):
	assert derive([], date(2020, 12, 1), date(2020, 12, 2)) == {}
	assert derive(["PTT-99999"], date(2020, 12, 1), date(2020, 12, 2)) == {"PTT-99999": {}}


# Building


def test_built_twice_nothing_changes_the_second_time(city):
	names = servants(PUPR=5)
	worked(names[:4], TUESDAY)
	first = build(city, "2020-12-28", TUESDAY)
	before = logs()
	assert (first["status"], first["total"], first["done"], len(before)) == ("Completed", 5, 5, 10)
	assert build(city, "2020-12-28", TUESDAY)["status"] == "Completed"
	assert logs() == before
	assert frappe.db.count("Version", {"ref_doctype": "Attendance Log"}) == 0


def test_only_what_differs_is_written(city):
	names = servants(PUPR=3)
	worked(names[:2], TUESDAY)
	build(city, TUESDAY)
	before = {row.name: row.modified for row in logs()}
	worked(names[2:], TUESDAY, came="07:40")
	build(city, TUESDAY)
	after = {row.name: row for row in logs()}
	assert [name for name, row in after.items() if row.modified != before[name]] == [f"{names[2]}-{TUESDAY}"]
	assert (after[f"{names[2]}-{TUESDAY}"].code, after[f"{names[2]}-{TUESDAY}"].minutes_late) == ("H", 10)


def test_a_log_goes_when_its_day_is_no_longer_one(city):
	name = one()
	build(city, TUESDAY)
	frappe.db.set_value(
		"Personnel", name, "work_schedule", schedule("Sabtu", "08:00:00", "12:00:00", ("Saturday",))
	)
	frappe.db.commit()
	build(city, TUESDAY)
	assert logs() == []


def test_a_build_that_was_killed_goes_on_where_it_stopped(city):
	names = servants(PUPR=24)
	worked(names, TUESDAY)
	frappe.db.set_single_value("Kupang HR Settings", "chunk_size", 5)
	frappe.db.commit()
	criterion = {"first": TUESDAY, "last": TUESDAY}
	task = {"do": "die", "user": CLERK, "on": "2020-12-30", "action": "rebuild-days", "criterion": criterion}
	(killed,) = together({**task, "chunks": 2})
	assert killed["code"] == -9
	frappe.db.rollback()
	(halted,) = frappe.get_all("Bulk Run", {"action": "rebuild-days"}, ["name", "done"])
	assert (halted.done, frappe.db.count("Attendance Log")) == (10, 10)
	frappe.db.set_value("Bulk Run", halted.name, "heartbeat", "2020-01-01 00:00:00", update_modified=False)
	frappe.db.commit()
	ended = run.execute(halted.name)
	assert (ended["status"], ended["total"], ended["done"], ended["failed"]) == ("Completed", 24, 24, 0)
	assert codes() == {f"{name}-{TUESDAY}": "H" for name in names}


def test_two_builds_at_once_leave_each_day_once(city):
	names = servants(PUPR=30)
	worked(names, TUESDAY)
	task = {
		"do": "start",
		"on": "2020-12-30",
		"action": "rebuild-days",
		"criterion": {"first": TUESDAY, "last": TUESDAY},
	}
	answers = together({**task, "user": CLERK}, {**task, "user": BKPPD_HEAD})
	assert [answer["code"] for answer in answers] == [0, 0], answers
	frappe.db.rollback()
	assert len({answer["run"] for answer in answers}) == 2
	assert codes() == {f"{name}-{TUESDAY}": "H" for name in names}
	assert frappe.db.count("Bulk Run Failure") == 0


def test_the_same_number_of_queries_for_twenty_people_and_two_hundred(city):
	names = servants(PUPR=200)
	worked(names, *workdays("2020-12-14", 5))
	counted = [queries(lambda few=few: derive(names[:few], *WEEK, LATER)) for few in (20, 20, 200)]
	assert counted[1] == counted[2] <= 20, counted
	trail = Trail("Administrator", None)
	parts = (names[:20], names[20:40], names[40:])
	written = [queries(lambda those=those: days.rebuild(those, *WEEK, trail)) for those in parts]
	assert written[1] == written[2] <= 30, written


WEEK = (date(2020, 12, 14), date(2020, 12, 18))


def queries(work) -> int:
	"""How many statements some work sends."""
	sent, send = [], frappe.db.sql
	frappe.db.sql = lambda *given, **more: sent.append(1) or send(*given, **more)
	try:
		work()
	finally:
		frappe.db.sql = send
	return len(sent)


def test_the_days_of_a_closed_month_stay_as_they_were(city):
	name = one()
	build(city, "2020-12-30")
	build(city, "2021-01-05")
	set_closed("2020-12-01")
	worked([name], "2020-12-30", "2021-01-05")
	build(city, "2020-12-28", "2021-01-05")
	found = codes()
	assert found[f"{name}-2020-12-30"] == "TK" and f"{name}-2020-12-29" not in found
	assert found[f"{name}-2021-01-05"] == "H"


def test_who_moves_does_not_take_the_past_along(city):
	(name,) = servants(PUPR=1)
	build(city, "2020-12-05")
	build(city, TUESDAY)
	frappe.db.set_value("OPD", "DINKES", "work_schedule", "Enam Hari Kerja")
	frappe.db.set_value("Personnel", name, "opd", "DINKES")
	frappe.db.commit()
	build(city, TUESDAY, "2020-12-30")
	seats = frappe.get_all("Attendance Log", fields=["day", "opd"], order_by="day asc")
	assert [(str(row.day), row.opd) for row in seats] == [(TUESDAY, "PUPR"), ("2020-12-30", "DINKES")]


def test_a_head_builds_the_days_of_their_own_people_alone(city):
	(own,), (other,) = servants(DISHUB=1), servants(PUPR=1)
	assert build(city, TUESDAY, user=HEAD)["total"] == 1
	assert list(codes()) == [f"{own}-{TUESDAY}"]
	refused = build(city, TUESDAY, user=HEAD, names=[other])
	assert (refused["done"], refused["failed"]) == (0, 1)
	with pytest.raises(frappe.PermissionError, match="This step is done by"):
		build(city, TUESDAY, user="ptt@city.test")


@pytest.mark.parametrize(
	("first", "last", "says"),
	[
		(None, TUESDAY, "Give the first and the last day as dates."),
		("2020-13-45", TUESDAY, "Give the first and the last day as dates."),
		(TUESDAY, "2020-12-28", "The last day lies before the first."),
		("2021-03-01", "2021-03-02", "Days to come cannot be built."),
		("2019-01-01", TUESDAY, "At most 366 days at once."),
	],
)
def test_days_that_cannot_be_built(city, first, last, says):
	one()
	with pytest.raises(DayRangeError, match=says):
		build(city, first, last)
	assert logs() == [] and frappe.db.count("Bulk Run") == 0


def test_nobody_writes_a_log_by_hand(city):
	name = one()
	build(city, TUESDAY)
	log = frappe.get_doc("Attendance Log", f"{name}-{TUESDAY}")
	for forbidden in (
		lambda: log.update({"code": "H"}).save(),
		lambda: log.delete(),
		lambda: frappe.rename_doc("Attendance Log", log.name, "x", force=True),
		lambda: frappe.copy_doc(log).insert(),
	):
		with pytest.raises(AppendOnlyError, match="Attendance Log is written by the app alone"):
			forbidden()
	assert codes() == {f"{name}-{TUESDAY}": "TK"}


# The night


def night(day: str) -> list:
	with clock.as_of(day):
		return nightly.rebuild_days()


def test_a_night_builds_yesterday_and_today_and_one_after_an_outage_all_between(city):
	name = one()
	night("2020-12-08")
	assert [str(row.name)[-10:] for row in logs()] == ["2020-12-07", "2020-12-08"]
	night("2020-12-14")
	expected = ["2020-12-07", "2020-12-08", "2020-12-09", "2020-12-10", "2020-12-11", "2020-12-14"]
	assert sorted(codes()) == [f"{name}-{day}" for day in expected]
	assert codes()[f"{name}-2020-12-08"] == "TK", "what was not over then is over now"


def test_a_second_night_of_the_same_day_changes_no_log(city):
	names = servants(PUPR=3)
	worked(names, TUESDAY)
	night("2020-12-30")
	before = logs()
	night("2020-12-30")
	assert logs() == before


def test_a_night_builds_the_old_days_of_entries_that_came_in_since(city):
	name = one()
	night("2020-12-15")
	night("2020-12-16")
	build(city, "2020-12-10", on="2020-12-16")
	late = {"received_at": at("2020-12-16 09:00:00")}
	punch(name, "2020-12-10 07:20:00", "In", mode="Device", **late)
	punch(name, "2020-12-10 16:20:00", "Out", mode="Device", **late)
	assert codes(day="2020-12-10") == {f"{name}-2020-12-10": "TK"}
	night("2020-12-17")
	assert codes(day="2020-12-10") == {f"{name}-2020-12-10": "H"}
	assert codes(day="2020-12-07") == {}


def test_a_night_takes_away_the_days_of_somebody_whose_exit_was_entered_late(city):
	(name,) = city.settle(DISHUB=1)
	night("2020-12-15")
	build(city, "2020-12-07", "2020-12-15", on="2020-12-15")
	assert len(logs()) == 7
	city.run(
		CLERK, "2020-12-16", "record-leavers", leavers={name: {"reason": "BUMN", "exit_date": "2020-12-08"}}
	)
	night("2020-12-16")
	assert [row.name[-10:] for row in logs()] == ["2020-12-07", "2020-12-08"]


def test_a_holiday_entered_late_builds_its_day_for_everybody(city):
	names = servants(PUPR=2)
	build(city, "2020-12-23", on="2020-12-28")
	with city.acting(CLERK, "2020-12-28"):
		doc = {"doctype": "Local Holiday", "day": "2020-12-23", "kind": "Holiday", "description": "Duka"}
		holiday = frappe.get_doc(doc).insert()
	frappe.db.commit()
	finish_runs()
	assert codes() == {f"{name}-2020-12-23": "L" for name in names}
	with city.acting(CLERK, "2020-12-28"):
		holiday.delete()
	frappe.db.commit()
	finish_runs()
	assert codes() == {f"{name}-2020-12-23": "TK" for name in names}


def test_hours_changed_in_an_open_month_leave_its_logs_as_they_were(city):
	hours = schedule("Pagi", "07:30:00", "16:00:00")
	name = one(work_schedule=hours)
	worked([name], "2020-12-29", "2021-01-05", came="07:50")
	build(city, "2020-12-29")
	build(city, "2021-01-05")
	set_closed("2020-12-01")
	late = {row.name[-10:]: row.minutes_late for row in logs(personnel=name)}
	assert late == {"2020-12-29": 20, "2021-01-05": 20}
	with city.acting(CLERK, "2021-01-06"):
		doc = frappe.get_doc("Work Schedule", hours)
		doc.save()
		assert not frappe.db.exists("Bulk Run", {"status": "Queued"}), "nothing has changed"
		for row in doc.hours:
			row.start_time = "07:40:00"
		doc.save()
	frappe.db.commit()
	finish_runs()
	late = {row.name[-10:]: row.minutes_late for row in logs(personnel=name)}
	assert (late["2020-12-29"], late["2021-01-05"]) == (20, 10)
	with city.acting(CLERK, "2021-01-06"):
		doc = frappe.get_doc("Personnel", name)
		doc.work_schedule = schedule("Siang", "07:50:00", "16:00:00")
		doc.save()
	frappe.db.commit()
	assert {row.minutes_late for row in logs(personnel=name, day="2021-01-05")} == {0}
	opd = frappe.get_doc("OPD", doc.opd)
	before = opd.work_schedule
	for usual in ("Pagi", before):
		with city.acting(CLERK, "2021-01-06"):
			opd.work_schedule = usual
			opd.save()
		frappe.db.commit()
		(criterion,) = frappe.get_all("Bulk Run", {"status": "Queued"}, pluck="criterion")
		assert frappe.parse_json(criterion)["opd"] == opd.name
		finish_runs()


def test_usual_hours_or_minutes_of_grace_changed_leave_open_logs_as_they_were(city):
	name = one(work_schedule=schedule("Pagi", "07:30:00", "16:00:00"))
	worked([name], "2021-01-05", came="07:50")
	build(city, "2021-01-05")
	assert logs(personnel=name, day="2021-01-05")[0].minutes_late == 20
	with city.acting("Administrator", "2021-01-06"):
		settings = frappe.get_doc("Kupang HR Settings")
		settings.save()
		assert not frappe.db.exists("Bulk Run", {"status": "Queued"}), "nothing has changed"
		settings.grace_minutes = 20
		settings.save()
		frappe.db.commit()
		finish_runs()
		assert logs(personnel=name, day="2021-01-05")[0].minutes_late == 0
		settings.default_work_schedule = schedule("Siang", "12:00:00", "18:00:00")
		settings.save()
	frappe.db.commit()
	assert len(frappe.get_all("Bulk Run", {"status": "Queued", "action": "rebuild-days"})) == 1
	finish_runs()


def finish_runs() -> None:
	"""Do what waits for a worker."""
	for name in frappe.get_all("Bulk Run", {"status": "Queued"}, pluck="name", order_by="creation asc"):
		run.execute(name)


# Hours


@pytest.mark.parametrize(
	("rows", "says"),
	[
		(
			[{"weekday": "Monday", "start_time": "08:00:00", "end_time": "12:00:00"}] * 2,
			"Row 2: The same weekday",
		),
		(
			[{"weekday": "Monday", "start_time": "08:00:00", "end_time": "12:00:00", "break_minutes": 240}],
			"Row 1: The break is as long as the work.",
		),
		(
			[
				{
					"weekday": "Monday",
					"start_time": "08:00:00",
					"end_time": "12:00:00",
					"valid_from": "2021-02-01",
					"valid_to": "2021-01-01",
				}
			],
			"Row 1: The hours end before they begin to be valid.",
		),
	],
)
def test_hours_that_cannot_be_meant(city, rows, says):
	with pytest.raises(ScheduleError, match=says):
		frappe.get_doc({"doctype": "Work Schedule", "schedule_name": "Salah", "hours": rows}).insert()
	assert not frappe.db.exists("Work Schedule", "Salah")


def test_entries_are_taken_at_most_twelve_hours_around_the_work(city):
	row = {"weekday": "Monday", "start_time": "08:00:00", "end_time": "12:00:00"}
	doc = {"doctype": "Work Schedule", "schedule_name": "Salah", "hours": [row], "late_minutes": 721}
	with pytest.raises(ScheduleError, match="at most 12 hours"):
		frappe.get_doc(doc).insert()


# Outside the region


def outside(name: str, day: str = TUESDAY) -> str:
	worked([name], day)
	return punch(name, f"{day} 10:00:00", None, "Field", flags="Inaccurate,Outside Region")


def violations() -> list[tuple]:
	rows = frappe.get_all(
		"Attendance Violation", fields=["name", "status", "permit", "note"], order_by="name asc", limit=0
	)
	return [(row.name, row.status, row.permit, row.note) for row in rows]


def test_leaving_the_region_on_a_working_day_is_told_once(city):
	name = one()
	seen = outside(name)
	outside(name, "2020-12-26")
	for _again in range(2):
		build(city, "2020-12-26", TUESDAY)
	assert violations() == [(f"VIO-{name}-{TUESDAY}", "Open", None, None)]
	assert frappe.db.get_value("Attendance Violation", f"VIO-{name}-{TUESDAY}", "punch") == seen


@pytest.mark.parametrize("kind", ["Official Duty", "Out of Region"])
def test_a_surat_tugas_excuses_before_and_after(city, kind):
	name = one()
	outside(name)
	build(city, TUESDAY)
	letter = approved(city, permit(name, kind, TUESDAY))
	assert violations() == [(f"VIO-{name}-{TUESDAY}", "Explained", letter.name, None)]
	with city.acting(OTHER_HEAD, "2021-01-06"):
		letter.cancel()
	frappe.db.commit()
	assert violations() == [(f"VIO-{name}-{TUESDAY}", "Open", None, None)]
	other = one()
	approved(city, permit(other, kind, TUESDAY))
	outside(other)
	build(city, TUESDAY)
	assert len(violations()) == 1


def test_what_the_head_has_decided_about_a_violation_stays(city):
	name = one()
	outside(name)
	build(city, TUESDAY)
	with city.acting(OTHER_HEAD, "2021-01-05"):
		violation = frappe.get_doc("Attendance Violation", f"VIO-{name}-{TUESDAY}")
		with pytest.raises(frappe.ValidationError, match="Write what the person says"):
			violation.update({"status": "Confirmed"}).save()
		violation.reload()
		violation.update({"status": "Confirmed", "note": "Tidak ada izin"}).save()
		with pytest.raises(AppendOnlyError):
			violation.update({"day": "2020-12-28"}).save()
	frappe.db.commit()
	approved(city, permit(name, "Out of Region", TUESDAY))
	assert violations() == [(f"VIO-{name}-{TUESDAY}", "Confirmed", None, "Tidak ada izin")]


# The year


def test_the_logs_of_a_year_become_its_summary_once_they_know_as_much(city):
	ptt, new = *city.settle(DISHUB=1), one()
	frappe.db.set_value(
		"Attendance Summary", f"{ptt}-2020", {"days_expected": 5, "days_present": 5, "days_unexcused": 0}
	)
	week = workdays("2020-12-14", 5)
	worked([ptt, new], *week[:4])
	build(city, week[0], week[3])
	city.run(CLERK, "2021-01-04", "summarize-attendance", year=2020)
	assert summaries() == {f"{ptt}-2020": (5, 5, 0, "Import"), f"{new}-2020": (4, 4, 0, "Attendance Logs")}
	build(city, week[0], week[4])
	again = city.run(CLERK, "2021-01-04", "summarize-attendance", year=2020)
	assert again["done"] == 2
	assert summaries() == {
		f"{ptt}-2020": (5, 4, 1, "Attendance Logs"),
		f"{new}-2020": (5, 4, 1, "Attendance Logs"),
	}
	versions = frappe.db.count("Version", {"ref_doctype": "Attendance Summary"})
	city.run(CLERK, "2021-01-04", "summarize-attendance", year=2020)
	assert frappe.db.count("Version", {"ref_doctype": "Attendance Summary"}) == versions


def summaries() -> dict[str, tuple]:
	fields = ["name", "days_expected", "days_present", "days_unexcused", "source"]
	rows = frappe.get_all("Attendance Summary", fields=fields, order_by="name asc")
	return {row.name: tuple(row[key] for key in fields[1:]) for row in rows}


def test_nobody_writes_over_what_the_logs_have_counted(city):
	name = one()
	build(city, TUESDAY)
	city.run(CLERK, "2021-01-04", "summarize-attendance", year=2020)
	with city.acting(CLERK, "2021-01-05"):
		doc = frappe.get_doc("Attendance Summary", f"{name}-2020")
		with pytest.raises(frappe.ValidationError, match="counted from the attendance logs"):
			doc.update({"days_unexcused": 0}).save()
		forged = {
			"doctype": "Attendance Summary",
			"personnel": name,
			"year": 2021,
			"source": "Attendance Logs",
		}
		with pytest.raises(frappe.ValidationError, match="counted from the attendance logs"):
			frappe.get_doc({**forged, "days_expected": 9, "days_present": 9}).insert()
	with pytest.raises(DayRangeError, match="Give a year that has begun"):
		city.run(CLERK, "2021-01-04", "summarize-attendance", year=2022)


# Over REST


def test_days_are_built_and_counted_by_a_call(city):
	name = one("DISHUB")
	with city.acting(HEAD, "2020-12-30"):
		built = rebuild_days(TUESDAY, TUESDAY, opd="DISHUB")
	assert (built["status"], built["done"], codes()) == ("Completed", 1, {f"{name}-{TUESDAY}": "TK"})
	with city.acting(CLERK, "2020-12-30"):
		assert summarize_attendance(2020)["done"] == 1
		for wrong in ("[]", "{}", "no list", [1]):
			with pytest.raises(frappe.ValidationError, match="Names are given as a list"):
				rebuild_days(TUESDAY, TUESDAY, names=wrong)
	with city.acting(HEAD, "2020-12-30"), pytest.raises(frappe.PermissionError):
		summarize_attendance(2020)
