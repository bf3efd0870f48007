import frappe
from frappe.model.document import Document

from kupang_hr.attendance.schedules import problem_text, schedule_of
from kupang_hr.exceptions import ScheduleError
from kupang_hr.rules.attendance import schedule_problems


class WorkSchedule(Document):
	"""Weekly hours; rows with dates (Ramadan, a half day) win over those without."""

	def validate(self):
		problems = schedule_problems(schedule_of(self))
		if problems:
			frappe.throw("<br>".join(problem_text(*problem) for problem in problems), ScheduleError)
