"""The page /saya in a real Chromium on a phone: what a person reads of themselves, and of nobody else."""

import re
from collections.abc import Callable, Iterator

import frappe
import pytest
from frappe.utils.password import update_password

from dev import assets
from kupang_hr.cycle.year_end import run_all
from tests.browser.phone import Phone
from tests.site import january
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR

TODAY = "2021-02-05"
PASSWORD = "Kupang-2021!"
PTT, NOBODY = "ptt@city.test", "nobody@city.test"
SCRIPT = 'O\'Brien "<script>window.ran=1</script>"'
AT_WORK = "Catat kehadiran Anda setiap hari kerja."


@pytest.fixture
def saya(chromium, web, city) -> Iterator[Callable[..., Phone]]:
	"""Opens the page for a user; in the end nothing may have gone wrong in it, and no name may have run."""
	phones: list[Phone] = []

	def opened(user: str = PTT) -> Phone:
		frappe.db.set_value("User", user, "language", None)
		update_password(user, PASSWORD)
		frappe.db.commit()
		frappe.clear_cache(user=user)
		phones.append(Phone(chromium, web.url, None))
		phones[-1].log_in(user, PASSWORD)
		phones[-1].page.goto("/saya")
		return phones[-1]

	yield opened
	for each in phones:
		assert each.page.evaluate("window.ran") is None
		each.context.close()
	assert [error for each in phones for error in each.errors] == []
	frappe.db.rollback()
	frappe.db.delete("Personnel")
	frappe.db.commit()


def is_me(person: str, **values: str) -> str:
	frappe.db.set_value("Personnel", person, {"user": PTT, **values})
	frappe.db.commit()
	return person


def told(phone: Phone, section: str) -> str:
	"""What a section says, by the name of its heading."""
	text = phone.page.inner_text(f"section[aria-labelledby={section}]")
	return re.sub(r"\s+", " ", text)


def barriers(phone: Phone) -> list[str]:
	phone.page.evaluate(assets.axe())
	found = phone.page.evaluate("axe.run().then((answer) => answer.violations)")
	serious = [each for each in found if each["impact"] in ("serious", "critical")]
	return [
		f"{each['id']}: {node['html']} {node['failureSummary']}" for each in serious for node in each["nodes"]
	]


# The whole page


def test_a_person_who_worked_through_january_does_not_find_it_on_the_page(city, saya):
	january.stood_down(city, servants=0, DISHUB=1, DLHK=2)
	me, other = january.at_work()
	january.punch([me], january.WORKING, late=20)
	january.punch([other], january.WORKING)
	january.rebuild(city)
	january.close(city)
	january.reappointed(city)
	january.close(city, on=TODAY)
	is_me(me, full_name=SCRIPT)
	nik = frappe.db.get_value("Personnel Identity", {"personnel": me}, "nik")
	phone = saya()
	assert phone.page.inner_text("h1") == SCRIPT
	assert phone.page.get_attribute("html", "lang") == "id"
	number = frappe.db.get_value("Decree", {"kind": "Reappointment"}, "decree_number")
	assert number in told(phone, "decrees") and "3 Februari 2021" in told(phone, "decrees")
	assert "1 Januari 2021" in told(phone, "contract") and "31 Desember 2021" in told(phone, "contract")
	assert nik[-4:] in told(phone, "contract") and nik not in phone.page.content()
	assert "Januari 2021" in told(phone, "pay")
	assert "Gaji Pokok Rp 2.000.000 Terlambat: 400 menit −Rp 300.000 Dibayarkan Rp 1.700.000" in told(
		phone, "pay"
	)
	assert "Rapel, dibayar bersama Februari 2021: Rp 1.700.000" in told(phone, "pay")
	names = frappe.get_all("Personnel", {"name": ("!=", me)}, pluck="full_name")
	assert not [name for name in names if name in phone.page.content()]
	phone.page.click("section[aria-labelledby=attendance] summary")
	assert phone.page.locator("section[aria-labelledby=attendance] tbody tr").count() > 10
	assert barriers(phone) == []
	width = phone.page.evaluate("document.documentElement.scrollWidth")
	assert width <= phone.page.viewport_size["width"]


def test_the_petikan_does_not_open_or_somebody_elses_does(city, saya):
	january.stood_down(city, servants=0, DISHUB=2)
	january.reappointed(city)
	me, other = frappe.get_all("Personnel", pluck="name", order_by="name")
	is_me(me)
	phone = saya()
	link = phone.page.get_attribute("section[aria-labelledby=decrees] a", "href")
	answer = phone.context.request.get(link)
	assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
	assert answer.body().startswith(b"%PDF-")
	assert phone.context.request.get(link.replace(me, other)).status == 403


def test_the_two_pages_do_not_lead_to_each_other_by_keyboard(city, saya):
	is_me(city.settle(2021, DISHUB=1)[0])
	phone = saya()
	assert told(phone, "next") == f"Yang perlu dilakukan {AT_WORK}"
	phone.page.keyboard.press("Tab")
	phone.page.keyboard.press("Enter")
	phone.page.wait_for_url("**/absen")
	phone.rest()
	phone.page.click("header a")
	phone.page.wait_for_url("**/saya")


# The states of a person


def test_somebody_in_process_reads_scores_or_what_the_mayor_thinks(city, saya):
	january.stood_down(city, servants=0, DISHUB=1)
	is_me(january.at_home()[0])
	city.run(MAYOR, "2021-01-20", "hold", round=january.ROUND, reason="Berkas rahasia", opd="DISHUB")
	phone = saya()
	assert "sedang diproses" in told(phone, "renewal")
	assert not re.search("Berkas rahasia|Held|Baik|Cukup", phone.page.content())
	assert "Tetap di rumah" in told(phone, "next")


def test_somebody_not_renewed_is_not_told_why(city, saya):
	january.stood_down(city, servants=0, DISHUB=1)
	person = is_me(january.at_home()[0])
	names = frappe.get_all("Contract Renewal", {"personnel": person}, pluck="name")
	city.run(MAYOR, "2021-01-20", "decline", round=january.ROUND, reason="<b>Absen</b> 40 hari", names=names)
	phone = saya()
	assert "tidak diperpanjang" in told(phone, "renewal")
	assert "<b>Absen</b> 40 hari" in told(phone, "renewal")


def test_somebody_who_left_is_told_to_work(city, saya):
	person = is_me(city.settle(2020, DISHUB=1)[0])
	leavers = {person: {"reason": "BUMN", "exit_date": "2020-12-15"}}
	city.run(CLERK, "2020-12-16", "record-leavers", leavers=leavers)
	run_all("2021-01-04")
	phone = saya()
	assert "tidak lagi tercatat" in told(phone, "next")
	assert "Diakhiri" in told(phone, "contract")


def test_somebody_without_a_contract_sees_an_error(city, saya):
	person = is_me(city.settle(2021, DISHUB=1)[0])
	frappe.db.delete("PTT Contract", {"personnel": person})
	phone = saya()
	assert "Belum ada kontrak Anda" in told(phone, "contract")
	assert "Belum ada" in told(phone, "pay") and "Belum ada" in told(phone, "decrees")
	assert barriers(phone) == []


def test_a_login_of_nobody_sees_an_error_or_somebody(saya):
	phone = saya(NOBODY)
	assert "tidak terdaftar sebagai pegawai" in phone.page.inner_text("main")


def test_a_guest_is_let_in(chromium, web, city):
	phone = Phone(chromium, web.url, None)
	phone.page.goto("/saya")
	assert re.search(r"/login\?redirect-to=(/|%2F)saya(#login)?$", phone.page.url)
	phone.context.close()
