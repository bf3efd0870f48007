"""Codes for petikan that were signed before there were any, and the texts of letters for sites set up before them."""

import frappe

from kupang_hr.cycle.codes import give_codes
from kupang_hr.letters.settings import defaults


def execute() -> None:
	give_codes()
	settings = frappe.get_doc("Kupang HR Settings")
	known = {(row.kind, row.section) for row in settings.paragraphs}
	for row in defaults()["paragraphs"]:
		if (row["kind"], row["section"]) not in known:
			settings.append("paragraphs", row)
	settings.flags.update(ignore_permissions=True, ignore_mandatory=True)
	settings.save()
