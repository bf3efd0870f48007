"""What a server answers about attendance and pay, and reports over a year of logs, each against its own bare minimum."""

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from statistics import median
from typing import Any

import frappe
import requests
from frappe.installer import update_site_config
from frappe.query_builder.functions import Count
from frappe.utils.password import set_encrypted_password

from benchmarks import report, world
from benchmarks.steps import StepFailed
from benchmarks.world import BKPPD_HEAD
from dev import servers
from kupang_hr.attendance import report as reports
from kupang_hr.bulk import query
from kupang_hr.bulk.run import start
from kupang_hr.clock import as_of, now
from kupang_hr.demo.acting import acting, do
from kupang_hr.payroll import reading
from kupang_hr.payroll.lines import LINE
from tests.site.phones import MACHINE, Phone, approved, make_machine, source

FINANCE, PERSON = "finance@bench.test", "person@bench.test"
SECRET = "only-for-this-benchmark"
BACK = 5  # days; a source may be no more than seven late
CALLS, PAGE, SENT, ROWS_A_CALL = 40, 1_000, 14_000, 5_000
YEAR = (date(2021, 1, 1), date(2021, 12, 31))


def punch(rounds: int) -> dict[str, Any]:
	"""A person's own signed punch against a whitelisted method that does nothing, over the same server."""
	phone = _prepare()
	sent = itertools.count()
	with _serving() as url:
		mine, empty = [], []
		for _round in range(rounds):
			empty += _times(PERSON, f"{url}/frappe.ping", [{}] * CALLS)
			mine += _times(PERSON, f"{url}/kupang_hr.api.attendance.punch", _punches(phone, sent))
	line = {
		"figure": "punch",
		"times_empty_method": round(median(mine) / median(empty), 2),
		"ms": round(1000 * median(mine), 1),
		"ms_empty_method": round(1000 * median(empty), 1),
	}
	return report.judged(line, {"times_empty_method": 2})


def ingest(rounds: int) -> dict[str, Any]:
	"""A day's 14,000 punches in calls of 5,000 rows against as many calls of one row each."""
	_prepare()
	days = itertools.count()
	with _serving() as url:
		endpoint, one, many = f"{url}/kupang_hr.api.attendance.ingest", [], []
		for _round in range(rounds):
			rows = _rows(next(days), SENT)
			one += _times(MACHINE, endpoint, [{"rows": [row]} for row in _rows(next(days), CALLS)])
			calls = [{"rows": rows[at : at + ROWS_A_CALL]} for at in range(0, SENT, ROWS_A_CALL)]
			many.append(sum(_times(MACHINE, endpoint, calls)))
	line = {
		"figure": "ingest",
		"rows": SENT,
		"times_faster_than_single": round(median(one) / (min(many) / SENT), 1),
		"seconds": round(min(many), 2),
	}
	return report.judged(line, {}, {"times_faster_than_single": 30})


def finance_page(rounds: int) -> dict[str, Any]:
	"""A page of 1,000 lines against an empty method and the page's query sent bare."""
	_prepare()
	_close_month()
	query_text = _page_query()
	cursor = frappe.db._conn.cursor()
	with _serving() as url:
		page = f"{url}/kupang_hr.api.finance.lines?period={world.PERIOD}&limit={PAGE}"
		pages, empty, bare = [], [], []
		for _round in range(rounds):
			pages += _times(FINANCE, page, [None] * CALLS)
			empty += _times(FINANCE, f"{url}/frappe.ping", [None] * CALLS)
			bare += [_timed(lambda: (cursor.execute(query_text), cursor.fetchall())) for _ in range(CALLS)]
	line = {
		"figure": "finance_page",
		"lines": PAGE,
		"times_empty_and_query": round(median(pages) / (median(empty) + median(bare)), 2),
		"ms": round(1000 * median(pages), 1),
	}
	return report.judged(line, {"times_empty_and_query": 3})


