"""The city that is measured in: its users, its people, and the documents that the mass steps are about."""

from dataclasses import replace

import frappe

from kupang_hr.bulk.run import start
from kupang_hr.demo import figures, people
from kupang_hr.demo.acting import acting
from kupang_hr.demo.users import as_when_installing

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


def _empty() -> None:
	for doctype in set(tables()) - KEPT:
		frappe.db.truncate(doctype)
	for doctype in ("Decree Paraf", "Decree Paragraph"):
		frappe.db.delete(doctype, {"parenttype": "Decree"})
	for series in ("kupang_hr/%", "PTT-%", "SK-%"):
		frappe.db.delete("Series", {"name": ("like", series)})
	frappe.db.commit()


def _make_users() -> None:
	with as_when_installing():
		for email, role in ROLES.items():
			if not frappe.db.exists("User", email):
				user = frappe.new_doc("User")
				user.update({"email": email, "first_name": email.split("@")[0], "send_welcome_email": 0})
				user.append("roles", {"role": role})
				user.flags.no_welcome_mail = True
				user.insert()


def _set_settings() -> None:
	"""One rater for the whole city, at the root of its tree, so that one run rates everybody."""
	frappe.db.set_value("OPD", {"parent_opd": ("is", "not set")}, "head", RATER)
	settings = frappe.get_doc("Kupang HR Settings")
	settings.update({"automatic_stand_down": 0, "chunk_size": 1000})
	settings.update({"signatory_name": "Dr. Penjabat", "signatory_title": "Wali Kota Kupang"})
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
