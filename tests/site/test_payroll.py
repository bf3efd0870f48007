"""A month is closed once, line by line; what is known later is added, and nothing that was closed ever changes."""

from datetime import date
from decimal import Decimal

import frappe
import pytest

from kupang_hr.api.payroll import close_period
from kupang_hr.bulk import run
from kupang_hr.bulk.preview import preview
from kupang_hr.exceptions import AppendOnlyError, DerivedFieldError, PeriodError
from kupang_hr.payroll import lines as pay_lines
from kupang_hr.payroll.closing import new_lines, place_of
from kupang_hr.rules.pay import period_checksum
from tests.site import january
from tests.site.apart import together
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR
from tests.site.january import LAST_DAY, PERIOD, SIGNED, WORKING, close, lines, raw_lines

DAYS = len(WORKING)


def period(name: str = PERIOD):
	frappe.db.rollback()
	return frappe.get_doc("Attendance Period", name)


@pytest.fixture
def month(city):
	"""January as it is on its last day, not closed yet; the names of the PTT."""
	names = january.stood_down(city)
	january.everybody_works()
	january.rebuild(city)
	return names


@pytest.fixture
def plain(city):
	"""January worked by everybody under contracts of 2021, not closed yet; the names of the PTT."""
	return january.plain(city)


def ahead(city) -> dict:
	"""What the dialog says before the month is closed."""
	with city.acting(BKPPD_HEAD, LAST_DAY):
		return preview("close-period", {"period": PERIOD})


def test_a_month_would_be_closed_for_others_than_it_was_said_for(city, plain):
	frappe.db.set_value("Personnel", plain[0], "duty_status", "Left")  # looked at as well, without a line
	frappe.db.delete("PTT Contract", {"personnel": plain[0]})
	frappe.db.delete("Attendance Log", {"personnel": plain[0]})
	frappe.db.commit()
	said = ahead(city)
	assert not frappe.db.count("Attendance Period Line")
	close(city)
	closed = [line.personnel for line in lines()]
	assert (said["total"], said["refused"]) == (len(closed), 0) and len(closed) < frappe.db.count("Personnel")
	seats = frappe.get_all("Personnel", {"name": ("in", closed)}, pluck="opd")
	assert {row["opd"]: row["people"] for row in said["opds"]} == {opd: seats.count(opd) for opd in seats}
	assert (ahead(city)["total"], ahead(city)["opds"]) == (0, [])


def test_who_was_stood_down_would_lose_pay_or_get_it_without_a_contract(city, month):
	home = january.at_home()
	assert len(home) == 3
	close(city)
	closed = {line.personnel: line for line in lines()}
	assert len(closed) == 6
	for name in home:
		line = closed[name]
		assert (line.days_dr, line.days_tk, line.days_h) == (DAYS, 0, 0)
		assert (line.deductions, line.contract_days, line.base_pay, line.payable) == (0, 0, 0, 0)
	for name in january.at_work():
		assert (closed[name].days_h, closed[name].payable, closed[name].month_days) == (DAYS, 0, DAYS)
	assert {line.reason for line in closed.values()} == {"Closing"}
	assert {(line.version, line.booked_in, line.refers_to) for line in closed.values()} == {(1, PERIOD, None)}
	doc = period()
	assert (doc.status, doc.version, doc.people, doc.lines) == ("Closed", 1, 6, 6)
	assert (doc.closed_by, doc.closed_at.date(), doc.payable) == (BKPPD_HEAD, date(2021, 1, 31), 0)
	assert doc.checksum == period_checksum(line.checksum for line in closed.values())
	assert [(row.version, row.lines, row.checksum) for row in doc.versions] == [(1, 6, doc.checksum)]