def year_of_logs(rounds: int) -> dict[str, Any]:
	"""The reports of a day and of a month with a year of logs, some 1.75 million, against a month of them."""
	_empty("Attendance Log")
	names = frappe.get_all("Personnel", ["name", "opd"], order_by="name", limit=0)
	write_logs(names, *world.MONTH)
	month = _reports(rounds)
	write_logs(names, YEAR[0], world.MONTH[0] - timedelta(days=1))
	write_logs(names, world.MONTH[1] + timedelta(days=1), YEAR[1])
	year = _reports(rounds)
	line = {
		"figure": "year_of_logs",
		"logs": frappe.db.count("Attendance Log"),
		**{f"{key}_report_times_one_month": round(year[key] / month[key], 2) for key in year},
		**{f"{key}_report_ms": round(1000 * year[key], 1) for key in year},
	}
	_empty("Attendance Log")
	limits = {f"{key}_report_times_one_month": 2 for key in year}
	return report.judged(line, limits)


def make_logins(_rounds: int) -> dict[str, Any]:
	"""A login for everybody in one run of the BKPPD Clerk, each hashed and checked as Frappe does it."""
	people = frappe.db.count("Personnel")
	began = time.perf_counter()
	with acting(world.CLERK, world.AFTER):
		run = start("make-logins", {}, in_background=False)
	seconds = time.perf_counter() - began
	person, user = frappe.qb.DocType("Personnel"), frappe.qb.DocType("User")
	logins = frappe.qb.from_(person).join(user).on(person.user == user.name).where(user.enabled == 1)
	line = {
		"figure": "make_logins",
		"people": people,
		"logins": logins.select(Count("*")).run()[0][0],
		"failed": run["failed"],
		"seconds": round(seconds),
	}
	return report.judged(line, {"failed": 0}, {"logins": people})


FIGURES: Mapping[str, Callable[[int], dict[str, Any]]] = {
	"punch": punch,
	"ingest": ingest,
	"finance_page": finance_page,
	"year_of_logs": year_of_logs,
	"make_logins": make_logins,
}
RARER = ("make_logins",)  # a quarter of an hour


def _prepare() -> Phone:
	"""A finance officer, a person with an approved phone, a source of punches; each with a token."""
	make_machine()
	world.make_user(FINANCE, "Finance Officer")
	world.make_user(PERSON, "Personnel Self Service")
	name = frappe.get_all("Personnel", pluck="name", order_by="name", limit=1)[0]
	frappe.db.set_value("Personnel", name, "user", PERSON)
	settings = frappe.get_doc("Kupang HR Settings")
	settings.punches_a_minute = 0
	settings.save()
	for user in (FINANCE, PERSON, MACHINE):
		frappe.db.set_value("User", user, "api_key", f"key-{user}")
		set_encrypted_password("User", user, SECRET, "api_secret")
	for doctype in ("Attendance Punch", "Registered Device"):
		_empty(doctype)
	with as_of(world.AFTER):
		source()
		phone = approved(name)
	frappe.db.commit()
	return phone


@contextmanager
def _serving():
	"""A server on the day after the month; the address of its methods."""
	update_site_config("kupang_hr_today", world.AFTER)
	try:
		with servers.web() as web:
			yield f"{web.url}/api/method"
	finally:
		update_site_config("kupang_hr_today", "None")  # which takes it out of the file


def _times(user: str, url: str, bodies: Sequence[dict | None]) -> list[float]:
	"""The seconds of each call: POST of a body, GET where there is none."""
	with requests.Session() as session:
		session.headers["Authorization"] = f"token key-{user}:{SECRET}"
		session.get(f"{url.rpartition('/')[0]}/frappe.ping").raise_for_status()
		return [_timed(lambda body=body: _call(session, url, body)) for body in bodies]


