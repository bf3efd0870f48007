import frappe
from frappe import _
from frappe.utils import getdate
from frappe.utils.nestedset import NestedSet

from kupang_hr.attendance import rota


class OPD(NestedSet):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		abbreviation: DF.Data
		acting_head: DF.Link | None
		acting_head_from: DF.Date | None
		acting_head_until: DF.Date | None
		clerk: DF.Link | None
		crucial_basis: DF.SmallText | None
		head: DF.Link | None
		head_from: DF.Date | None
		head_until: DF.Date | None
		is_crucial: DF.Check
		is_group: DF.Check
		lft: DF.Int
		old_parent: DF.Data | None
		opd_name: DF.Data
		opd_type: DF.Literal[
			"Kota",
			"Sekretariat",
			"Inspektorat",
			"Badan",
			"Dinas",
			"Satuan",
			"RSUD",
			"Puskesmas",
			"Kecamatan",
			"Kelurahan",
			"Bagian",
			"Unit",
		]
		parent_opd: DF.Link | None
		ptt_quota: DF.Int
		rating_officer: DF.Link | None
		rgt: DF.Int

	# end: auto-generated types
	def validate(self):
		self.validate_crucial_basis()
		self.validate_dates("head")
		self.validate_dates("acting_head")
		rota.check_capacities(self)

	def validate_crucial_basis(self):
		if self.is_crucial and not (self.crucial_basis or "").strip():
			frappe.throw(_("Write the mayor's decision that makes {0} crucial.").format(self.opd_name))

	def validate_dates(self, role: str):
		first, last = self.get(f"{role}_from"), self.get(f"{role}_until")
		if first and last and getdate(last) < getdate(first):
			label = _(self.meta.get_label(role))
			frappe.throw(_("The last day of {0} lies before the first.").format(label))
