"""What a request may send: known fields, a bounded body, JSON or a form. Frappe itself drops unknown fields."""

import inspect
import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response

from kupang_hr.exceptions import (
	TooLargeError,
	UnexpectedFieldError,
	UnreadableBodyError,
	WrongContentTypeError,
)

KILOBYTE = 1024
FRAPPES_OWN = frozenset({"cmd", "_lang", "csrf_token", "_type", "_"})
OURS = "/method/kupang_hr."
BODIES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")


def check_sent(endpoint: Callable, most_kilobytes: int = 64) -> None:
	"""Refuse a request that is too large, of another kind than JSON or a form, or has fields that are unknown.

	Outside of a request (a call from Python) there is nothing to check. Raises TooLargeError (413),
	WrongContentTypeError (415), UnexpectedFieldError (417).
	"""
	request = getattr(frappe.local, "request", None)
	if not request:
		return
	length = request.content_length or 0
	if length > most_kilobytes * KILOBYTE:
		text = _("A request has at most {0} KB, this one has {1} KB.")
		frappe.throw(text.format(most_kilobytes, -(-length // KILOBYTE)), TooLargeError)
	if length and request.mimetype not in BODIES:
		frappe.throw(
			_("The body is JSON or a form, not {0}.").format(request.mimetype or "?"), WrongContentTypeError
		)
	known = set(inspect.signature(endpoint).parameters) | FRAPPES_OWN
	if unknown := sorted(str(field)[:40] for field in frappe.form_dict if field not in known):
		frappe.throw(_("There is no field {0}.").format(", ".join(unknown)), UnexpectedFieldError)


def needed(**arguments: object) -> None:
	"""Refuse a request without something that it must have."""
	if missing := [name for name, value in arguments.items() if value in (None, "")]:
		frappe.throw(_("The request says nothing of {0}.").format(", ".join(missing)), UnexpectedFieldError)


def unreadable_body(response: Response | None = None, request: Any = None) -> None:
	"""Frappe's hook after each request: a body of ours that is no JSON is refused as such (400).

	Frappe reads the body before anything else of a request and lets the failure out as an error of its own (500).
	"""
	if response is None or response.status_code < 500 or OURS not in request.path or not request.is_json:
		return
	try:
		json.loads(request.get_data(as_text=True))
	except ValueError:
		message = {"message": _("The body cannot be read as JSON."), "indicator": "red", "raise_exception": 1}
		answer = {
			"exc_type": UnreadableBodyError.__name__,
			"_server_messages": json.dumps([json.dumps(message)]),
		}
		response.status_code = UnreadableBodyError.http_status_code
		response.set_data(json.dumps(answer))
		response.mimetype = "application/json"