def _call(session: requests.Session, url: str, body: dict | None) -> None:
	answer = session.get(url) if body is None else session.post(url, json=body)
	answer.raise_for_status()
	rows = answer.json().get("message") if body and "rows" in body else ()
	if refused := [row for row in rows if row["status"] != "accepted"]:
		raise StepFailed(f"ingest: {refused[0]}")


def _timed(do_it: Callable[[], Any]) -> float:
	began = time.perf_counter()
	do_it()
	return time.perf_counter() - began


def _punches(phone: Phone, sent: itertools.count) -> list[dict[str, Any]]:
	"""Punches a minute apart, coming and going by turns, none where the one before was."""
	with as_of(world.AFTER):
		first = now() - timedelta(hours=8)
	return [
		phone.punch(
			"Out" if number % 2 else "In",
			latitude=f"-10.17{number % 10_000:04}",
			claimed_at=(first + timedelta(seconds=number)).isoformat(timespec="seconds"),
		)
		for number in itertools.islice(sent, CALLS)
	]


def _rows(day: int, count: int) -> list[dict[str, Any]]:
	"""Rows of a source: everybody came and went on one of the last days."""
	names = frappe.get_all("Personnel", pluck="name", order_by="name", limit=0)
	on = date.fromisoformat(world.AFTER) - timedelta(days=1 + day % BACK)
	pairs = ((name, at, way) for name in names for at, way in ((world.IN, "In"), (world.OUT, "Out")))
	return [
		{
			"personnel": name,
			"at": f"{on} {at}:{day:02}",
			"direction": way,
			"mode": "WFO",
			"latitude": -10.1772,
			"longitude": 123.607,
			"accuracy": 12,
			"source_id": f"{day}-{number}",
		}
		for number, (name, at, way) in enumerate(itertools.islice(pairs, count))
	]


def _close_month() -> None:
	world.build_logs()
	do(BKPPD_HEAD, world.AFTER, "close-period", period=world.PERIOD)
	frappe.db.commit()


def _page_query() -> str:
	"""The statement that reads the lines of a page, as the finance officer's page sends it."""
	seen = []
	own = frappe.db.sql
	frappe.db.sql = lambda *values, **options: seen.append(values) or own(*values, **options)
	try:
		reading.page(reading.Scope({world.PERIOD: (0, 1)}), "", PAGE + 1, True)
	finally:
		frappe.db.sql = own
	return next(values[0] for values in reversed(seen) if LINE in str(values[0]))


def write_logs(people: Sequence[Any], first: date, last: date) -> None:
	"""Logs of every weekday, one in a hundred absent, one in twenty late."""
	days = (first + timedelta(days=number) for number in range((last - first).days + 1))
	for day in days:
		if day.weekday() < 5:
			query.insert_dicts("Attendance Log", [_log(person, day, at) for at, person in enumerate(people)])
			frappe.db.commit()
	frappe.db.sql("analyze table `tabAttendance Log`")


def _log(person: Any, day: date, place: int) -> dict[str, Any]:
	turn = place + day.toordinal()
	return {
		"name": f"{person.name}-{day}",
		"personnel": person.name,
		"day": day,
		"opd": person.opd,
		"code": "TK" if turn % 100 == 0 else "H",
		"mode": "WFO",
		"minutes_late": 12 if turn % 20 == 1 else 0,
		"minutes_early": 0,
		"missing_entries": 0,
	}


def _reports(rounds: int) -> dict[str, float]:
	"""The best of some times of each report, after one that warms up."""
	asked = {
		"daily": lambda: reports.daily(world.MEASURED_DAY),
		"monthly": lambda: reports.monthly(world.PERIOD),
	}
	with acting(BKPPD_HEAD, world.AFTER):
		return {key: min([_timed(ask) for _ in range(rounds + 2)][1:]) for key, ask in asked.items()}


def _empty(doctype: str) -> None:
	frappe.db.truncate(doctype)
	frappe.db.commit()
