"""The city that site tests live in: users by role, people by OPD, and shortcuts to the steps of the year."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import frappe
from frappe.utils.background_jobs import get_redis_conn

from kupang_hr.bulk import query, run
from kupang_hr.bulk.run import acting_as
from kupang_hr.clock import as_of
from kupang_hr.cycle.year_end import run_all
from kupang_hr.demo import people

KEPT = (
	"OPD",
	"Appraisal Scheme",
	"Work Schedule",
	"Work Schedule Hours",
	"Deduction Rule",
)
TRACES = (
	"Version",
	"Comment",
	"Workflow Action",
	"Workflow Action Permitted Role",
	"Notification Log",
	"DocShare",
	"Access Log",
	"View Log",
	"Error Log",
)
USERS = {
	"sysadmin@city.test": ["System Manager"],
	"mayor@city.test": ["Wali Kota"],
	"bkppd-head@city.test": ["BKPPD Head"],
	"clerk@city.test": ["BKPPD Clerk"],
	"finance@city.test": ["Finance Officer"],
	"opd-clerk@city.test": ["OPD Clerk"],
	"head@city.test": ["OPD Head"],
	"other-head@city.test": ["OPD Head"],
	"dinkes-head@city.test": ["OPD Head"],
	"kabid@city.test": ["BKPPD Clerk"],
	"secretary@city.test": ["BKPPD Clerk"],
	"assistant@city.test": ["Inbox User"],  # the desk alone, as in the demonstration
	"ptt@city.test": ["Personnel Self Service"],
	"nobody@city.test": [],
}
MAYOR, BKPPD_HEAD, CLERK = "mayor@city.test", "bkppd-head@city.test", "clerk@city.test"
HEAD, OTHER_HEAD, DINKES_HEAD = "head@city.test", "other-head@city.test", "dinkes-head@city.test"
PARAF = ("kabid@city.test", "secretary@city.test", BKPPD_HEAD, "assistant@city.test")
SETTINGS = "Kupang HR Settings"
SCORES = {"Work Results": "85", "Behaviour": "80"}


def emptied_tables() -> set[str]:
	tables = frappe.get_all("DocType", filters={"module": "Kupang HR", "issingle": 0}, pluck="name")
	child_of_kept = {"Appraisal Scheme Component", "Appraisal Scheme Band", "Appraisal Scheme Rating"}
	return {*tables, *TRACES} - {*KEPT, *child_of_kept, "Decree Paraf", "Decree Paragraph"}


def filled(doctypes: Iterable[str]) -> list[str]:
	"""Those that have a row, in one query."""
	looks = (f"select '{doctype}' where exists (select 1 from `tab{doctype}`)" for doctype in doctypes)
	return frappe.db.sql(" union all ".join(looks), pluck=True)


def children_of_settings() -> list[str]:
	return sorted({field.options for field in frappe.get_meta(SETTINGS).get_table_fields()})


def whose(table: str) -> dict[str, str]:
	"""Which rows of a table the city restores: all OPDs, and what belongs to the settings."""
	return {"OPD": {}, "Singles": {"doctype": SETTINGS}}.get(table, {"parenttype": SETTINGS})


def rows_of(table: str) -> list[dict]:
	where = " and ".join(f"`{field}` = {frappe.db.escape(value)}" for field, value in whose(table).items())
	order = "field" if table == "Singles" else "name"
	return frappe.db.sql(f"select * from `tab{table}` where {where or '1'} order by {order}", as_dict=True)


def failures(answer: dict) -> dict[str, str]:
	"""Why a run has not done what it has not done, by name."""
	rows = frappe.get_all(
		"Bulk Run Failure", filters={"bulk_run": answer["name"]}, fields=["reference_name", "reason"]
	)
	return {row.reference_name: row.reason for row in rows}


class City:
	"""Shortcuts; each step acts as the right user on the right day."""

	seeded: ClassVar[dict[str, list]] = {}  # by table: the rows that every test begins with

	def sweep(self) -> None:
		"""Empty every table that the app or a trace writes, and set OPDs and settings as installed.

		It comes before each of some thousand tests, so it looks first and writes only where something differs.
		"""
		frappe.local.conf.pop("kupang_hr_today", None)  # removed from the file, "None" stays in this process
		tables = emptied_tables()
		for doctype in filled(tables):
			frappe.db.delete(doctype)
		for doctype in filled(("Decree Paraf", "Decree Paragraph")):
			frappe.db.delete(doctype, {"parenttype": ("!=", SETTINGS)})
		# a decree of the same name would have the bundles of another test's
		of_documents = {"attached_to_doctype": ("in", sorted(tables))}
		if frappe.db.exists("File", of_documents):
			frappe.db.delete("File", of_documents)
		frappe.db.sql("delete from `tabSeries` where name regexp '^(kupang_hr/|PTT-|ASN-|SK-)'")
		self._make_users()
		if self.seeded:
			self._restore()
		else:
			self._seed()
		self._set_formats()
		frappe.db.sql("update `tabOnboarding Step` set is_complete = 1 where name like 'Kupang HR%'")
		frappe.db.sql("delete from `__UserSettings`")  # the filters that somebody used last
		frappe.cache.delete_value("_user_settings")
		frappe.db.commit()
		get_redis_conn().flushdb()  # jobs of users made, or left by a test
		frappe.cache.delete_keys("document_cache::")
		frappe.db.value_cache.clear()
		frappe.local.role_permissions = {}

	def _seed(self) -> None:
		"""Set up OPDs and settings in the first test of the session, and remember their rows."""
		self.seat("DISHUB", HEAD)
		self.seat("DLHK", HEAD)
		self.seat("PUPR", OTHER_HEAD)
		self.seat("DINKES", DINKES_HEAD)
		self._set_settings()
		City.seeded = {table: rows_of(table) for table in ("OPD", "Singles", *children_of_settings())}

	def _restore(self) -> None:
		changed = [table for table, rows in self.seeded.items() if rows_of(table) != rows]
		for table in changed:
			frappe.db.delete(table, whose(table))
			query.insert_dicts(table, self.seeded[table])
		if {*changed} - {"OPD"}:
			frappe.clear_document_cache(SETTINGS, SETTINGS)

	def seat(self, opd: str, user: str, field: str = "head") -> None:
		frappe.db.set_value("OPD", opd, field, user, update_modified=False)

	def _make_users(self) -> None:
		there = frappe.get_all("User", filters={"name": ("in", list(USERS))}, pluck="name")
		for email in USERS.keys() - {*there}:
			user = frappe.get_doc(
				{
					"doctype": "User",
					"email": email,
					"first_name": email.split("@")[0],
					"send_welcome_email": 0,
					"roles": [{"role": role} for role in USERS[email]],
				}
			)
			user.insert(ignore_permissions=True)

	def _set_settings(self) -> None:
		settings = frappe.get_doc(SETTINGS)
		settings.update(
			{
				"automatic_stand_down": 1,
				"answer_at_once": 200,
				"chunk_size": 999,
				"stale_after_minutes": 5,
				"new_ptt_stop_date": None,
				"signatory_name": "Dr. Penjabat",
				"signatory_title": "Wali Kota Kupang",
				"secretary_name": "Sekda Contoh",
				"city_boundary": None,  # the demonstration's stops punches
				"map_tile_url": None,
			}
		)
		for row, user in zip(settings.paraf, PARAF, strict=True):
			row.user = user
		settings.save()

	def _set_formats(self) -> None:
		"""The formats that messages are compared in; the demonstration sets Indonesia's."""
		for key, value in {"date_format": "yyyy-mm-dd", "number_format": "#,###.##"}.items():
			if frappe.db.get_default(key) != value:  # setting one drops every cache of the site
				frappe.db.set_default(key, value)
		frappe.local.user_date_format = None

	def settle(self, year: int = 2020, **headcounts: int) -> list[str]:
		"""People with contracts of that year; headcounts by OPD."""
		names = people.save(people.invent(headcounts, seed=7, year=year), year)
		frappe.db.commit()
		return names

	@contextmanager
	def acting(self, user: str, on: str) -> Iterator[None]:
		with acting_as(user), as_of(on):
			yield

	def run(self, user: str, on: str, action: str, **criterion: Any) -> dict:
		"""A mass step by its user on its day, done at once."""
		with self.acting(user, on):
			return run.start(action, criterion, in_background=False)

	def ordered(self, round_name: str) -> str:
		"""Sign the order that the nights prepare; its name."""
		run_all("2020-12-20")
		order = f"SDO-{round_name}"
		with self.acting(BKPPD_HEAD, "2020-12-21"):
			frappe.get_doc("Stand Down Order", order).submit()
		frappe.db.commit()
		return order

	def stand_down(self, round_name: str) -> None:
		"""Sign the order, and live until it has taken effect."""
		self.ordered(round_name)
		run_all("2021-01-04")

	def round(self, year: int = 2021, **values: Any):
		with self.acting(CLERK, f"{year - 1}-11-16"):
			doc = frappe.get_doc({"doctype": "Renewal Round", "year": year, **values}).insert()
		frappe.db.commit()
		return doc

	def opened(self, year: int = 2021, **values: Any) -> str:
		name = self.round(year, **values).name
		self.run(CLERK, f"{year - 1}-11-16", "open", round=name)
		return name

	def score(self, round_name: str, user: str = HEAD, on: str = "2020-12-07", **each: Mapping) -> dict:
		"""Scores for every draft appraisal that the user rates; `each` overrides them by appraisal."""
		with self.acting(user, on):
			names = frappe.get_list(
				"Performance Appraisal", filters={"round": round_name, "docstatus": 0}, pluck="name", limit=0
			)
			scores = {name: {"scores": SCORES} for name in names} | each
			return run.start("score", {"round": round_name, "scores": scores}, in_background=False)

	def rated(self, round_name: str, *users: str) -> None:
		for user in users or (HEAD,):
			self.score(round_name, user)
			self.run(user, "2020-12-08", "rate", round=round_name)

	def decree(self, kind: str, round_name: str, sign: bool = True, on: str = "2021-02-03", **values: Any):
		"""A decree, gathered, with its paraf, and signed unless told not to."""
		with self.acting(CLERK, on):
			doc = frappe.get_doc({"doctype": "Decree", "kind": kind, "round": round_name, **values})
			doc.update({"date_signed": on, "tmt": values.get("tmt", "2021-01-01")})
			doc.insert()
		self.run(CLERK, on, "gather", decree=doc.name)
		self.initial(doc.name, on)
		return self.signed(doc.name, on) if sign else frappe.get_doc("Decree", doc.name)

	def initial(self, decree: str, on: str = "2021-02-03") -> None:
		for user in PARAF:
			with self.acting(user, on):
				frappe.get_doc("Decree", decree).give_paraf()
		frappe.db.commit()

	def submitted(self, decree: str, on: str = "2021-02-03"):
		"""A decree with its signature, not committed, and before it takes effect."""
		with self.acting(BKPPD_HEAD, on):
			doc = frappe.get_doc("Decree", decree)
			doc.submit()
		return doc

	def signed(self, decree: str, on: str = "2021-02-03"):
		with self.acting(BKPPD_HEAD, on):
			doc = self.submitted(decree, on)
			frappe.db.commit()
			run.execute(doc.flags.run) if doc.flags.run else None
		return frappe.get_doc("Decree", decree)

	def states(self, round_name: str) -> dict[str, int]:
		"""How many renewals of a round are in each state."""
		rows = frappe.get_all(
			"Contract Renewal", filters={"round": round_name}, pluck="workflow_state", limit=0
		)
		return {state: rows.count(state) for state in sorted(set(rows))}

	def duty(self) -> dict[str, int]:
		rows = frappe.get_all("Personnel", pluck="duty_status", limit=0)
		return {status: rows.count(status) for status in sorted(set(rows))}