def test_a_back_dated_sk_would_change_closed_lines_or_pay_other_than_the_sum(city, month):
	late, forgetful = january.at_work()
	frappe.db.delete("Attendance Punch", {"personnel": late, "counted_at": ("<", "2021-01-06")})
	january.punch([late], WORKING[1:2], late=20)
	frappe.db.delete("Attendance Punch", {"personnel": forgetful, "counted_at": ("like", "2021-01-07 16%")})
	frappe.db.commit()
	january.rebuild(city)
	close(city)
	before = raw_lines()
	january.reappointed(city)
	close(city, SIGNED)
	after = raw_lines()
	assert {name: after[name] for name in before} == before
	added = [line for line in lines() if line.version == 2]
	assert len(added) == 5 and {line.reason for line in added} == {"Back Pay"}
	assert {(line.refers_to, line.booked_in) for line in added} == {
		(f"{PERIOD}-{line.personnel}-1", "2021-02") for line in added
	}
	assert {(line.contract_days, line.days_h, line.days_dr) for line in added} == {(DAYS, 0, 0)}
	expected = frappe.db.sql(january.PAYABLE.format(columns="", grouped=""))[0][0]
	doc = period()
	assert doc.payable == sum(line.payable for line in lines()) == expected > 0
	by_opd = frappe.db.sql(
		january.PAYABLE.format(columns="person.opd, ", grouped="group by person.opd order by person.opd")
	)
	summed = frappe.db.sql(
		"select opd, sum(payable) from `tabAttendance Period Line` where employment_type = 'PTT'"
		" group by opd order by opd"
	)
	assert [(opd, int(pay)) for opd, pay in summed] == [(opd, int(pay)) for opd, pay in by_opd]
	pay = frappe.db.get_value(
		"PTT Contract", {"personnel": late, "docstatus": 1, "status": "Active"}, "monthly_pay"
	)
	taken = {line.personnel: line.deductions for line in lines(version=1) if line.deductions}
	assert taken == {late: 50_000 + 15_000, forgetful: 10_000}
	assert sum(line.payable for line in lines(personnel=late)) == pay - 65_000
	assert (doc.version, doc.lines, doc.people) == (2, 11, 6)
	assert doc.checksum == period_checksum(line.checksum for line in lines())


def test_closing_again_without_news_would_add_lines_or_a_version(city, month):
	close(city)
	before, doc = raw_lines(), period().as_dict()
	for day in (LAST_DAY, SIGNED, "2021-03-01"):
		answer = close(city, day)
		assert (answer["done"], answer["message"]) == (6, "Lines added: 0, of 0 people.")
		assert raw_lines() == before
		assert period().as_dict() == doc
	january.reappointed(city)
	close(city, SIGNED)
	before, doc = raw_lines(), period().as_dict()
	close(city, "2021-02-04")
	assert (raw_lines(), period().as_dict()) == (before, doc)


def correct(city, name: str, day: date, on: str = "2021-02-10", code: str = "S") -> None:
	"""The OPD head excuses a day that was closed as unexcused."""
	with city.acting(HEAD, on):
		frappe.get_doc(
			{
				"doctype": "Attendance Correction",
				"personnel": name,
				"day": day,
				"kind": "Code",
				"code": code,
				"reason": "surat dokter",
			}
		).insert().submit()
	frappe.db.commit()


def test_a_correction_of_a_closed_month_would_be_lost_or_change_it(city, plain):
	name = january.at_work()[0]
	frappe.db.delete("Attendance Punch", {"personnel": name, "counted_at": ("like", "2021-01-12%")})
	frappe.db.commit()
	january.rebuild(city)
	close(city)
	(line,) = lines(personnel=name)
	assert (line.reason, line.days_tk, line.deduction_unexcused) == ("Closing", 1, 50_000)
	before = raw_lines()
	correct(city, name, date(2021, 1, 12))
	close(city, "2021-02-10")
	(added,) = lines(version=2)
	assert (added.reason, added.refers_to, added.booked_in) == ("Correction", line.name, "2021-02")
	assert (added.days_tk, added.days_s, added.days_h) == (-1, 1, 0)
	assert (added.deductions, added.deduction_unexcused, added.payable) == (-50_000, -50_000, 50_000)
	assert (added.base_pay, added.contract_days) == (0, 0)
	assert {name: raw_lines()[name] for name in before} == before
	frappe.db.rollback()
	log = frappe.db.get_value("Attendance Log", f"{name}-2021-01-12", "code")
	assert log == "TK", "the log of a closed month stays as it was closed"


def test_a_missing_log_would_be_a_day_that_nobody_counts(city, plain):
	january.rebuild(city)
	lacks, pending, stale = plain[:3]
	frappe.db.delete("Attendance Log", {"name": f"{lacks}-2021-01-12"})
	frappe.db.set_value("Attendance Log", f"{pending}-2021-01-12", "code", None)
	frappe.db.delete("Attendance Punch", {"personnel": stale, "counted_at": ("like", "2021-01-12%")})
	frappe.db.commit()
	close(city)
	assert {line.personnel: line.days_h for line in lines()} == dict.fromkeys(
		[*plain, *january.servants()], DAYS
	)
	close(city, SIGNED)
	(late,) = lines(version=2)
	assert (late.personnel, late.reason, late.days_h, late.days_tk) == (stale, "Correction", -1, 1)
	assert late.payable == -50_000


