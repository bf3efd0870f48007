"""Frappe's list hooks, one a DocType, since older versions do not say which DocType they ask for."""

from collections.abc import Callable

from kupang_hr.access.criterion import permission_query_conditions


def _conditions_of(doctype: str) -> Callable[[str | None], str]:
	def conditions(user: str | None = None) -> str:
		return permission_query_conditions(user, doctype)

	return conditions


personnel = _conditions_of("Personnel")
personnel_identity = _conditions_of("Personnel Identity")
attendance_summary = _conditions_of("Attendance Summary")
ptt_contract = _conditions_of("PTT Contract")
performance_appraisal = _conditions_of("Performance Appraisal")
contract_renewal = _conditions_of("Contract Renewal")
stand_down_line = _conditions_of("Stand Down Line")
decree_line = _conditions_of("Decree Line")
personnel_exit = _conditions_of("Personnel Exit")
bulk_run = _conditions_of("Bulk Run")
bulk_run_failure = _conditions_of("Bulk Run Failure")
registered_device = _conditions_of("Registered Device")
attendance_punch = _conditions_of("Attendance Punch")
attendance_violation = _conditions_of("Attendance Violation")
absence_permit = _conditions_of("Absence Permit")
attendance_correction = _conditions_of("Attendance Correction")
attendance_log = _conditions_of("Attendance Log")
office_rota = _conditions_of("Office Rota")
office_rota_line = _conditions_of("Office Rota Line")
attendance_period_line = _conditions_of("Attendance Period Line")
