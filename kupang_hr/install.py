"""Setting the app up on a site; every step may run again and changes nothing that somebody has set."""

import csv
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import frappe
from frappe import _
from frappe.installer import update_site_config
from frappe.permissions import setup_custom_perms

from kupang_hr.attendance.evidence import EVIDENCE_KEY
from kupang_hr.cycle.setting_up import catch_up
from kupang_hr.rules.appraisal import DEFAULT_SCHEMES, Scheme
from kupang_hr.rules.decree import DEFAULT_TEMPLATE
from kupang_hr.rules.pay import CITY_RULES_2020

SUPPORTED_FRAPPE = ("15", "16")
TIME_ZONE = "Asia/Makassar"
DATA = Path(__file__).parent / "data"
SETTINGS = {
	"default_scheme": DEFAULT_SCHEMES[0].name,
	"number_template": DEFAULT_TEMPLATE,
	"classification": "814",
	"series_letter": "B",
	"place": "Kupang",
	"signatory_title": "Wali Kota Kupang",
	"rating_reminder_days": 7,
	"stand_down_lead_days": 14,
	"answer_at_once": 200,
	"chunk_size": 999,
	"stale_after_minutes": 5,
	"default_work_schedule": "Lima Hari Kerja",
	"max_accuracy_m": 100,
	"max_speed_kmh": 150,
	"identical_positions": 3,
	"queued_after_minutes": 5,
	"oldest_punch_days": 7,
	"punches_a_minute": 5,
	"rota_days_a_week": 2,
	"unexcused_days_month": 4,
	"unexcused_days_year": 15,
	"mail_scores_due": 1,
	"mail_stand_down": 1,
	"mail_sk_issued": 1,
	"mail_requests_decided": 1,
	"mail_step_missed": 1,
	"step_overdue_hours": 26,
}
FIVE_DAYS = (*(("07:30:00", "16:00:00", 60),) * 4, ("07:30:00", "16:30:00", 90))
SIX_DAYS = (*(("07:30:00", "14:30:00", 0),) * 4, ("07:30:00", "11:30:00", 0), ("07:30:00", "13:00:00", 0))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORK_SCHEDULES = {"Lima Hari Kerja": FIVE_DAYS, "Enam Hari Kerja": SIX_DAYS}  # 37.5 hours a week each


def before_install() -> None:
	check_frappe_version()


def check_frappe_version() -> None:
	"""Refuse a Frappe that the app has not been tried on."""
	major = frappe.__version__.split(".")[0]
	if major not in SUPPORTED_FRAPPE:
		frappe.throw(f"kupang_hr runs on Frappe 15 and 16, not on {frappe.__version__}.")


def after_install() -> None:
	set_time_zone()
	let_import()
	set_defaults()
	seed_opds()


def set_time_zone() -> None:
	"""The city's days begin and end in WITA."""
	frappe.db.set_single_value("System Settings", "time_zone", TIME_ZONE)
	frappe.clear_cache()


IMPORTERS = ("BKPPD Clerk", "OPD Head")
IMPORTING = ("Data Import", "Data Import Log")


def let_import() -> None:
	"""Data Import is Frappe's, and for System Managers only; whoever has sheets makes imports of their own.

	A clerk of BKPPD has those of people and contracts, the head of an OPD those of scores.
	"""
	may = ("if_owner", "read", "write", "create", "delete", "report")
	for role in IMPORTERS:
		let_role(role, "Data Import", may)
		let_role(role, "Data Import Log", ("if_owner", "read"))  # its form counts what went wrong


def let_role(role: str, doctype: str, may: Sequence[str]) -> None:
	"""Rights of a role of ours in a DocType of Frappe's, beside those that others have there."""
	rights = {"role": role, "parent": doctype, "permlevel": 0}
	if frappe.db.exists("Custom DocPerm", rights):
		return
	setup_custom_perms(doctype)
	place = {"doctype": "Custom DocPerm", "parenttype": "DocType", "parentfield": "permissions"}
	frappe.get_doc({**place, **rights, **dict.fromkeys(may, 1)}).insert(ignore_permissions=True)
	frappe.clear_cache(doctype=doctype)


def set_defaults() -> None:
	"""Appraisal schemes, work schedules and settings that nobody has set yet."""
	make_schemes()
	make_schedules()
	set_evidence_key()
	set_settings()
	catch_up()


def make_schemes() -> None:
	for scheme in DEFAULT_SCHEMES:
		if not frappe.db.exists("Appraisal Scheme", scheme.name):
			frappe.get_doc(scheme_document(scheme)).insert(ignore_permissions=True)


