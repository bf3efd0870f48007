"""A mass step leaves, in every table, what saving the documents one by one leaves: names, times, run aside."""

from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import patch

import frappe
import pytest
from frappe.utils import add_days

from kupang_hr import hooks
from kupang_hr.cycle import decrees, issuing, opening, stand_down
from kupang_hr.cycle.year_end import run_all
from kupang_hr.kupang_hr.doctype.ptt_contract.ptt_contract import PTTContract
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, SCORES, City
from tests.site.rows import before, written_since

REFERENCE = {"doctype": "Bulk Run", "docname": "by hand"}
PEOPLE = {"DISHUB": 30, "DLHK": 20}


def marked(doc):
	"""The document, saying in its Version what a mass step says: which run it was."""
	doc.flags.updater_reference = REFERENCE
	return doc


def each(doctype: str, **filters):
	for name in frappe.get_all(doctype, filters=filters, pluck="name", order_by="name", limit=0):
		yield marked(frappe.get_doc(doctype, name))


@dataclass
class Way:
	"""A step: who does it when, what comes before, and the two ways of doing it."""

	user: str
	on: str
	prepare: Callable[[City], str]
	by_documents: Callable[[City, str], None]
	by_run: Callable[[City, str], dict]


def settled(city: City) -> str:
	city.settle(**PEOPLE)
	return city.round().name


def opened(city: City) -> str:
	city.settle(**PEOPLE)
	return city.opened()


def scored(city: City) -> str:
	name = opened(city)
	city.score(name)
	return name


def rated(city: City) -> str:
	name = opened(city)
	city.rated(name)
	return name


def expired(city: City) -> str:
	name = rated(city)
	city.ordered(name)
	frappe.db.set_single_value("Kupang HR Settings", "automatic_stand_down", 0)
	run_all("2021-01-04")
	return name


def stood_down(city: City) -> str:
	name = expired(city)
	city.run(BKPPD_HEAD, "2021-01-04", "stand-down", order=f"SDO-{name}")
	return name


def recommended(city: City) -> str:
	name = stood_down(city)
	city.run(MAYOR, "2021-01-20", "recommend", round=name)
	return name


def held(city: City) -> str:
	name = stood_down(city)
	city.run(MAYOR, "2021-01-20", "hold", round=name, reason="kuota", opd="DISHUB")
	return name


def not_renewed(city: City) -> str:
	name = stood_down(city)
	city.run(MAYOR, "2021-01-20", "decline", round=name, reason="nilai Buruk", opd="DISHUB")
	return name


def decree_signed(kind: str, before: Callable[[City], str]) -> Callable[[City], str]:
	def prepare(city: City) -> str:
		name = before(city)
		decree = city.decree(kind, name, sign=False).name
		with city.acting(BKPPD_HEAD, "2021-02-03"):
			frappe.get_doc("Decree", decree).submit()
		frappe.db.commit()
		return decree

	return prepare


def revocation_signed(kind: str, before: Callable[[City], str]) -> Callable[[City], str]:
	def prepare(city: City) -> str:
		revoked = city.decree(kind, before(city)).name
		with city.acting(CLERK, "2021-02-10"):
			doc = frappe.get_doc({"doctype": "Decree", "kind": "Revocation", "revokes": revoked})
			doc.update({"date_signed": "2021-02-10", "tmt": "2021-01-01"}).insert()
		city.run(CLERK, "2021-02-10", "gather", decree=doc.name)
		city.initial(doc.name, "2021-02-10")
		with city.acting(BKPPD_HEAD, "2021-02-10"):
			frappe.get_doc("Decree", doc.name).submit()
		frappe.db.commit()
		return doc.name

	return prepare


def gone_since_yesterday(city: City) -> str:
	"""Some are declined after their Termination decree, and the last day of others is over."""
	name = held(city)
	city.decree("Termination", name)
	city.run(MAYOR, "2021-02-10", "release", round=name, opd="DISHUB")
	city.run(MAYOR, "2021-02-10", "decline", round=name, reason="kuota", opd="DISHUB")
	leavers = frappe.get_all("Personnel", {"opd": "DLHK"}, pluck="name", order_by="name", limit=7)
	exits = {person: {"reason": "BUMN", "exit_date": "2021-02-10"} for person in leavers}
	city.run(CLERK, "2021-02-10", "record-leavers", leavers=exits)
	return name


def decree_drafted(city: City) -> str:
	draft = {"doctype": "Decree", "kind": "Reappointment", "round": recommended(city)}
	with city.acting(CLERK, "2021-02-01"):
		doc = frappe.get_doc({**draft, "date_signed": "2021-02-03", "tmt": "2021-01-01"}).insert()
	frappe.db.commit()
	return doc.name


