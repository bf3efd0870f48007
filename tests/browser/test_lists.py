"""Lists, calendars and reports in a real browser: what each role finds there; a name is shown and never run."""

import frappe
import pytest

from kupang_hr.bulk import query
from kupang_hr.cycle.year_end import run_all
from tests.site import test_desk_reports as reports
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR

TODAY, ROUND = "2021-01-20", "2021"
NASTY = 'A\'Brien "Budi" <script>window.ran = 1</script><img src=x onerror="window.ran = 1">'
OPD_CLERK, FINANCE = "opd-clerk@city.test", "finance@city.test"
LISTS = {
	CLERK: (
		"Personnel",
		"PTT Contract",
		"Renewal Round",
		"Contract Renewal",
		"Performance Appraisal",
		"Personnel Exit",
		"Decree",
		"Stand Down Order",
		"Stand Down Line",
		"Attendance Log",
		"Attendance Period",
		"Attendance Period Line",
		"Attendance Violation",
		"Attendance Correction",
		"Bulk Run",
		"Local Holiday",
		"OPD",
	),
	HEAD: (
		"Personnel",
		"Performance Appraisal",
		"Absence Permit",
		"Office Rota",
		"Office Rota Line",
		"Registered Device",
		"Attendance Punch",
	),
}
OF_PEOPLE = {
	"Contract Renewal": "personnel_name",
	"Performance Appraisal": "personnel_name",
	"PTT Contract": "personnel_name",
	"Stand Down Line": "personnel_name",
	"Attendance Violation": "personnel_name",
	"Attendance Period Line": "personnel_name",
	"Absence Permit": "personnel_name",
	"Personnel": "full_name",
}


@pytest.fixture
def names(city) -> list[str]:
	"""People in every list, the first of them with a name that would run where it is taken for HTML."""
	found = city.settle(DISHUB=4, PUPR=2)
	city.seat("DISHUB", OPD_CLERK, "clerk")
	city.opened()
	city.rated(ROUND, HEAD)
	city.stand_down(ROUND)
	leavers = {found[1]: {"reason": "CPNS", "exit_date": "2020-12-31"}}
	city.run(CLERK, "2021-01-10", "record-leavers", leavers=leavers)
	reports.attendance(found)
	absences(found)
	for doctype, field in OF_PEOPLE.items():
		key = "name" if doctype == "Personnel" else "personnel"
		frappe.db.set_value(doctype, {key: found[0]}, field, NASTY, update_modified=False)
	frappe.db.commit()
	return found


def absences(found: list[str]) -> None:
	"""A sick leave each, waiting for the head, and a rota of the week with all in the office."""
	day = {"from_date": "2021-01-18", "to_date": "2021-01-20"}
	rows = [{"name": f"AP-{name}", "personnel": name, "kind": "Sick", "reason": "-", **day} for name in found]
	query.insert_dicts("Absence Permit", rows)
	query.insert_dicts("Office Rota", [{"name": "ROTA-DISHUB", "opd": "DISHUB", **day}])
	lines = [
		{
			"name": f"line-{name}",
			"office_rota": "ROTA-DISHUB",
			"personnel": name,
			"day": TODAY,
			"place": "Office",
		}
		for name in found[:4]
	]
	query.insert_dicts("Office Rota Line", lines)


def listed(seat, doctype: str):
	seat.go("List", doctype, "List")
	seat.page.wait_for_function("(doctype) => cur_list?.doctype === doctype", arg=doctype)
	seat.page.locator(".list-row-container:visible, .no-result:visible").first.wait_for()
	seat.rest()
	return seat.page.locator(".frappe-list:visible")


@pytest.mark.parametrize("user", LISTS)
def test_every_list_of_a_role_opens_and_shows_names_as_text(desk, names, user):
	seat = desk(user)
	for doctype in LISTS[user]:
		found = listed(seat, doctype)
		assert found.count() == 1, doctype
		if doctype in OF_PEOPLE:
			assert 'A\'Brien "Budi"' in found.inner_text(), doctype  # Frappe leaves tags out here
		assert seat.page.evaluate("window.ran") is None, doctype


def test_an_indicator_of_a_list_filters_it(desk, names):
	seat = desk(HEAD)
	found = listed(seat, "Absence Permit")
	found.locator(".indicator-pill:has-text('Waiting for Approval'):visible").first.click()
	seat.page.wait_for_function(
		"cur_list.filter_area.get().some((row) => row[1] === 'docstatus' && row[3] === '0')"
	)
	seat.rest()
	assert seat.page.evaluate("cur_list.data.length") == 4


def test_a_head_sees_the_own_people_alone(desk, names):
	seat = desk(HEAD)
	listed(seat, "Personnel")
	shown = seat.page.evaluate("cur_list.data.map((row) => row.opd)")
	assert shown == ["DISHUB"] * 4


def test_the_list_of_renewals_leads_to_board_and_progress(desk, names):
	seat = desk(MAYOR)
	listed(seat, "Contract Renewal")
	seat.page.get_by_role("button", name="Renewal Board").click()
	seat.page.wait_for_function("frappe.get_route()[0] === 'renewal-board'")
	seat.page.wait_for_selector('.kupang-board[aria-busy="false"] .kupang-board-column')
	seat.rest()


# Calendars


def calendar(seat, doctype: str):
	seat.go("List", doctype, "Calendar", "default")
	seat.page.wait_for_selector(".fc-event, .fc-day-grid-event")
	seat.rest()
	return seat.page.locator(".fc-event:visible")


