"""Closed months for the finance office, version 1: read only, over GET, with a token. See docs/finance.md.

Finance Officers see NIK and bank account; the BKPPD Head sees the same lines without them; nobody else sees any.
Answers are plain JSON objects (an export is CSV) and not wrapped in "message"; errors are {"error": {"code",
"message", "field"}} with the HTTP status that says the same. Reading lines leaves a row in the Access Log.
"""

import base64
import binascii
import hashlib
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from functools import wraps
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from werkzeug.wrappers import Response

from kupang_hr.payroll import reading
from kupang_hr.payroll.export import csv_chunks
from kupang_hr.payroll.lines import LINE
from kupang_hr.payroll.periods import NAME as PERIOD_NAME

VERSION = "1"
PATHS = ("/api/method/kupang_hr.api.finance.", "/api/v1/method/kupang_hr.api.finance.")
WITH_IDENTITY, WITHOUT_IDENTITY = "Finance Officer", "BKPPD Head"
DEFAULT_LIMIT, MOST = 200, 1000
WITA = timezone(timedelta(hours=8))
JSON_TYPE, CSV_TYPE = "application/json", "text/csv"
LONGEST_TEXT = 140
ENDPOINTS = ("periods", "period", "lines", "person", "totals", "export")


class Refused(Exception):
	"""What is answered instead: HTTP status, stable code, text for people, and the parameter at fault."""

	def __init__(self, status: int, code: str, message: str, field: str | None = None):
		super().__init__(message)
		self.status, self.code, self.message, self.field = status, code, message, field


def endpoint(mimetype: str = JSON_TYPE) -> Callable:
	"""What every endpoint has in common: who may, which parameters there are, what is said when it goes wrong."""

	def wrapping(function: Callable[..., Response]) -> Callable[..., Response]:
		known = tuple(inspect.signature(function).parameters)

		@wraps(function)
		def answer(*_arguments: Any, **_given: Any) -> Response:
			try:
				_check_role()
				_check_accepts(mimetype)
				return function(**_parameters(known))
			except Refused as refused:
				return _error(refused)

		return answer

	return wrapping


@frappe.whitelist(methods=["GET"])
@endpoint()
def periods() -> Response:
	"""Every month with its status, version, totals and checksum, newest first."""
	return _conditional({"periods": [_period(row) for row in reading.periods()]})


@frappe.whitelist(methods=["GET"])
@endpoint()
def period(period: str | None = None) -> Response:
	"""One month, with what each of its closings added."""
	name = _period_name(period)
	found = next((row for row in reading.periods() if row.name == name), None)
	if not found:
		raise Refused(404, "not_found", _("There is no month {0}.").format(name), "period")
	closings = [_jsonable(row) for row in reading.closings([name]).get(name, ())]
	return _conditional({**_period(found), "versions": closings})


@frappe.whitelist(methods=["GET"])
@endpoint()
def lines(
	period: str | None = None,
	booked_in: str | None = None,
	opd: str | None = None,
	personnel: str | None = None,
	changed_since: str | None = None,
	limit: str | None = None,
	cursor: str | None = None,
) -> Response:
	"""Lines of a closed month, or of all that are paid in one, a page at a time. docs/finance.md has the rest."""
	given = _given(period, booked_in, opd, personnel, changed_since)
	size = _limit(limit)
	scope, after = _place(given, cursor)
	tag = _tag("lines", {**given, "limit": size, "after": after}, scope)
	if _is_known(tag):
		return _not_modified(tag)
	_trace("lines", {**given, "limit": limit, "cursor": cursor}, "JSON")
	names = reading.columns(_sees_identity())
	rows = reading.page(scope, after, size + 1, _sees_identity())
	more, rows = len(rows) > size, rows[:size]
	body = {
		"api_version": VERSION,
		"period": given["period"],
		"booked_in": given["booked_in"],
		"versions": {name: until for name, (_after, until) in scope.versions.items()},
		"lines": [dict(zip(names, row, strict=True)) for row in rows],
		"next_cursor": _cursor(given, scope, rows[-1][0]) if more else None,
	}
	return _json(body, tag=tag)


