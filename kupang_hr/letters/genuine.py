"""/sk, the public page that says whether a petikan is genuine: number, name, term, status, and nothing else.

A page of its own, not a template of the website: one small answer without scripts or assets, for any phone. Whoever
asks too often is told to wait; codes have 79 bits, so guessing leads nowhere before that.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import getdate
from jinja2 import Environment, FileSystemLoader
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from kupang_hr.bulk import query
from kupang_hr.clock import today
from kupang_hr.cycle.codes import code_in, spelled
from kupang_hr.letters.glyphs import unflipped
from kupang_hr.letters.indonesian import tanggal

ROUTE = "sk"
LANGUAGES = ("id", "en")  # the first unless the reader asks for the other
ASKED_A_MINUTE = 30  # by one address; a whole office may stand behind it
KEPT_SECONDS = 300  # a revocation shows within five minutes
VALID, COMING, ENDED, REVOKED = "valid", "coming", "ended", "revoked"
UNKNOWN, BLANK, TOO_MANY = "unknown", "blank", "too-many"
STATUS_CODES = {UNKNOWN: 404, TOO_MANY: 429}
PAID = "Reappointment"


@dataclass(frozen=True)
class Genuine:
	"""What the page says of a petikan that is on file."""

	status: str
	number: str
	name: str
	kind: str
	signed: date
	term: tuple[date, date] | None
	tmt: date | None
	revoked_by: str | None


class GenuinePage:
	"""Frappe's page renderer for /sk and /sk/CODE."""

	def __init__(self, path: str, http_status_code: int | None = None) -> None:
		self.path = path.strip("/ ")

	def can_render(self) -> bool:
		return self.path == ROUTE or self.path.startswith(f"{ROUTE}/")

	def render(self) -> Response:
		asked = self.path.removeprefix(ROUTE).strip("/") or frappe.form_dict.get("k") or ""
		try:
			count_question()
		except frappe.ValidationError:
			frappe.clear_messages()
			return answer(TOO_MANY)
		if not asked:
			return answer(BLANK)
		found = look_up(asked)
		return answer(found.status if found else UNKNOWN, found, asked)


def look_up(asked: str) -> Genuine | None:
	"""What is on file under a code; None where there is nothing."""
	code = code_in(asked)
	if not code:
		return None
	line, decree = frappe.qb.DocType("Decree Line"), frappe.qb.DocType("Decree")
	revoking, contract = frappe.qb.DocType("Decree").as_("revoking"), frappe.qb.DocType("PTT Contract")
	rows = (
		frappe.qb.from_(line)
		.join(decree)
		.on(decree.name == line.decree)
		.left_join(revoking)
		.on(revoking.name == line.revoked_by)
		.left_join(contract)
		.on((contract.decree == decree.name) & (contract.personnel == line.personnel))
		.select(
			line.full_name,
			decree.kind,
			decree.decree_number,
			decree.date_signed,
			decree.term_start,
			decree.term_end,
			decree.tmt,
			line.revoked_by,
			revoking.decree_number.as_("revoking_number"),
			contract.terminated_on,
		)
		.where((line.code == code) & (line.signed == 1))
	)
	found = query.run(rows)
	return _genuine(found[0]) if found else None


def _genuine(row) -> Genuine:
	has_term = row.kind == PAID and row.term_start and row.term_end
	end = min(filter(None, (row.term_end, row.terminated_on))) if has_term else None
	return Genuine(
		status=status_of(row, end),
		number=row.decree_number,
		name=unflipped(row.full_name),
		kind=row.kind,
		signed=row.date_signed,
		term=(row.term_start, end) if has_term else None,
		tmt=row.tmt,
		revoked_by=row.revoking_number,
	)


def status_of(row, end: date | None) -> str:
	"""valid, coming (its term has not begun), ended or revoked, as of today."""
	if row.revoked_by:
		return REVOKED
	if end is None:
		return VALID
	if today() < getdate(row.term_start):
		return COMING
	return VALID if today() <= getdate(end) else ENDED


def count_question() -> None:
	"""Count a question of this address. Raises when it has asked too often."""
	given, frappe.local.form_dict = frappe.local.form_dict, frappe._dict(cmd=f"kupang_hr/{ROUTE}")
	try:
		_counted()
	finally:
		frappe.local.form_dict = given


@rate_limit(limit=ASKED_A_MINUTE, seconds=60)
def _counted() -> None:
	"""Frappe's limit counts the calls."""


def answer(status: str, found: Genuine | None = None, asked: str = "") -> Response:
	"""The page, with headers that let a phone keep it for a while, and no search engine."""
	frappe.local.lang = language = _language()
	html = _page().render(
		status=status,
		found=found,
		said=said(status),
		labels=labels(),
		kind=_(found.kind) if found else "",
		lang=language,
		other=next(other for other in LANGUAGES if other != language),
		asked=asked[:40],
		code=spelled(code_in(asked) or ""),
		day=tanggal if language == "id" else lambda day: f"{day:%-d %B %Y}",
	)
	response = Response(html, STATUS_CODES.get(status, 200), OwnCaching(), mimetype="text/html")
	response.headers["X-Robots-Tag"] = "noindex"
	response.headers["Referrer-Policy"] = "no-referrer"
	response.headers["Content-Security-Policy"] = (
		"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
	)
	# an answer that others keep brings nobody's session; Frappe sets that cookie with every answer
	frappe.local.cookie_manager.cookies.clear()
	if status in STATUS_CODES:
		response.headers["Cache-Control"] = "no-store"
		if status == TOO_MANY:
			response.headers["Retry-After"] = "60"
		return response
	response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
	response.add_etag()
	return response.make_conditional(frappe.local.request)


class OwnCaching(Headers):
	"""Headers that keep what they say of caching, where newer Frappe adds its own words to those of any answer."""

	def extend(self, *given: Any, **more: Any) -> None:
		added = Headers(*given, **more)
		added.remove("Cache-Control")
		super().extend(added)


def said(status: str) -> tuple[str, str]:
	"""The headline of a status, and what it means."""
	return {
		VALID: (_("Genuine and valid"), _("This petikan is genuine and in force.")),
		COMING: (_("Genuine, not yet in force"), _("This petikan is genuine; its term has not begun.")),
		ENDED: (_("Genuine, term ended"), _("This petikan is genuine, but its term has ended.")),
		REVOKED: (_("Revoked"), _("This petikan was issued, but a later decree has revoked it.")),
		UNKNOWN: (_("Not found"), _("No petikan has this code. Check the code, or ask BKPPD Kota Kupang.")),
		BLANK: (_("Check a petikan"), _("Type the code that stands beside the QR code.")),
		TOO_MANY: (_("Too many questions"), _("Wait a minute and try again.")),
	}[status]


def labels() -> dict[str, str]:
	return {
		"title": _("Proof of a petikan"),
		"city": _("City of Kupang"),
		"number": _("Decree Number"),
		"kind": _("Kind"),
		"name": _("Name"),
		"signed": _("Date Signed"),
		"term": _("Term"),
		"until": _("until"),
		"tmt": _("In effect from"),
		"revoked_by": _("Revoked by"),
		"code": _("Code"),
		"check": _("Check"),
		"compare": _("Compare number and name with the paper in your hand."),
	}


def _language() -> str:
	wanted: Any = frappe.form_dict.get("lang")
	return wanted if wanted in LANGUAGES else LANGUAGES[0]


@cache
def _page():
	folder = Path(__file__).parent / "html"
	return Environment(loader=FileSystemLoader(folder), autoescape=True).get_template("genuine.html")
