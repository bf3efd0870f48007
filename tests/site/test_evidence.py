"""What raw SQL does to punches and seals, and whether it is named: by the command, on a real site."""

import json
from typing import Any

import click.testing
import frappe
import pytest

from kupang_hr import commands
from kupang_hr.attendance import evidence, retention
from kupang_hr.attendance.evidence import Findings, check, last_seal, seal_days
from kupang_hr.attendance.findings import in_words
from kupang_hr.attendance.ingest import ingest
from kupang_hr.bulk import run
from kupang_hr.bulk.run import acting_as
from kupang_hr.clock import as_of
from tests.site.city import BKPPD_HEAD, CLERK
from tests.site.phones import MACHINE, source

DAYS = ("2021-02-01", "2021-02-02", "2021-02-03", "2021-02-05")
AFTER = "2021-02-06"
WHERE = {"latitude": "-10.177300", "longitude": "123.607100", "accuracy": 9}
GREEN = "Nothing was changed, removed or inserted behind the app's back."


@pytest.fixture
def people(city) -> list[str]:
	"""Three people whose punches came on four days; of the fourth none was sent on 4 February."""
	names = city.settle(2021, DISHUB=3)
	source()
	for day in DAYS:
		send(day, [entry(name, day, number) for number, name in enumerate(names)])
	return names


def entry(person: str, day: str, number: int, **values: Any) -> dict[str, Any]:
	at = f"{day}T00:00:{number:02}"
	return {
		"personnel": person,
		"at": at,
		"direction": "In",
		"mode": "WFH",
		"source_id": at,
		**WHERE,
		**values,
	}


def send(day: str, rows: list[dict]) -> list[str]:
	with acting_as(MACHINE), as_of(day):
		answers = ingest(rows)
	frappe.db.commit()
	assert {answer["status"] for answer in answers} == {"accepted"}, answers
	return [answer["name"] for answer in answers]


def sealed(day: str = AFTER) -> list[str]:
	with as_of(day):
		return seal_days()


def found() -> Findings:
	frappe.db.commit()
	return check()


def names_of(day: str) -> list[str]:
	rows = frappe.get_all(
		"Attendance Punch",
		filters={"received_at": ("between", (day, day))},
		pluck="name",
		order_by="name asc",
	)
	assert len(rows) == 3
	return rows


def sql(statement: str, *values: Any) -> None:
	"""What somebody does with a database client."""
	frappe.db.sql(statement, values)
	frappe.db.commit()


# Sealing


def test_a_night_is_left_out_or_sealed_twice(people):
	assert sealed("2021-02-02") == ["2021-02-01"]
	assert sealed("2021-02-02") == []
	assert sealed() == ["2021-02-02", "2021-02-03", "2021-02-04", "2021-02-05"]
	assert sealed() == []
	rows = frappe.get_all(
		"Attendance Seal", fields=["name", "punches", "seal", "previous_seal"], order_by="day asc"
	)
	assert [(row.name, row.punches) for row in rows] == [
		("2021-02-01", 3),
		("2021-02-02", 3),
		("2021-02-03", 3),
		("2021-02-04", 0),
		("2021-02-05", 3),
	]
	assert [row.previous_seal for row in rows] == [None, *(row.seal for row in rows[:-1])]
	assert (last_seal().day.isoformat(), last_seal().seal) == ("2021-02-05", rows[-1].seal)


def test_a_site_without_punches_has_a_seal(city):
	assert sealed() == []
	assert last_seal() is None
	assert not found()


def test_what_is_as_it_was_is_named(people, monkeypatch):
	assert not found()
	sealed("2021-02-03")
	monkeypatch.setattr(evidence, "SLICE", 2)
	state = found()
	assert not state
	assert (state.punches, state.sealed_days) == (12, 2)
	assert in_words(state) == [
		"12 punches and 2 sealed days were verified.",
		GREEN,
		f"The last seal is {last_seal().seal}.",
	]


# Tampering

CHANGES = {
	"personnel": "someone else",
	"personnel_name": "Someone Else",
	"received_at": "2021-02-02 00:00:09",
	"counted_at": "2021-02-02 07:00:00",
	"claimed_at": None,
	"direction": "Out",
	"mode": "WFO",
	"source": "Source:x",
	"source_id": "x",
	"device": None,
	"raised_flags": "Outside Office",
	"mock_location": 1,
	"latitude": "-10.177301",
	"longitude": None,
	"accuracy": "10",
	"position_blanked": 1,
	"position_salt": "00",
	"position_hash": "00",
	"signature": "00",
}