@frappe.whitelist(methods=["GET"])
@endpoint()
def person(personnel: str | None = None, period: str | None = None) -> Response:
	"""All lines of one person, in one closed month or in all, with what they come to."""
	name = _known("Personnel", personnel, "personnel", must=True)
	given = _given(period, None, None, name, None, must=False)
	scope, _after = _place(given, None)
	tag = _tag("person", given, scope)
	if _is_known(tag):
		return _not_modified(tag)
	_trace("person", given, "JSON")
	names = reading.columns(_sees_identity())
	found = [
		dict(zip(names, row, strict=True)) for part in reading.pages(scope, _sees_identity()) for row in part
	]
	payable = [line["payable"] for line in found if line["payable"] is not None]
	body = {"api_version": VERSION, "personnel": name, "period": given["period"], "lines": found}
	return _json({**body, "payable": sum(payable) if payable else None}, tag=tag)


@frappe.whitelist(methods=["GET"])
@endpoint()
def totals(
	period: str | None = None,
	booked_in: str | None = None,
	opd: str | None = None,
	changed_since: str | None = None,
) -> Response:
	"""People, lines and rupiah by OPD, and of all of them: the sums of the lines that the same filters give."""
	given = _given(period, booked_in, opd, None, changed_since)
	scope, _after = _place(given, None)
	rows = reading.totals(scope)
	keys = ("people", "lines", *reading.TOTALS)
	body = {
		"api_version": VERSION,
		"period": given["period"],
		"booked_in": given["booked_in"],
		"opds": rows,
		"total": {key: sum(row[key] for row in rows) for key in keys},
	}
	return _conditional(body)


@frappe.whitelist(methods=["GET"])
@endpoint(CSV_TYPE)
def export(
	period: str | None = None,
	booked_in: str | None = None,
	opd: str | None = None,
	changed_since: str | None = None,
) -> Response:
	"""The same lines as CSV, streamed; `X-Line-Count` says how many are to come."""
	given = _given(period, booked_in, opd, None, changed_since)
	scope, _after = _place(given, None)
	tag = _tag("export", given, scope)
	if _is_known(tag):
		return _not_modified(tag)
	_trace("export", given, "CSV")
	count, with_identity = reading.count(scope), _sees_identity()
	chunks = csv_chunks(reading.columns(with_identity), reading.pages(scope, with_identity))
	response = Response(_streamed(chunks), content_type=f"{CSV_TYPE}; charset=utf-8; header=present")
	response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(given, scope)}"'
	response.headers["X-Line-Count"] = str(count)
	return _finish(response, tag)


def error_responses(response: Response | None = None, request: Any = None) -> None:
	"""Frappe's hook after each request: what Frappe itself refuses of this API reads like our own refusals."""
	if not request or not request.path.startswith(PATHS) or response is None:
		return
	if response.status_code < 400 or getattr(response, "is_of_finance", False):
		return
	refused = _of_frappe(request, response.status_code)
	ours = _error(refused)
	response.status_code = refused.status
	response.set_data(ours.get_data())
	for header, value in ours.headers.items():
		response.headers[header] = value


# Who may


def _check_role() -> None:
	if not {WITH_IDENTITY, WITHOUT_IDENTITY} & set(frappe.get_roles()):
		raise Refused(
			403, "forbidden", _("This is for the roles {0} and {1}.").format(WITH_IDENTITY, WITHOUT_IDENTITY)
		)


def _sees_identity() -> bool:
	return WITH_IDENTITY in frappe.get_roles()


def _of_frappe(request: Any, status: int) -> Refused:
	if request.method not in ("GET", "OPTIONS"):
		return Refused(405, "method_not_allowed", _("This API only answers GET."))
	if request.path.rpartition(".")[2] not in ENDPOINTS:
		return Refused(404, "not_found", _("There is no such endpoint."))
	is_guest = getattr(frappe.local, "session", {}).get("user") in (None, "Guest")
	if status != 401 and is_guest and request.content_length:
		return _no_body()  # one that cannot be read fails before the token is looked at
	if status == 401 or is_guest:
		return Refused(401, "unauthenticated", _("Send a valid token: Authorization: token KEY:SECRET."))
	if status == 403:
		return Refused(403, "forbidden", _("Not permitted"))
	if status >= 500:
		return Refused(500, "internal_error", _("Something went wrong; it has been noted."))
	return _no_body()


def _no_body() -> Refused:
	return Refused(400, "invalid_request", _("Send parameters in the query, and no body."))


