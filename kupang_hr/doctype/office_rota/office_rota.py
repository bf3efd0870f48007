from frappe.model.document import Document

from kupang_hr.attendance import rota


class OfficeRota(Document):
	"""Who of an OPD is in the office on which days; its head signs it by submitting it."""

	def validate(self):
		rota.check_dates(self)
		rota.check_no_overlap(self)
		self.update(rota.figures(self))

	def after_insert(self):
		if self.amended_from:
			rota.copy_lines(self)

	def before_submit(self):
		rota.check_ready(self)

	def on_submit(self):
		rota.rebuild_days(self)

	def on_cancel(self):
		rota.rebuild_days(self)

	def on_trash(self):
		rota.delete_lines(self.name)
