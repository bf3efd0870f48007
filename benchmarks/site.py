"""A connection to the site that the environment names."""

import os
from collections.abc import Iterable
from pathlib import Path

import frappe
import frappe.translate


def connect() -> None:
	"""Connect to KUPANG_SITE as Administrator; Frappe wants to be in the folder of the sites."""
	os.chdir(Path(os.environ["KUPANG_BENCH"]) / "sites")
	frappe.init(site=os.environ["KUPANG_SITE"])
	frappe.connect()
	frappe.set_user("Administrator")


def forget(doctypes: Iterable[str]) -> None:
	"""Drop what is remembered of these documents, after their tables were written behind Frappe's back."""
	frappe.db.rollback()
	frappe.db.value_cache.clear()
	for doctype in doctypes:
		frappe.clear_document_cache(doctype)
	frappe.clear_messages()
