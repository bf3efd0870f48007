"""How long Frappe's Data Import takes for the city's people, and its trial; less than two minutes each."""

import time
from collections.abc import Callable
from typing import Any

import frappe
from frappe.core.doctype.data_import.importer import Importer
from frappe.utils.csvutils import to_csv

from benchmarks import report, world
from benchmarks.steps import StepFailed
from kupang_hr.cycle import trial
from kupang_hr.demo import figures, people
from kupang_hr.demo.acting import acting

SECONDS = 120
COLUMNS = {
	"Full Name": "full_name",
	"Gender": "gender",
	"Place of Birth": "birth_place",
	"Date of Birth": "birth_date",
	"OPD": "opd",
	"Position": "position",
	"Job Group": "job_group",
	"Education": "education_level",
	"First Appointed in": "first_appointment_year",
}


def measure() -> dict[str, Any]:
	world.settle(0)
	doc = _data_import()
	with acting(world.CLERK, world.OPENED):
		tried, found = _timed(lambda: trial.try_out(doc))
		imported, _log = _timed(lambda: Importer("Personnel", data_import=doc).import_data())
	count = frappe.db.count("Personnel")
	if not found["sound"] == count == found["documents"]:
		raise StepFailed(f"import_people: {count} people of {found}")
	figures_of_it = {"trial_seconds": round(tried, 1), "seconds": round(imported, 1)}
	line = {"figure": "import_people", "people": count, **figures_of_it}
	return report.judged(line, dict.fromkeys(figures_of_it, SECONDS))


def _data_import():
	invented = people.invent(figures.headcounts(), seed=7, year=world.ENDING)
	table = [list(COLUMNS)]
	table += [[getattr(person, field) for field in COLUMNS.values()] for person in invented]
	values = {"reference_doctype": "Personnel", "import_type": "Insert New Records"}
	doc = frappe.get_doc({"doctype": "Data Import", **values}).insert()
	file = {"doctype": "File", "file_name": "people.csv", "is_private": 1, "content": to_csv(table)}
	doc.import_file = frappe.get_doc(file).insert().file_url
	doc.save()
	frappe.db.commit()
	return doc


def _timed(work: Callable) -> tuple[float, object]:
	began = time.monotonic()
	answer = work()
	return time.monotonic() - began, answer
