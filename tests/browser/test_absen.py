"""The page /absen in a real Chromium against a real server: a person's day on a cheap phone."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import frappe
import pytest
from frappe.installer import update_site_config
from frappe.utils.password import update_password

from dev import servers
from kupang_hr.api import attendance
from tests.browser.phone import SCREEN, Phone
from tests.site.city import HEAD

PASSWORD = "Kupang-2021!"
PTT, NOBODY = "ptt@city.test", "nobody@city.test"
TODAY = "2020-12-29"
OFFICE = (-10.158321, 123.603482)
JAKARTA = (-6.175392, 106.827153)
UNREACHED = "Tidak ada sambungan"


@pytest.fixture
def person(city) -> Iterator[str]:
	"""The PTT of these tests, whose office is where the phone is and whose Tuesday is never over."""
	name = city.settle(2020, DISHUB=1)[0]
	tuesday = {"weekday": "Tuesday", "start_time": "07:30", "end_time": "16:00"}
	schedule = {"doctype": "Work Schedule", "schedule_name": "Selasa", "hours": [tuesday]}
	schedule = frappe.get_doc({**schedule, "early_minutes": 450, "late_minutes": 480}).insert()
	frappe.db.set_value("Personnel", name, {"user": PTT, "work_schedule": schedule.name})
	office = frappe.get_doc("OPD", "DISHUB")
	office.update({"latitude": OFFICE[0], "longitude": OFFICE[1], "radius_m": 100}).save()
	set_limits(punches_a_minute=50)
	frappe.db.set_value("User", PTT, "language", None)
	for user in (PTT, NOBODY):
		update_password(user, PASSWORD)
	frappe.db.commit()
	frappe.clear_cache()
	yield name
	frappe.db.rollback()
	frappe.db.delete("Personnel")
	schedule.delete()
	set_limits(punches_a_minute=5, queued_after_minutes=5)


def set_limits(**values: int) -> None:
	settings = frappe.get_doc("Kupang HR Settings")
	settings.update(values).save()
	frappe.db.commit()


@pytest.fixture
def hand(chromium, web, person):
	"""Hands out phones; in the end nothing may have gone wrong in any page."""
	phones: list[Phone] = []

	def phone(position=OFFICE, user: str = PTT) -> Phone:
		phones.append(Phone(chromium, web.url, position))
		phones[-1].log_in(user, PASSWORD)
		return phones[-1]

	yield phone
	for each in phones:
		each.context.close()
	assert [error for each in phones for error in each.errors] == []


@pytest.fixture
def phone(city, hand) -> Phone:
	"""A phone that the OPD has approved, with the page open."""
	return approved(city, hand())


def approved(city, phone: Phone) -> Phone:
	phone.open()
	approve(city, phone.register())
	phone.open()
	return phone


def approve(city, device: str) -> None:
	with city.acting(HEAD, TODAY):
		attendance.decide_device(device, approve=1)
	frappe.db.commit()


def punches(fields: tuple[str, ...] = ("direction", "mode", "raised_flags")) -> list:
	"""The punches in the database, oldest first."""
	frappe.db.rollback()
	rows = frappe.get_all("Attendance Punch", fields=["*"], order_by="received_at asc", limit=0)
	return [tuple(row[field] for field in fields) for row in rows]


# Who may open it


def test_a_guest_is_let_in(chromium, web, person):
	phone = Phone(chromium, web.url, OFFICE)
	phone.page.goto("/absen")
	assert re.search(r"/login\?redirect-to=(/|%2F)absen(#login)?$", phone.page.url)
	phone.context.close()


def test_somebody_who_is_no_personnel_can_punch(hand):
	phone = hand(user=NOBODY)
	phone.page.goto("/absen")
	phone.page.wait_for_selector("#where:has-text('Anda tidak ada dalam daftar pegawai.')")
	assert phone.page.is_disabled("#next")


# The punch


def test_a_punch_with_a_position_is_not_recorded(phone, person):
	assert phone.page.inner_text("#who") == frappe.db.get_value("Personnel", person, "full_name")
	assert "07.30–16.00" in phone.page.inner_text("#hours")
	assert re.fullmatch(r"Masuk tercatat pukul \d\d\.\d\d\.", phone.press())
	assert punches(
		("personnel", "direction", "mode", "raised_flags", "latitude", "longitude", "accuracy")
	) == [(person, "In", "WFO", "", "-10.158321", "123.603482", "12")]
	assert phone.page.inner_text("#next") == "Pulang"  # what comes next is offered
	assert re.search(r"Masuk \d\d\.\d\d · Pulang –", phone.page.inner_text("#recorded"))
	assert phone.page.inner_text("#days tr:first-child td >> nth=0") != "–"


def test_a_refused_position_costs_the_punch(city, hand):
	phone = approved(city, hand(position=None))
	said = phone.press()
	assert "tanpa posisi" in said
	assert punches() == [("In", "WFO", "No Position")]


def test_the_mode_that_is_chosen_is_not_recorded(phone):
	phone.page.check("input[value=WFH]", force=True)
	phone.press()
	assert punches() == [("In", "WFH", "")]


def test_an_impossible_jump_is_not_said(phone):
	phone.press()
	phone.move(*JAKARTA)
	said = phone.press()
	assert "Anda tidak mungkin datang sejauh itu secepat itu." in said
	assert "Anda berada di luar lingkaran kantor Anda." in said
	flags = punches(("raised_flags",))[-1][0]
	assert "Impossible Speed" in flags and "Outside Office" in flags


def test_the_same_position_again_and_again_is_not_said(phone):
	for _ in range(2):
		assert "persis sama" not in phone.press()
		phone.page.wait_for_timeout(1100)  # two in one second are refused
	assert "Posisinya persis sama seperti beberapa kali sebelumnya." in phone.press()
	assert [flags for (flags,) in punches(("raised_flags",))] == ["", "", "Repeated Position"]


def test_leaving_can_only_be_pressed_after_coming(phone):
	phone.press("#other")
	assert punches() == [("Out", "WFO", "")]


# The connection


def test_a_punch_without_a_connection_is_lost(phone, person):
	set_limits(queued_after_minutes=0)
	phone.context.set_offline(True)
	said = phone.press()
	assert said == f"{UNREACHED}. Absen disimpan di ponsel ini dan dikirim sesegera mungkin."
	assert phone.page.inner_text("#line") == "Luring"
	assert phone.page.locator("#queue li").count() == 1 and punches() == []
	phone.page.wait_for_timeout(2100)
	phone.context.set_offline(False)
	phone.says("Masuk tercatat pukul")
	assert "terlambat" in phone.told()
	((claimed, received, counted, flags),) = punches(
		("claimed_at", "received_at", "counted_at", "raised_flags")
	)
	assert timedelta(seconds=2) <= received - claimed < timedelta(seconds=30)
	assert (counted, flags) == (received, "Late Received")
	assert phone.page.is_hidden("#waiting") and phone.page.inner_text("#line") == ""


def test_a_punch_that_waits_is_lost_with_the_page(phone):
	phone.context.set_offline(True)
	phone.press()
	phone.page.close()
	phone.context.set_offline(False)
	phone.page = phone.new_page()
	phone.open()
	phone.says("Masuk tercatat pukul")
	assert punches() == [("In", "WFO", "")]


def test_the_page_does_not_open_without_a_connection(phone, person):
	phone.context.set_offline(True)
	phone.page.reload()
	name = frappe.db.get_value("Personnel", person, "full_name")
	phone.page.wait_for_selector(f"#who:has-text({json.dumps(name)})")
	phone.page.wait_for_selector("#line:has-text('Luring')")
	assert UNREACHED in phone.press()
	phone.press("#other")
	phone.context.set_offline(False)
	phone.says("Pulang tercatat pukul")
	assert [direction for (direction,) in punches(("direction",))] == ["In", "Out"]


def test_a_lost_answer_makes_two_punches(phone):
	lost = []

	def lose(route):
		lost.append(route.fetch().json()["message"]["status"])
		route.abort()

	phone.page.route("**/*attendance.punch", lose, times=1)
	assert "Masuk tercatat pukul" in phone.press()  # sent again at once
	assert lost == ["accepted"]
	assert len(punches()) == 1 and phone.page.is_hidden("#waiting")


def test_the_page_of_a_hotspot_is_taken_for_the_server(phone):
	phone.page.route("**/api/**", lambda route: route.fulfill(body="<html>Wi-Fi gratis: masuk dulu</html>"))
	assert UNREACHED in phone.press()
	phone.page.unroute("**/api/**")
	phone.page.click("#again")
	phone.says("Masuk tercatat pukul")
	assert len(punches()) == 1


def test_the_token_of_a_page_that_was_kept_is_too_old(phone):
	phone.page.evaluate("token = 'of yesterday'")
	assert "Masuk tercatat pukul" in phone.press()


def test_a_session_that_ended_costs_the_punch(phone):
	phone.context.clear_cookies()
	said = phone.press()
	assert "Masuk lagi." in said or "disimpan di ponsel ini" in said
	phone.page.wait_for_selector("#said a[href='/login?redirect-to=/absen']")
	assert phone.page.locator("#queue li").count() == 1 and punches() == []
	phone.log_in(PTT, PASSWORD)
	phone.open()
	for _half_a_second in range(60):  # the page may have sent it the moment the session was there again
		if punches():
			break
		phone.page.wait_for_timeout(500)
	assert len(punches()) == 1


def test_somebody_else_sends_what_waits_on_the_phone(phone):
	phone.context.set_offline(True)
	phone.press()
	phone.page.close()  # before it hears of the connection, and sends
	phone.context.set_offline(False)
	phone.page = phone.new_page()
	phone.log_in(NOBODY, PASSWORD)
	phone.page.goto("/absen")  # where the server is slow, this shows the page of before and keeps the new one
	phone.page.wait_for_function(
		"caches.match('/absen').then((page) => page.text()).then((text) => text.includes('nobody@city.test'))"
	)
	phone.page.goto("/absen")
	phone.page.wait_for_selector("#who:has-text('nobody@city.test')")
	assert phone.page.is_hidden("#waiting") and punches(("personnel",)) == []


def test_a_wrong_clock_of_the_phone_decides(city, hand):
	phone = hand()
	at = datetime.fromisoformat("2020-12-29T03:00:00+08:00")
	phone.context.clock.set_system_time(at)
	approved(city, phone)
	assert "Jam ponsel ini" in phone.page.inner_text("#clock")
	phone.press()
	((claimed, received, flags),) = punches(("claimed_at", "received_at", "raised_flags"))
	assert abs(received - claimed) < timedelta(seconds=30) and flags == ""


# The phone


def test_an_unregistered_phone_records(hand):
	phone = hand()
	phone.open()
	assert phone.press() == "Ponsel ini belum terdaftar. Tekan “Daftarkan ponsel ini” dahulu."
	assert phone.page.evaluate("document.activeElement.id") == "register"
	assert punches() == []


def test_a_phone_that_waits_for_approval_records(city, hand, person):
	phone = hand()
	phone.open()
	device = phone.register()
	assert "Menunggu persetujuan OPD Anda" in phone.page.inner_text("#phone-words")
	assert frappe.db.get_value("Registered Device", device, ["personnel", "status"]) == (person, "Requested")
	phone.press()
	refusal = phone.page.inner_text("#queue li")
	assert "Masuk" in refusal and len(refusal) > 40 and punches() == []
	phone.page.click("#queue button")
	phone.page.wait_for_selector("#waiting", state="hidden")
	approve(city, device)
	phone.open()
	assert phone.page.is_hidden("#phone")
	assert "Masuk tercatat pukul" in phone.press()


@pytest.mark.parametrize(
	("status", "words"), {"Refused": "OPD Anda menolak ponsel ini", "Revoked": "sudah dicabut"}.items()
)
def test_a_decision_against_the_phone_is_not_said(hand, status, words):
	phone = hand()
	phone.open()
	frappe.db.set_value("Registered Device", phone.register(), "status", status)
	frappe.db.commit()
	phone.open()
	assert words in phone.page.inner_text("#phone-words")
	phone.press()
	assert phone.page.locator("#queue li").count() == 1 and punches() == []


def test_the_key_leaves_the_phone(phone):
	kept = phone.page.evaluate(
		"kept('key').then((key) => [key.privateKey.extractable, key.privateKey.algorithm.namedCurve])"
	)
	assert kept == [False, "P-256"]
	assert "privateKey" not in json.dumps(phone.context.storage_state())


# Requests


def test_a_correction_is_not_sent(phone, person):
	phone.page.click("details:has(#correction) summary")
	phone.page.fill("#correction [name=day]", "2020-12-28")
	phone.page.fill("#correction [name=in_at]", "07:28")
	phone.page.fill("#correction [name=reason]", "Listrik padam")
	phone.page.click("#correction button")
	phone.page.wait_for_selector("#correction .answer:has-text('Terkirim. OPD Anda yang memutuskan.')")
	phone.rest()
	frappe.db.rollback()
	(row,) = frappe.get_all("Attendance Correction", fields=["*"], order_by="name asc")
	assert (row.personnel, row.kind, row.reason, row.docstatus) == (person, "Times", "Listrik padam", 0)
	assert (row.in_at, row.out_at) == (datetime(2020, 12, 28, 7, 28), None)
	assert "Koreksi 28 Des: menunggu OPD Anda" in phone.page.inner_text("#requests")


def test_a_permit_is_not_sent(phone, person):
	phone.page.click("details:has(#permit) summary")
	phone.page.select_option("#permit [name=kind]", "Sick")
	phone.page.fill("#permit [name=from_date]", "2020-12-29")
	phone.page.fill("#permit [name=to_date]", "2020-12-30")
	phone.page.fill("#permit [name=reason]", "Demam")
	note = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
	phone.page.set_input_files("#permit [name=attachment]", note)
	phone.page.click("#permit button")
	phone.page.wait_for_selector("#permit .answer:has-text('Terkirim.')")
	phone.rest()
	frappe.db.rollback()
	(row,) = frappe.get_all("Absence Permit", fields=["*"], order_by="name asc")
	assert (row.personnel, row.kind, str(row.from_date), str(row.to_date), row.docstatus) == (
		person,
		"Sick",
		"2020-12-29",
		"2020-12-30",
		0,
	)
	assert row.attachment.startswith("/private/files/")
	assert "Sakit" in phone.page.inner_text("#requests")


def test_a_refused_request_is_cleared_away(phone):
	phone.page.click("details:has(#permit) summary")
	phone.page.fill("#permit [name=from_date]", "2020-12-30")
	phone.page.fill("#permit [name=to_date]", "2020-12-29")
	phone.page.fill("#permit [name=reason]", "Urusan keluarga")
	phone.page.click("#permit button")
	phone.page.wait_for_selector("#permit .answer.bad")
	assert phone.page.input_value("#permit [name=reason]") == "Urusan keluarga"
	assert not frappe.get_all("Absence Permit", pluck="name", order_by="name asc")


# Everybody can use it


def focus(phone: Phone, wanted: str) -> None:
	"""Reach an element with the Tab key alone."""
	for _ in range(40):
		phone.page.keyboard.press("Tab")
		if phone.page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
			return
	raise AssertionError(f"the keyboard never reaches {wanted}")


def test_the_keyboard_alone_does_not_do(phone):
	focus(phone, "[name=mode]")
	phone.page.keyboard.press("ArrowRight")
	focus(phone, "#next")
	phone.page.keyboard.press("Enter")
	phone.says("Masuk tercatat pukul")
	assert punches() == [("In", "WFH", "")]
	focus(phone, "details:has(#permit) summary")
	phone.page.keyboard.press("Enter")
	focus(phone, "#permit [name=reason]")
	phone.page.keyboard.type("Urusan keluarga")
	assert phone.page.input_value("#permit [name=reason]") == "Urusan keluarga"


UNLABELLED = (
	"[...document.querySelectorAll('input, select, textarea')].filter((e) => !e.labels.length).length"
)
CONTRASTS = """() => {
	const light = (rgb) => rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	const rgba = (text) => text.match(/[\\d.]+/g).map(Number);
	const behind = (e) => {
		const [r, g, b, a = 1] = rgba(getComputedStyle(e).backgroundColor);
		return a || !e.parentElement ? [r, g, b] : behind(e.parentElement);
	};
	const words = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
	return [...document.body.querySelectorAll('*')].filter((e) => words(e) && e.checkVisibility()).map((e) => {
		const [one, other] = [light(rgba(getComputedStyle(e).color).slice(0, 3)), light(behind(e))].sort((a, b) => b - a);
		return [e.outerHTML.slice(0, 60), (one + 0.05) / (other + 0.05)];
	});
}"""


def test_a_text_is_hard_to_read_or_a_field_has_no_label(phone):
	for summary in phone.page.query_selector_all("summary"):
		summary.click()
	contrasts = phone.page.evaluate(CONTRASTS)
	assert len(contrasts) > 30
	assert not [(text, ratio) for text, ratio in contrasts if ratio < 4.5]
	assert phone.page.evaluate(UNLABELLED) == 0
	assert phone.page.get_attribute("html", "lang") == "id"


def test_the_button_is_not_under_the_thumb_of_a_small_phone(phone, tmp_path):
	box = phone.page.locator("#next").bounding_box()
	assert box["height"] >= 64 and box["width"] >= 180
	assert box["y"] > SCREEN["height"] / 2 and box["y"] + box["height"] <= SCREEN["height"]
	assert phone.page.evaluate("document.documentElement.scrollWidth") == SCREEN["width"]
	phone.shot(tmp_path / "absen.png")


def test_the_page_is_heavy(hand):
	phone, answers = hand(), []
	phone.page.on("response", lambda answer: answers.append(answer))
	phone.open()
	page = next(answer for answer in answers if answer.url.endswith("/absen"))
	assert len(gzip.compress(page.body())) < 12_000
	assert len([answer for answer in answers if "/api/" not in answer.url]) <= 4
	assert not [answer.url for answer in answers if "/assets/" in answer.url]


def test_the_page_cannot_be_installed(phone):
	session = phone.context.new_cdp_session(phone.page)
	manifest = session.send("Page.getAppManifest")
	assert (manifest["errors"], json.loads(manifest["data"])["start_url"]) == ([], "/absen")
	errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
	assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
	for icon in json.loads(manifest["data"])["icons"]:
		answer = phone.context.request.get(icon["src"])
		assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, icon["type"])
		assert len(answer.body()) < 8_000


def test_english_is_not_spoken_to_whoever_wants_it(hand):
	frappe.db.set_value("User", PTT, "language", "en")
	frappe.db.commit()
	frappe.clear_cache(user=PTT)
	phone = hand()
	phone.open()
	assert phone.page.inner_text("#next") == "Check In"
	assert phone.page.get_attribute("html", "lang") == "en"
	assert "is not registered" in phone.press()
