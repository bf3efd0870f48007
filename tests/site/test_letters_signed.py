"""Letters and the signature: what cannot be printed is not signed, and what was signed stays."""

import base64
import html
import io
import secrets
from pathlib import Path

import frappe
import pytest
from PIL import Image

from kupang_hr.exceptions import LetterError
from kupang_hr.letters import checks, decree
from kupang_hr.letters.printing import html_of, parts_of
from kupang_hr.letters.templates import Text, rendered, try_all_of
from kupang_hr.patches.facts_of_letters import execute
from tests.site.city import BKPPD_HEAD, CLERK
from tests.site.papers import SIGNED, flat, lines_of, pages_of, reappointed

FACTS = {"decree": {"number": "1", "nothing": None, "blank": "", "pay": 0}}


@pytest.mark.parametrize(
	("source", "line", "says"),
	[
		("{% if not decree.number %}\n{{ nonsense.x.y }}{% endif %}", 2, "'nonsense' is undefined"),
		("{% if decree.number %}a{% else %}\n{{ decree.nomor }}{% endif %}", 2, "no attribute 'nomor'"),
		("{% if decree.number %}a{% elif decree.nomor %}b{% endif %}", 1, "no attribute 'nomor'"),
		("{{ 'a' if decree.number else decree.nomor }}", 1, "no attribute 'nomor'"),
		("{{ decree.number or decree.nomor }}", 1, "no attribute 'nomor'"),
		("a\n{% if not decree.number %}{{ decree.number | bulat }}{% endif %}", 2, "No filter named 'bulat'"),
		("{% if not decree.number %}{{ 'x' | tanggal }}{% endif %}", 1, "Invalid isoformat string"),
	],
)
def test_a_branch_that_the_sample_does_not_take_is_believed(site, source, line, says):
	with pytest.raises(LetterError) as refused:
		try_all_of(Text("Menimbang 2", source), FACTS)
	told = html.unescape(str(refused.value))
	assert told.startswith(f"Menimbang 2, line {line}: ") and says in told


