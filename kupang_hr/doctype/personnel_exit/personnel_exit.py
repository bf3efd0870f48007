import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from kupang_hr.cycle import leaving
from kupang_hr.rules.contract import LEFT
from kupang_hr.rules.renewal import WITHDRAWN


class PersonnelExit(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amended_from: DF.Link | None
		contract: DF.Link | None
		evidence: DF.Attach | None
		exit_date: DF.Date
		notes: DF.SmallText | None
		personnel: DF.Link
		personnel_name: DF.Data | None
		reason: DF.Literal[
			"CPNS",
			"PPPK",
			"BUMN",
			"Other Employer",
			"Moved Away",
			"Resigned",
			"Deceased",
			"Retired",
			"Indiscipline",
		]
		renewal: DF.Link | None

	# end: auto-generated types
	def validate(self):
		self.validate_not_left()

	def validate_not_left(self):
		duty = frappe.db.get_value("Personnel", self.personnel, "duty_status", for_update=True)
		if duty == LEFT or leaving.is_leaving(self.personnel):
			frappe.throw(leaving.left_already(self.personnel_name or self.personnel))

	def before_submit(self):
		dates = {self.personnel: getdate(self.exit_date)}
		renewals, contracts = leaving.affected(dates)
		self.renewal = renewals.get(self.personnel)
		self.flags.contracts = contracts.get(self.personnel, [])
		self.contract = next(iter(self.flags.contracts), None)

	def on_submit(self):
		self.withdraw_renewal()
		self.end_contracts()
		self.leave_duty()

	def withdraw_renewal(self):
		if self.renewal:
			renewal = frappe.get_doc("Contract Renewal", self.renewal)
			renewal.flags.updater_reference = self.flags.updater_reference
			renewal.perform("Withdraw")

	def end_contracts(self):
		"""The running contract ends on the day, and one that was to begin after it never begins."""
		for name in self.flags.contracts:
			self.write_end(name, self.exit_date, self.name)

	def leave_duty(self):
		frappe.get_doc("Personnel", self.personnel).bring_up_to_date(self.flags.updater_reference)

	def write_end(self, contract, terminated_on, personnel_exit):
		"""Write the end into a contract; whoever may submit the exit need not be able to edit that."""
		contract = frappe.get_doc("PTT Contract", contract)
		contract.update({"terminated_on": terminated_on, "personnel_exit": personnel_exit})
		contract.flags.update(updater_reference=self.flags.updater_reference, ignore_permissions=True)
		contract.save()

	def on_cancel(self):
		"""The person comes back to what is on file without this exit."""
		for name in frappe.get_all(
			"PTT Contract", filters={"personnel_exit": self.name}, pluck="name", order_by="start_date asc"
		):
			self.write_end(name, None, None)
		self.leave_duty()
		if (
			self.renewal
			and frappe.db.get_value("Contract Renewal", self.renewal, "workflow_state") == WITHDRAWN
		):
			self.reinstate_renewal()

	def reinstate_renewal(self):
		"""The link to this exit goes first: Frappe saves nothing that names a cancelled document."""
		frappe.db.set_value("Contract Renewal", self.renewal, "personnel_exit", None, update_modified=False)
		frappe.get_doc("Contract Renewal", self.renewal).perform("Reinstate")
