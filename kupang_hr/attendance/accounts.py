"""Logins for people without a mailbox: a login name, a first password on paper, a reset by the clerk.

The login name is the NIP, or the person's number ("ptt00001"); who has a mobile number may log in with that too.
The first password is random, can be read out, and opens nothing but the form for a new one: the user's last change
of password is dated so far back that Frappe's own rule for old passwords asks for another.

Made one document at a time, by Frappe's own User: what belongs to a user (roles, shares, contact, notification
settings) differs between its versions, and hashing the password is most of the time anyway. 7,000 users take some
minutes; the run is chunked and goes on where it stopped. Frappe's limit of users an hour is lifted for the run,
knowingly: a BKPPD Clerk asked for these people.
"""

import csv
import hashlib
import io
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.sessions import clear_sessions
from frappe.utils.password import update_password

from kupang_hr.access.seats import opd_tree
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Change, Trail
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.step import Step
from kupang_hr.exceptions import AccountError
from kupang_hr.rules.contract import LEFT

FIRST_LANGUAGE = "id"  # of whoever gets a login here, where Frappe would give the site's, and of who has none
ROLE = "Personnel Self Service"
DOMAIN = "login.invalid"  # a domain that can never have a mailbox (RFC 2606)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
GROUPS, GROUP = 3, 4
LONG_AGO = date(2000, 1, 1)
FORCE_AFTER_DAYS = 3650  # far less than since LONG_AGO, far more than any password's age
SETTINGS = {"allow_login_using_user_name": 1, "allow_login_using_mobile_number": 1}
FIELDS = ("name", "full_name", "employment_type", "nip", "opd", "position", "mobile_no", "user")
SLIP = ("opd", "full_name", "login", "mobile_no", "password")
FILE_PREFIX = "logins"


class MakeLogins(Step):
	"""A login for each person who has none. Criterion: names, opd (with its subtree), or neither for everybody."""

	action = "make-logins"
	doctype = "Personnel"
	writes = ("User",)
	roles = ("BKPPD Clerk",)
	largest_chunk = 100  # a chunk is to end long before the run would be taken for dead

	def subject(self) -> str:
		return str(self.criterion.get("opd") or "all")

	def waiting(self):
		person = self.table
		rows = frappe.qb.from_(person).where(person.user.isnull() | (person.user == ""))
		rows = rows.where(person.duty_status != LEFT)
		if opd := self.criterion.get("opd"):
			inside = [name for name, seat in opd_tree().items() if opd in (name, *seat.ancestors)]
			rows = rows.where(person.opd.isin(inside or [opd]))
		return rows

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		allow_logins()
		rows = lock_rows("Personnel", names, FIELDS)
		taken = _taken_numbers(rows.values())
		failures, slips, changes = {}, [], {}
		with many_users():
			for name, row in rows.items():
				if row.user:
					continue
				try:
					slip = _make(row, taken)
				except Exception as error:
					failures[name] = _undone(error)
					continue
				slips.append(slip)
				changes[name] = Change(row, {"user": slip["user"]})
		trail.update("Personnel", changes)
		if slips:
			_keep(trail.run, slips)
		return failures


def _undone(error: Exception) -> str:
	if isinstance(error, frappe.QueryDeadlockError):
		raise error
	frappe.db.rollback(save_point="kupang_login")
	frappe.clear_messages()
	return str(error) or type(error).__name__


@contextmanager
def many_users() -> Iterator[None]:
	"""Let Frappe make many users as it does while an app is installed.

	Without it each user would drop every cache of the site, queue two jobs, and have Frappe ask gravatar.com
	for a picture; and from the sixty-first within an hour on be refused, which is lifted here too.
	"""
	installing, limit = frappe.flags.in_install, frappe.conf.get("throttle_user_limit")
	frappe.flags.in_install, frappe.conf.throttle_user_limit = "kupang_hr", 1_000_000
	try:
		yield
	finally:
		frappe.flags.in_install, frappe.conf.throttle_user_limit = installing, limit or 60


def allow_logins() -> None:
	"""Let people log in by name or number, and have Frappe ask for a new password in place of a first one."""
	settings = dict(SETTINGS)
	if not int(frappe.db.get_single_value("System Settings", "force_user_to_reset_password") or 0):
		settings["force_user_to_reset_password"] = FORCE_AFTER_DAYS
	changed = {
		field: value
		for field, value in settings.items()
		if int(frappe.db.get_single_value("System Settings", field) or 0) != value
	}
	for field, value in changed.items():
		frappe.db.set_single_value("System Settings", field, value)
	if changed:
		frappe.clear_document_cache("System Settings", "System Settings")
		frappe.cache.delete_value("system_settings")


def login_name(row: Any) -> str:
	"""The NIP, or the person's own number."""
	return row.nip or re.sub("[^a-z0-9]", "", row.name.lower())


def number_of(mobile: str | None) -> str:
	"""A mobile number as people type it: digits from 0."""
	digits = re.sub("[^0-9]", "", mobile or "")
	return "0" + digits[2:] if digits.startswith("62") else digits