def test_a_late_difference_would_be_booked_in_a_month_that_is_closed(city, plain):
	january.without_contract("DISHUB")
	close(city)
	january.without_contract("DISHUB", hidden=False)
	close(city, "2021-02-28", "2021-02")
	close(city, "2021-03-01")
	assert {line.booked_in for line in lines(version=2)} == {"2021-03"}
	assert {line.booked_in for line in lines(version=1)} == {PERIOD}


def test_a_month_would_be_closed_before_it_is_over(city, plain):
	with city.acting(BKPPD_HEAD, "2021-01-30"), pytest.raises(PeriodError) as refused:
		run.start("close-period", {"period": PERIOD})
	assert str(refused.value) == "The month 2021-01 can be closed from 2021-01-31 on."
	frappe.db.rollback()
	assert not frappe.db.count("Attendance Period")
	close(city)
	assert period().status == "Closed"


@pytest.mark.parametrize(
	"name", ["2021-13", "2021-1", "", None, "1821-01", "2021-01-01", 202101, "2021-01\n"]
)
def test_something_else_than_a_month_would_be_closed(city, name):
	with city.acting(BKPPD_HEAD, SIGNED), pytest.raises(PeriodError) as refused:
		run.start("close-period", {"period": name})
	assert str(refused.value) == "A month is written like 2021-01."


def test_a_part_of_the_people_would_be_closed_as_the_whole(city, plain):
	with city.acting(BKPPD_HEAD, SIGNED), pytest.raises(PeriodError) as refused:
		run.start("close-period", {"period": PERIOD, "names": plain[:1]})
	assert str(refused.value) == "A month is closed for everybody."


@pytest.mark.parametrize(
	"user", [CLERK, HEAD, MAYOR, "finance@city.test", "nobody@city.test", "ptt@city.test"]
)
def test_somebody_else_would_close_a_month(city, user):
	with city.acting(user, SIGNED), pytest.raises(frappe.PermissionError):
		close_period(PERIOD)
	frappe.db.rollback()
	assert not frappe.db.count("Attendance Period")


def test_two_closings_at_once_would_write_everything_twice(city, plain):
	task = {
		"do": "start",
		"user": BKPPD_HEAD,
		"on": SIGNED,
		"action": "close-period",
		"criterion": {"period": PERIOD},
	}
	answers = together(task, task)
	assert [answer["code"] for answer in answers] == [0, 0], answers
	frappe.db.rollback()
	assert {answer["run"] for answer in answers} <= set(frappe.get_all("Bulk Run", pluck="name"))
	doc = period()
	assert (doc.version, doc.lines, doc.people) == (1, 6, 6)
	assert sorted(line.personnel for line in lines()) == sorted([*plain, *january.servants()])
	expected = frappe.db.sql(january.PAYABLE.format(columns="", grouped=""))[0][0]
	assert doc.payable == expected


def test_two_months_closed_at_once_would_book_into_a_closed_one(city, plain):
	january.without_contract("DISHUB")
	close(city)
	january.without_contract("DISHUB", hidden=False)
	tasks = [
		{
			"do": "start",
			"user": BKPPD_HEAD,
			"on": "2021-02-28",
			"action": "close-period",
			"criterion": {"period": name},
		}
		for name in (PERIOD, "2021-02")
	]
	answers = together(*tasks)
	assert [answer["code"] for answer in answers] == [0, 0], answers
	assert len(lines(version=2)) == 3
	assert {line.booked_in for line in lines(version=2)} <= {"2021-02", "2021-03"}
	assert (period().version, period("2021-02").version) == (2, 1)


def test_a_killed_closing_would_leave_half_a_month_or_two_lines(city, plain):
	frappe.db.set_single_value("Kupang HR Settings", "chunk_size", 2)
	frappe.db.commit()
	frappe.clear_document_cache("Kupang HR Settings", "Kupang HR Settings")
	task = {
		"do": "die",
		"chunks": 1,
		"user": BKPPD_HEAD,
		"on": LAST_DAY,
		"action": "close-period",
		"criterion": {"period": PERIOD},
	}
	(answer,) = together(task)
	assert answer["code"] == -9
	assert len(lines()) == 2
	assert not frappe.db.exists("Attendance Period", {"name": PERIOD, "status": "Closed"})
	half = raw_lines()
	name = frappe.get_all("Bulk Run", {"action": "close-period"}, pluck="name")[0]
	frappe.db.set_value("Bulk Run", name, "heartbeat", "2020-01-01 00:00:00", update_modified=False)
	frappe.db.commit()
	summary = run.execute(name)
	assert (summary["status"], summary["total"], summary["done"]) == ("Completed", 6, 6)
	doc = period()
	assert (doc.status, doc.version, doc.lines, doc.people) == ("Closed", 1, 6, 6)
	assert {name: raw_lines()[name] for name in half} == half


