from frappe.model.document import Document
from frappe.utils import getdate

from kupang_hr.bulk import run
from kupang_hr.clock import today


class LocalHoliday(Document):
	"""A day on which the city differs from the national calendar."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		day: DF.Date
		description: DF.Data
		kind: DF.Literal["Holiday", "Joint Holiday", "Working Day"]
		known_from: DF.Date | None

	# end: auto-generated types
	def on_update(self):
		self.rebuild_day()

	def after_delete(self):
		self.rebuild_day()

	def rebuild_day(self):
		"""A day that has been is made anew for everybody, unless its month is closed; a run does it."""
		if getdate(self.day) <= today():
			run.start_after_commit("rebuild-days", {"first": str(self.day), "last": str(self.day)})
