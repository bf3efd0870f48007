import frappe
from frappe.model.document import Document

from kupang_hr.cycle.rating import scheme_from
from kupang_hr.cycle.wording import scheme_problem_text
from kupang_hr.rules.appraisal import scheme_problems


class AppraisalScheme(Document):
	def validate(self):
		problems = scheme_problems(scheme_from(self))
		if problems:
			frappe.throw("<br>".join(scheme_problem_text(problem) for problem in problems))
