"""The year that must come out, for all 2,180: the demonstration plays it, this counts it anew in plain SQL."""

import json
import os
import subprocess
import sys
from pathlib import Path

import frappe
import pytest
from frappe.installer import update_site_config

FIGURES = {
	"people": 2180,
	"opds": 46,
	"rated": 2180,
	"expired": 2180,
	"withdrawn": 23,
	"stood_down": 1434,
	"kept": 723,
	"recommended": 2150,
	"not_renewed": 7,
	"terminated": 2180,
	"reappointed": 2150,
	"recalled": 1427,
	"on_duty": 2150,
	"left": 30,
	"measured": 7000,
	"present": 6930,
	"sick": 3,
	"on_leave": 2,
	"unexcused": 65,
	"attendance_percent": 99.0,
	"back_pay_people": 2150,
}
# The rule in SQL's own words: a whole month's pay under the contract of the SK, less what the city's rule of July
# 2020 takes for what the logs say, never below nothing.
PAYABLE = """
	select sum(greatest(contract.monthly_pay - coalesce(breach.rupiah, 0), 0))
	from `tabPTT Contract` contract
	left join (
		select personnel, sum(
			15000 * (minutes_late > 0) + 15000 * (minutes_early > 0)
			+ 10000 * missing_entries + 50000 * (code = 'TK')
		) rupiah
		from `tabAttendance Log` where day between '2021-01-01' and '2021-01-31' group by personnel
	) breach on breach.personnel = contract.personnel
	where contract.start_date = '2021-01-01' and contract.docstatus = 1
"""
BY_OPD = """
	select opd, cast(sum(payable) as signed) from `tabAttendance Period Line`
	where period = '2021-01' and payable is not null group by opd order by opd
"""
COUNTED = {
	"select count(*) from `tabOPD`": 47,
	"select count(distinct opd) from `tabPersonnel`": 46,
	"select count(*) from `tabPTT Contract` where end_date = '2020-12-31' and status = 'Expired'": 2180,
	"select count(*) from `tabPTT Contract` where start_date = '2021-01-01' and end_date = '2021-12-31'"
	" and status = 'Active' and docstatus = 1": 2150,
	"select count(*) from `tabContract Renewal` where workflow_state = 'SK Issued' and docstatus = 1": 2150,
	"select count(*) from `tabContract Renewal` where workflow_state = 'Not Renewed' and reason > ''": 7,
	"select count(*) from `tabContract Renewal` where workflow_state = 'Withdrawn'": 23,
	"select count(distinct rating) from `tabContract Renewal` where rating > ''": 5,
	"select count(*) from `tabContract Renewal` where rating = 'Buruk'": 7,
	"select count(*) from `tabStand Down Line` where outcome = 'Stood Down'": 1434,
	"select count(*) from `tabStand Down Line` where outcome = 'Kept on Duty'": 723,
	"select count(*) from `tabStand Down Line` where outcome = 'Stood Down' and opd = 'DINKES'": 52,
	"select count(*) from `tabStand Down Line` where outcome = 'Stood Down' and opd like 'PKM %%'": 0,
	"select count(*) from `tabDecree Line` where kind = 'Termination' and signed = 1": 2180,
	"select count(*) from `tabDecree Line` where kind = 'Reappointment' and signed = 1": 2150,
	"select count(*) from `tabPersonnel` where duty_status = 'On Duty' and employment_type = 'PTT'": 2150,
	"select count(*) from `tabPersonnel` where employment_type = 'ASN'": 4820,
	"select count(*) from `tabAttendance Log` where day = '2020-12-29' and code = 'H'": 6930,
	"select count(distinct personnel) from `tabAttendance Log` where day = '2021-01-04' and code = 'DR'": 1434,
	"select count(*) from `tabAttendance Log` where day < '2021-01-04' and code = 'DR'": 0,
	"select count(*) from `tabAttendance Period Line` where reason = 'Closing' and payable > 0": 0,
	"select count(*) from `tabAttendance Period Line` where reason = 'Back Pay' and refers_to is null": 0,
	"select count(*) from `tabPersonnel` where duty_status = 'Left'": 30,
	"select count(*) from `tabBulk Run Failure`": 0,
	"select count(*) from `tabComment` where comment_type = 'Workflow' and content = 'SK Issued'": 2150,
	"select count(*) from `tabWorkflow Action` where status = 'Open' and workflow_state = 'Mayor Recommended'": 0,
}


@pytest.fixture
def played(city):
	"""The whole year, played by the command that `make demo` uses; its last line."""
	command = [
		sys.executable,
		"-m",
		"frappe.utils.bench_helper",
		"frappe",
		"--site",
		os.environ["KUPANG_SITE"],
	]
	sites = Path(os.environ["KUPANG_BENCH"]) / "sites"
	try:
		done = subprocess.run([*command, "kupang-demo", "--check"], cwd=sites, text=True, capture_output=True)
		frappe.db.rollback()
		yield done
	finally:
		update_site_config("kupang_hr_today", "None")


def test_the_year_comes_out_for_all_2180_people(played):
	assert played.returncode == 0, played.stdout[-3000:] + played.stderr[-3000:]
	figures = json.loads(played.stdout.strip().splitlines()[-1])
	assert {key: figures.get(key) for key in FIGURES} == FIGURES
	assert figures["engine"] and figures["version"]
	payable = frappe.db.sql(PAYABLE)[0][0]
	assert figures["payable_total"] == payable == sum(total for _opd, total in frappe.db.sql(BY_OPD)) > 0
	assert {statement: frappe.db.sql(statement)[0][0] for statement in COUNTED} == COUNTED
	numbers = frappe.get_all("Decree", pluck="decree_number", order_by="serial")
	assert numbers == ["BKPPD.814/1/B/II/2021", "BKPPD.814/2/B/II/2021"]
