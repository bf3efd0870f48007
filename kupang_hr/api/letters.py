"""Letters as PDF. Reading endpoints answer the file itself; the bundles of all petikan are Bulk Runs."""

from typing import Any

import frappe

from kupang_hr.bulk import run
from kupang_hr.letters import bundle, decree, recaps, stand_down
from kupang_hr.letters.printing import own_pdf


@frappe.whitelist(methods=["GET"])
def decree_pdf(decree_name: str) -> None:
	"""The collective SK with its lampiran, a draft as a draft. Whoever may print the decree."""
	doc = frappe.get_doc("Decree", decree_name)
	doc.check_permission("print")
	_answer(f"SK-{doc.name}", decree.decree_pdf(doc))


@frappe.whitelist(methods=["GET"])
def petikan(line: str) -> None:
	"""The petikan of one Decree Line: BKPPD's, the mayor's, or one's own."""
	doc = frappe.get_doc("Decree Line", line)
	doc.check_permission("print")
	_answer(f"Petikan-{doc.name}", decree.excerpt_pdf(frappe.get_doc("Decree", doc.decree), doc.name))


@frappe.whitelist(methods=["GET"])
def stand_down_letter(order: str, opd: str | None = None) -> None:
	"""The stand-down letter to one OPD, or to all of whom the caller sees people."""
	doc = frappe.get_doc("Stand Down Order", order)
	doc.check_permission("print")
	_answer(f"Surat-{doc.name}-{opd or 'semua'}", stand_down.order_pdf(doc, opd))


@frappe.whitelist(methods=["GET"])
def rating_recap(round: str, opd: str) -> None:
	"""The ratings of an OPD and its subtree in a round, of those whom the caller sees."""
	frappe.get_doc("Renewal Round", round).check_permission("read")
	frappe.has_permission("Contract Renewal", "read", throw=True)
	_answer(f"Rekap-penilaian-{opd}-{round}", recaps.rating_recap_pdf(round, opd))


@frappe.whitelist(methods=["GET"])
def attendance_recap(month: str, opd: str) -> None:
	"""The attendance of an OPD and its subtree in a month ("2021-01"), of those whom the caller sees."""
	frappe.has_permission("Attendance Log", "read", throw=True)
	_answer(f"Rekap-kehadiran-{opd}-{month}", recaps.attendance_recap_pdf(month, opd))


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


@frappe.whitelist(methods=["GET", "POST"])
def download_pdf(doctype: str, name: str, format: str | None = None) -> None:
	"""Frappe's own download of a print format; the formats of our letters come from our engine."""
	pdf = own_pdf(doctype, name, format)
	if pdf is None:
		frappe.call("frappe.utils.print_format.download_pdf", **frappe.form_dict)
	else:
		_answer(name, pdf)


def _answer(name: str, pdf: bytes) -> None:
	frappe.local.response.filename = f"{name.replace('/', '-').replace(' ', '-')}.pdf"
	frappe.local.response.filecontent = pdf
	frappe.local.response.type = "pdf"