def test_a_changed_column_of_a_sealed_day_is_not_named(people):
	sealed()
	name = names_of("2021-02-02")[1]
	row = frappe.db.get_value("Attendance Punch", name, list(CHANGES), as_dict=True)
	for column, value in CHANGES.items():
		sql(f"update `tabAttendance Punch` set `{column}` = %s where name = %s", value, name)
		state = found()
		assert (state.changed, state.removed, state.inserted) == ({"2021-02-02": [name]}, {}, {}), column
		assert state.seals == state.open_changed_or_inserted == []
		sql(f"update `tabAttendance Punch` set `{column}` = %s where name = %s", row[column], name)
	assert not found()


def test_a_removed_or_inserted_row_of_a_sealed_day_is_not_named(people):
	sealed()
	gone, kept, _other = names_of("2021-02-02")
	sql("delete from `tabAttendance Punch` where name = %s", gone)
	columns = "personnel, personnel_name, direction, mode, received_at, counted_at, source, signature"
	sql(
		f"insert into `tabAttendance Punch` (name, source_id, {columns}) "
		f"select 'forged', 'f', {columns} from `tabAttendance Punch` where name = %s",
		kept,
	)
	state = found()
	assert state.removed == {"2021-02-02": [gone]}
	assert state.inserted == {"2021-02-02": ["forged"]}
	assert (state.changed, state.seals) == ({}, [])
	assert in_words(state)[1:3] == [f"2021-02-02: {gone} was removed.", "2021-02-02: forged was inserted."]


def test_a_row_moved_to_another_day_is_named_as_two(people):
	sealed("2021-02-05")
	for day in ("2021-02-01 05:00:00", "2021-02-05 05:00:00", "2020-01-01 05:00:00", None):
		name = names_of("2021-02-02")[0]
		before = frappe.db.get_value("Attendance Punch", name, "received_at")
		sql("update `tabAttendance Punch` set received_at = %s where name = %s", day, name)
		state = found()
		assert (state.changed, state.removed, state.inserted) == ({"2021-02-02": [name]}, {}, {}), day
		assert state.open_changed_or_inserted == []
		sql("update `tabAttendance Punch` set received_at = %s where name = %s", before, name)
	assert not found()


def test_a_row_put_before_the_first_seal_is_not_named(people):
	sealed()
	columns = "personnel, personnel_name, direction, mode, counted_at, source, signature"
	sql(
		f"insert into `tabAttendance Punch` (name, source_id, received_at, {columns}) "
		f"select 'forged', 'f', '2020-05-01', {columns} from `tabAttendance Punch` limit 1"
	)
	assert found().inserted == {"": ["forged"]}


def test_the_open_day_is_not_looked_at(people):
	sealed("2021-02-05")
	name, gone, _other = names_of("2021-02-05")
	sql("delete from `tabAttendance Punch` where name = %s", gone)
	assert not found()  # nothing says yet that it was there
	sql("update `tabAttendance Punch` set counted_at = '2021-02-05 07:00:00' where name = %s", name)
	state = found()
	assert state.open_changed_or_inserted == [name]
	assert in_words(state)[1] == f"Not sealed yet: {name} was changed or inserted."
	sealed()
	assert found().changed == {"2021-02-05": [name]}  # sealing it does not make it good


def test_a_changed_seal_is_not_named(people):
	sealed()
	row = frappe.db.get_value(
		"Attendance Seal", "2021-02-02", ["seal", "names", "punches", "sealed_at"], as_dict=True
	)
	for column in row:
		value = {"punches": 2, "sealed_at": "2021-02-04 00:00:00", "names": ""}.get(column, "00")
		sql(f"update `tabAttendance Seal` set `{column}` = %s where name = '2021-02-02'", value)
		assert "The seal of 2021-02-02 was changed." in found().seals, column
		sql(f"update `tabAttendance Seal` set `{column}` = %s where name = '2021-02-02'", row[column])
	assert not found()


def test_a_row_taken_out_of_its_day_and_its_seal_is_not_named(people):
	sealed()
	gone = names_of("2021-02-02")[0]
	left = "\n".join(names_of("2021-02-02")[1:])
	sql("delete from `tabAttendance Punch` where name = %s", gone)
	sql("update `tabAttendance Seal` set names = %s, punches = 2 where name = '2021-02-02'", left)
	state = found()
	assert state.seals == [
		"The seal of 2021-02-02 was changed.",
		"The seal of 2021-02-02 is not that of its punches.",
	]


def test_seals_that_were_taken_away_are_not_missed(people):
	sealed()
	printed = last_seal().seal
	sql("delete from `tabAttendance Seal` where name = '2021-02-03'")
	assert found().seals == ["Between 2021-02-02 and 2021-02-04 the seals of 1 days are missing."]
	sql("delete from `tabAttendance Seal` where name in ('2021-02-01', '2021-02-02')")
	assert found().seals == ["Before 2021-02-04 seals are missing."]
	sql("delete from `tabAttendance Seal`")
	sql("delete from `tabAttendance Punch` where name = %s", names_of("2021-02-02")[0])
	assert not found()  # all that says otherwise is on paper
	sealed()
	assert check(printed).seals == [f"The seal {printed} is not in the chain."]
	assert not check(last_seal().seal)


