import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.attendance import devices
from kupang_hr.bulk.audit import is_changed
from kupang_hr.exceptions import DerivedFieldError, DeviceError

DECIDED = ("status", "decided_by", "decided_at", "decision_reason")
OWNED = ("kind", "personnel", "user", "public_key", "thumbprint")


class RegisteredDevice(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		decided_at: DF.Datetime | None
		decided_by: DF.Link | None
		decision_reason: DF.SmallText | None
		kind: DF.Literal["Phone", "Source"]
		label: DF.Data
		personnel: DF.Link | None
		personnel_name: DF.Data | None
		public_key: DF.Code | None
		status: DF.Literal["Requested", "Approved", "Refused", "Revoked"]
		thumbprint: DF.Data | None
		user: DF.Link | None

	# end: auto-generated types
	def onload(self):
		self.set_onload("may_decide", not devices.why_not_to_decide(self, frappe.session.user))

	def before_insert(self):
		self.status = devices.REQUESTED
		self.decided_by = self.decided_at = self.decision_reason = None

	def validate(self):
		self.validate_decision()
		self.validate_owner()
		self.validate_key()

	def validate_decision(self):
		"""The status comes from `decide_device` alone, and what a device is stays as it was registered."""
		if self.is_new():
			return
		fixed = OWNED if self.flags.decided else OWNED + DECIDED
		if any(is_changed(self, field) for field in fixed):
			frappe.throw(_("A device is registered once, and its status is decided."), DerivedFieldError)

	def validate_owner(self):
		if self.kind == devices.PHONE:
			self.user = None
			if not self.personnel:
				frappe.throw(_("A phone belongs to a person."), DeviceError)
			return
		self.personnel = self.personnel_name = None
		if not self.user or "Attendance Device" not in frappe.get_roles(self.user):
			frappe.throw(_("A source belongs to a user of the role Attendance Device."), DeviceError)

	def validate_key(self):
		if self.kind == devices.PHONE:
			self.public_key, self.thumbprint = devices.parsed_key(self.public_key or "")
		else:
			self.public_key = self.thumbprint = None

	def decide(self, approve: bool, reason: str | None = None):
		"""Approve, or refuse or revoke for a reason, as the session's user."""
		devices.decide(self.name, approve, reason)
		self.reload()

	def before_rename(self, *_names):
		frappe.throw(_("The name of a device is part of the evidence."), DeviceError)

	def on_trash(self):
		if frappe.db.exists("Attendance Punch", {"source": devices.source_name(self.kind, self.name)}):
			frappe.throw(_("Punches were made with {0}; revoke it instead.").format(self.label), DeviceError)
