"""Letters that were signed before keep, from now on, the letterhead, secretary and offices of today."""

import frappe

from kupang_hr.exceptions import LetterError
from kupang_hr.letters.checks import keep_facts


def execute() -> None:
	for doctype in ("Decree", "Stand Down Order"):
		signed = {"docstatus": ("!=", 0), "letter_facts": ("is", "not set")}
		for name in frappe.get_all(doctype, filters=signed, pluck="name", order_by="name asc", limit=0):
			_keep(frappe.get_doc(doctype, name))


def _keep(doc) -> None:
	try:
		keep_facts(doc)
	except LetterError:  # no secretary is named yet: the order takes whoever is named when it is printed
		return
	doc.db_set("letter_facts", doc.letter_facts, update_modified=False)
