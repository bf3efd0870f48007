"""The steps of the first-run onboarding: one is done as soon as its data are there, however they came."""

import frappe
from frappe import _
from frappe.desk.doctype.module_onboarding.module_onboarding import ModuleOnboarding
from frappe.model.document import Document

STEP = "Onboarding Step"
# the DocType, its step, and what its first fitting document holds
STEPS = {
	"OPD": ("Kupang HR Heads of OPDs", {"head": ("is", "set")}),
	"Personnel": ("Kupang HR People", {}),
	"PTT Contract": ("Kupang HR Contracts", {"docstatus": 1}),
	"Kupang HR Settings": ("Kupang HR Signatory", {"signatory_name": ("is", "set")}),
	"Renewal Round": ("Kupang HR Round", {}),
}


def after_save(doc: Document, method: str | None = None) -> None:
	"""Hook: tick the step that this document may complete."""
	tick(doc.doctype)


def catch_up() -> None:
	"""A site that has been at work before the steps came is not asked to set up again."""
	for doctype in STEPS:
		tick(doctype)


def tick(doctype: str) -> None:
	step, wanted = STEPS[doctype]
	# cached: an import saves thousands of people after the first one
	if frappe.db.get_value(STEP, step, "is_complete", cache=True) == 0 and _has(doctype, wanted):
		frappe.db.set_value(STEP, step, "is_complete", 1)


def _has(doctype: str, wanted: dict) -> bool:
	if frappe.get_meta(doctype).issingle:
		return bool(frappe.db.get_single_value(doctype, *wanted))
	return bool(frappe.get_all(doctype, filters=wanted, limit=1, order_by="creation asc"))


class SharedOnboarding(ModuleOnboarding):
	"""Older Frappe saves the end of an onboarding as whoever looks at it, which only a System Manager may."""

	def check_completion(self) -> bool:
		self.flags.ignore_permissions = True
		self.flags.ignore_mandatory = True  # Frappe wants a web address for its documentation
		return super().check_completion()

	def get_steps(self) -> list[Document]:
		"""In the reader's language: older Frappe shows what a step says as it is written."""
		steps = super().get_steps()
		for step in steps:
			step.description = _(step.description)
		return steps
