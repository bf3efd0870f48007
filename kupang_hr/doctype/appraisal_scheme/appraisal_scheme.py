import frappe
from frappe.model.document import Document

from kupang_hr.cycle.rating import scheme_from
from kupang_hr.cycle.wording import scheme_problem_text
from kupang_hr.rules.appraisal import scheme_problems


class AppraisalScheme(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from kupang_hr.kupang_hr.doctype.appraisal_scheme_band.appraisal_scheme_band import (
			AppraisalSchemeBand,
		)
		from kupang_hr.kupang_hr.doctype.appraisal_scheme_component.appraisal_scheme_component import (
			AppraisalSchemeComponent,
		)
		from kupang_hr.kupang_hr.doctype.appraisal_scheme_rating.appraisal_scheme_rating import (
			AppraisalSchemeRating,
		)

		bands: DF.Table[AppraisalSchemeBand]
		behaviour_aspects: DF.SmallText | None
		components: DF.Table[AppraisalSchemeComponent]
		deduction_per_unexcused_day: DF.Float
		legal_basis: DF.SmallText | None
		matrix: DF.Table[AppraisalSchemeRating]
		method: DF.Literal["Weighted", "Matrix"]
		scheme_name: DF.Data

	# end: auto-generated types
	def validate(self):
		problems = scheme_problems(scheme_from(self))
		if problems:
			frappe.throw("<br>".join(scheme_problem_text(problem) for problem in problems))
