"""Letters: what is on the paper, whoever's names are on it, and what happens when something is missing or wrong."""

import html
import io
import json
import re
import resource
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime
from pypdf import PdfReader

from kupang_hr.api import letters as endpoints
from kupang_hr.bulk import run
from kupang_hr.exceptions import DiskFullError, LetterError
from kupang_hr.letters import bundle, decree, recaps, stand_down
from kupang_hr.letters.genuine import look_up
from kupang_hr.letters.printing import kupang_letter
from kupang_hr.letters.settings import signature
from kupang_hr.letters.templates import ENVIRONMENT, Text, rendered
from kupang_hr.letters.typeset import pdf_of
from tests.site.apart import PROJECT, together
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, OTHER_HEAD
from tests.site.papers import (
	SIGNED,
	edges_of,
	flat,
	fonts_of,
	lines_of,
	pages_of,
	qr_codes,
	reappointed,
	revoked,
	size_of,
	terminated,
)

A4, A4_WIDE = (210, 297), (297, 210)
HEADER = "No. Nama NIK Tempat, tanggal lahir Pendidikan Jabatan Perangkat daerah"
FACTS = {"decree": {"number": "1", "tmt": "2021-01-01", "monthly_pay": 2000000}}


def annex_of(pages: list[str]) -> list[str]:
	return [flat(page) for page in pages if "Halaman" in page]


# The collective decree


def test_the_decree_says_all_that_a_decree_says(city):
	doc = reappointed(city, DISHUB=3)
	pdf = decree.decree_pdf(doc)
	text = flat(" ".join(pages_of(pdf)))
	for words in (
		"WALI KOTA KUPANG PROVINSI NUSA TENGGARA TIMUR",
		f"KEPUTUSAN WALI KOTA KUPANG NOMOR {doc.decree_number}",
		"TENTANG PENGANGKATAN KEMBALI PEGAWAI TIDAK TETAP",
		"TAHUN ANGGARAN 2021",
		"Menimbang",
		"a. bahwa masa kerja",
		"Mengingat",
		"4. Undang-Undang Nomor 30 Tahun 2014",
		"Memperhatikan",
		"MEMUTUSKAN:",
		"Menetapkan : KEPUTUSAN WALI KOTA TENTANG PENGANGKATAN KEMBALI",
		"KESATU",
		"KEEMPAT",
		"Ditetapkan di Kupang pada tanggal 3 Februari 2021 WALI KOTA KUPANG, Dr. Penjabat",
		"Tembusan:",
		"LAMPIRAN KEPUTUSAN WALI KOTA KUPANG",
	):
		assert words in text, words
	assert "KONSEP" not in text and "PARAF" not in text
	assert size_of(pdf) == [A4, A4, A4_WIDE]
	fonts = fonts_of(pdf)
	assert fonts and all(fonts.values()), fonts


def test_a_termination_does_not_say_whose_term_ends_and_when(city):
	doc = terminated(city, DISHUB=60)
	pdf = decree.decree_pdf(doc)
	pages = [flat(page) for page in pages_of(pdf)]
	text = " ".join(pages)
	for words in ("TENTANG PEMBERHENTIAN", "MEMUTUSKAN:", "KESATU", doc.decree_number, "3 Februari 2021"):
		assert words in text, words
	assert size_of(pdf) == [A4] * (len(pages) - 3) + [A4_WIDE] * 3
	annex = annex_of(pages)
	assert [page[-16:] for page in annex] == [f"Halaman {number} dari 3" for number in (1, 2, 3)]
	assert "Penghasilan" not in text
	people = lines_of(doc.name)
	assert Counter(re.findall(r"\b\d{16}\b", " ".join(annex))) == Counter(line.nik for line in people)
	assert [line.full_name for line in people if line.full_name not in " ".join(annex)] == []
	(page,) = map(flat, pages_of(decree.excerpt_pdf(doc, people[0].name)))
	assert "PETIKAN KEPUTUSAN WALI KOTA KUPANG" in page and page.count(people[0].full_name) == 1
	assert "setiap bulan" not in page