def _trace(name: str, given: Mapping[str, Any], file_type: str) -> None:
	"""Who read which lines when: a row that stays although a GET is rolled back, since Frappe commits it."""
	filters = {key: value for key, value in given.items() if value is not None}
	make_access_log(
		doctype=LINE,
		document=given["period"] or given["booked_in"],
		method=f"finance.v{VERSION}.{name}",
		file_type=file_type,
		filters=json.dumps(filters, sort_keys=True),
	)


# What is asked for


def _parameters(known: tuple[str, ...]) -> dict[str, str]:
	"""The query's parameters; each at most once, none that there is not. A body is not looked at."""
	found = {}
	for key, values in frappe.request.args.lists():
		if key not in known:
			raise Refused(
				400,
				"unknown_parameter",
				_("There is no parameter {0}.").format(key[:LONGEST_TEXT]),
				key[:LONGEST_TEXT],
			)
		if len(values) > 1:
			raise Refused(400, "invalid_parameter", _("{0} is given more than once.").format(key), key)
		found[key] = values[0]
	return found


def _check_accepts(mimetype: str) -> None:
	accepted = frappe.request.accept_mimetypes
	if accepted and not accepted.quality(mimetype):
		raise Refused(406, "not_acceptable", _("This endpoint answers {0}.").format(mimetype))


def _given(
	period: str | None,
	booked_in: str | None,
	opd: str | None,
	personnel: str | None,
	changed_since: str | None,
	must: bool = True,
) -> dict[str, str | None]:
	"""The filters, each checked by itself."""
	if must and period is None and booked_in is None:
		raise Refused(400, "missing_parameter", _("Give a period or booked_in."), "period")
	return {
		"period": None if period is None else _period_name(period),
		"booked_in": None if booked_in is None else _period_name(booked_in, "booked_in"),
		"opd": _known("OPD", opd, "opd"),
		"personnel": _known("Personnel", personnel, "personnel"),
		"changed_since": _since(changed_since, period),
	}


def _period_name(text: str | None, field: str = "period") -> str:
	if text is None:
		raise Refused(400, "missing_parameter", _("Give a month."), field)
	if not PERIOD_NAME.fullmatch(text):
		raise Refused(400, "invalid_parameter", _("A month is written like 2021-01."), field)
	return text


def _known(doctype: str, name: str | None, field: str, must: bool = False) -> str | None:
	if name is None and not must:
		return None
	if not name or len(name) > LONGEST_TEXT or "\0" in name:
		raise Refused(400, "invalid_parameter", _("{0} is empty or too long.").format(field), field)
	if frappe.db.get_value(doctype, name, "name", order_by=None) != name:
		raise Refused(404, "not_found", _("There is no {0} {1}.").format(_(doctype), name), field)
	return name


def _since(text: str | None, period: str | None) -> str | None:
	"""A version, or a moment as it is compared: naive WITA in ISO form."""
	if text is None:
		return None
	if text.isascii() and text.isdecimal() and len(text) < 10:
		if period is None:
			raise Refused(
				400, "invalid_parameter", _("Versions belong to a period; give a moment."), "changed_since"
			)
		return str(int(text))
	return _moment(text).isoformat()


def _moment(text: str) -> datetime:
	try:
		found = datetime.fromisoformat(text.replace("Z", "+00:00").replace(" ", "+"))
		return found.astimezone(WITA).replace(tzinfo=None) if found.tzinfo else found
	except (ValueError, OverflowError):
		text = _("A version, or a moment like 2021-02-03T17:00:00+08:00.")
		raise Refused(400, "invalid_parameter", text, "changed_since") from None


def _limit(text: str | None) -> int:
	if text is None:
		return DEFAULT_LIMIT
	if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MOST):
		raise Refused(400, "invalid_parameter", _("The limit is from 1 to {0}.").format(MOST), "limit")
	return int(text)


# Where in the list


def _place(given: Mapping[str, str | None], cursor: str | None) -> tuple[reading.Scope, str]:
	"""The lines that are meant, and the name of the last one that has been read."""
	periods = reading.closed(_periods_of(given))
	if given["period"] and given["period"] not in periods:
		raise Refused(404, "not_found", _("The month {0} is not closed.").format(given["period"]), "period")
	bounds = {
		name: (_after_version(name, given["changed_since"]), row.version) for name, row in periods.items()
	}
	filters = {key: given[key] for key in ("opd", "booked_in", "personnel")}
	if cursor is None:
		return reading.Scope(bounds, **filters), ""
	until, after = _opened(cursor, given)
	if not set(until) <= set(bounds):
		raise _wrong_cursor()
	bounds = {name: (bounds[name][0], min(version, bounds[name][1])) for name, version in until.items()}
	return reading.Scope(bounds, **filters), after


