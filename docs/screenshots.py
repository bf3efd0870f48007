"""Take the pictures of the guide from a demonstration that is being served.

	make demo                                                          # on a bench: FRAPPE_BENCH=... make demo
	.bench/env/bin/python docs/screenshots.py ADDRESS PASSWORD         # both as `make demo` prints them

Each login's language becomes Indonesian. Writes docs/screenshots/*.png; ends with an error when a page does not come up.
"""

import sys
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from dev import packages

TARGET = Path(__file__).with_name("screenshots")
DOMAIN = "kupang.example"
DESK, PHONE = (1366, 900), (390, 780)
READY = "window.frappe?.boot && window.cur_page && !document.querySelector('#freeze.in') && $.active === 0"


class Picture(NamedTuple):
	"""A file, who looks, at which route of the desk (or path of a page), and what is there once it has come up."""

	name: str
	user: str
	route: str
	shows: str


PICTURES = (
	Picture(
		"ruang-kerja-operator-bkppd", "operator.bkppd", "Workspaces/Kupang HR", ".custom-block-widget-box h2"
	),
	Picture("putaran", "operator.bkppd", "Form/Renewal Round/2021", ".kupang-states table"),
	Picture("pegawai", "operator.bkppd", "List/Personnel", ".list-row"),
	Picture("pohon-opd", "operator.bkppd", "Tree/OPD", ".tree-link"),
	Picture("penilaian", "kepala.dishub", "penilaian", ".kupang-grid table"),
	Picture("kehadiran-per-hari", "kepala.dishub", "query-report/Attendance by Day", ".dt-row"),
	Picture(
		"ruang-kerja-operator-opd", "operator.dishub", "Workspaces/Kupang HR", ".custom-block-widget-box h2"
	),
	Picture("meja-wali-kota", "walikota", "meja-wali-kota", ".meja-opd"),
	Picture("papan-perpanjangan", "walikota", "renewal-board", ".kupang-board-column"),
	Picture("sk", "kepala.bkppd", "List/Decree", ".list-row"),
	Picture("periode", "keuangan.bkad", "List/Attendance Period", ".list-row"),
	Picture("saya", "ptt", "/saya", "section[aria-labelledby]"),
	Picture("absen", "ptt", "/absen", "main[aria-busy=false]"),
)


def main(address: str, password: str) -> None:
	TARGET.mkdir(exist_ok=True)
	with sync_playwright() as playwright:
		chromium = playwright.chromium.launch(executable_path=packages.browser(), args=["--no-sandbox"])
		for user in dict.fromkeys(picture.user for picture in PICTURES):
			look(chromium, address, user, password)


def look(chromium: Browser, address: str, user: str, password: str) -> None:
	"""Log in as one user and take their pictures."""
	pictures = [picture for picture in PICTURES if picture.user == user]
	on_phone = pictures[0].route.startswith("/")
	width, height = PHONE if on_phone else DESK
	context = chromium.new_context(
		viewport={"width": width, "height": height},
		base_url=address,
		locale="id-ID",
		device_scale_factor=2 if on_phone else 1,
	)
	login = f"{user}@{DOMAIN}"
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
