"""A real SMTP server on this machine that keeps what it is given, and a site that sends through it."""

import inspect
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import frappe
from frappe.email import queue

ACCOUNT = "Kotak Uji"


class Mailbox(socketserver.ThreadingTCPServer):
	"""Takes every mail; `mails` in the order of their arrival."""

	daemon_threads = True
	allow_reuse_address = True

	def __init__(self) -> None:
		super().__init__(("127.0.0.1", 0), _Conversation)
		self.mails: list[EmailMessage] = []

	def sent(self) -> dict[str, list[EmailMessage]]:
		"""What Frappe's queue holds, sent now; all mails by recipient."""
		frappe.db.commit()
		has_switch = "from_test" in inspect.signature(queue.flush).parameters
		queue.flush(**({"from_test": True} if has_switch else {}))
		found: dict[str, list[EmailMessage]] = {}
		for mail in self.mails:
			found.setdefault(mail["X-Recipient"], []).append(mail)
		return found


class _Conversation(socketserver.StreamRequestHandler):
	def handle(self) -> None:
		self._say("220 mailbox")
		recipient = ""
		while line := self.rfile.readline().decode().strip():
			verb = line[:4].upper()
			if verb == "RCPT":
				recipient = line.partition("<")[2].partition(">")[0]
			if verb == "DATA":
				self._say("354 go on")
				self._keep(recipient)
			self._say({"QUIT": "221 bye"}.get(verb, "250 ok"))
			if verb == "QUIT":
				return

	def _keep(self, recipient: str) -> None:
		lines = []
		while (line := self.rfile.readline()) not in (b".\r\n", b""):
			lines.append(line[1:] if line.startswith(b"..") else line)
		mail = message_from_bytes(b"".join(lines), policy=policy.default)
		mail["X-Recipient"] = recipient
		self.server.mails.append(mail)

	def _say(self, line: str) -> None:
		self.wfile.write(line.encode() + b"\r\n")


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
	"""The plain or HTML text of a mail."""
	return mail.get_body((kind,)).get_content()


@contextmanager
def mailbox() -> Iterator[Mailbox]:
	"""The server, and the site's outgoing account that leads to it."""
	with Mailbox() as server:
		threading.Thread(target=server.serve_forever, daemon=True).start()
		_forget()
		account = frappe.get_doc(
			{
				"doctype": "Email Account",
				"email_account_name": ACCOUNT,
				"email_id": "kupang@city.test",
				"enable_outgoing": 1,
				"default_outgoing": 1,
				"no_smtp_authentication": 1,
				"smtp_server": "127.0.0.1",
				"smtp_port": server.server_address[1],
			}
		)
		account.insert()
		frappe.db.commit()
		try:
			yield server
		finally:
			server.shutdown()
			_forget()


def _forget() -> None:
	"""No account and nothing queued, as a fresh site is."""
	frappe.db.rollback()
	for doctype in ("Email Queue", "Email Queue Recipient"):
		frappe.db.delete(doctype)
	frappe.db.delete("Email Account", {"name": ACCOUNT})
	frappe.db.commit()
	frappe.local.outgoing_email_account = {}
	frappe.clear_cache()
