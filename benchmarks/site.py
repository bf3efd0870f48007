"""A connection to the site that the environment names."""

import os
from pathlib import Path

import frappe
import frappe.translate


def connect() -> None:
	"""Connect to KUPANG_SITE as Administrator; Frappe wants to be in the folder of the sites."""
	os.chdir(Path(os.environ["KUPANG_BENCH"]) / "sites")
	frappe.init(site=os.environ["KUPANG_SITE"])
	frappe.connect()
	frappe.set_user("Administrator")


def forget() -> None:
	"""Drop what this process and Redis remember of documents, after tables were written behind their back."""
	frappe.db.rollback()
	frappe.db.value_cache.clear()
	frappe.cache.delete_keys("document_cache::")
	frappe.clear_messages()
