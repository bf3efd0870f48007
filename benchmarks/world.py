"""The city that is measured in: its users, its people, and the documents that the mass steps are about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import frappe

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import new_names
from kupang_hr.bulk.run import start
from kupang_hr.cycle.stand_down import local_revisions
from kupang_hr.demo import figures, people
from kupang_hr.demo.acting import acting
from kupang_hr.demo.users import as_when_installing
from kupang_hr.rules.calendar import working_days

YEAR, ENDING = 2021, 2020
ROUND = str(YEAR)
NIGHTLY = "Administrator"
MAYOR, BKPPD_HEAD, CLERK = "mayor@bench.test", "bkppd-head@bench.test", "clerk@bench.test"
RATER, SECRETARY, ASSISTANT = "rater@bench.test", "secretary@bench.test", "assistant@bench.test"
ROLES = {
	MAYOR: "Wali Kota",
	BKPPD_HEAD: "BKPPD Head",
	CLERK: "BKPPD Clerk",
	RATER: "OPD Head",
	SECRETARY: "BKPPD Clerk",
	ASSISTANT: "Inbox User",
}
PARAF = (CLERK, SECRETARY, BKPPD_HEAD, ASSISTANT)
KEPT = {"OPD", "Appraisal Scheme", "Work Schedule", "Decree Paraf", "Decree Paragraph", "Deduction Rule"}
OF_KEPT = {
	"Appraisal Scheme Component",
	"Appraisal Scheme Band",
	"Appraisal Scheme Rating",
	"Work Schedule Hours",
}
TRACES = {
	"Version",
	"Comment",
	"Workflow Action",
	"Workflow Action Permitted Role",
	"Notification Log",
	"DocShare",
	"Error Log",
}
OPENED, DRAFTED, SIGNED = "2020-11-16", "2021-02-01", "2021-02-03"
REAPPOINTMENT, TERMINATION = "Reappointment", "Termination"
# 22 working days, the month that is closed; the day that is rebuilt is one of them
PERIOD, MEASURED_DAY = "2021-03", "2021-03-16"
MONTH = (date(2021, 3, 1), date(2021, 3, 31))
AFTER = "2021-04-01"
IN, OUT = "07:20", "16:40"


def tables() -> list[str]:
	"""The DocTypes whose rows a mass step or a single save may write."""
	own = frappe.get_all("DocType", filters={"module": "Kupang HR", "issingle": 0}, pluck="name")
	return sorted(({*own} - OF_KEPT - {"OPD", "Appraisal Scheme"}) | TRACES)


def settle(count: int) -> None:
	"""Empty the site and fill it with so many people, whose contracts end with the year, and a round for them."""
	_empty()
	_make_users()
	_set_settings()
	frappe.db.commit()
	_save_people(count)
	with acting(CLERK, OPENED):
		frappe.get_doc({"doctype": "Renewal Round", "year": YEAR}).insert()
	frappe.db.commit()


def settle_attendance() -> None:
	"""Empty the site and fill it with the city's 7,000, PTT and ASN, who worked all of a month of 22 days."""
	_empty()
	_make_users()
	_set_settings()
	people.save(people.invent(figures.headcounts(), seed=7, year=YEAR), YEAR)
	people.save_servants(people.invent_servants(figures.asn_headcounts(), seed=7))
	frappe.db.commit()
	names = frappe.get_all("Personnel", pluck="name", order_by="name", limit=0)
	for day in working_days(*MONTH, local_revisions()):
		_punch(names, day)
	frappe.db.sql("analyze table `tabAttendance Punch`")


def _punch(names: Sequence[str], day: date) -> None:
	rows = [(name, f"{day} {time}", way) for name in names for time, way in ((IN, "In"), (OUT, "Out"))]
	stamped = [
		{
			"name": name,
			"personnel": person,
			"counted_at": at,
			"received_at": at,
			"direction": way,
			"mode": "WFO",
		}
		for name, (person, at, way) in zip(new_names(len(rows)), rows, strict=True)
	]
	query.insert_dicts("Attendance Punch", stamped)
	frappe.db.commit()


