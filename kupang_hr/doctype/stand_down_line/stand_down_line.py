import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from kupang_hr.cycle import stand_down
from kupang_hr.exceptions import SignedDocumentError


class StandDownLine(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		contract: DF.Link | None
		effective_date: DF.Date
		opd: DF.Link | None
		outcome: DF.Literal["Stood Down", "Kept on Duty"]
		personnel: DF.Link
		personnel_name: DF.Data | None
		position: DF.Data | None
		stand_down_order: DF.Link

	# end: auto-generated types
	def validate(self):
		if not self.is_new():
			frappe.throw(_("A line of an order is never changed."), SignedDocumentError)
		self.set_outcome()

	def set_outcome(self):
		"""Decide about one person as the mass step does."""
		order = stand_down.CarryOut({"order": self.stand_down_order}, frappe.session.user)
		person = frappe.get_doc("Personnel", self.personnel, for_update=True)
		lines = order.lines({person.name: person})
		if not lines:
			frappe.throw(stand_down.not_spoken_of(person))
		self.update(lines[person.name])

	def after_insert(self):
		if self.outcome == stand_down.STOOD_DOWN:
			person = frappe.get_doc("Personnel", self.personnel)
			person.bring_up_to_date(self.flags.updater_reference, since=getdate(self.effective_date))

	def on_trash(self):
		frappe.throw(_("A line of an order is never deleted."), SignedDocumentError)


def on_doctype_update():
	frappe.db.add_unique("Stand Down Line", ["stand_down_order", "personnel"])