def issued_ahead(city: City) -> str:
	later = {"tmt": "2021-03-01", "term_start": "2021-03-01", "term_end": "2021-12-31"}
	name = city.decree("Reappointment", recommended(city), **later).name
	for contract in frappe.get_all("PTT Contract", {"status": "Upcoming"}, pluck="name", order_by="name")[:5]:
		frappe.db.set_value("PTT Contract", contract, {"opd": "PUPR", "position": "Juru Ukur"})
	frappe.db.commit()
	return name


def insert_renewals(_city: City, name: str) -> None:
	contract = frappe.qb.DocType("PTT Contract")
	round_doc = frappe.get_doc("Renewal Round", name)
	for person in opening.contracts_to_renew(contract, round_doc).select(contract.personnel).run(pluck=True):
		new = {"doctype": "Contract Renewal", "round": name, "personnel": person}
		marked(frappe.get_doc(new)).insert()
	opening.mark_open(name)


def save_scores(_city: City, name: str) -> None:
	for doc in each("Performance Appraisal", round=name):
		for row in doc.scores:
			row.score = SCORES.get(row.component, row.score)
		doc.save()


def leavers_of(name: str) -> dict:
	people = frappe.get_all("Contract Renewal", filters={"round": name}, pluck="personnel", order_by="name")
	return {person: {"reason": "BUMN", "exit_date": "2020-12-15", "notes": "surat"} for person in people[::2]}


def insert_exits(_city: City, name: str) -> None:
	for person, row in leavers_of(name).items():
		new = {"doctype": "Personnel Exit", "personnel": person, "docstatus": 1, **row}
		marked(frappe.get_doc(new)).insert()


def insert_stand_down_lines(_city: City, name: str) -> None:
	for person in frappe.get_all("Personnel", pluck="name", order_by="name", limit=0):
		new = {"doctype": "Stand Down Line", "stand_down_order": f"SDO-{name}", "personnel": person}
		marked(frappe.get_doc(new)).insert(ignore_permissions=True)
	stand_down.mark_carried_out(f"SDO-{name}")


def perform(action: str, reason: str | None = None, **filters):
	def by_documents(_city: City, name: str) -> None:
		for doc in each("Contract Renewal", round=name, **filters):
			doc.perform(action, reason)

	return by_documents


def issue_each(_city: City, decree: str) -> None:
	for doc in each("Contract Renewal", workflow_state="Mayor Recommended"):
		doc.perform("Issue SK")
	issuing.mark_applied(decree)


def bring_people_up_to_date(_city: City, _name: str) -> None:
	for person in frappe.get_all("Personnel", pluck="name", order_by="name", limit=0):
		frappe.get_doc("Personnel", person).bring_up_to_date(REFERENCE)


def refresh_people(city: City, decree: str) -> None:
	bring_people_up_to_date(city, decree)
	issuing.mark_applied(decree)


def end_contracts(city: City, decree: str) -> None:
	"""By a decree alone: the controller refuses the same end from anybody's hand, which is set aside here."""
	revoked, tmt = frappe.db.get_value("Decree", decree, ["revokes", "tmt"])
	with patch.object(PTTContract, "is_ended_by_hand", return_value=False):
		for doc in each("PTT Contract", decree=revoked):
			doc.terminated_on = add_days(tmt, -1)
			doc.save(ignore_permissions=True)
	refresh_people(city, decree)


def insert_decree_lines(_city: City, decree: str) -> None:
	for row in frappe.get_all(
		"Contract Renewal", ["personnel", "old_contract"], {"workflow_state": "Mayor Recommended"}, limit=0
	):
		new = {
			"doctype": "Decree Line",
			"decree": decree,
			"personnel": row.personnel,
			"contract": row.old_contract,
		}
		marked(frappe.get_doc(new)).insert(ignore_permissions=True)
	decrees.number_lines(decree)


def start(action: str, criterion: dict) -> dict:
	from kupang_hr.bulk import run

	return run.start(action, criterion, in_background=False)


def execute_signed(_city: City, decree: str) -> dict:
	from kupang_hr.bulk import run

	pending = frappe.get_all("Bulk Run", filters={"status": "Queued"}, pluck="name")
	return run.execute(pending[0])


