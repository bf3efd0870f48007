"""`python -m benchmarks.once FIGURE PEOPLE CLOCK`: do one mass step in a fresh process and print what it took."""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import frappe

from benchmarks.clock import CLOCKS
from benchmarks.record import counting_chunks
from benchmarks.site import connect
from benchmarks.steps import STEPS
from kupang_hr.bulk.step import step_class


def main(figure: str, people: int, clock_name: str) -> dict:
	connect()
	step = STEPS[figure]
	for doctype in (step_class(step.action).doctype, *step_class(step.action).writes):
		frappe.get_meta(doctype)
	criterion = step.criterion()
	frappe.db.commit()
	clock = CLOCKS[clock_name]()
	with counting_chunks() as chunks:
		began = clock()
		step.run(people, criterion)
		seconds = clock() - began
	return {"seconds": seconds, "peak_mb": peak_mb(), **per_chunk(chunks)}


def peak_mb() -> int:
	"""The most that this process has held; `ru_maxrss` would count the parent's memory too."""
	status = Path("/proc/self/status").read_text()
	return round(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024)


def per_chunk(chunks: list[tuple[int, int]]) -> dict[str, int]:
	"""Statements from the beginning of each full chunk to that of the next, without the first."""
	full = max(size for size, _before in chunks)
	counts = [after - before for (size, before), (_size, after) in pairwise(chunks[1:]) if size == full]
	if not counts:
		return {}
	return {"queries_per_chunk": min(counts), "queries_per_chunk_spread": max(counts) - min(counts)}


if __name__ == "__main__":
	print(json.dumps(main(sys.argv[1], int(sys.argv[2]), sys.argv[3])))
	frappe.destroy()