def test_one_person_who_cannot_be_closed_would_hold_up_the_others(city, plain):
	only_a_holiday = {"weekday": "Friday", "valid_from": "2021-01-01", "valid_to": "2021-01-01"}
	if not frappe.db.exists("Work Schedule", "Hanya Hari Libur"):
		hours = [{**only_a_holiday, "start_time": "07:30:00", "end_time": "12:00:00"}]
		schedule = {"doctype": "Work Schedule", "schedule_name": "Hanya Hari Libur", "hours": hours}
		frappe.get_doc(schedule).insert(ignore_permissions=True)
	odd = january.at_work()[0]
	frappe.db.set_value("Personnel", odd, "work_schedule", "Hanya Hari Libur")
	frappe.db.commit()
	answer = city.run(BKPPD_HEAD, LAST_DAY, "close-period", period=PERIOD)
	assert (answer["status"], answer["done"], answer["failed"]) == ("Completed", 5, 1)
	reasons = frappe.get_all("Bulk Run Failure", {"bulk_run": answer["name"]}, ["reference_name", "reason"])
	assert [(row.reference_name, row.reason) for row in reasons] == [
		(odd, "The schedule of this person has no working day in the month.")
	]
	assert len(lines()) == 5 and period().status == "Closed"
	frappe.db.set_value("Personnel", odd, "work_schedule", None)
	frappe.db.commit()
	close(city, SIGNED)
	(late,) = lines(personnel=odd)
	assert (late.version, late.days_h, late.booked_in, late.refers_to) == (2, DAYS, "2021-02", None)


# Lines of civil servants, percents, rounding


def test_a_civil_servant_would_be_paid_or_fined_in_rupiah(city, plain):
	(name,) = january.servants()
	frappe.db.delete("Attendance Punch", {"personnel": name, "counted_at": ("like", "2021-01-12%")})
	frappe.db.delete("Attendance Punch", {"personnel": name, "counted_at": ("like", "2021-01-13%")})
	january.punch([name], [date(2021, 1, 13)], late=45)
	close(city)
	(line,) = lines(personnel=name)
	assert (line.employment_type, line.days_h, line.days_tk, line.minutes_late) == ("ASN", DAYS - 1, 1, 45)
	assert (line.deductions, line.contract_days, line.deduction_percent) == (0, 0, None)
	shown = pay_lines.published(line)
	assert (shown["base_pay"], shown["payable"]) == (None, None)


def test_the_percent_of_civil_servants_would_be_missing_or_taken_from_ptt(city, plain):
	(name,) = january.servants()
	frappe.db.delete("Attendance Punch", {"personnel": name, "counted_at": ("like", "2021-01-12%")})
	frappe.db.delete("Attendance Punch", {"personnel": name, "counted_at": ("like", "2021-01-13%")})
	january.punch([name], [date(2021, 1, 13)], late=45)
	settings = frappe.get_doc("Kupang HR Settings")
	settings.percent_bands = 1
	settings.save()
	frappe.db.commit()
	try:
		close(city)
	finally:
		settings.reload()
		settings.percent_bands = 0
		settings.save()
		frappe.db.commit()
	percents = {line.personnel: line.deduction_percent for line in lines()}
	assert Decimal(percents.pop(name)) == Decimal(3) + 1
	assert set(percents.values()) == {None}


@pytest.mark.parametrize(
	"starts, ends, pay, expected",
	[
		("2021-01-01", "2021-12-31", 2_007_500, 2_007_500),
		("2021-01-18", "2021-12-31", 2_000_001, 1_000_001),  # 10 of 20 days: 1,000,000.5 half up
		("2021-01-01", "2021-01-08", 2_007_507, 501_877),  # 5 of 20 days: 501,876.75
		("2021-01-29", "2021-12-31", 2_000_010, 100_001),  # the last Friday: 100,000.5
	],
)
def test_rupiah_would_be_cut_off_or_rounded_the_other_way(city, starts, ends, pay, expected):
	assert DAYS == 20
	(name,) = city.settle(year=2021, DISHUB=1)
	frappe.db.set_value(
		"PTT Contract",
		{"personnel": name},
		{"start_date": starts, "end_date": ends, "monthly_pay": pay},
	)
	january.punch([name], WORKING)
	frappe.db.commit()
	close(city)
	(line,) = lines(personnel=name)
	assert (line.base_pay, line.payable) == (expected, expected)


# Evidence


def test_a_line_would_not_agree_with_its_checksum(city, plain):
	january.without_contract("DISHUB")
	close(city)
	january.without_contract("DISHUB", hidden=False)
	close(city, SIGNED)
	for line in lines():
		assert pay_lines.checksum_of(line) == line.checksum
	assert len({line.checksum for line in lines()}) == 6


