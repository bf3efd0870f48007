"""The figures of the year as they stand on file, read by set, and what they must be."""

from datetime import date

import frappe
from frappe.query_builder.functions import Count, Max, Sum

from kupang_hr.bulk import query
from kupang_hr.demo.story import ABSENT, LEAVERS_IN_CRUCIAL, LEAVERS_OUTSIDE_CRUCIAL, WORST
from kupang_hr.install import opd_rows

# Source: the table of issue 2, "The year that must come out".
EXPECTED = {
	"people": 2180,
	"opds": 46,
	"rated": 2180,
	"expired": 2180,
	"withdrawn": 23,
	"stood_down": 1434,
	"kept": 723,
	"recommended": 2150,
	"not_renewed": 7,
	"terminated": 2180,
	"reappointed": 2150,
	"recalled": 1427,
	"on_duty": 2150,
	"left": 30,
	# Source: issue 3, "The day and month that must come out".
	"measured": 7000,
	"present": 6930,
	"sick": 3,
	"on_leave": 2,
	"unexcused": 65,
	"attendance_percent": 99.0,
	"back_pay_people": 2150,
	"payable_total": 4_346_205_000,
}
THE_DAY = "2020-12-29"
TRACES = (
	"Version",
	"Comment",
	"Workflow Action",
	"Workflow Action Permitted Role",
	"Notification Log",
	"DocShare",
)


def headcounts() -> dict[str, int]:
	"""PTT by OPD, for those that have some."""
	return _headcounts("ptt_headcount")


def asn_headcounts() -> dict[str, int]:
	"""Civil servants by OPD, for those that have some."""
	return _headcounts("asn_headcount")


def _headcounts(column: str) -> dict[str, int]:
	return {row["abbreviation"]: int(row[column]) for row in opd_rows() if int(row[column])}


def flagged() -> list[str]:
	"""The OPDs that are crucial by their own flag."""
	return [row["abbreviation"] for row in opd_rows() if row["is_crucial"] == "1"]


def derived() -> dict[str, int]:
	"""The figures that follow from the headcounts and the story."""
	counts, crucial_nodes = headcounts(), set(flagged())
	crucial = sum(count for opd, count in counts.items() if opd in crucial_nodes)
	people, left = sum(counts.values()), LEAVERS_IN_CRUCIAL + LEAVERS_OUTSIDE_CRUCIAL
	stood_down = people - crucial - LEAVERS_OUTSIDE_CRUCIAL
	measured = people + sum(asn_headcounts().values())
	present = measured - sum(ABSENT.values())
	return {
		**dict.fromkeys(("people", "rated", "expired", "terminated"), people),
		"opds": len(counts),
		"withdrawn": left,
		"stood_down": stood_down,
		"kept": crucial - LEAVERS_IN_CRUCIAL,
		**dict.fromkeys(("recommended", "reappointed", "on_duty"), people - left - WORST),
		"not_renewed": WORST,
		"recalled": stood_down - WORST,
		"left": left + WORST,
		"measured": measured,
		"present": present,
		"sick": ABSENT["Sick"],
		"on_leave": ABSENT["Leave"],
		"unexcused": ABSENT["Unexcused"],
		"attendance_percent": round(100 * present / measured, 1),
		"back_pay_people": people - left - WORST,
	}


def figures() -> dict[str, int]:
	"""What is on file at the end of the year, by the keys of `EXPECTED`."""
	duty, outcome = duty_statuses(), outcomes()
	return {
		"people": sum(duty.values()),
		"opds": opds_with_people(),
		"rated": rated_by_own_head(),
		"expired": contract_statuses("2020-12-31").get("Expired", 0),
		"withdrawn": renewals_with("Withdrawn", "personnel_exit"),
		"stood_down": outcome.get("Stood Down", 0),
		"kept": outcome.get("Kept on Duty", 0),
		"recommended": renewals_with("SK Issued", "recommended_by"),
		"not_renewed": renewals_with("Not Renewed", "reason"),
		"terminated": signed_lines("Termination"),
		"reappointed": reappointed(),
		"recalled": recalled(),
		"on_duty": duty.get("On Duty", 0),
		"left": duty.get("Left", 0),
		**the_day(),
		"back_pay_people": period_lines("Back Pay"),
		"payable_total": payable(),
	}


