"""How long letters take and how much memory: the collective SK with its lampiran, and all petikan of a decree.

`python -m benchmarks.letters FIGURE` does one of them in a process of its own, on the decree that the site has.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import frappe

from benchmarks import report, world
from benchmarks.once import peak_mb
from benchmarks.site import connect
from dev.steps import PROJECT
from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.run import start
from kupang_hr.clock import as_of
from kupang_hr.cycle import codes, decrees
from kupang_hr.demo.acting import acting
from kupang_hr.letters import bundle, decree

PEOPLE, MANY = 2_150, 10_000
DECREE = "SK-BENCH"
MOST_MB = 400
SECONDS = {"collective_sk": 30, "petikan_pdf": 600, "petikan_zip": 600}


def collective_sk() -> None:
	pdf = decree.decree_pdf(frappe.get_doc("Decree", DECREE))
	assert pdf.startswith(b"%PDF-")


def petikan(form: str) -> None:
	with acting(world.BKPPD_HEAD, world.SIGNED):
		run = start(bundle.ACTION, {"decree": DECREE, "form": form}, in_background=False)
	assert (run["status"], run["failed"]) == ("Completed", 0), run


FIGURES: Mapping[str, Callable[[], None]] = {
	"collective_sk": collective_sk,
	"petikan_pdf": lambda: petikan("pdf"),
	"petikan_zip": lambda: petikan("zip"),
}


def settle(people: int) -> None:
	"""A signed decree that names so many invented people."""
	world.settle(people)
	settings = frappe.get_doc("Kupang HR Settings")
	settings.update({"secretary_name": "Sekda Contoh", "signatory_name": "Wali Kota Contoh"}).save()
	doc = frappe.new_doc("Decree")
	doc.update(
		{
			"name": DECREE,
			"docstatus": 1,
			"kind": "Reappointment",
			"decree_number": "BKPPD.814/1/B/II/2021",
			"date_signed": world.SIGNED,
			"tmt": "2021-01-01",
			"term_start": "2021-01-01",
			"term_end": "2021-12-31",
			"line_count": people,
			"place": "Kupang",
			"signatory_name": "Wali Kota Contoh",
			"signatory_title": "Wali Kota Kupang",
		}
	)
	rows = [row for row in settings.paragraphs if row.kind == doc.kind]
	doc.set("paragraphs", [{"section": row.section, "text": row.text} for row in rows])
	doc.db_insert()
	for row in doc.paragraphs:
		row.parent = DECREE
		row.db_insert()
	_name_everybody(doc)
	frappe.db.commit()


def _name_everybody(doc) -> None:
	"""The lines as a gathering leaves them: seats as the contracts have them."""
	contract = frappe.qb.DocType("PTT Contract")
	names = query.values(frappe.qb.from_(contract).select(contract.name).orderby(contract.name))
	seated = frappe._dict(doc.as_dict(), kind="Termination")
	for part in query.parts(names, 1000):
		lines = decrees.line_rows(seated, part)
		Trail("Administrator", None).insert(decrees.LINE, [{**row, "signed": 1} for row in lines])
	line = frappe.qb.DocType(decrees.LINE)
	ordered = query.values(
		frappe.qb.from_(line).select(line.name).orderby(line.opd, line.full_name, line.name)
	)
	query.update_each(decrees.LINE, {name: {"line_number": number} for number, name in enumerate(ordered, 1)})
	codes.give_codes(DECREE)


def measure(figure: str, people: int) -> dict[str, Any]:
	"""The line of a figure, done by a process of its own; time has a limit for the city, memory always."""
	command = [sys.executable, "-m", "benchmarks.letters", figure]
	done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, check=True, text=True)
	line = {"figure": figure, "people": people, **json.loads(done.stdout.splitlines()[-1])}
	limits = {"seconds": SECONDS[figure]} if people == PEOPLE else {}
	return report.judged(line, {**limits, "peak_mb": MOST_MB})


def main(figure: str) -> dict[str, Any]:
	connect()
	out, sys.stdout = sys.stdout, sys.stderr
	try:
		began = time.monotonic()
		with as_of(world.SIGNED):
			FIGURES[figure]()
		return {"seconds": round(time.monotonic() - began, 1), "peak_mb": peak_mb()}
	finally:
		sys.stdout = out


if __name__ == "__main__":
	print(json.dumps(main(sys.argv[1])))
	frappe.destroy()
