"""The QR code of a petikan, read from its image, and the page that it opens in a real Chromium."""

from collections.abc import Iterator
from itertools import islice, product

import frappe
import pytest
import requests
from frappe.installer import update_site_config

from dev import servers
from kupang_hr.letters import decree
from kupang_hr.letters.genuine import ASKED_A_MINUTE, KEPT_SECONDS
from tests.site.papers import lines_of, qr_codes, reappointed, revoked

TODAY = "2021-03-01"


@pytest.fixture(autouse=True)
def nobody_has_asked(site) -> None:
	if counted := frappe.cache.keys("*rl:*"):  # newer Frappe puts the site before it
		frappe.cache.delete(*counted)


def address_of(web, doc, line: str) -> str:
	"""Where the QR code on the rendered petikan leads, on the server of these tests."""
	(said,) = qr_codes(decree.excerpt_pdf(doc, line))
	assert said.startswith(frappe.utils.get_url("/sk/"))
	return web.url + said.removeprefix(frappe.utils.get_url())


@pytest.fixture
def visit(chromium):
	"""Open a page on a cheap phone without scripts; status, what it says, its text."""
	context = chromium.new_context(
		viewport={"width": 320, "height": 568}, is_mobile=True, java_script_enabled=False
	)
	page = context.new_page()

	def opened(address: str) -> tuple[int, str, str]:
		answer = page.goto(address)
		card = page.locator("[data-status]")
		assert card.count() == 1, page.content()[:2000]
		width = page.locator("main").bounding_box()["width"]
		assert width <= 320, "no scrolling sideways"
		return answer.status, card.get_attribute("data-status"), page.locator("body").inner_text()

	opened.page = page
	yield opened
	context.close()


def test_the_code_of_a_petikan_opens_its_proof_and_no_nik(city, web, visit):
	doc = reappointed(city, DISHUB=2)
	line = lines_of(doc.name)[0]
	status, says, text = visit(address_of(web, doc, line.name))
	assert (status, says) == (200, "valid")
	for words in (doc.decree_number, line.full_name, "1 Januari 2021", "31 Desember 2021", "3 Februari 2021"):
		assert words in text, words
	assert line.nik not in visit.page.content() and line.personnel not in visit.page.content()


def test_a_revoked_petikan_says_which_decree_revoked_it(city, web, visit):
	doc = reappointed(city, DISHUB=2)
	kept, gone = lines_of(doc.name)
	taken = revoked(city, doc, gone.name)
	assert visit(address_of(web, doc, kept.name))[:2] == (200, "valid")
	status, says, text = visit(address_of(web, doc, gone.name))
	assert (status, says) == (200, "revoked")
	assert taken.decree_number in text
	assert visit(address_of(web, taken, lines_of(taken.name)[0].name))[:2] == (200, "valid")


@pytest.mark.parametrize(
	("term_start", "term_end", "says"),
	[("2021-01-01", "2021-02-28", "ended"), ("2021-03-02", "2021-12-31", "coming")],
)
def test_a_term_that_is_over_or_to_come_is_told(city, web, visit, term_start, term_end, says):
	doc = reappointed(city, DISHUB=1)
	frappe.db.set_value("Decree", doc.name, {"term_start": term_start, "term_end": term_end})
	frappe.db.commit()
	(line,) = lines_of(doc.name)
	assert visit(address_of(web, doc, line.name))[:2] == (200, says)


@pytest.mark.parametrize(
	"guess", ["2222-2222-2222-2222", "x", "' or 1=1 --", "../../etc/passwd", "%00", "a" * 500, "<script>"]
)
def test_a_guessed_code_is_not_found_and_learns_nothing(city, web, guess):
	answer = requests.get(f"{web.url}/sk", params={"k": guess}, timeout=60)
	assert answer.status_code == 404
	assert 'data-status="unknown"' in answer.text
	assert answer.headers["Cache-Control"] == "no-store"
	assert "<script>" not in answer.text and "BKPPD.814" not in answer.text


def test_a_typed_code_is_understood_and_an_unsigned_line_has_none(city, web, visit):
	doc = reappointed(city, DISHUB=1)
	(line,) = lines_of(doc.name)
	assert visit(f"{web.url}/sk")[:2] == (200, "blank")
	visit.page.fill("input[name=k]", f" {line.code.upper()[:8]} {line.code[8:]} ")
	visit.page.click("button")
	assert visit.page.locator("[data-status]").get_attribute("data-status") == "valid"
	frappe.db.set_value("Decree Line", line.name, "signed", 0)
	frappe.db.commit()
	assert visit(f"{web.url}/sk/{line.code}")[:2] == (404, "unknown")


def test_whoever_guesses_on_has_to_wait(city, web):
	answers = [
		requests.get(f"{web.url}/sk/2222-2222-2222-22{first}{second}", timeout=60)
		for first, second in islice(product("23456789", repeat=2), ASKED_A_MINUTE + 1)
	]
	assert [answer.status_code for answer in answers] == [404] * ASKED_A_MINUTE + [429]
	assert answers[-1].headers["Retry-After"] == "60" and 'data-status="too-many"' in answers[-1].text


def test_the_page_may_be_kept_and_is_small(city, web):
	doc = reappointed(city, DISHUB=1)
	(line,) = lines_of(doc.name)
	answer = requests.get(f"{web.url}/sk/{line.code}", timeout=60)
	assert answer.headers["Content-Type"].startswith("text/html")
	assert answer.headers["Cache-Control"] == f"public, max-age={KEPT_SECONDS}"
	assert "Set-Cookie" not in answer.headers, "the session of whoever asked first"
	assert len(answer.content) < 5000
	again = requests.get(answer.url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=60)
	assert (again.status_code, again.content) == (304, b"")


def test_the_page_speaks_indonesian_first_and_english_when_asked(city, web):
	assert '<html lang="id">' in requests.get(f"{web.url}/sk", timeout=60).text
	english = requests.get(f"{web.url}/sk?lang=en", timeout=60).text
	assert '<html lang="en">' in english and "Type the code that stands beside the QR code." in english