def the_day() -> dict[str, int | float]:
	"""The logs of the day of the news, counted anew."""
	codes = by_value("Attendance Log", "code", lambda log: log.day == THE_DAY)
	measured, present = sum(codes.values()), codes.get("H", 0)
	return {
		"measured": measured,
		"present": present,
		"sick": codes.get("S", 0),
		"on_leave": codes.get("C", 0),
		"unexcused": codes.get("TK", 0),
		"attendance_percent": round(100 * present / measured, 1) if measured else 0.0,
	}


def seats(**filters: str) -> dict[str, str]:
	"""The OPD of everybody who has not left, by person."""
	rows = frappe.get_all(
		"Personnel",
		filters={"duty_status": ("!=", "Left"), **filters},
		fields=["name", "opd"],
		order_by="name asc",
		limit_page_length=0,
	)
	return {row.name: row.opd for row in rows}


def in_office(day: date) -> set[str]:
	"""Who is in the office on a day, by the signed rota."""
	line, rota = frappe.qb.DocType("Office Rota Line"), frappe.qb.DocType("Office Rota")
	rows = frappe.qb.from_(line).join(rota).on(rota.name == line.office_rota).select(line.personnel)
	signed = (rota.docstatus == 1) & (line.day == day) & (line.place == "Office")
	return set(query.values(rows.where(signed)))


def average_office_days() -> float:
	"""Office days a week that the signed rotas reach, over all their people."""
	rotas = frappe.get_all("Office Rota", {"docstatus": 1}, ["people", "average_days"], order_by="name asc")
	people = sum(rota.people for rota in rotas)
	return round(sum(rota.people * rota.average_days for rota in rotas) / people, 2) if people else 0.0


def period_lines(reason: str) -> int:
	return by_value("Attendance Period Line", "reason").get(reason, 0)


def payable(reason: str | None = None) -> int:
	"""What all closed lines come to, or those of one reason, in rupiah."""
	line = frappe.qb.DocType("Attendance Period Line")
	rows = frappe.qb.from_(line).select(Sum(line.payable))
	return int(query.values(rows.where(line.reason == reason) if reason else rows)[0] or 0)


def closed_lines() -> dict[str, tuple]:
	"""Every closed line, whole, by its name."""
	line = frappe.qb.DocType("Attendance Period Line")
	rows = frappe.qb.from_(line).select(line.star)
	return {row["name"]: tuple(row.items()) for row in query.run(rows)}


def by_value(doctype: str, field: str, condition=None) -> dict[str, int]:
	"""How many rows of a DocType have each value of a field."""
	table = frappe.qb.DocType(doctype)
	rows = frappe.qb.from_(table).select(table[field], Count("*")).groupby(table[field])
	return dict((rows.where(condition(table)) if condition else rows).run())


def duty_statuses() -> dict[str, int]:
	return by_value("Personnel", "duty_status", lambda person: person.employment_type == "PTT")


def states() -> dict[str, int]:
	return by_value("Contract Renewal", "workflow_state")


def ratings() -> dict[str, int]:
	return by_value("Contract Renewal", "rating")


def outcomes() -> dict[str, int]:
	return by_value("Stand Down Line", "outcome")


def contract_statuses(end_date: str) -> dict[str, int]:
	"""Submitted contracts that end on a day, by status."""
	return by_value("PTT Contract", "status", lambda row: (row.end_date == end_date) & (row.docstatus == 1))


def opds_with_people() -> int:
	return len(by_value("Personnel", "opd"))


