"""Files of letters whose content lies on the disk already."""

from typing import Any

import frappe
from frappe.core.doctype.file.file import File

KEPT = ("file_name", "file_url", "is_private", "content_hash", "file_size")


class FileOnDisk(File):
	"""A File whose content lies in its place: Frappe would read all of it into memory, and write a copy.

	The copy of an image may even be another one: encoded again, or spoilt by being read as text.
	"""

	def get_content(self) -> bytes:
		return b""

	def save_file(self, *_arguments: Any, **_options: Any) -> None:
		pass


def keep_file(doc, url: str) -> None:
	"""Make an uploaded file the document's as well: Frappe leaves it on the disk until nothing has it any more."""
	place = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name}
	same = frappe.db.get_value("File", {"file_url": url}, KEPT, as_dict=True, order_by="creation desc")
	if same and same.content_hash:  # without one, Frappe never takes it off the disk
		FileOnDisk({"doctype": "File", **same, **place}).insert(ignore_permissions=True)