def _periods_of(given: Mapping[str, str | None]) -> list[str] | None:
	"""The months that may be meant; None for any."""
	if given["period"]:
		return [given["period"]]
	return reading.periods_paid_in(given["booked_in"]) if given["booked_in"] else None


def _after_version(period: str, since: str | None) -> int:
	if since is None:
		return 0
	if since.isdecimal():
		return int(since)
	return reading.version_at(period, datetime.fromisoformat(since))


def _cursor(given: Mapping[str, Any], scope: reading.Scope, last: str) -> str:
	until = {name: version for name, (_after, version) in scope.versions.items()}
	text = json.dumps([_digest(given), until, last], separators=(",", ":"))
	return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _opened(cursor: str, given: Mapping[str, Any]) -> tuple[dict[str, int], str]:
	"""Versions and last name of a cursor, if it belongs to these filters."""
	try:
		padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
		digest, until, last = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
		is_ours = digest == _digest(given) and isinstance(last, str) and len(last) <= LONGEST_TEXT
		is_ours = is_ours and all(type(version) is int for version in until.values())
	except (ValueError, TypeError, AttributeError, binascii.Error):
		is_ours = False
	if not is_ours:
		raise _wrong_cursor()
	return until, last


def _wrong_cursor() -> Refused:
	text = _("This cursor belongs to another period or other filters; begin without one.")
	return Refused(400, "invalid_cursor", text, "cursor")


def _digest(value: Any) -> str:
	return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:24]


# What is answered


def _period(row: Mapping[str, Any]) -> dict[str, Any]:
	found = _jsonable(row)
	return {"period": found.pop("name"), **found}


def _jsonable(row: Mapping[str, Any]) -> dict[str, Any]:
	"""Dates in ISO form, moments with WITA's offset, rupiah as integers."""
	return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
	if isinstance(value, datetime):
		return value.replace(tzinfo=WITA).isoformat()
	if isinstance(value, date):
		return value.isoformat()
	return int(value) if isinstance(value, float) else value


def _tag(name: str, query: Mapping[str, Any], scope: reading.Scope) -> str:
	"""The ETag of lines: what was asked, by whom, and what these months hold."""
	checksums = [row.checksum for row in reading.closed(tuple(scope.versions)).values()]
	seen = reading.identities_stamp() if _sees_identity() else None
	return _digest([VERSION, name, query, scope.versions, checksums, seen])


def _is_known(tag: str) -> bool:
	return frappe.request.if_none_match.contains_weak(tag)


def _conditional(body: Mapping[str, Any]) -> Response:
	"""A small answer, tagged by what it holds."""
	body = {"api_version": VERSION, **body}
	tag = _digest(body)
	return _not_modified(tag) if _is_known(tag) else _json(body, tag=tag)


def _json(body: Mapping[str, Any], status: int = 200, tag: str | None = None) -> Response:
	text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
	return _finish(Response(text, status, content_type=f"{JSON_TYPE}; charset=utf-8"), tag)


def _not_modified(tag: str) -> Response:
	return _finish(Response(status=304), tag)


def _error(refused: Refused) -> Response:
	body = {"error": {"code": refused.code, "message": refused.message, "field": refused.field}}
	response = _json(body, refused.status)
	if refused.status == 405:
		response.headers["Allow"] = "GET"
	if refused.status == 401:
		response.headers["WWW-Authenticate"] = "token"
	return response


def _finish(response: Response, tag: str | None) -> Response:
	response.is_of_finance = True
	response.headers["Cache-Control"] = "private, no-cache"
	response.headers["Vary"] = "Authorization, Accept"
	if tag:
		response.set_etag(tag)
	return response


def _file_name(given: Mapping[str, Any], scope: reading.Scope) -> str:
	if not given["period"]:
		return f"pay-booked-in-{given['booked_in']}.csv"
	return f"pay-{given['period']}-v{scope.versions[given['period']][1]}.csv"


def _streamed(chunks: Iterator[bytes]) -> Iterator[bytes]:
	"""Sent while it is read. Frappe may have closed the connection by then: it opens by itself, and is closed here."""
	try:
		yield from chunks
	finally:
		frappe.db.close()