def rated_by_own_head() -> int:
	"""Renewals whose submitted appraisal is by whoever rates the person's own OPD."""
	renewal, person = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("Personnel")
	appraisal, opd = frappe.qb.DocType("Performance Appraisal"), frappe.qb.DocType("OPD")
	own_officer = opd.rating_officer == appraisal.appraised_by
	own_head = opd.rating_officer.isnull() & (opd.head == appraisal.appraised_by)
	rows = (
		frappe.qb.from_(renewal)
		.join(appraisal)
		.on((appraisal.name == renewal.appraisal) & (appraisal.docstatus == 1))
		.join(person)
		.on(person.name == renewal.personnel)
		.join(opd)
		.on(opd.name == person.opd)
		.select(Count("*"))
	)
	return query.values(rows.where((renewal.rated_by == appraisal.appraised_by) & (own_officer | own_head)))[
		0
	]


def worst_in_crucial(crucial: set[str]) -> int:
	"""How many of those rated Buruk sit in a crucial OPD."""
	renewal, person = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("Personnel")
	rows = frappe.qb.from_(renewal).join(person).on(person.name == renewal.personnel).select(Count("*"))
	return query.values(rows.where((renewal.rating == "Buruk") & person.opd.isin(sorted(crucial))))[0]


def renewals_with(state: str, field: str) -> int:
	"""Renewals in a state that hold a value in a field."""
	renewal = frappe.qb.DocType("Contract Renewal")
	rows = frappe.qb.from_(renewal).select(Count("*"))
	return query.values(rows.where((renewal.workflow_state == state) & (renewal[field] != "")))[0]


def signed_lines(kind: str) -> int:
	line = frappe.qb.DocType("Decree Line")
	rows = frappe.qb.from_(line).select(Count("*"))
	return query.values(rows.where((line.kind == kind) & (line.signed == 1)))[0]


def reappointed() -> int:
	"""Active contracts of 2021 by a signed decree, for renewals that are issued and stand in a signed line."""
	contract, decree = frappe.qb.DocType("PTT Contract"), frappe.qb.DocType("Decree")
	renewal, line = frappe.qb.DocType("Contract Renewal"), frappe.qb.DocType("Decree Line")
	signed = frappe.qb.from_(decree).select(decree.name)
	named = frappe.qb.from_(line).select(line.renewal)
	issued = frappe.qb.from_(renewal).select(renewal.new_contract)
	signed = signed.where((decree.docstatus == 1) & (decree.kind == "Reappointment"))
	named = named.where((line.signed == 1) & (line.kind == "Reappointment"))
	issued = issued.where((renewal.workflow_state == "SK Issued") & renewal.name.isin(named))
	term = (contract.start_date == "2021-01-01") & (contract.end_date == "2021-12-31")
	active = (contract.docstatus == 1) & (contract.status == "Active")
	rows = frappe.qb.from_(contract).select(Count("*")).where(term & active)
	return query.values(rows.where(contract.decree.isin(signed) & contract.name.isin(issued)))[0]


def recalled() -> int:
	"""People who were stood down and are on duty again."""
	person, line = frappe.qb.DocType("Personnel"), frappe.qb.DocType("Stand Down Line")
	stood_down = frappe.qb.from_(line).select(line.personnel).where(line.outcome == "Stood Down")
	rows = frappe.qb.from_(person).select(Count("*"))
	return query.values(rows.where((person.duty_status == "On Duty") & person.name.isin(stood_down)))[0]


def fingerprint() -> dict[str, tuple]:
	"""Rows and newest change of every table that the year writes: the same as long as nothing is written."""
	found = {}
	for doctype in (*_own_tables(), *TRACES):
		table = frappe.qb.DocType(doctype)
		found[doctype] = frappe.qb.from_(table).select(Count("*"), Max(table.modified)).run()[0]
	series = frappe.qb.Table("tabSeries")
	found["Series"] = frappe.qb.from_(series).select(Count("*"), Sum(series.current)).run()[0]
	return found


def _own_tables() -> list[str]:
	own = {"module": "Kupang HR", "issingle": 0}
	return frappe.get_all("DocType", filters=own, pluck="name", order_by="name asc")
