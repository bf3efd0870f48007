import frappe
from frappe import _
from frappe.utils import getdate
from frappe.utils.nestedset import NestedSet


class OPD(NestedSet):
	def validate(self):
		self.validate_crucial_basis()
		self.validate_dates("head")
		self.validate_dates("acting_head")

	def validate_crucial_basis(self):
		if self.is_crucial and not (self.crucial_basis or "").strip():
			frappe.throw(_("Write the mayor's decision that makes {0} crucial.").format(self.opd_name))

	def validate_dates(self, role: str):
		first, last = self.get(f"{role}_from"), self.get(f"{role}_until")
		if first and last and getdate(last) < getdate(first):
			label = _(self.meta.get_label(role))
			frappe.throw(_("The last day of {0} lies before the first.").format(label))
