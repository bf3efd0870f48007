"""Letters over real HTTP: what is answered to whom, which way it was printed, and who it says has taken it."""

import json
from collections import Counter
from pathlib import Path

import frappe
import pytest
from frappe.utils.password import set_encrypted_password

from dev import servers
from kupang_hr.bulk import run
from kupang_hr.letters import bundle
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, City
from tests.site.mailbox import mailbox
from tests.site.papers import SIGNED, flat, lines_of, pages_of, reappointed, terminated
from tests.site.test_rest import Caller, message_of

NOBODY, GUEST, LETTERS = "nobody@city.test", "Guest", "/api/method/kupang_hr.api.letters."
FRAPPES = "/api/method/frappe.utils.print_format."
PDF = "application/pdf"
MONTH = "2020-12"


@pytest.fixture(scope="module")
def papers(site):
	"""A signed decree with a bundle, an order, and a day of attendance: read by every test, written by none."""
	frappe.set_user("Administrator")
	frappe.db.rollback()
	city = City()
	city.sweep()
	doc = reappointed(city, DISHUB=2, PUPR=1)
	city.run(BKPPD_HEAD, SIGNED, "bundle-petikan", decree=doc.name, form="pdf")
	with city.acting(BKPPD_HEAD, "2020-12-28"):
		order = frappe.get_doc({"doctype": "Stand Down Order", "round": doc.round}).insert()
		order.submit()
	line = lines_of(doc.name)[0]
	log = {
		"personnel": line.personnel,
		"personnel_name": line.full_name,
		"day": f"{MONTH}-01",
		"opd": "DISHUB",
	}
	log |= {"name": f"{line.personnel}-1", "code": "H"}
	frappe.qb.into(frappe.qb.DocType("Attendance Log")).columns(*log).insert(*log.values()).run()
	frappe.db.commit()
	(found,) = bundle.made(doc.name)
	yield frappe._dict(
		decree=doc.name, order=order.name, lines=lines_of(doc.name), url=found["file_url"], round=doc.round
	)
	frappe.delete_doc("File", frappe.db.get_value("File", {"file_url": found["file_url"]}), force=True)
	frappe.db.commit()


@pytest.fixture(scope="module")
def callers(papers, web):
	users = {user: Caller(web.url, **token_of(user)) for user in (CLERK, HEAD, MAYOR, BKPPD_HEAD, NOBODY)}
	return {**users, GUEST: Caller(web.url)}


def token_of(user: str) -> dict[str, str]:
	secret = frappe.generate_hash(length=15)
	frappe.db.set_value("User", user, "api_key", f"key-{user}", update_modified=False)
	set_encrypted_password("User", user, secret, "api_secret")
	frappe.db.commit()
	return {"Authorization": f"token key-{user}:{secret}"}


def taken(since: str) -> list[tuple]:
	"""Who took what, how, since a row of the Access Log."""
	rows = frappe.get_all(
		"Access Log",
		filters={"method": ("like", "letters.%"), "name": ("not in", since or [""])},
		fields=["user", "export_from", "reference_document", "method", "file_type"],
		order_by="creation asc",
	)
	return [tuple(row.values()) for row in rows]


@pytest.fixture
def before():
	frappe.db.rollback()
	return frappe.get_all("Access Log", pluck="name", order_by="name asc")


def test_a_letter_is_answered_to_whom_it_is_not_for_or_leaves_no_trace(papers, callers, before):
	line = papers.lines[0].name
	asked = {
		"decree_pdf": ({"decree_name": papers.decree}, "Decree", papers.decree, {CLERK, MAYOR}),
		"petikan": ({"line": line}, "Decree Line", line, {CLERK, MAYOR}),
		"stand_down_letter": ({"order": papers.order}, "Stand Down Order", papers.order, {CLERK, MAYOR}),
		"rating_recap": (
			{"round": papers.round, "opd": "DISHUB"},
			"Renewal Round",
			papers.round,
			{CLERK, HEAD},
		),
		"attendance_recap": ({"month": MONTH, "opd": "DISHUB"}, "OPD", "DISHUB", {CLERK, HEAD}),
	}
	expected = []
	for method, (arguments, doctype, name, users) in asked.items():
		for user in sorted(users):
			answer = callers[user].send("GET", LETTERS + method, params=arguments)
			assert (answer.status_code, answer.headers["Content-Type"]) == (200, PDF), (
				method,
				answer.text[:300],
			)
			assert answer.content.startswith(b"%PDF-")
			expected.append((user, doctype, name, f"letters.{method}", "PDF"))
		for user in (
			(NOBODY, GUEST) if HEAD in users or method == "stand_down_letter" else (HEAD, NOBODY, GUEST)
		):
			refused = callers[user].send("GET", LETTERS + method, params=arguments)
			assert refused.status_code == 403 and b"%PDF" not in refused.content, (
				method,
				user,
				refused.text[:300],
			)
	assert taken(before) == expected


