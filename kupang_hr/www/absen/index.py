"""/absen, the page on which a person records attendance by phone: its texts; all else comes over the API."""

import re
from functools import cache
from pathlib import Path

import frappe
from frappe import _

from kupang_hr.attendance.accounts import FIRST_LANGUAGE

no_cache = 1
sitemap = 0


def get_context(context) -> None:
	if frappe.session.user == "Guest":
		frappe.local.flags.redirect_location = "/login?redirect-to=/absen"
		raise frappe.Redirect
	language = frappe.db.get_value("User", frappe.session.user, "language")
	context.lang = frappe.local.lang = language or FIRST_LANGUAGE
	context.phone_css = looks()
	context.texts = {"lang": context.lang, "messages": {text: _(text) for text in texts_of_script()}}


@cache
def looks() -> str:
	"""What the pages for phones have in common."""
	return Path(frappe.get_app_path("kupang_hr", "public", "css", "phone.css")).read_text(encoding="utf-8")


@cache
def texts_of_script() -> tuple[str, ...]:
	"""What the script says with `__("…")`."""
	script = Path(__file__).with_name("index.js").read_text(encoding="utf-8")
	return tuple(sorted(set(re.findall(r'\b__\(\s*"([^"]+)"', script))))
