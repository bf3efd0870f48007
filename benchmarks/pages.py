"""What the desk's pages cost the server when somebody opens them, asked by a real Chromium of a real server.

A page's `seconds` are those of all the requests that it makes until it rests, one after another: the server has one
thread, so that none waits inside of another's time. Its users' browsers are new at each round; the best round counts.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import frappe
from frappe.installer import update_site_config
from playwright.sync_api import Response, sync_playwright

from benchmarks import crowd, report
from benchmarks.crowd import DAY, FINANCE, HEAD, OPD_CLERK, PERIOD, PERSON, TODAY
from benchmarks.steps import StepFailed
from benchmarks.world import BKPPD_HEAD, CLERK, MAYOR, REAPPOINTMENT, ROUND, decree
from dev import packages, servers
from tests.browser.desk import SOCKET, Desk, Rooms

PEOPLE, MANY = 2_180, 20_000
SECONDS = 2
TOOK = "server-timing"  # the header of dev/wsgi.py
ROUNDS = 2  # the first also fills the server's caches


class Page(NamedTuple):
	"""Who opens a route of the desk (or a path), with which filters, and what is there once it is up."""

	user: str
	route: str
	shows: str
	filters: dict[str, str] = {}  # noqa: RUF012, nobody writes into it

	@property
	def name(self) -> str:
		return "/".join((self.route, self.user.partition("@")[0]))


WORKSPACE = ("/app/kupang-hr", ".custom-block-widget-box h2")
GRID = ("penilaian", ".kupang-grid tbody tr")
LIST = ".list-row-container:visible, .no-result:visible"
REPORT = ".page-container:visible .dt-row-0:visible, .page-container:visible .msg-box:visible"
FORM = ".form-layout:visible"
OF_HEAD = ("Absence Permit", "Attendance Punch", "Registered Device")
OF_BKPPD_HEAD = ("Sent Notice",)
OF_FINANCE = ("Attendance Period", "Attendance Period Line", "PTT Contract")
ALSO_OF_HEAD = ("Personnel", "Contract Renewal", "Performance Appraisal", "PTT Contract", "Attendance Log")
REPORTS = {
	"Renewal Progress": {"round": ROUND},
	"Ratings by OPD": {"round": ROUND},
	"Expiring Contracts": {"from_date": "2020-12-01", "to_date": "2020-12-31"},
	"Stand Down Roster": {"order": f"SDO-{ROUND}"},
	"Leavers": {},
	"Attendance by Day": {"day": DAY},
	"Attendance by Month": {"month": f"{PERIOD}-01"},
	"Unexcused Days": {"year": PERIOD[:4]},
	"Out of Region Violations": {"from_date": DAY},
	"Deductions": {"period": PERIOD},
	"Data Quality": {},
}


def of_scoring() -> list[Page]:
	return [Page(HEAD, *WORKSPACE), Page(HEAD, *GRID)]


def of_january() -> list[Page]:
	return [
		*(Page(user, *WORKSPACE) for user in (HEAD, CLERK, MAYOR, BKPPD_HEAD, FINANCE, OPD_CLERK)),
		Page(MAYOR, "meja-wali-kota", ".meja [role=tab]:visible"),
		*(
			Page(user, "renewal-board", '.kupang-board[aria-busy="false"] .kupang-board-column')
			for user in (CLERK, HEAD)
		),
		*(
			Page(HEAD, f"List/{doctype}/Calendar/default", ".fc-event:visible")
			for doctype in ("Absence Permit", "Office Rota")
		),
		Page(CLERK, "Tree/OPD", ".tree-link:visible"),
		Page(HEAD, "punch-map", ".kupang-map-mark:visible"),
		*(Page(CLERK, f"query-report/{name}", REPORT, filters) for name, filters in REPORTS.items()),
		Page(HEAD, "query-report/Attendance by Month", REPORT, REPORTS["Attendance by Month"]),
		Page(FINANCE, "query-report/Deductions", REPORT, REPORTS["Deductions"]),
		*(Page(user, f"List/{doctype}/List", LIST) for user, doctype in lists()),
		*forms(CLERK, "Personnel", "PTT Contract", "Contract Renewal", "Performance Appraisal", "OPD"),
		*forms(CLERK, "Renewal Round", "Stand Down Order", "Kupang HR Settings"),
		*forms(MAYOR, "Renewal Round", "Contract Renewal"),
		*forms(HEAD, "Renewal Round", "Performance Appraisal", "Absence Permit", "Office Rota"),
		*forms(FINANCE, "Attendance Period", "Attendance Period Line"),
		*(
			Page(PERSON, path, shows)
			for path, shows in (("/saya", "section"), ("/absen", "main[aria-busy=false]"))
		),
	]


def of_decree() -> list[Page]:
	return [
		Page(CLERK, *WORKSPACE),
		Page(CLERK, f"Form/Decree/{decree(REAPPOINTMENT)}", ".kupang-states table:visible"),
		Page(CLERK, "List/Decree Line/List", LIST),
	]


def lists() -> Iterator[tuple[str, str]]:
	"""Every DocType that has a list, by somebody who reads it; the largest also by whom a tree of OPDs narrows."""
	for doctype in frappe.get_all(
		"DocType", {"module": "Kupang HR", "istable": 0, "issingle": 0}, pluck="name", order_by="name"
	):
		user = HEAD if doctype in OF_HEAD else BKPPD_HEAD if doctype in OF_BKPPD_HEAD else CLERK
		yield user, doctype
	yield from ((HEAD, doctype) for doctype in ALSO_OF_HEAD)
	yield from ((FINANCE, doctype) for doctype in OF_FINANCE)


def forms(user: str, *doctypes: str) -> Iterator[Page]:
	for doctype in doctypes:
		single = frappe.get_meta(doctype).issingle
		name = doctype if single else frappe.get_all(doctype, pluck="name", order_by="name asc", limit=1)[0]
		yield Page(user, f"Form/{doctype}/{name}", FORM)


STAGES: Sequence[tuple[Callable[[int], None], Callable[[], list[Page]]]] = (
	(crowd.scored, of_scoring),
	(crowd.rated, of_january),
	(crowd.gathered, of_decree),
)


def lines(people: int) -> Iterator[dict[str, Any]]:
	"""A line for each page, with so many people in one round."""
	for prepare, pages in STAGES:
		prepare(people)
		with _serving() as rooms:
			for page, rounds in _open_all(rooms, pages()):
				best = min(rounds, key=lambda one: one["seconds"])
				line = {"figure": "pages", "page": page.name, "people": people, **best}
				yield report.judged(line, {"seconds": SECONDS})


@contextmanager
def _serving() -> Iterator[Rooms]:
	update_site_config("kupang_hr_today", TODAY)
	try:
		with servers.web(threads=1) as web, sync_playwright() as playwright:
			chromium = playwright.chromium.launch(executable_path=packages.browser(), args=["--no-sandbox"])
			yield Rooms(chromium, web.url)
	finally:
		update_site_config("kupang_hr_today", "None")


def _open_all(rooms: Rooms, pages: Sequence[Page]) -> list[tuple[Page, list[dict[str, Any]]]]:
	found = [(page, []) for page in pages]
	for user in dict.fromkeys(page.user for page in pages):
		for _round in range(ROUNDS):
			seat = Desk(rooms)
			seat.page.clock.set_fixed_time(f"{TODAY}T10:00:00+08:00")
			seat.log_in(user)
			for page, rounds in found:
				if page.user == user:
					print(page.name, file=sys.stderr, flush=True)
					rounds.append(_open(seat, page))
			seat.leave()
	return found


def _open(seat: Desk, page: Page) -> dict[str, Any]:
	"""What the server did for a page, until nothing is asked for any more."""
	on_desk = not page.route.startswith("/")
	if on_desk and seat.page.url == "about:blank":
		seat.open()
	with _noting(seat) as answers:
		seat.go(*page.route.split("/"), **page.filters) if on_desk else seat.page.goto(page.route)
		seat.page.locator(page.shows).first.wait_for()
		seat.rest() if on_desk or page.route.startswith("/app") else seat.page.wait_for_timeout(500)
	if failed := [f"{answer.status} {answer.url}" for answer in answers if answer.status >= 400]:
		raise StepFailed(f"{page.name}: {failed}")
	took = [(float(answer.headers[TOOK].partition("dur=")[2]) / 1000, answer.url) for answer in answers]
	longest, slowest = max(took)
	return {
		"seconds": round(sum(seconds for seconds, _url in took), 3),
		"requests": len(took),
		"slowest": slowest.partition("?")[0].rpartition("/")[2],
		"seconds_of_slowest": round(longest, 3),
	}


@contextmanager
def _noting(seat: Desk) -> Iterator[list[Response]]:
	"""What Frappe itself answers meanwhile; files are none of its work."""
	answers: list[Response] = []

	def note(response: Response) -> None:
		if TOOK in response.headers and SOCKET not in response.url:
			answers.append(response)

	seat.page.on("response", note)
	yield answers
	seat.page.remove_listener("response", note)