@pytest.mark.parametrize(
	"source",
	["{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "{% if decree.number %}" * 300 + "{% endif %}" * 300],
)
def test_a_text_nested_without_end_is_an_error_of_the_server(site, source):
	with pytest.raises(LetterError, match=r"^Menimbang 2, line \d+: "):
		try_all_of(Text("Menimbang 2", source), FACTS)


@pytest.mark.parametrize(
	("expression", "shown"),
	[
		*((f"decree.nothing | {name}", "…………………") for name in ("upper", "lower", "title", "trim", "besar")),
		*((f"decree.blank | {name}", "…………………") for name in ("terbilang", "rupiah", "tanggal", "angka")),
		("decree.nothing | default('x')", "x"),
		("decree.blank | upper | default('x')", "x"),
		("decree.nothing | tanggal | default('x')", "x"),
		("decree.unknown | default('x')", "x"),
		("decree.pay | default('x')", "0"),
		("decree.pay | default('x', true)", "x"),
		("decree.number | default('x') | upper", "1"),
	],
)
def test_nothing_is_printed_as_the_word_none(site, expression, shown):
	text = Text("x", "{{ " + expression + " }}")
	try_all_of(text, FACTS)
	assert rendered(text, FACTS) == shown


@pytest.mark.parametrize(
	("section", "source"),
	[
		("Menimbang", "a\n{{ decree.revokes_number > 'a' }}"),  # fits the sample, which revokes one
		("Petikan", "a\n{{ person.education > 'a' }}"),
	],
)
def test_a_decree_is_signed_that_cannot_be_printed(city, section, source):
	doc = reappointed(city, sign=False, DISHUB=2)
	row = next(row for row in doc.paragraphs if row.section == section)
	frappe.db.set_value("Decree Line", lines_of(doc.name)[1].name, "education", None)
	frappe.db.set_value("Decree Paragraph", row.name, "text", source)
	frappe.db.commit()
	with pytest.raises(LetterError, match=f"^{section} 1, line 2: "):
		city.signed(doc.name)
	frappe.db.rollback()
	left = frappe.get_doc("Decree", doc.name)
	assert (left.docstatus, left.decree_number, left.serial) == (0, None, 0)
	assert all(step.given_at for step in left.paraf)
	frappe.db.set_value("Decree Paragraph", row.name, "text", row.text)
	assert city.signed(doc.name).serial == 1


def test_an_order_is_submitted_whose_letters_cannot_be_printed(city):
	city.settle(DISHUB=1)
	with city.acting(CLERK, "2020-12-28"):
		order = frappe.get_doc({"doctype": "Stand Down Order", "round": city.opened()}).insert()
	row = next(row for row in order.paragraphs if row.kind == "Stand Down" and row.section == "Isi")
	frappe.db.set_value("Decree Paragraph", row.name, "text", "{{ order.number > 'a' }}")
	frappe.db.commit()
	frappe.db.set_single_value("Kupang HR Settings", "secretary_name", None)
	frappe.clear_document_cache("Kupang HR Settings", "Kupang HR Settings")
	with city.acting(BKPPD_HEAD, "2020-12-28"), pytest.raises(LetterError, match="name no City Secretary"):
		frappe.get_doc("Stand Down Order", order.name).submit()
	frappe.db.rollback()
	frappe.clear_document_cache("Kupang HR Settings", "Kupang HR Settings")
	with city.acting(BKPPD_HEAD, "2020-12-28"), pytest.raises(LetterError, match="Isi 1, line 1: "):
		frappe.get_doc("Stand Down Order", order.name).submit()
	frappe.db.rollback()
	assert frappe.db.get_value("Stand Down Order", order.name, "docstatus") == 0


def test_what_was_signed_changes_with_the_settings(city):
	doc = reappointed(city, DISHUB=1, PUPR=1)  # whom head@city.test does not rate stays home
	with city.acting(CLERK, "2020-12-28"):
		order = frappe.get_doc({"doctype": "Stand Down Order", "round": doc.round}).insert()
	with city.acting(BKPPD_HEAD, "2020-12-28"):
		order.submit()

	def said() -> list[str]:
		papers = (frappe.get_doc("Decree", doc.name), frappe.get_doc("Stand Down Order", order.name))
		return [html_of(parts_of(paper)) for paper in papers]

	before = said()
	assert "WALI KOTA KUPANG" in before[0] and "Sekda Contoh" in before[1]
	for field in ("decree_letterhead", "office_letterhead", "secretary_name", "secretary_title", "place"):
		frappe.db.set_single_value("Kupang HR Settings", field, "Lain")
	frappe.db.set_value("OPD", "PUPR", "opd_name", "Dinas Lain")
	frappe.clear_document_cache("Kupang HR Settings", "Kupang HR Settings")
	assert said() == before
	order.reload()
	order.letter_facts = "{}"
	with pytest.raises(frappe.UpdateAfterSubmitError):
		order.save()
	frappe.db.set_value(
		"Stand Down Order", order.name, "letter_facts", None
	)  # one signed before this was kept
	assert "Lain" in said()[1]
	execute()
	frappe.db.set_single_value("Kupang HR Settings", "secretary_name", "Lagi")
	frappe.clear_document_cache("Kupang HR Settings", "Kupang HR Settings")
	assert "Lain" in said()[1] and "Lagi" not in said()[1]


@pytest.mark.parametrize(
	("ending", "image"),
	[  # no other test has these files; Frappe reads small plain ones as text, and encodes a JPEG anew
		("png", Image.new("RGB", (40, 40), f"#{secrets.token_hex(3)}")),
		("jpeg", Image.frombytes("RGB", (8, 8), secrets.token_bytes(192))),
	],
	ids=["png", "jpeg"],
)
def test_the_emblem_of_a_signed_letter_goes_with_the_settings(city, ending, image):
	buffer = io.BytesIO()
	image.save(buffer, ending)
	upload = frappe.get_doc(
		{"doctype": "File", "file_name": f"old.{ending}", "content": buffer.getvalue()}
	).insert()
	stored = Path(upload.get_full_path()).read_bytes()
	frappe.db.set_single_value("Kupang HR Settings", "decree_emblem", upload.file_url)
	doc = reappointed(city, DISHUB=2)
	(line, _other) = lines_of(doc.name)
	before = [html_of(parts_of(frappe.get_doc(kind, name))) for kind, name in of(doc, line)]
	assert all(base64.b64encode(stored).decode() in page for page in before)
	frappe.db.set_single_value("Kupang HR Settings", "decree_emblem", None)
	upload.delete()
	frappe.db.commit()
	assert [html_of(parts_of(frappe.get_doc(kind, name))) for kind, name in of(doc, line)] == before


def of(doc, line) -> list[tuple[str, str]]:
	return [("Decree", doc.name), ("Decree Line", line.name)]