def test_a_revocation_does_not_say_what_is_revoked_and_from_when(city):
	doc = reappointed(city, DISHUB=2)
	taken = revoked(city, doc, lines_of(doc.name)[1].name)
	(line,) = lines_of(taken.name)
	words = f"Mencabut Keputusan Wali Kota Kupang Nomor {doc.decree_number} tanggal 3 Februari 2021"
	for pdf in (decree.decree_pdf(taken), decree.excerpt_pdf(taken, line.name)):
		text = flat(" ".join(pages_of(pdf)))
		assert words.replace(" ", "") in text.replace(" ", "")
		assert "terhitung mulai tanggal 10 Februari 2021." in text
		assert line.full_name in text


def test_a_draft_says_so_on_every_page_and_shows_who_has_initialled(city):
	doc = reappointed(city, sign=False, DISHUB=2)
	pages = pages_of(decree.decree_pdf(doc))
	assert all("KONSEP" in page for page in pages)
	text = flat(" ".join(pages))
	assert "PARAF KOORDINASI" in text
	assert [row.title for row in doc.paraf if row.title not in text] == []
	assert "NOMOR …" in text and str(doc.decree_number) not in text


def test_the_lampiran_names_2150_once_each_with_header_and_number_on_every_page(city):
	doc = terminated(city, DISHUB=1075, DLHK=1075)
	pages = annex_of(pages_of(decree.decree_pdf(doc)))
	for number, page in enumerate(pages, 1):
		assert page.endswith(f"Halaman {number} dari {len(pages)}"), number
		assert HEADER in page, number
	rows = Counter(re.findall(r"\b\d{16}\b", " ".join(pages)))
	people = lines_of(doc.name)
	assert len(people) == 2150 and rows == Counter(line.nik for line in people)
	whole, at = " ".join(pages), 0
	for line in people:
		at = whole.find(flat(f"{line.line_number} {line.full_name} {line.nik}"), at) + 1
		assert at, line
	assert "WALI KOTA KUPANG, Dr. Penjabat" in pages[-1]


def test_ten_thousand_names_take_no_more_memory_than_allowed():
	code = """
import re
from pathlib import Path
from kupang_hr.letters.typeset import pdf_of
import json, pypdfium2
names = [f"Orang Bernama {number}" for number in range(1, 10001)]
part = dict(kind="table", draft=False, landscape=True, size=8.5, lead=[], titles=[], intro=[], notes=[], footer="",
	columns=[dict(label="No.", width=12, side="r"), dict(label="Nama", width=1, side="l")] +
		[dict(label="Isi", width=1, side="l")] * 5,
	rows=[[str(number), name, *["Dinas Lingkungan Hidup dan Kebersihan"] * 5] for number, name in enumerate(names, 1)],
	signature=None)
pdf = pdf_of("x", [part])
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024
text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
print(json.dumps([peak, len(set(re.findall(r"Orang Bernama (\\d+)", text)))]))
"""
	done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
	peak, people = json.loads(done.stdout)
	assert people == 10_000
	assert peak < 400


def test_names_that_nobody_foresaw_are_readable(city):
	doc = reappointed(city, sign=False, DISHUB=6)
	names = [
		"Maria " + "Panjang " * 13 + "Sekali",
		'O\'Brien "<script>alert(1)</script>" #let x = [*tebal*] $x^2$ {{ 7*7 }}',
		"محمد عبد الله",
		"Yohanes 👩🏽‍⚕️ Tukan",
		"Đặng Ñuñez Łukasz",
		"A" * 120,
	]
	for line, name in zip(lines_of(doc.name), names, strict=True):
		frappe.db.set_value("Decree Line", line.name, "full_name", name)
	pdf = decree.decree_pdf(city.signed(doc.name))
	text = flat(" ".join(pages_of(pdf)))
	assert flat(names[0]) in text
	assert names[1].replace(" ", "") in text.replace(" ", "")
	assert "Yohanes ¤ Tukan" in text
	assert names[4] in text
	assert "A" * 120 in text.replace(" ", "")
	assert set("محمد") <= set(text) or "ﷴ" in text
	assert all(fonts_of(pdf).values())


