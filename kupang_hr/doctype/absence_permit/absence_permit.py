from frappe.model.document import Document

from kupang_hr.attendance import permits
from kupang_hr.attendance.approval import check_approver
from kupang_hr.clock import today


class AbsencePermit(Document):
	"""Leave to be absent, or to leave the region; the OPD approves by submitting it."""

	def validate(self):
		if self.docstatus.is_draft():
			self.approved_by = self.decided_on = None
		permits.check_dates(self)
		permits.check_person(self.personnel)
		permits.check_private(self)

	def before_submit(self):
		self.approved_by, self.decided_on = check_approver(self.personnel), today()
		permits.check_letter(self)
		permits.check_no_overlap(self)

	def on_submit(self):
		permits.warn_of_holidays(self)
		permits.warn_of_missing_note(self)
		permits.rebuild_days(self.personnel, self.from_date, self.to_date)

	def before_update_after_submit(self):
		permits.check_private(self)

	def before_cancel(self):
		check_approver(self.personnel)

	def on_cancel(self):
		permits.rebuild_days(self.personnel, self.from_date, self.to_date)


def on_doctype_update():
	import frappe

	frappe.db.add_index("Absence Permit", ["personnel", "docstatus", "to_date"])