@pytest.mark.parametrize("user", ["Administrator", "sysadmin@city.test", BKPPD_HEAD, "finance@city.test"])
def test_a_line_would_be_written_by_hand(city, plain, user):
	close(city)
	name = lines()[0].name
	before = raw_lines()
	with city.acting(user, SIGNED):
		for ignore in (False, True):
			for change in (_insert, _edit, _delete, _rename):
				with pytest.raises((AppendOnlyError, frappe.PermissionError)) as refused:
					change(name, ignore)
				if ignore and change is not _rename:
					assert str(refused.value) == "Attendance Period Line is written by the app alone."
				frappe.db.rollback()
	assert raw_lines() == before


def _insert(name: str, ignore: bool) -> None:
	values = frappe.get_doc(january.LINE, name).as_dict(no_default_fields=True)
	frappe.get_doc({"doctype": january.LINE, **values, "name": "x"}).insert(ignore_permissions=ignore)


def _edit(name: str, ignore: bool) -> None:
	doc = frappe.get_doc(january.LINE, name)
	doc.payable = 1
	doc.save(ignore_permissions=ignore)


def _delete(name: str, ignore: bool) -> None:
	frappe.delete_doc(january.LINE, name, ignore_permissions=ignore, force=ignore)


def _rename(name: str, ignore: bool) -> None:
	frappe.rename_doc(january.LINE, name, "2021-01-x", force=ignore)


# The period itself


def test_a_period_would_be_closed_or_counted_by_hand(city, plain):
	with city.acting(BKPPD_HEAD, LAST_DAY):
		for values, label in (
			({"status": "Closed"}, "Status"),
			({"version": 3}, "Version"),
			({"payable": 5}, "Payable"),
			({"checksum": "x"}, "Checksum"),
		):
			with pytest.raises(DerivedFieldError) as refused:
				frappe.get_doc({"doctype": "Attendance Period", "month": "2021-01-01", **values}).insert()
			assert str(refused.value) == f"{label} is set by closing the month."
			frappe.db.rollback()
		doc = frappe.get_doc({"doctype": "Attendance Period", "month": "2021-01-01"}).insert()
		assert (doc.name, doc.status) == (PERIOD, "Open")
		doc.status = "Closed"
		with pytest.raises(DerivedFieldError):
			doc.save()
	frappe.db.rollback()
	close(city)
	with city.acting(BKPPD_HEAD, SIGNED):
		doc = period()
		for values in ({"status": "Open"}, {"payable": 1}, {"versions": []}, {"checksum": None}):
			doc.reload()
			doc.update(values)
			with pytest.raises(DerivedFieldError):
				doc.save()
			frappe.db.rollback()


def test_a_period_would_begin_in_the_middle_of_a_month(city):
	for month in ("2021-01-15", "2021-01-31", None):
		with pytest.raises(PeriodError) as refused:
			frappe.get_doc({"doctype": "Attendance Period", "month": month}).insert()
		assert str(refused.value) == "A period begins on the first day of a month."
		frappe.db.rollback()


def test_a_closed_period_would_be_deleted_or_renamed(city, plain):
	close(city)
	with pytest.raises(PeriodError) as refused:
		frappe.delete_doc("Attendance Period", PERIOD, force=True, ignore_permissions=True)
	assert str(refused.value) == "A month that has been closed is never deleted."
	frappe.db.rollback()
	with pytest.raises((PeriodError, frappe.ValidationError)):
		frappe.rename_doc("Attendance Period", PERIOD, "2021-02", force=True)
	frappe.db.rollback()
	assert period().status == "Closed"


def test_closing_more_people_would_take_more_queries(city):
	names = city.settle(year=2021, DISHUB=3, DLHK=30)
	january.punch(names, WORKING[:2])
	for built in (False, True):
		if built:
			january.rebuild(city)
		with city.acting(BKPPD_HEAD, LAST_DAY):
			counts = [_queries_of(part) for part in (names[:1], names[:3], names)]
		assert counts[0] == counts[1] == counts[2] <= (20 if built else 35)


def _queries_of(names: list[str]) -> int:
	real, seen = frappe.db.sql, []
	place = place_of(PERIOD)
	new_lines(names, place)  # warm

	def counted(*arguments, **options):
		seen.append(arguments[0])
		return real(*arguments, **options)

	frappe.db.sql = counted
	try:
		new_lines(names, place_of(PERIOD))
	finally:
		frappe.db.sql = real
		frappe.db.rollback()
	return len(seen)