def test_another_key_finds_everything_in_order(people):
	sealed()
	key = frappe.conf.kupang_hr_attendance_key
	frappe.conf.kupang_hr_attendance_key = "another"
	try:
		state = found()
	finally:
		frappe.conf.kupang_hr_attendance_key = key
	assert sum(map(len, state.changed.values())) == 12
	assert len(state.seals) == 5


# The command


def command(*arguments: str) -> click.testing.Result:
	"""Run as bench does, in this process; the connection of the test is made anew afterwards."""
	site = frappe.local.site
	frappe.db.commit()
	runner = click.testing.CliRunner()
	context = frappe._dict(sites=[site], force=False, verbose=False, profile=False)
	result = runner.invoke(commands.verify_attendance, arguments, obj=context)
	frappe.init(site=site, force=True)
	frappe.connect()
	frappe.set_user("Administrator")
	return result


def test_the_command_says_the_wrong_thing_or_ends_well(people):
	sealed()
	result = command()
	assert result.exit_code == 0, result.output
	assert GREEN in result.output
	name = names_of("2021-02-02")[0]
	sql("update `tabAttendance Punch` set direction = 'Out' where name = %s", name)
	result = command("--json")
	assert result.exit_code == 1
	told = json.loads(result.output)
	assert told["changed"] == {"2021-02-02": [name]}
	assert (told["punches"], told["sealed_days"], told["removed"]) == (12, 5, {})
	assert f"2021-02-02: {name} was changed." in command().output
	assert command("--printed-seal", "00").exit_code == 1


# Retention


def keep(days: int) -> None:
	settings = frappe.get_doc("Kupang HR Settings")
	settings.position_retention_days = days
	settings.save()
	frappe.db.commit()


def positions() -> dict[str, set]:
	frappe.db.commit()
	rows = frappe.get_all(
		"Attendance Punch",
		fields=["received_at", "latitude", "longitude", "accuracy", "position_blanked"],
		order_by="received_at asc",
	)
	kept: dict[str, set] = {}
	for row in rows:
		where = (row.latitude, row.longitude, row.accuracy, row.position_blanked)
		kept.setdefault(str(row.received_at.date()), set()).add(where)
	return kept


def test_a_blanked_position_breaks_a_seal_or_leaves_no_record(people):
	sealed()
	keep(4)
	with as_of(AFTER):
		answer = retention.blank_positions()
		assert retention.blank_positions()["name"] == answer["name"]
	assert (answer["status"], answer["done"], answer["failed"]) == ("Completed", 3, 0)
	there, gone = ("-10.1773", "123.6071", "9", 0), (None, None, None, 1)
	assert positions() == {DAYS[0]: {gone}, DAYS[1]: {there}, DAYS[2]: {there}, DAYS[3]: {there}}
	assert not found()
	record = frappe.get_doc("Bulk Run", answer["name"])
	assert (record.action, json.loads(record.criterion)) == ("blank-positions", {"before": "2021-02-02"})
	keep(0)


def test_positions_are_blanked_too_early_or_by_hand(people):
	sealed()
	with acting_as(BKPPD_HEAD), as_of(AFTER):
		with pytest.raises(frappe.ValidationError, match=r"The settings keep positions for ever\."):
			run.start("blank-positions", {"before": "2021-02-02"})
		assert retention.blank_positions() is None
	keep(4)
	with acting_as(BKPPD_HEAD), as_of(AFTER):
		with pytest.raises(frappe.ValidationError, match=r"The settings keep positions from 2021-02-02 on\."):
			run.start("blank-positions", {"before": "2021-02-03"})
	with acting_as(CLERK), as_of(AFTER), pytest.raises(frappe.PermissionError):
		run.start("blank-positions", {"before": "2021-02-02"})
	with as_of(AFTER):
		retention.blank_positions()
	name = names_of("2021-02-03")[0]
	blank = "latitude = null, longitude = null, accuracy = null, position_blanked = 1"
	sql(f"update `tabAttendance Punch` set {blank} where name = %s", name)
	assert found().changed == {"2021-02-03": [name]}
	keep(0)


def test_a_blanked_punch_is_altered(people):
	sealed()
	keep(4)
	with as_of(AFTER):
		retention.blank_positions()
	name = names_of("2021-02-01")[0]
	for column, value in {"direction": "Out", "latitude": "-10.5", "position_salt": "00"}.items():
		before = frappe.db.get_value("Attendance Punch", name, column)
		sql(f"update `tabAttendance Punch` set `{column}` = %s where name = %s", value, name)
		assert found().changed == {"2021-02-01": [name]}, column
		sql(f"update `tabAttendance Punch` set `{column}` = %s where name = %s", before, name)
	assert not found()
	keep(0)
