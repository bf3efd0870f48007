from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_first_day, getdate

from kupang_hr.exceptions import DerivedFieldError, PeriodError

FROM_CLOSING = {"status": "Open", "version": 0, "closed_by": None, "closed_at": None, "checksum": None}
FIGURES = ("people", "lines", "base_pay", "deductions", "payable")


class AttendancePeriod(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from kupang_hr.kupang_hr.doctype.attendance_period_version.attendance_period_version import (
			AttendancePeriodVersion,
		)

		base_pay: DF.Currency
		checksum: DF.Data | None
		closed_at: DF.Datetime | None
		closed_by: DF.Link | None
		deductions: DF.Currency
		lines: DF.Int
		month: DF.Date
		payable: DF.Currency
		people: DF.Int
		status: DF.Literal["Open", "Closed"]
		version: DF.Int
		versions: DF.Table[AttendancePeriodVersion]
	# end: auto-generated types

	def autoname(self):
		self.validate_month()
		self.name = getdate(self.month).strftime("%Y-%m")

	def validate(self):
		self.validate_month()
		self.keep_what_closing_sets()

	def validate_month(self):
		month = getdate(self.month) if self.month else None
		if not month or month != get_first_day(month):
			frappe.throw(_("A period begins on the first day of a month."), PeriodError)

	def keep_what_closing_sets(self):
		"""Closing sets everything but the month; nobody writes it."""
		if self.flags.by_closing:
			return
		before = self.get_doc_before_save() or frappe._dict(FROM_CLOSING)
		for fieldname in (*FROM_CLOSING, *FIGURES):
			if (self.get(fieldname) or None) != (before.get(fieldname) or None) and not (
				self.is_new() and self.get(fieldname) == FROM_CLOSING.get(fieldname)
			):
				label = _(self.meta.get_label(fieldname))
				frappe.throw(_("{0} is set by closing the month.").format(label), DerivedFieldError)
		if _rows(self) != _rows(before):
			frappe.throw(_("{0} is set by closing the month.").format(_("Versions")), DerivedFieldError)

	def write_closing(self, figures: Mapping[str, Any], version: Mapping[str, Any]):
		"""Become closed, or closed again: the totals of all lines, and what this closing added to them."""
		self.update({"status": "Closed", **figures})
		self.append("versions", version)
		self.flags.by_closing = True
		self.save()

	def on_trash(self):
		if self.status == "Closed" or frappe.db.exists("Attendance Period Line", {"period": self.name}):
			frappe.throw(_("A month that has been closed is never deleted."), PeriodError)

	def before_rename(self, old: str, new: str, merge: bool = False):
		frappe.throw(_("A period is named after its month."), PeriodError)


def _rows(doc) -> list[tuple]:
	return [(row.name, row.version, row.checksum) for row in doc.get("versions") or ()]