def test_the_calendar_of_absences_shows_names_as_text_and_leads_to_the_permit(desk, names):
	seat = desk(HEAD)
	with frozen(seat):
		events = calendar(seat, "Absence Permit")
		assert events.count() == 4
		assert any("<script>window.ran = 1" in text for text in events.all_inner_texts())
		assert seat.page.evaluate("window.ran") is None
		events.filter(has_text="<script>").first.click()
		seat.page.wait_for_function("frappe.get_route()[0] === 'Form'")
		seat.rest()


def test_the_calendar_of_the_rota_counts_people_a_day(desk, names):
	seat = desk(HEAD)
	with frozen(seat):
		assert calendar(seat, "Office Rota").all_inner_texts() == ["DISHUB · 4 in the office, 0 at home"]


class frozen:
	"""The browser's clock on the day that the site works on, so that the calendar opens in its month."""

	def __init__(self, seat):
		self.seat = seat

	def __enter__(self):
		self.seat.page.clock.set_fixed_time(f"{TODAY}T10:00:00+08:00")

	def __exit__(self, *_error):
		pass


# Reports


def report(seat, name: str, **filters):
	seat.go("query-report", name)
	seat.page.wait_for_function(
		"frappe.query_report?.datatable || document.querySelector('.report-wrapper .msg-box')"
	)
	seat.rest()
	for filter_name, value in filters.items():
		seat.page.evaluate(
			"([name, value]) => frappe.query_report.set_filter_value(name, value)", [filter_name, value]
		)
		seat.rest()
	seat.page.wait_for_selector(".dt-row-0")
	return seat.page.locator(".report-wrapper")


FILTERS = {"Out of Region Violations": {"from_date": "2021-01-01"}}


@pytest.mark.parametrize("name", reports.REPORTS)
def test_a_report_opens_filled_with_its_chart_and_shows_names_as_text(desk, names, name):
	seat = desk(CLERK)
	found = report(seat, name, **FILTERS.get(name, {}))
	assert seat.page.locator(".chart-wrapper svg.frappe-chart, .chart-wrapper .frappe-chart").count() >= 1
	assert seat.page.locator(".report-summary .summary-item").count() >= 2
	if name in (
		"Expiring Contracts",
		"Stand Down Roster",
		"Out of Region Violations",
		"Deductions",
		"Data Quality",
	):
		assert "<script>window.ran = 1" in found.inner_text()
	assert seat.page.evaluate("window.ran") is None


def test_a_printed_report_shows_names_as_text(desk, names):
	"""Frappe prints what the columns' own format gives; taken as HTML, a name would run in the new window."""
	seat = desk(CLERK)
	report(seat, "Deductions")
	with seat.context.expect_page() as opened:
		seat.page.evaluate("frappe.query_report.print_report({ orientation: 'Landscape' })")
	printed = opened.value
	printed.wait_for_selector("table td")
	assert "<script>window.ran = 1" in printed.inner_text("table")
	assert printed.evaluate("window.ran") is None


def test_a_finance_officer_opens_deductions_and_no_other_report(desk, names):
	seat = desk(FINANCE)
	report(seat, "Deductions")
	seat.go("query-report", "Data Quality")
	seat.page.wait_for_timeout(500)
	seat.forgive("403 |Data.*Quality")


def test_days_are_built_without_saying_whose(city, desk):
	city.settle(2021, DISHUB=2, DLHK=1)
	seat = desk(HEAD)
	listed(seat, "Attendance Log")
	seat.page.get_by_role("button", name="Build Days").click()
	seat.page.wait_for_function("window.cur_dialog?.fields_dict.first")
	seat.page.evaluate("(day) => cur_dialog.set_values({ first: day, last: day })", TODAY)
	seat.confirm()
	seat.page.wait_for_selector(".modal.show .kupang-sum:has-text('3 people · 2 OPDs')")
	seat.confirm()
	seat.page.wait_for_selector(
		".modal.show [data-phase=result]:has-text('Done: 3 people. Not done: 0 people.')"
	)
	seat.rest()
	frappe.db.rollback()
	assert frappe.db.count("Attendance Log", {"day": TODAY}) == 3


def test_a_year_is_counted_without_saying_whose_or_the_list_stays_as_it_was(city, desk):
	city.settle(2021, DISHUB=2)
	frappe.db.delete("Attendance Summary")
	city.run(CLERK, TODAY, "rebuild-days", first="2021-01-18", last="2021-01-19")
	seat = desk(CLERK)
	listed(seat, "Attendance Summary")
	seat.page.get_by_role("button", name="Count from Logs").click()
	seat.page.wait_for_function("window.cur_dialog?.get_value('year') === '2021'")
	seat.confirm()
	seat.page.wait_for_selector(".modal.show .kupang-sum:has-text('2 people · 1 OPD')")
	seat.confirm()
	seat.page.wait_for_selector(
		".modal.show [data-phase=result]:has-text('Done: 2 people. Not done: 0 people.')"
	)
	seat.page.keyboard.press("Escape")
	seat.page.wait_for_function("cur_list.data.length === 2")
	seat.rest()
	frappe.db.rollback()
	counted = frappe.get_all("Attendance Summary", ["year", "days_expected", "days_unexcused", "source"])
	assert (
		counted == [{"year": 2021, "days_expected": 2, "days_unexcused": 2, "source": "Attendance Logs"}] * 2
	)
