import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from kupang_hr.bulk import run
from kupang_hr.bulk.audit import is_changed
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.clock import today
from kupang_hr.cycle import decrees, issuing, paraf
from kupang_hr.exceptions import DecreeError, ParafError, SignedDocumentError
from kupang_hr.rules.contract import Term

CONTENT = (
	"tmt",
	"term_start",
	"term_end",
	"monthly_pay",
	"signatory_name",
	"signatory_title",
	"line_count",
	"classification",
	"series_letter",
	"insert_after_serial",
)


class Decree(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from kupang_hr.kupang_hr.doctype.decree_paraf.decree_paraf import DecreeParaf
		from kupang_hr.kupang_hr.doctype.decree_paragraph.decree_paragraph import DecreeParagraph

		amended_from: DF.Link | None
		applied: DF.Int
		classification: DF.Data | None
		date_signed: DF.Date | None
		decree_number: DF.Data | None
		insert_after_serial: DF.Int
		insert_letter: DF.Data | None
		kind: DF.Literal["Reappointment", "Termination", "Revocation"]
		letter_facts: DF.LongText | None
		line_count: DF.Int
		monthly_pay: DF.Currency
		naming_series: DF.Literal["SK-.YYYY.-.####"]
		paraf: DF.Table[DecreeParaf]
		paragraphs: DF.Table[DecreeParagraph]
		place: DF.Data | None
		revokes: DF.Link | None
		round: DF.Link | None
		serial: DF.Int
		series_letter: DF.Data | None
		signatory_name: DF.Data | None
		signatory_title: DF.Data | None
		term_end: DF.Date | None
		term_start: DF.Date | None
		tmt: DF.Date | None
		wave: DF.Int

	# end: auto-generated types
	def before_insert(self):
		if self.amended_from:
			message = _("A signed decree is not amended; another decree revokes it.")
			frappe.throw(message, SignedDocumentError)
		self.set_defaults()

	def set_defaults(self):
		"""Signatory, numbering, paraf and text as the settings have them."""
		settings = frappe.get_cached_doc("Kupang HR Settings")
		for fieldname in ("classification", "series_letter", "place", "signatory_name", "signatory_title"):
			self.set(fieldname, self.get(fieldname) or settings.get(fieldname))
		if not self.paragraphs:
			own = [row for row in settings.paragraphs if row.kind == self.kind]
			self.set("paragraphs", [{"section": row.section, "text": row.text} for row in own])
		if self.kind == "Reappointment":
			term = frappe.db.get_value("Renewal Round", self.round, ["term_start", "term_end"])
			self.term_start, self.term_end = self.term_start or term[0], self.term_end or term[1]
			self.tmt = self.tmt or self.term_start

	def after_insert(self):
		paraf.let_signers_read(self)

	def validate(self):
		self.validate_round()
		self.validate_term()
		self.keep_what_is_given()
		self.line_count = decrees.count_lines(self.name) if not self.is_new() else 0
		self.withdraw_paraf_of_changed_text()

	def validate_round(self):
		if self.kind == "Revocation":
			if frappe.db.get_value("Decree", self.revokes, "docstatus") != 1:
				frappe.throw(_("Only a signed decree is revoked."), DecreeError)
		elif not self.round:
			frappe.throw(_("A decree belongs to a round."), DecreeError)

	def validate_term(self):
		if self.kind == "Reappointment":
			term = Term(getdate(self.term_start), getdate(self.term_end))
			if not term.is_within_one_year():
				frappe.throw(_("The new term stays within one calendar year."), DecreeError)
			if self.tmt and getdate(self.tmt) != term.start:
				frappe.throw(_("The TMT is the first day of the new term."), DecreeError)

	def keep_what_is_given(self):
		"""Number, serial and the paraf given are never taken from the client."""
		before = self.get_doc_before_save()
		for fieldname in ("decree_number", "serial", "insert_letter", "applied"):
			self.set(fieldname, before.get(fieldname) if before else None)
		if not self.flags.gives_paraf:
			self.set_paraf(before.paraf if before else [])

	def set_paraf(self, given: list):
		"""The steps that the settings name, in their order, each as far as it has been given."""
		steps = frappe.get_cached_doc("Kupang HR Settings").paraf
		if [(row.title, row.user) for row in self.paraf] != [(row.title, row.user) for row in steps]:
			self.set("paraf", [{"title": row.title, "user": row.user} for row in steps])
		given_at = {(row.title, row.user): row.given_at for row in given}
		for row in self.paraf:
			row.given_at = given_at.get((row.title, row.user))

	def withdraw_paraf_of_changed_text(self):
		"""Who has initialled has initialled this text and these people."""
		before = self.get_doc_before_save()
		if before and any(row.given_at for row in self.paraf) and self.is_changed_since(before):
			for row in self.paraf:
				row.given_at = None
			frappe.msgprint(_("The decree has changed, so its paraf are to be given again."), alert=True)

	def is_changed_since(self, before) -> bool:
		text = [(row.section, row.text) for row in self.paragraphs]
		changed = self.flags.people_changed or any(is_changed(self, fieldname) for fieldname in CONTENT)
		return changed or text != [(row.section, row.text) for row in before.paragraphs]

	def before_submit(self):
		lock_rows("Decree", [self.name], ())
		decrees.lock_against_twins(self)
		self.date_signed = self.date_signed or today()
		self.validate_complete()
		self.validate_gathered()
		self.validate_people()
		paraf.check_complete(self)
		decrees.give_number(self)

	def validate_complete(self):
		for fieldname in ("tmt", "signatory_name", "signatory_title"):
			if not self.get(fieldname):
				frappe.throw(_("{0} is missing.").format(_(self.meta.get_label(fieldname))), DecreeError)

	def validate_gathered(self):
		if decrees.open_gathering(self.name):
			frappe.throw(_("The people of the decree are still being gathered."), DecreeError)

	def validate_people(self):
		if not self.line_count:
			frappe.throw(_("The decree names nobody."), DecreeError)
		stale = decrees.names_of_moved(self) or decrees.names_of_twins(self) or decrees.stale_names(self)
		if stale:
			frappe.throw(
				_("The decree may no longer name: {0}. Gather its people again.").format(", ".join(stale)),
				DecreeError,
			)

	def on_submit(self):
		decrees.sign_lines(self)
		self.flags.run = run.start_after_commit(issuing.STEP_OF_KIND[self.kind], {"decree": self.name})

	def before_update_after_submit(self):
		self.applied = issuing.applied_count(self)
		before = self.get_doc_before_save()
		for fieldname in ("paraf", "paragraphs"):
			if _texts(self, fieldname) != _texts(before, fieldname):
				frappe.throw(_("A signed decree is never changed."), SignedDocumentError)

	def before_cancel(self):
		frappe.throw(_("A signed decree is never cancelled; another decree revokes it."), SignedDocumentError)

	def on_trash(self):
		if self.docstatus:
			frappe.throw(_("A signed decree stays on file."), SignedDocumentError)
		decrees.clear_lines(self.name)

	def give_paraf(self):
		"""Give the next paraf as the session's user."""
		if self.docstatus:
			frappe.throw(_("The decree {0} is signed.").format(self.name), ParafError)
		if not self.line_count:
			frappe.throw(_("The decree names nobody."), DecreeError)
		paraf.give(self)


def _texts(doc, fieldname: str) -> list[tuple]:
	fields = [df.fieldname for df in frappe.get_meta(doc.meta.get_field(fieldname).options).fields]
	return [tuple(str(row.get(field) or "") for field in fields) for row in doc.get(fieldname)]
