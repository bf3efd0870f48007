"""Take the pictures of the guide from demonstrations that are being served, one on each of the DAYS below.

	make demo UNTIL=2020-12-06                                             # on a bench: FRAPPE_BENCH=... make demo ...
	.bench/env/bin/python docs/screenshots.py 2020-12-06 ADDRESS PASSWORD  # the last two as `make demo` prints them

Each login's language becomes Indonesian. Writes docs/screenshots/*.png; ends with an error when a page does not come up.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from dev import packages

TARGET = Path(__file__).with_name("screenshots")
DOMAIN = "kupang.example"
DESK, PHONE = (1366, 900), (390, 780)
READY = "window.frappe?.boot && window.cur_page && !document.querySelector('#freeze.in') && $.active === 0"


SCORING, DECIDING, DONE = DAYS = ("2020-12-06", "2021-01-18", "2021-02-03")


class Picture(NamedTuple):
	"""A file, on which day who looks, at which route of the desk (or path), and what is there once it is up."""

	name: str
	day: str
	user: str
	route: str
	shows: str


WORKSPACE, WAITING = "Workspaces/Kupang HR", ".custom-block-widget-box h2"
PICTURES = (
	Picture("penilaian", SCORING, "kepala.dishub", "penilaian", ".kupang-grid table"),
	Picture("ruang-kerja-kepala-opd", SCORING, "kepala.dishub", WORKSPACE, WAITING),
	Picture("ruang-kerja-operator-opd", SCORING, "operator.dishub", WORKSPACE, WAITING),
	Picture("ruang-kerja-operator-bkppd", DECIDING, "operator.bkppd", WORKSPACE, WAITING),
	Picture("putaran", DECIDING, "operator.bkppd", "Form/Renewal Round/2021", ".kupang-states table"),
	Picture("meja-wali-kota", DECIDING, "walikota", "meja-wali-kota", ".meja-opd"),
	Picture("papan-perpanjangan", DECIDING, "walikota", "renewal-board", ".kupang-board-column"),
	Picture("pegawai", DONE, "operator.bkppd", "List/Personnel", ".list-row"),
	Picture("pohon-opd", DONE, "operator.bkppd", "Tree/OPD", ".tree-link"),
	Picture("kehadiran-per-hari", DONE, "kepala.bkppd", "query-report/Attendance by Day", ".dt-row"),
	Picture("sk", DONE, "kepala.bkppd", "List/Decree", ".list-row"),
	Picture("periode", DONE, "keuangan.bkad", "List/Attendance Period", ".list-row"),
	Picture("saya", DONE, "ptt", "/saya", "section[aria-labelledby]"),
	Picture("absen", DONE, "ptt", "/absen", "main[aria-busy=false]"),
)


def main(day: str, address: str, password: str) -> None:
	wanted = [picture for picture in PICTURES if picture.day == day]
	if not wanted:
		sys.exit(f"No picture is taken on {day}; they are on {', '.join(DAYS)}.")
	TARGET.mkdir(exist_ok=True)
	with sync_playwright() as playwright:
		chromium = playwright.chromium.launch(executable_path=packages.browser(), args=["--no-sandbox"])
		for user in dict.fromkeys(picture.user for picture in wanted):
			look(chromium, address, password, [picture for picture in wanted if picture.user == user])


def look(chromium: Browser, address: str, password: str, pictures: Sequence[Picture]) -> None:
	"""Log in as the user of these pictures and take them."""
	on_phone = pictures[0].route.startswith("/")
	width, height = PHONE if on_phone else DESK
	context = chromium.new_context(
		viewport={"width": width, "height": height},
		base_url=address,
		locale="id-ID",
		device_scale_factor=2 if on_phone else 1,
	)
	login = f"{pictures[0].user}@{DOMAIN}"
	answer = context.request.post("/api/method/login", form={"usr": login, "pwd": password})
	assert answer.ok, f"{login}: {answer.status} {answer.text()[:300]}"
	page = context.new_page()
	speak_indonesian(page, login, on_phone)
	for picture in pictures:
		page.goto(picture.route) if on_phone else go(page, picture.route)
		page.locator(picture.shows).first.wait_for()
		page.wait_for_timeout(1500)  # charts and cards are drawn in steps
		page.screenshot(path=TARGET / f"{picture.name}.png")
		print(f"{picture.name}.png")
	context.close()


def speak_indonesian(page: Page, login: str, on_phone: bool) -> None:
	page.goto("/saya" if on_phone else "/app")
	if on_phone:
		return  # the pages of people without a desk begin in Indonesian
	page.wait_for_function(READY)
	page.evaluate(
		"(user) => frappe.xcall('frappe.client.set_value', "
		"{doctype: 'User', name: user, fieldname: 'language', value: 'id'})",
		login,
	)
	page.reload()


def go(page: Page, route: str) -> None:
	page.wait_for_function(READY)
	page.evaluate("(route) => { frappe.set_route(route); }", route.split("/"))
	page.wait_for_function("(to) => frappe.get_route()[0] === to", arg=route.split("/")[0])
	page.wait_for_function(READY)


if __name__ == "__main__":
	main(*sys.argv[1:])