def build_logs() -> None:
	"""The logs of the whole month, as the nights have built them."""
	with acting(NIGHTLY, AFTER):
		start("rebuild-days", {"first": str(MONTH[0]), "last": str(MONTH[1])}, in_background=False)


def _empty() -> None:
	for doctype in set(tables()) - KEPT:
		frappe.db.truncate(doctype)
	for doctype in ("Decree Paraf", "Decree Paragraph"):
		frappe.db.delete(doctype, {"parenttype": ("!=", "Kupang HR Settings")})
	for series in ("kupang_hr/%", "PTT-%", "ASN-%", "SK-%"):
		frappe.db.delete("Series", {"name": ("like", series)})
	frappe.db.commit()


def _make_users() -> None:
	for email, role in ROLES.items():
		make_user(email, role)


def make_user(email: str, role: str) -> None:
	"""A user with a role, unless there is one."""
	if frappe.db.exists("User", email):
		return
	with as_when_installing():
		user = frappe.new_doc("User")
		user.update({"email": email, "first_name": email.split("@")[0], "send_welcome_email": 0})
		user.append("roles", {"role": role})
		user.flags.no_welcome_mail = True
		user.insert()


def _set_settings() -> None:
	"""One rater for the whole city, at the root of its tree, so that one run rates everybody."""
	frappe.db.set_value("OPD", {"parent_opd": ("is", "not set")}, "head", RATER)
	settings = frappe.get_doc("Kupang HR Settings")
	settings.update({"automatic_stand_down": 0, "chunk_size": 999})
	settings.update({"signatory_name": "Dr. Penjabat", "signatory_title": "Wali Kota Kupang"})
	settings.secretary_name = "Sekda Contoh"  # who signs an order
	for row, user in zip(settings.paraf, PARAF, strict=True):
		row.user = user
	settings.save()


def _save_people(count: int) -> None:
	"""The real city's 2,180, as often as need be, each time with other NIKs."""
	city = people.invent(figures.headcounts(), seed=7, year=ENDING)
	for done in range(0, count, len(city)):
		part = city[: count - done]
		numbered = [replace(person, nik=f"5371{done + place:012d}") for place, person in enumerate(part)]
		people.save(numbered, ENDING)
		frappe.db.commit()


def order_stand_down() -> None:
	"""The order for everybody whose term ends, submitted in December."""
	with acting(BKPPD_HEAD, "2020-12-21"):
		order = frappe.get_doc({"doctype": "Stand Down Order", "round": ROUND}).insert(
			ignore_permissions=True
		)
		order.submit()
	frappe.db.commit()


def draft_decree(kind: str) -> None:
	with acting(CLERK, DRAFTED):
		values = {"kind": kind, "round": ROUND, "date_signed": SIGNED, "tmt": "2021-01-01"}
		frappe.get_doc({"doctype": "Decree", **values}).insert()
	frappe.db.commit()


def gather_terminations() -> None:
	draft_decree(TERMINATION)
	with acting(CLERK, DRAFTED):
		start("gather", {"decree": decree(TERMINATION)}, in_background=False)
	sign_decree(TERMINATION)


def sign_decree(kind: str) -> None:
	"""Initial and sign a decree. The run that this queues is taken back: it is what is measured."""
	name = decree(kind)
	for signer in PARAF:
		with acting(signer, "2021-02-02"):
			frappe.get_doc("Decree", name).give_paraf()
	with acting(BKPPD_HEAD, SIGNED):
		doc = frappe.get_doc("Decree", name)
		doc.submit()
		frappe.db.delete("Bulk Run", {"name": doc.flags.run})
	frappe.db.commit()


def decree(kind: str) -> str:
	return frappe.db.get_value("Decree", {"kind": kind, "round": ROUND})