def test_a_sign_in_a_name_flips_the_text_after_it(city):
	doc = reappointed(city, sign=False, DISHUB=2)
	signs = "".join(map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
	line, other = lines_of(doc.name)
	frappe.db.set_value("Decree Line", line.name, "full_name", f"{signs}Ana \u202eoknuT")
	frappe.db.set_value("Decree Line", other.name, "full_name", "محمد Tukan")
	doc = city.signed(doc.name)
	shown = kupang_letter(doc)
	for text in (flat(" ".join(pages_of(decree.decree_pdf(doc)))), shown):
		assert "Ana oknuT" in text and not {*signs} & {*text}
	assert "محمد Tukan" in shown
	assert look_up(lines_of(doc.name)[0].code).name == "Ana oknuT"


def test_a_name_without_a_space_runs_over_its_column_or_the_edge(city):
	doc = reappointed(city, sign=False, DISHUB=1)
	(line,) = lines_of(doc.name)
	frappe.db.set_value(
		"Decree Line", line.name, {"full_name": "@" * 120, "position": "^" * 120, "opd_name": "~" * 120}
	)
	doc = city.signed(doc.name)
	whole, excerpt = decree.decree_pdf(doc), decree.excerpt_pdf(doc, line.name)
	for pdf in (whole, excerpt):
		assert "@" * 120 in "".join("".join(pages_of(pdf)).split())
		width = size_of(pdf)[-1][0] / 25.4 * 72
		assert max(right for _page, _left, right in edges_of(pdf, "@")) < width - 36
	names, positions, opds = ([edge for edge in edges_of(whole, letter) if edge[0]] for letter in "@^~")
	for column, following in ((names, positions), (positions, opds)):
		assert max(right for _page, _left, right in column) < min(left for _page, left, _right in following)


@pytest.mark.parametrize("people", [40, 44, 48])
def test_a_signature_stands_on_no_page_alone(site, people):
	rows = [[str(number), f"Orang {number}"] for number in range(1, people + 1)]
	columns = [{"label": "No.", "width": 12, "side": "r"}, {"label": "Nama", "width": 1, "side": "l"}]
	part = {
		**{"kind": "table", "draft": False, "landscape": True, "size": 8.5, "lead": [], "titles": []},
		**{"intro": [], "notes": [], "footer": "", "columns": columns, "rows": rows},
		"signature": signature("Wali Kota", "Dr. Penjabat"),
	}
	pages = [flat(page) for page in pages_of(pdf_of("x", [part]))]
	assert all("No. Nama" in page for page in pages)
	assert "Dr. Penjabat" in pages[-1] and f"Orang {people}" in pages[-1]
	assert re.findall(r"Orang (\d+)", " ".join(pages)) == [row[0] for row in rows]


def test_a_person_renamed_after_the_issue_keeps_what_was_signed(city):
	doc = reappointed(city, DISHUB=1)
	(line,) = lines_of(doc.name)
	frappe.db.set_value("Personnel", line.personnel, {"full_name": "Nama Baru", "opd": "DLHK"})
	frappe.db.set_value("OPD", "DISHUB", "opd_name", "Dinas Lain")
	text = flat(" ".join(pages_of(decree.decree_pdf(doc)) + pages_of(decree.excerpt_pdf(doc, line.name))))
	assert text.count(line.full_name) == 2
	assert "Nama Baru" not in text and "Dinas Lain" not in text


# The texts


@pytest.mark.parametrize(
	("source", "line", "says"),
	[
		("a\n{{ decree.number", 2, "unexpected end of template"),
		("a\nb {% if decree.number %}", 2, "Unexpected end of template"),
		("{{ decree.nomor }}", 1, "has no attribute 'nomor'"),
		("\n\n{{ nomor }}", 3, "'nomor' is undefined"),
		("{{ decree.number | bulat }}", 1, "No filter named 'bulat'"),
		("a\n{{ decree.number | tanggal }}", 2, "Invalid isoformat string"),
		("{{ frappe.conf }}", 1, "'frappe' is undefined"),
		("{{ frappe.db.sql('select 1') }}", 1, "Call is not allowed"),
		("{{ frappe.get_doc('User', 'Administrator').password }}", 1, "Call is not allowed"),
		("{{ ''.__class__.__mro__ }}", 1, "has no attribute '__class__'"),
		("{{ ''['__class__'] }}", 1, "Getitem is not allowed"),
		("{{ decree.items }}", 1, "has no attribute 'items'"),
		("{{ self.__init__.__globals__ }}", 1, "has no attribute '__init__'"),
		("{% for x in 'ab' %}{{ x }}{% endfor %}", 1, "For is not allowed"),
		("{% set x = 1 %}", 1, "Assign is not allowed"),
		("{% include 'hooks.py' %}", 1, "Include is not allowed"),
		("{% macro x() %}{% endmacro %}", 1, "Macro is not allowed"),
		("{{ 'x' * 1000000000 }}", 1, "Mul is not allowed"),
		("{{ 'x' ~ 'y' }}", 1, "Concat is not allowed"),
	],
)
def test_a_text_that_is_wrong_or_reaches_for_more_is_refused_by_line(site, source, line, says):
	with pytest.raises(LetterError) as refused:
		rendered(Text("Menimbang 2", source), FACTS)
	told = html.unescape(str(refused.value))
	assert told.startswith(f"Menimbang 2, line {line}: ")
	assert says in told


def test_a_decree_with_a_wrong_text_stays_as_it_was(city):
	doc = reappointed(city, sign=False, DISHUB=1)
	before = [row.text for row in doc.paragraphs]
	frappe.db.commit()
	row = next(row for row in doc.paragraphs if row.section == "Mengingat")
	row.text = "baris satu\n{{ frappe.conf.db_password }}"
	with city.acting(CLERK, SIGNED), pytest.raises(LetterError, match="Mengingat 1, line 2: "):
		doc.save()
	frappe.db.rollback()
	assert [row.text for row in frappe.get_doc("Decree", doc.name).paragraphs] == before


def test_the_helpers_write_official_indonesian(site):
	text = (
		"{{ decree.tmt | tanggal }}; {{ decree.tmt | hari }}; {{ decree.tmt | bulan_romawi }}; "
		"{{ decree.monthly_pay | rupiah }}; {{ decree.monthly_pay | angka }}; {{ 'a' if decree.number else 'b' }}"
	)
	assert rendered(Text("x", text), FACTS) == (
		"1 Januari 2021; Jumat; I; Rp2.000.000,00 (dua juta rupiah); 2.000.000; a"
	)


def test_a_filter_of_the_texts_is_not_in_the_reference():
	reference = (PROJECT / "docs" / "letters.md").read_text(encoding="utf-8")
	names = ENVIRONMENT.filters
	assert len(names) >= 10
	assert not [name for name in names if f"`{name}`" not in reference]


def test_an_edited_text_is_on_the_paper(city):
	doc = reappointed(city, sign=False, DISHUB=1)
	row = next(row for row in doc.paragraphs if row.section == "Menetapkan")
	row.text = "Masa kerja sampai {{ decree.term_end | tanggal }} bagi {{ decree.people | terbilang }} orang."
	with city.acting(CLERK, SIGNED):
		doc.save()
	assert "Masa kerja sampai 31 Desember 2021 bagi satu orang." in flat(
		" ".join(pages_of(decree.decree_pdf(doc)))
	)


# Petikan


def test_a_petikan_is_one_page_of_one_person_with_a_code_that_opens_its_proof(city):
	doc = reappointed(city, DISHUB=3)
	line = lines_of(doc.name)[1]
	pdf = decree.excerpt_pdf(doc, line.name)
	(page,) = map(flat, pages_of(pdf))
	for words in (
		"PETIKAN KEPUTUSAN WALI KOTA KUPANG",
		line.full_name,
		"rupiah) setiap bulan",
		"Petikan sesuai dengan aslinya SEKRETARIS DAERAH, Sekda Contoh",
		"1 Januari 2021 sampai dengan tanggal 31 Desember 2021",
	):
		assert words in page, words
	assert not re.search(r"\b\d{16}\b", page), "no NIK"
	spelled = "-".join(line.code[start : start + 4] for start in range(0, 16, 4))
	assert qr_codes(pdf) == [frappe.utils.get_url(f"/sk/{spelled}")]
	assert spelled in page
	assert size_of(pdf) == [A4] and all(fonts_of(pdf).values())


def test_codes_are_given_at_signing_each_its_own(city):
	doc = reappointed(city, sign=False, DISHUB=30)
	assert {line.code for line in lines_of(doc.name)} == {None}
	city.signed(doc.name)
	codes = [line.code for line in lines_of(doc.name)]
	assert len(set(codes)) == 30 and all(re.fullmatch("[2-9a-hjkmnp-z]{16}", code) for code in codes)


def test_lines_signed_before_there_were_codes_get_theirs(city):
	from kupang_hr.patches.letters import execute

	doc = reappointed(city, DISHUB=2)
	first, second = lines_of(doc.name)
	frappe.db.set_value("Decree Line", first.name, "code", None)
	execute()
	after = lines_of(doc.name)
	assert re.fullmatch("[2-9a-z]{16}", after[0].code) and after[1].code == second.code


def test_a_petikan_of_a_draft_is_refused(city):
	doc = reappointed(city, sign=False, DISHUB=1)
	with pytest.raises(LetterError, match=f"^The decree {doc.name} is not signed.$"):
		decree.excerpt_pdf(doc, lines_of(doc.name)[0].name)


def test_a_missing_signatory_is_said(city):
	doc = reappointed(city, DISHUB=1)
	frappe.db.set_single_value("Kupang HR Settings", "secretary_name", None)
	frappe.clear_document_cache("Kupang HR Settings", "Kupang HR Settings")
	with pytest.raises(LetterError, match=r"^Settings name no City Secretary"):
		decree.excerpt_pdf(doc, lines_of(doc.name)[0].name)
	with run.acting_as(CLERK), pytest.raises(LetterError, match=r"^Settings name no City Secretary"):
		endpoints.bundle_petikan(doc.name, "pdf")
	doc.signatory_name = None
	with pytest.raises(LetterError, match="names no signatory"):
		decree.decree_pdf(doc)


def test_without_a_pdf_engine_it_is_said_which_one_to_install(city):
	doc = reappointed(city, DISHUB=1)
	with patch.dict(sys.modules, {"typst": None}), pytest.raises(LetterError, match="pip install typst"):
		decree.decree_pdf(doc)
	with broken_engine(), pytest.raises(LetterError, match=r"^No PDF came of this letter\.$"):
		decree.decree_pdf(doc)


@contextmanager
def broken_engine():
	"""An engine that answers something else than a PDF."""
	with patch("kupang_hr.letters.typeset.Typesetter._done", return_value=b"<html>error</html>"):
		with patch("kupang_hr.letters.typeset.Typesetter.table", return_value=iter(())):
			yield


# Bundles


@pytest.fixture(autouse=True)
def no_bundles_left(site):
	yield
	frappe.db.rollback()
	for name in frappe.get_all("File", filters={"file_name": ("like", "Petikan-%")}, pluck="name"):
		frappe.delete_doc("File", name, force=True)
	frappe.db.commit()
	shutil.rmtree(frappe.get_site_path("private", "letters"), ignore_errors=True)
	for file in Path(frappe.get_site_path("private", "files")).glob("Petikan-*"):
		file.unlink()


def bundled(city, name: str, form: str) -> dict:
	return city.run(BKPPD_HEAD, SIGNED, "bundle-petikan", decree=name, form=form)


def the_file(name: str, form: str) -> bytes:
	(found,) = [row for row in bundle.made(name) if row["form"] == form]
	file = frappe.get_doc("File", {"file_url": found["file_url"]})
	assert (file.is_private, file.attached_to_name, file.file_size > 0) == (1, name, True)
	return Path(file.get_full_path()).read_bytes()


def left_behind(name: str) -> list[str]:
	"""Parts and half files of a decree on disk."""
	folders = [Path(frappe.get_site_path("private", part)) for part in ("letters", "files")]
	found = [path for folder in folders for path in folder.rglob("*") if path.is_file() and name in str(path)]
	known = {row["file_url"].rsplit("/", 1)[-1] for row in bundle.made(name)}
	return [path.name for path in found if path.name not in known]


@pytest.fixture
def small_chunks():
	"""Five petikan in a part of about 110 kB."""
	with patch.object(bundle.BundlePetikan, "largest_chunk", 5):
		yield


def test_all_petikan_as_one_pdf_and_as_a_file_a_person(city, small_chunks):
	doc = reappointed(city, DISHUB=12)
	people = lines_of(doc.name)
	for form in ("pdf", "zip"):
		answer = bundled(city, doc.name, form)
		assert (answer["status"], answer["done"], answer["failed"]) == ("Completed", 12, 0)
	whole = PdfReader(io.BytesIO(the_file(doc.name, "pdf")), strict=True)
	assert whole.metadata.title.endswith(doc.decree_number) and whole.trailer["/Root"]["/Lang"] == "id"
	pages = pages_of(the_file(doc.name, "pdf"))
	assert [line.full_name in flat(page) for line, page in zip(people, pages, strict=True)] == [True] * 12
	with zipfile.ZipFile(io.BytesIO(the_file(doc.name, "zip"))) as archive:
		assert archive.testzip() is None
		names = archive.namelist()
		assert names == [f"{line.line_number:05} {line.full_name}.pdf" for line in people]
		assert line_texts(archive.read(names[4])) == [people[4].full_name]
	assert left_behind(doc.name) == []


def line_texts(pdf: bytes) -> list[str]:
	return [re.search(r"Nama : (.+?) Tempat", flat(page))[1] for page in pages_of(pdf)]


def test_a_second_bundle_takes_the_place_of_the_first(city):
	doc = reappointed(city, DISHUB=2)
	bundled(city, doc.name, "zip")
	bundled(city, doc.name, "zip")
	assert len(bundle.made(doc.name)) == 1
	the_file(doc.name, "zip")


def test_a_killed_bundle_goes_on_where_it_stopped(city):
	doc = reappointed(city, DISHUB=12)
	frappe.db.set_single_value("Kupang HR Settings", "chunk_size", 4)
	frappe.db.commit()
	task = {"do": "die", "chunks": 1, "action": "bundle-petikan", "user": BKPPD_HEAD, "on": SIGNED}
	(killed,) = together({**task, "criterion": {"decree": doc.name, "form": "pdf"}})
	assert killed["code"] == -9, killed
	frappe.db.rollback()
	name = f"bundle-petikan/{doc.name}/pdf/1"
	assert run.summary(name)["done"] == 4
	assert bundle.made(doc.name) == []
	stale = add_to_date(now_datetime(), minutes=-10)
	frappe.db.set_value("Bulk Run", name, "heartbeat", stale, update_modified=False)
	frappe.db.commit()
	with patch.object(
		bundle.BundlePetikan, "apply", autospec=True, side_effect=bundle.BundlePetikan.apply
	) as apply:
		ended = run.execute(name)
	assert [len(call.args[1]) for call in apply.call_args_list] == [4, 4]
	assert (ended["status"], ended["done"]) == ("Completed", 12)
	assert len(pages_of(the_file(doc.name, "pdf"))) == 12
	assert left_behind(doc.name) == []


def test_a_full_disk_in_the_middle_of_the_zip_leaves_nothing_and_says_so(city, small_chunks):
	doc = reappointed(city, DISHUB=12)
	message = r"^The disk is full; nothing of these petikan was kept\."
	for room in (30_000, 150_000):  # in a part, and while the parts are put together
		with files_of_at_most(room), pytest.raises(DiskFullError, match=message):
			bundled(city, doc.name, "zip")
		frappe.db.rollback()
		failed = frappe.get_last_doc(
			"Bulk Run", filters={"action": "bundle-petikan"}, order_by="attempt desc"
		)
		assert failed.status == "Failed" and re.search(message, failed.message)
		assert not frappe.db.count("Bulk Run Failure", {"bulk_run": failed.name})
		assert left_behind(doc.name) == [] and bundle.made(doc.name) == []
	assert bundled(city, doc.name, "zip")["status"] == "Completed"
	with zipfile.ZipFile(io.BytesIO(the_file(doc.name, "zip"))) as archive:
		assert len(archive.namelist()) == 12


def test_a_full_disk_is_an_error_of_the_server_or_costs_a_bundle(city):
	doc = reappointed(city, DISHUB=2)
	bundled(city, doc.name, "pdf")
	before = the_file(doc.name, "pdf")
	with (
		files_of_at_most(1_000),
		pytest.raises(DiskFullError, match=r"^The disk is full, so the letter was not made"),
	):
		decree.decree_pdf(doc)
	for room in (1_000, 15_000):  # while it is laid out, and while it is written
		with (
			files_of_at_most(room),
			pytest.raises(DiskFullError, match=r"nothing of these petikan was kept\."),
		):
			bundled(city, doc.name, "pdf")
		frappe.db.rollback()
		assert left_behind(doc.name) == [] and the_file(doc.name, "pdf") == before
	assert decree.decree_pdf(doc)


@contextmanager
def files_of_at_most(size: int):
	"""A disk on which no file grows beyond so many bytes; the kernel says so as it does of a full one."""
	before = resource.getrlimit(resource.RLIMIT_FSIZE)
	resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
	try:
		yield
	finally:
		resource.setrlimit(resource.RLIMIT_FSIZE, before)


# Letters of the stand-down, recapitulations


def ordered(city, **headcounts: int):
	city.settle(**headcounts)
	name = city.opened()
	order = frappe.get_doc({"doctype": "Stand Down Order", "round": name})
	order.update({"letter_number": "BKPPD.800/12/2020", "letter_date": "2020-12-29"})
	with city.acting(CLERK, "2020-12-28"):
		order.insert()
	with city.acting(BKPPD_HEAD, "2020-12-28"):
		order.submit()
	frappe.db.commit()
	return order


def test_each_opd_gets_its_letter_with_its_names_before_and_after_the_day(city):
	order = ordered(city, DISHUB=40, PUPR=2, BPBD=3)
	people = {
		opd: set(frappe.get_all("Personnel", filters={"opd": opd}, pluck="full_name"))
		for opd in ("DISHUB", "PUPR", "BPBD")
	}
	for carried_out in (False, True):
		if carried_out:
			city.run(BKPPD_HEAD, "2021-01-04", "stand-down", order=order.name)
			order.reload()
			assert order.status == "Carried Out"
		with city.acting(BKPPD_HEAD, "2020-12-29"):
			dishub = pages_of(stand_down.order_pdf(order, "DISHUB"))
			bpbd = flat(" ".join(pages_of(stand_down.order_pdf(order, "BPBD"))))
			everybody = pages_of(stand_down.order_pdf(order))
		text = flat(dishub[0])
		assert "Yth. Kepala Dinas Perhubungan" in text and "Nomor : BKPPD.800/12/2020" in text
		assert "sebanyak 40 (empat puluh) orang" in text
		assert "dirumahkan terhitung mulai hari Senin, tanggal 4 Januari 2021" in text
		names = flat(" ".join(dishub[1:]))
		assert {name for name in people["DISHUB"] if name in names} == people["DISHUB"]
		assert not [name for name in people["PUPR"] - people["DISHUB"] if name in names]
		assert "tetap melaksanakan tugas seperti biasa" in bpbd and "dirumahkan" not in bpbd
		assert sum("Yth. Kepala" in page for page in everybody) == 3
		assert [page.count("No. Nama Jabatan") for page in map(flat, dishub[1:])] == [1] * (len(dishub) - 1)


def test_an_order_keeps_the_texts_it_was_made_with(city):
	order = ordered(city, DISHUB=1)
	settings = frappe.get_doc("Kupang HR Settings")
	next(
		row for row in settings.paragraphs if row.kind == "Stand Down" and row.section == "Isi"
	).text = "Lain"
	settings.save()
	with city.acting(BKPPD_HEAD, "2020-12-29"):
		assert "dirumahkan terhitung mulai" in flat(pages_of(stand_down.order_pdf(order))[0])


def test_a_head_gets_the_letter_of_their_own_people_only(city):
	order = ordered(city, DISHUB=2, PUPR=2)
	with city.acting(HEAD, "2020-12-29"):
		assert sum("Yth. Kepala" in page for page in pages_of(stand_down.order_pdf(order))) == 1
		with pytest.raises(LetterError, match="names nobody there"):
			stand_down.order_pdf(order, "PUPR")


def test_the_recap_of_ratings_counts_who_is_rated(city):
	city.settle(DISHUB=3, PUPR=1)
	name = city.opened()
	city.rated(name)
	with city.acting(HEAD, "2020-12-09"):
		text = flat(" ".join(pages_of(recaps.rating_recap_pdf(name, "DISHUB"))))
	assert "REKAPITULASI PENILAIAN KINERJA PEGAWAI TIDAK TETAP DINAS PERHUBUNGAN TAHUN 2020" in text
	assert "Dinilai 3 dari 3 orang." in text and text.count("Baik") == 3
	with city.acting(OTHER_HEAD, "2020-12-09"), pytest.raises(LetterError, match="whom you may see"):
		recaps.rating_recap_pdf(name, "DISHUB")


def test_the_recap_of_a_month_counts_days_by_code(city):
	first, _second = city.settle(2020, DISHUB=2)
	for day, code in enumerate(("H", "H", "S", "TK"), 1):
		log = {"personnel": first, "day": f"2020-12-0{day}", "opd": "DISHUB", "code": code, "minutes_late": 5}
		name = frappe.db.get_value("Personnel", first, "full_name")
		frappe.qb.into(frappe.qb.DocType("Attendance Log")).columns("name", "personnel_name", *log).insert(
			f"{first}-{day}", name, *log.values()
		).run()
	with city.acting(HEAD, "2021-01-05"):
		text = flat(" ".join(pages_of(recaps.attendance_recap_pdf("2020-12", "DISHUB"))))
	assert "REKAPITULASI KEHADIRAN PEGAWAI DINAS PERHUBUNGAN BULAN DESEMBER 2020" in text
	assert re.search(rf"1 {re.escape(name)} 2 1 1 20 4 50,0", text), text


# On the desk; over the wire: test_letters_web.py


@pytest.mark.parametrize("doctype", ["Decree", "Decree Line", "Stand Down Order"])
def test_the_print_view_shows_the_same_letter(city, doctype):
	if doctype == "Stand Down Order":
		name, words = ordered(city, DISHUB=1).name, "Yth. Kepala Dinas Perhubungan"
	else:
		doc = reappointed(city, DISHUB=1)
		(line,) = lines_of(doc.name)
		frappe.db.set_value("Decree Line", line.name, "full_name", 'O\'Brien "<script>"')
		name = doc.name if doctype == "Decree" else line.name
		words = "O&#39;Brien &#34;&lt;script&gt;&#34;"
	page = frappe.get_print(doctype, name)
	assert words in page
	assert '"<script>"' not in page and "kupang_letter" not in page


def test_a_template_of_a_user_does_not_get_a_letter_that_they_may_not_read(city):
	doc = reappointed(city, DISHUB=1)
	with run.acting_as(HEAD), pytest.raises(frappe.PermissionError):
		kupang_letter(frappe.get_doc("Decree", doc.name))
	with run.acting_as(MAYOR):
		assert "KEPUTUSAN WALI KOTA KUPANG" in kupang_letter(frappe.get_doc("Decree", doc.name))
