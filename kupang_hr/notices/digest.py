"""A digest and its sending: once, in each recipient's language, on the desk and by mail.

What has been sent stands in Sent Notice, whose name says what it was about; the database lets it stand there once.
Mail is Frappe's queue. Without an outgoing Email Account, with the kind's mails switched off, or where queueing
fails, the desk alone says it, and the Sent Notice says why. Nothing of it stops what the notice is about.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.desk.doctype.notification_settings.notification_settings import (
	is_email_notifications_enabled,
	is_notifications_enabled,
)
from frappe.translate import get_user_lang
from frappe.utils import get_url_to_form

from kupang_hr.bulk import query
from kupang_hr.clock import today

SENT = "Sent Notice"
SCORES_DUE, STAND_DOWN, SK_ISSUED = "Scores Due", "Stand-Down", "SK Issued"
DECIDED, STEP_MISSED = "Requests Decided", "Step Missed"
MAIL_SETTING = {
	SCORES_DUE: "mail_scores_due",
	STAND_DOWN: "mail_stand_down",
	SK_ISSUED: "mail_sk_issued",
	DECIDED: "mail_requests_decided",
	STEP_MISSED: "mail_step_missed",
}
TEMPLATE = "kupang_notice"
NAMES_SHOWN = 200
NOBODY_MAILS = {"Administrator", "Guest"}


@dataclass(frozen=True)
class Message:
	"""What is told: one line, paragraphs, and lists of names under a heading each."""

	subject: str
	lines: Sequence[str] = ()
	lists: Sequence[tuple[str, Sequence[str]]] = ()


@dataclass(frozen=True)
class Digest:
	"""One notice. `event` with kind and OPD is what is told only once; `compose` words it in the language set."""

	kind: str
	event: str
	recipients: Sequence[str | None]
	compose: Callable[[], Message]
	reference: tuple[str, str]
	opd: str | None = None
	url: str | None = None  # where the message leads to, otherwise to the document

	@property
	def key(self) -> str:
		return "/".join(filter(None, (self.kind, self.event, self.opd)))


def send(digest: Digest) -> list[str]:
	"""Tell the recipients, unless that has been done; the users who were told."""
	users = reachable(digest.recipients)
	if not users or not _book(digest, users):
		return []
	refusal = _why_no_mail(digest.kind)
	mailed = 0
	for user, row in users.items():
		with in_language_of(user):
			message = digest.compose()
			_on_desk(digest, user, message)
			if not refusal and row.email and is_email_notifications_enabled(user):
				mailed += _by_mail(digest, row, message)
	_note(digest, mailed, refusal)
	return list(users)


def was_sent(digest: Digest) -> bool:
	return bool(frappe.db.exists(SENT, digest.key))


def reachable(users: Sequence[str | None]) -> dict[str, frappe._dict]:
	"""Those of the users who have a login that is enabled, each once, in their order."""
	wanted = list(dict.fromkeys(filter(None, users)))
	if not wanted:
		return {}
	table = frappe.qb.DocType("User")
	rows = frappe.qb.from_(table).select(table.name, table.email, table.full_name)
	found = query.rows_by(
		rows.where((table.enabled == 1) & table.name.isin(query.NAMES)), "name", names=tuple(wanted)
	)
	return {user: found[user] for user in wanted if user in found}


def may_mail(kind: str) -> bool:
	return bool(frappe.db.get_single_value("Kupang HR Settings", MAIL_SETTING[kind]))


def has_outgoing_account() -> bool:
	"""Whether the site can send: an account that is the default one, or a mail server in its config."""
	account = {"enable_outgoing": 1, "default_outgoing": 1}
	return bool(frappe.conf.get("mail_server") or frappe.db.exists("Email Account", account))


@contextmanager
def in_language_of(user: str) -> Iterator[None]:
	before = frappe.local.lang
	frappe.local.lang = get_user_lang(user)
	try:
		yield
	finally:
		frappe.local.lang = before


def _why_no_mail(kind: str) -> str | None:
	if not may_mail(kind):
		return _("Mails of this kind are switched off in Kupang HR Settings.")
	return None if has_outgoing_account() else _("There is no outgoing Email Account.")


def _book(digest: Digest, users: Sequence[str]) -> bool:
	"""Write down that this is sent; whether it had not been."""
	if was_sent(digest):
		return False
	frappe.db.savepoint("kupang_notice")
	try:
		frappe.get_doc(
			{
				"doctype": SENT,
				"name": digest.key,
				"kind": digest.kind,
				"day": today(),
				"opd": digest.opd,
				"recipients": "\n".join(users),
				"reference_doctype": digest.reference[0],
				"reference_name": digest.reference[1],
			}
		).insert(ignore_permissions=True, ignore_links=True)
	except frappe.DuplicateEntryError:
		frappe.db.rollback(save_point="kupang_notice")
		frappe.clear_messages()
		return False
	return True


def _note(digest: Digest, mailed: int, refusal: str | None) -> None:
	values = {"mailed": mailed, "remark": refusal}
	frappe.db.set_value(SENT, digest.key, values, update_modified=False)


def _on_desk(digest: Digest, user: str, message: Message) -> None:
	"""Frappe's own note behind the bell; of the type Alert, of which Frappe mails none itself."""
	if not is_notifications_enabled(user):
		return
	note = frappe.new_doc("Notification Log")
	note.update(
		{
			"type": "Alert",
			"for_user": user,
			"from_user": frappe.session.user,
			"document_type": digest.reference[0],
			"document_name": digest.reference[1],
			"subject": frappe.utils.escape_html(message.subject),
		}
	)
	note.insert(ignore_permissions=True)


def _by_mail(digest: Digest, user: frappe._dict, message: Message) -> int:
	"""Queue the mail to one user; 1, or 0 where it cannot be queued."""
	frappe.db.savepoint("kupang_mail")
	try:
		frappe.sendmail(
			recipients=[user.email],
			subject=message.subject,
			template=TEMPLATE,
			args=_mail_of(digest, user, message),
			reference_doctype=digest.reference[0],
			reference_name=digest.reference[1],
			add_unsubscribe_link=0,
		)
	except Exception:
		frappe.db.rollback(save_point="kupang_mail")
		frappe.clear_messages()
		frappe.log_error(title=f"Notice not mailed: {digest.key}"[:140])
		return 0
	return 1


def _mail_of(digest: Digest, user: frappe._dict, message: Message) -> dict:
	lists = [(heading, _cut(names)) for heading, names in message.lists]
	return {
		"greeting": _("Dear {0},").format(user.full_name),
		"lines": message.lines or [message.subject],
		"lists": lists,
		"url": digest.url or get_url_to_form(*digest.reference),
		"open": _("Open in Kupang HR"),
		"footer": _("Sent by Kupang HR, the personnel system of the city. Please do not answer this mail."),
	}


def _cut(names: Sequence[str]) -> list[str]:
	more = len(names) - NAMES_SHOWN
	shown = list(names[:NAMES_SHOWN])
	return [*shown, _("and {0} more").format(more)] if more > 0 else shown
