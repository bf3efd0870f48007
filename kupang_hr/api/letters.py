"""Letters as PDF. Reading endpoints answer the file itself; the bundles of all petikan are Bulk Runs.

Letters name people by their NIK: whoever takes one stands in the Access Log.
"""

from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response

from kupang_hr.bulk import run
from kupang_hr.exceptions import LetterError
from kupang_hr.letters import bundle, decree, recaps, stand_down
from kupang_hr.letters.printing import FORMATS, is_ours, note, own_pdf, own_pdfs

FRAPPES = "frappe.utils.print_format"


@frappe.whitelist(methods=["GET"])
def decree_pdf(decree_name: str) -> None:
	"""The collective SK with its lampiran, a draft as a draft. Whoever may print the decree."""
	doc = frappe.get_doc("Decree", decree_name)
	doc.check_permission("print")
	_answer(f"SK-{doc.name}", decree.decree_pdf(doc))
	note("Decree", doc.name, "decree_pdf")


@frappe.whitelist(methods=["GET"])
def petikan(line: str) -> None:
	"""The petikan of one Decree Line: BKPPD's, the mayor's, or one's own."""
	doc = frappe.get_doc("Decree Line", line)
	doc.check_permission("print")
	_answer(f"Petikan-{doc.name}", decree.excerpt_pdf(frappe.get_doc("Decree", doc.decree), doc.name))
	note("Decree Line", doc.name, "petikan")


@frappe.whitelist(methods=["GET"])
def stand_down_letter(order: str, opd: str | None = None) -> None:
	"""The stand-down letter to one OPD, or to all of whom the caller sees people."""
	doc = frappe.get_doc("Stand Down Order", order)
	doc.check_permission("print")
	_answer(f"Surat-{doc.name}-{opd or 'semua'}", stand_down.order_pdf(doc, opd))
	note("Stand Down Order", doc.name, "stand_down_letter", **({"opd": opd} if opd else {}))


@frappe.whitelist(methods=["GET"])
def rating_recap(round: str, opd: str) -> None:
	"""The ratings of an OPD and its subtree in a round, of those whom the caller sees."""
	frappe.get_doc("Renewal Round", round).check_permission("read")
	_check_reads("Contract Renewal")
	_answer(f"Rekap-penilaian-{opd}-{round}", recaps.rating_recap_pdf(round, opd))
	note("Renewal Round", round, "rating_recap", opd=opd)


@frappe.whitelist(methods=["GET"])
def attendance_recap(month: str, opd: str) -> None:
	"""The attendance of an OPD and its subtree in a month ("2021-01"), of those whom the caller sees."""
	_check_reads("Attendance Log")
	_answer(f"Rekap-kehadiran-{opd}-{month}", recaps.attendance_recap_pdf(month, opd))
	note("OPD", opd, "attendance_recap", month=month)


@frappe.whitelist(methods=["POST"])
def bundle_petikan(decree: str, form: str) -> dict[str, Any]:
	"""Make all petikan of a signed decree, `form` "pdf" (one file) or "zip" (a file a person). BKPPD.

	Answers the Bulk Run; the file is attached to the decree when it is completed.
	"""
	frappe.get_doc("Decree", decree).check_permission("print")
	return run.start(bundle.ACTION, {"decree": decree, "form": form})


@frappe.whitelist(methods=["GET"])
def bundles(decree: str) -> list[dict[str, Any]]:
	"""The bundles of petikan that a decree has: form, file name, address and size."""
	frappe.get_doc("Decree", decree).check_permission("print")
	return bundle.made(decree)


def note_bundle(response: Response | None = None, request: Any = None) -> None:
	"""Frappe's hook after each request: who took all petikan of a decree stands in the Access Log.

	Frappe notes the name of a File alone, and the next bundle takes that file's place.
	"""
	if not request or response is None or response.status_code >= 400:
		return
	url = frappe.form_dict.get("file_url") or request.path
	if not str(url).startswith(bundle.ADDRESS):
		return
	decree_name = frappe.db.get_value("File", {"file_url": url}, "attached_to_name")
	if decree_name:
		note("Decree", decree_name, "bundle", url.rsplit(".", 1)[-1].upper())


# Frappe's own endpoints of printing: the formats of our letters come from our engine, all else is Frappe's


@frappe.whitelist(methods=["GET", "POST"], allow_guest=True)  # as Frappe's, which checks a key or the right
def download_pdf(doctype: str, name: str, format: str | None = None) -> None:
	"""Frappe's own download of a print format; the formats of our letters come from our engine."""
	pdf = own_pdf(doctype, name, format)
	if pdf is None:
		frappe.call(f"{FRAPPES}.download_pdf", **frappe.form_dict)
	else:
		_answer(name, pdf)
		note(doctype, name, "download_pdf")


@frappe.whitelist(methods=["GET", "POST"])
def download_multi_pdf(doctype: str | dict, name: str | list, format: str | None = None) -> None:
	"""What Frappe's list prints of several documents at once."""
	if not _is_ours_alone(doctype, format):
		frappe.call(f"{FRAPPES}.download_multi_pdf", **frappe.form_dict)
		return
	names = frappe.parse_json(name)
	_answer(doctype, own_pdfs(doctype, names))
	for each in names:
		note(doctype, each, "download_multi_pdf")


@frappe.whitelist(methods=["GET", "POST"])
def download_multi_pdf_async(doctype: str | dict, name: str | list, format: str | None = None) -> Any:
	"""The same in the background, which our letters have their own way for."""
	if _is_ours_alone(doctype, format):
		text = _(
			"Print letters without Background Print; all petikan are made on their decree, under Letters."
		)
		frappe.throw(text, LetterError)
	return frappe.call(f"{FRAPPES}.download_multi_pdf_async", **frappe.form_dict)


@frappe.whitelist(methods=["GET", "POST"])
def print_by_server(doctype: str, name: str, print_format: str | None = None) -> Any:
	"""Frappe's printer at the server, which would be sent another layout than the signed one."""
	if is_ours(doctype, print_format):
		frappe.throw(_("Letters are printed from their PDF, not by the server's printer."), LetterError)
	return frappe.call(f"{FRAPPES}.print_by_server", **frappe.form_dict)


@frappe.whitelist(methods=["GET", "POST"])
def get_html_and_style(doc: str, name: str | None = None) -> Any:
	"""What the desk shows before it prints; of a letter it stays in the Access Log, as of the page that is printed."""
	shown = frappe.call("frappe.www.printview.get_html_and_style", **frappe.form_dict)
	if name and doc in FORMATS:
		note(doc, name, "preview", "HTML")
	return shown


def _check_reads(doctype: str) -> None:
	if not frappe.has_permission(doctype, "read"):
		frappe.throw(_("Not permitted"), frappe.PermissionError)


def _is_ours_alone(doctype: str | dict, format: str | None) -> bool:
	"""Whether documents to print are letters of ours; refused where they are mixed with others."""
	several = frappe.parse_json(doctype) if str(doctype).lstrip().startswith("{") else doctype
	if isinstance(several, dict) and any(is_ours(each, format) for each in several):
		frappe.throw(_("Letters of each kind are printed by themselves."), LetterError)
	return is_ours(doctype, format)


def _answer(name: str, pdf: bytes) -> None:
	frappe.local.response.filename = f"{name.replace('/', '-').replace(' ', '-')}.pdf"
	frappe.local.response.filecontent = pdf
	frappe.local.response.type = "pdf"
