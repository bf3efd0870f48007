import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.attendance.summary import COUNTS, FROM_LOGS
from kupang_hr.cycle.wording import problem_text
from kupang_hr.exceptions import DerivedFieldError, ScoreError
from kupang_hr.rules.appraisal import AppraisalError, attendance_score


class AttendanceSummary(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		days_expected: DF.Int
		days_present: DF.Int
		days_unexcused: DF.Int
		personnel: DF.Link
		personnel_name: DF.Data | None
		source: DF.Literal["Import", "Attendance Logs"]
		year: DF.Int

	# end: auto-generated types
	def validate(self):
		self.validate_source()
		self.validate_days()

	def validate_source(self):
		"""What the logs have counted is mended in the logs, and nobody else writes in their name."""
		before = self.get_doc_before_save()
		counted = before and before.source == FROM_LOGS
		changed = not before or any(self.get(key) != before.get(key) for key in (*COUNTS, "source"))
		if changed and (counted or self.source == FROM_LOGS):
			frappe.throw(_("This summary is counted from the attendance logs."), DerivedFieldError)

	def validate_days(self):
		try:
			attendance_score(self.days_expected or 0, self.days_present or 0, self.days_unexcused or 0)
		except AppraisalError as error:
			frappe.throw("<br>".join(problem_text(problem) for problem in error.problems), ScoreError)