def first_password() -> str:
	"""Random, 59 bits, without letters that look alike."""
	groups = ("".join(secrets.choice(LETTERS) for _letter in range(GROUP)) for _group in range(GROUPS))
	return "-".join(groups)


def _taken_numbers(rows) -> set[str]:
	"""The numbers of these people that a user has already."""
	numbers = sorted({number_of(row.mobile_no) for row in rows} - {""})
	if not numbers:
		return set()
	user = frappe.qb.DocType("User")
	return set(
		query.values(
			frappe.qb.from_(user).select(user.mobile_no).where(user.mobile_no.isin(query.NAMES)),
			names=tuple(numbers),
		)
	)


def _make(row: Any, taken: set[str]) -> dict[str, str]:
	"""Make one user; what is printed for them. A number that somebody else logs in with is left out."""
	frappe.db.savepoint("kupang_login")
	login, password, number = login_name(row), first_password(), number_of(row.mobile_no)
	number = "" if number in taken else number
	user = frappe.new_doc("User")
	user.update(
		{
			"email": f"{login}@{DOMAIN}",
			"username": login,
			"first_name": row.full_name,
			"mobile_no": number or None,
			"language": FIRST_LANGUAGE,
			"send_welcome_email": 0,
			"last_password_reset_date": LONG_AGO,
			"new_password": password,
		}
	)
	user.append("roles", {"role": ROLE})
	user.flags.update(no_welcome_mail=True, ignore_password_policy=True, ignore_permissions=True)
	user.insert(ignore_permissions=True)
	if user.username != login:
		frappe.throw(_("The login name {0} is taken.").format(login), AccountError)
	taken.add(number)
	slip = {"user": user.name, "opd": row.opd, "full_name": row.full_name, "login": login}
	return {**slip, "mobile_no": number, "password": password}


# What is printed


def _prefix(run: str) -> str:
	return f"{FILE_PREFIX}-{hashlib.sha256(run.encode()).hexdigest()[:12]}"


def _keep(run: str, slips: Sequence[dict[str, str]]) -> None:
	"""The passwords of a chunk, in a private file of the requester's, written in the chunk's transaction.

	It is attached to nothing: whoever may read the run, may read what is attached to it.
	"""
	file = frappe.new_doc("File")
	name = f"{_prefix(run)}-{frappe.generate_hash(length=6)}.csv"
	file.update({"file_name": name, "is_private": 1, "content": _csv(slips)})
	file.insert(ignore_permissions=True)


def _csv(slips: Sequence[dict[str, str]]) -> bytes:
	text = io.StringIO()
	writer = csv.DictWriter(text, SLIP, extrasaction="ignore", lineterminator="\r\n")
	writer.writeheader()
	writer.writerows(slips)
	return text.getvalue().encode()


def print_once(run: str) -> bytes:
	"""The first passwords that a run has made, for its requester alone, as CSV by OPD and name; then they are gone.

	Raises PermissionError, or AccountError where there is nothing (any more).
	"""
	requester, status = frappe.db.get_value("Bulk Run", run, ["requester", "status"]) or (None, None)
	if not requester or requester != frappe.session.user:
		frappe.throw(_("First passwords are printed by who asked for them."), frappe.PermissionError)
	if status not in ("Completed", "Failed"):
		frappe.throw(_("The logins are still being made."), AccountError)
	files = frappe.get_all(
		"File",
		filters={"file_name": ("like", f"{_prefix(run)}-%"), "owner": requester, "is_private": 1},
		pluck="name",
		order_by="creation asc, name asc",
	)
	if not files:
		frappe.throw(_("These first passwords have been printed already."), AccountError)
	slips = []
	for name in files:
		content = frappe.get_doc("File", name).get_content()
		text = content.decode() if isinstance(content, bytes) else content
		slips += csv.DictReader(io.StringIO(text, newline=""))
		frappe.delete_doc("File", name, ignore_permissions=True, delete_permanently=True)
	return _csv(sorted(slips, key=lambda slip: (slip["opd"], slip["full_name"], slip["login"])))


def reset_login(personnel: str) -> dict[str, str]:
	"""A new first password for a person who lost theirs; their sessions end. Answers login and password.

	Only for logins that are nothing but a person's own: a clerk does not get at the login of a head by this.
	"""
	user = frappe.db.get_value("Personnel", personnel, "user")
	if not user:
		frappe.throw(_("{0} has no login.").format(personnel), AccountError)
	roles = set(frappe.get_roles(user)) - {"All", "Guest", "Desk User"}
	if roles != {ROLE}:
		frappe.throw(_("{0} has other roles; a System Manager resets this login.").format(user), AccountError)
	allow_logins()
	password = first_password()
	update_password(user, password)
	frappe.db.set_value("User", user, "last_password_reset_date", LONG_AGO)
	clear_sessions(user, force=True)
	frappe.get_doc("Personnel", personnel).add_comment(
		"Info", _("The login {0} got a new first password.").format(user)
	)
	return {"login": frappe.db.get_value("User", user, "username") or user, "password": password}