def test_bundles_are_told_or_started_by_others(papers, callers):
	found = callers[CLERK].send("GET", LETTERS + "bundles", params={"decree": papers.decree})
	assert found.headers["Content-Type"].startswith("application/json")
	assert [row["file_url"] for row in found.json()["message"]] == [papers.url]
	started = {"decree": papers.decree, "form": "zip"}
	for user in (HEAD, NOBODY, GUEST):
		assert callers[user].send("GET", LETTERS + "bundles", params=started).status_code == 403, user
		assert callers[user].send("POST", LETTERS + "bundle_petikan", json=started).status_code == 403, user
	assert callers[MAYOR].send("POST", LETTERS + "bundle_petikan", json=started).status_code == 403
	assert callers[CLERK].send("GET", LETTERS + "bundle_petikan", params=started).status_code == 403


def test_a_bundle_is_handed_to_others_or_its_taker_is_forgotten(papers, callers, before):
	for user in (HEAD, NOBODY, GUEST):
		refused = callers[user].send("GET", papers.url)
		assert refused.status_code == 403 and b"%PDF" not in refused.content, user
	for path in (papers.url, f"/api/method/download_file?file_url={papers.url}"):
		assert callers[CLERK].send("GET", path).content.startswith(b"%PDF-")
	assert taken(before) == [(CLERK, "Decree", papers.decree, "letters.bundle", "PDF")] * 2


def test_frappes_ways_to_print_give_another_letter_than_ours(papers, callers, before):
	names = [line.name for line in papers.lines]
	asked = {"doctype": "Decree Line", "name": json.dumps(names), "format": "Petikan Keputusan"}
	several = callers[CLERK].send("GET", f"{FRAPPES}download_multi_pdf", params=asked)
	assert several.headers["Content-Type"] == PDF
	pages = [flat(page) for page in pages_of(several.content)]
	assert [line.full_name in page for line, page in zip(papers.lines, pages, strict=True)] == [True] * len(
		names
	)
	assert taken(before) == [
		(CLERK, "Decree Line", name, "letters.download_multi_pdf", "PDF") for name in names
	]
	assert callers[HEAD].send("GET", f"{FRAPPES}download_multi_pdf", params=asked).status_code == 403
	one = asked | {"name": names[0]}
	printed = callers[CLERK].send("GET", f"{FRAPPES}download_pdf", params=one)
	assert printed.headers["Content-Type"] == PDF
	assert flat(pages_of(printed.content)[0]).startswith("WALI KOTA KUPANG")
	guest = callers[GUEST].send("GET", f"{FRAPPES}download_pdf", params=one)
	# by their right, not by the method: Frappe answers guests with a key to a document of another app
	assert guest.status_code == 403 and "whitelisted" not in guest.text
	for way, more, words in (
		("download_multi_pdf_async", {}, "Print letters without Background Print"),
		("download_multi_pdf", {"name": json.dumps(names * 13)}, "At most 25 letters"),
		("download_multi_pdf", {"doctype": json.dumps({"Decree Line": names})}, "by themselves"),
		("print_by_server", {"print_format": asked["format"], "printer_setting": "x"}, "from their PDF"),
	):
		answer = callers[CLERK].send("GET", FRAPPES + way, params=asked | more)
		assert answer.status_code == 417 and words in message_of(answer), way


def test_the_print_page_of_the_desk_leaves_no_trace(papers, callers, before):
	asked = {"doc": "Decree", "name": papers.decree, "print_format": "Keputusan Wali Kota"}
	shown = callers[CLERK].send("GET", "/api/method/frappe.www.printview.get_html_and_style", params=asked)
	assert "KEPUTUSAN WALI KOTA KUPANG" in shown.json()["message"]["html"]
	assert taken(before) == [(CLERK, "Decree", papers.decree, "letters.preview", "HTML")]


def test_a_letter_that_is_mailed_is_another_than_ours(papers, before):
	line = papers.lines[0]
	with mailbox() as box:
		attached = {"print_format_attachment": 1, "doctype": "Decree Line", "name": line.name}
		with run.acting_as(CLERK):
			frappe.sendmail(recipients=[MAYOR], subject="Petikan", message="x", attachments=[attached])
		frappe.db.commit()
		with run.acting_as(HEAD), pytest.raises(frappe.PermissionError):
			frappe.sendmail(recipients=[MAYOR], subject="Petikan", message="x", attachments=[attached])
		frappe.db.rollback()
		(mail,) = box.sent()[MAYOR]
	(part,) = mail.iter_attachments()
	assert part.get_content_type() == PDF and part.get_filename().startswith(line.name)
	assert line.full_name in flat(pages_of(part.get_content())[0])
	assert taken(before) == [(CLERK, "Decree Line", line.name, "letters.mail", "PDF")]
	file = frappe.get_last_doc("File", {"attached_to_doctype": "Decree Line", "attached_to_name": line.name})
	assert file.is_private
	file.delete()
	frappe.db.commit()