WAYS = {
	"open": Way(CLERK, "2020-11-16", settled, insert_renewals, lambda _c, n: start("open", {"round": n})),
	"score": Way(
		HEAD,
		"2020-12-07",
		opened,
		save_scores,
		lambda _c, n: start(
			"score",
			{
				"round": n,
				"scores": {
					name: {"scores": SCORES}
					for name in frappe.get_all("Performance Appraisal", pluck="name", limit=0)
				},
			},
		),
	),
	"rate": Way(
		HEAD,
		"2020-12-08",
		scored,
		lambda _c, n: [doc.submit() for doc in each("Performance Appraisal", round=n)] and None,
		lambda _c, n: start("rate", {"round": n}),
	),
	"expire": Way(
		"Administrator",
		"2021-01-01",
		rated,
		lambda _c, _n: [doc.save() for doc in each("PTT Contract")] and None,
		lambda _c, _n: start("expire", {}),
	),
	"record-leavers": Way(
		CLERK,
		"2020-12-17",
		rated,
		insert_exits,
		lambda _c, n: start("record-leavers", {"leavers": leavers_of(n)}),
	),
	"stand-down": Way(
		BKPPD_HEAD,
		"2021-01-04",
		expired,
		insert_stand_down_lines,
		lambda _c, n: start("stand-down", {"order": f"SDO-{n}"}),
	),
	"recommend": Way(
		MAYOR, "2021-01-20", stood_down, perform("Recommend"), lambda _c, n: start("recommend", {"round": n})
	),
	"decline": Way(
		MAYOR,
		"2021-01-20",
		stood_down,
		perform("Decline", "nilai Buruk"),
		lambda _c, n: start("decline", {"round": n, "reason": "nilai Buruk"}),
	),
	"hold rated": Way(
		MAYOR,
		"2021-01-20",
		stood_down,
		perform("Hold", "kuota"),
		lambda _c, n: start("hold", {"round": n, "reason": "kuota"}),
	),
	"hold recommended": Way(
		MAYOR,
		"2021-01-21",
		recommended,
		perform("Hold", "kuota"),
		lambda _c, n: start("hold", {"round": n, "reason": "kuota"}),
	),
	"release": Way(
		MAYOR,
		"2021-01-22",
		held,
		perform("Release", workflow_state="Held"),
		lambda _c, n: start("release", {"round": n}),
	),
	"return recommended": Way(
		MAYOR, "2021-01-22", recommended, perform("Return"), lambda _c, n: start("return", {"round": n})
	),
	"return declined": Way(
		MAYOR,
		"2021-01-22",
		not_renewed,
		perform("Return", workflow_state="Not Renewed"),
		lambda _c, n: start("return", {"round": n}),
	),
	"gather": Way(
		CLERK, "2021-02-01", decree_drafted, insert_decree_lines, lambda _c, n: start("gather", {"decree": n})
	),
	"expire begun": Way(
		"Administrator",
		"2021-03-01",
		issued_ahead,
		lambda _c, _n: [doc.save() for doc in each("PTT Contract", status="Upcoming")] and None,
		lambda _c, _n: start("expire", {}),
	),
	"issue": Way(
		BKPPD_HEAD, "2021-02-03", decree_signed("Reappointment", recommended), issue_each, execute_signed
	),
	"terminate": Way(
		BKPPD_HEAD, "2021-02-03", decree_signed("Termination", not_renewed), refresh_people, execute_signed
	),
	"revoke reappointment": Way(
		BKPPD_HEAD,
		"2021-02-10",
		revocation_signed("Reappointment", recommended),
		end_contracts,
		execute_signed,
	),
	"revoke termination": Way(
		BKPPD_HEAD,
		"2021-02-10",
		revocation_signed("Termination", not_renewed),
		refresh_people,
		execute_signed,
	),
	"refresh-duty": Way(
		"Administrator",
		"2021-02-11",
		gone_since_yesterday,
		bring_people_up_to_date,
		lambda _c, _n: start("refresh-duty", {}),
	),
}


def test_a_step_of_the_year_is_done_by_a_run_alone():
	of_the_year = {
		action for action, path in hooks.kupang_hr_bulk_steps.items() if path.startswith("kupang_hr.cycle.")
	}
	assert {step.split()[0] for step in WAYS} == of_the_year


@pytest.mark.parametrize("step", WAYS)
def test_a_mass_step_leaves_what_single_saves_leave(city, step):
	way = WAYS[step]
	written = {}
	for kind in ("documents", "run"):
		city.sweep()
		subject = way.prepare(city)
		then = before()
		with city.acting(way.user, way.on):
			if kind == "documents":
				way.by_documents(city, subject)
			else:
				answer = way.by_run(city, subject)
				assert (answer["status"], answer["failed"]) == ("Completed", 0)
				assert answer["done"] >= 20
		written[kind] = written_since(then)
	assert sorted(written["run"]) == sorted(written["documents"])
	for table, rows in written["documents"].items():
		only = [set(rows) - set(written["run"][table]), set(written["run"][table]) - set(rows)]
		assert only == [set(), set()], f"{table}: first the documents', then the run's"
		assert written["run"][table] == rows, table