def make_schedules() -> None:
	for name, hours in WORK_SCHEDULES.items():
		if not frappe.db.exists("Work Schedule", name):
			frappe.get_doc(schedule_document(name, hours)).insert(ignore_permissions=True)


def set_settings() -> None:
	"""What has been saved stays, a zero too."""
	settings, known = frappe.get_doc("Kupang HR Settings"), frappe.db.get_singles_dict("Kupang HR Settings")
	defaults, letters = _data("decree.json"), _data("letters.json")
	defaults["paragraphs"] = [*defaults["paragraphs"], *letters["paragraphs"]]
	values = {**SETTINGS, **letters["settings"]}
	new = {fieldname: value for fieldname, value in values.items() if known.get(fieldname) is None}
	defaults["deduction_rules"] = [asdict(rule) for rule in CITY_RULES_2020]
	tables = ("paraf", "paragraphs", "deduction_rules")
	new |= {fieldname: defaults[fieldname] for fieldname in tables if not settings.get(fieldname)}
	if new:
		settings.update(new)
		settings.flags.ignore_permissions = True
		settings.save()


def _data(file: str) -> dict:
	return json.loads((DATA / file).read_text(encoding="utf-8"))


def schedule_document(name: str, hours: Sequence[tuple[str, str, int]]) -> dict:
	"""A Work Schedule document; `hours` from Monday on: start, end, break in minutes."""
	rows = [
		{"weekday": weekday, "start_time": start, "end_time": end, "break_minutes": pause}
		for weekday, (start, end, pause) in zip(WEEKDAYS, hours, strict=False)
	]
	return {"doctype": "Work Schedule", "schedule_name": name, "hours": rows}


def set_evidence_key() -> None:
	"""The key that signs punches, made once a site; whoever loses it can verify nothing any more."""
	if not frappe.conf.get(EVIDENCE_KEY):
		update_site_config(EVIDENCE_KEY, secrets.token_hex(32))


def scheme_document(scheme: Scheme) -> dict:
	"""A rule's scheme as an Appraisal Scheme document."""
	return {
		"doctype": "Appraisal Scheme",
		"scheme_name": scheme.name,
		"method": scheme.method,
		"components": [
			{"component": part.name, "weight": part.weight, "computed": int(part.computed)}
			for part in scheme.components
		],
		"bands": [{"rating": band.rating, "from_score": float(band.from_score)} for band in scheme.bands],
		"matrix": [
			{"results": results, "behaviour": behaviour, "rating": rating}
			for (results, behaviour), rating in scheme.matrix.items()
		],
		"behaviour_aspects": "\n".join(scheme.behaviour_aspects),
	}


def seed_opds() -> None:
	"""The city's agencies, on a site that has none. Headcounts in the file are for the demonstration only."""
	if frappe.db.count("OPD"):
		return
	rows = opd_rows()
	parents = {row["parent"] for row in rows}
	for row in rows:
		crucial = row["is_crucial"] == "1"
		frappe.get_doc(
			{
				"doctype": "OPD",
				"abbreviation": row["abbreviation"],
				"opd_name": row["name"],
				"opd_type": row["type"],
				"parent_opd": row["parent"] or None,
				"is_group": int(row["abbreviation"] in parents),
				"is_crucial": int(crucial),
				"crucial_basis": _("Letter of BKPPD for 4 January 2021") if crucial else None,
			}
		).insert(ignore_permissions=True)


def opd_rows() -> list[dict[str, str]]:
	"""The rows of the seed file, parents before their children."""
	with (DATA / "opd.csv").open(encoding="utf-8", newline="") as file:
		return list(csv.DictReader(file))


BLOCKS = ("Waiting for Me", "Shares at a Glance")


def before_uninstall() -> None:
	"""Take the workflow away before its DocType goes, and what else would call or count on the app.

	Roles stay, users may hold them.
	"""
	frappe.db.delete("Workflow Action", {"reference_doctype": "Contract Renewal"})
	frappe.delete_doc("Workflow", "Contract Renewal", force=True, ignore_missing=True)
	frappe.db.delete("Scheduled Job Type", {"method": ("like", "kupang\\_hr.%")})
	frappe.db.delete("Custom DocPerm", {"parent": ("in", IMPORTING), "role": ("in", IMPORTERS)})
	frappe.db.delete("Custom HTML Block", {"name": ("in", BLOCKS)})
	frappe.db.delete("Singles", {"doctype": "Kupang HR Settings"})
