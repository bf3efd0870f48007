"""How long Frappe's Data Import takes for the city's people, and its trial: `python -m benchmarks.imports`.

One JSON line; 2,180 people are to be tried and imported in less than two minutes each. The site loses its people.
"""

import json
import time
from collections.abc import Callable

import frappe
from frappe.core.doctype.data_import.importer import Importer
from frappe.utils.csvutils import to_csv

from benchmarks import world
from benchmarks.site import connect
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


def main() -> dict:
	connect()
	world.settle(0)
	doc = _data_import()
	with acting(world.CLERK, world.OPENED):
		tried, found = _timed(lambda: trial.try_out(doc))
		imported, _log = _timed(lambda: Importer("Personnel", data_import=doc).import_data())
	count = frappe.db.count("Personnel")
	holds = found["sound"] == count == found["documents"] and max(tried, imported) < SECONDS
	figures_of_it = {"trial_seconds": round(tried, 1), "import_seconds": round(imported, 1)}
	return {"figure": "import_people", "people": count, **figures_of_it, "target": SECONDS, "holds": holds}


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


if __name__ == "__main__":
	print(json.dumps(main()))
	frappe.destroy()
