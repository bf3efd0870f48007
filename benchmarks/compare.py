"""One step at one size: documents, mass step and plain SQL in turns; and the step by a process of its own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import frappe

from benchmarks import world
from benchmarks.clock import Clock
from benchmarks.record import recording, replay
from benchmarks.site import forget
from benchmarks.snapshot import Snapshot
from benchmarks.steps import MassStep
from kupang_hr.demo.acting import acting

PROJECT = Path(__file__).resolve().parents[1]
SAMPLE, WARM_UP = 210, 10


def in_turns(step: MassStep, snapshot: Snapshot, people: int, rounds: int, clock: Clock) -> dict[str, float]:
	"""The best of some rounds: seconds a document, of the mass step, and of plain SQL. Restores the state."""
	per_document, of_step, of_sql = [], [], []
	for _round in range(rounds):
		with recording(keep=False) as of_documents:
			per_document.append(_documents(step, -(-SAMPLE // rounds), clock))
		snapshot.restore(of_documents.written)
		with recording() as recorder:
			of_step.append(_timed(step, people, clock))
		snapshot.restore(recorder.written)
		of_sql.append(replay(recorder.statements, clock))
		snapshot.restore(recorder.written)
	return {"document": min(per_document), "step": min(of_step), "plain_sql": min(of_sql)}


def _timed(step: MassStep, people: int, clock: Clock) -> float:
	criterion = step.criterion()
	frappe.db.commit()
	began = clock()
	step.run(people, criterion)
	return clock() - began


def _documents(step: MassStep, count: int, clock: Clock) -> float:
	"""Seconds for one document, each in a transaction of its own."""
	names = step.documents(WARM_UP + count)
	with acting(step.user, step.on):
		_save_each(step, names[:WARM_UP])
		began = clock()
		_save_each(step, names[WARM_UP:])
		return (clock() - began) / count


def _save_each(step: MassStep, names: Sequence[str]) -> None:
	for name in names:
		step.save(name)
		frappe.db.commit()


def by_itself(step: MassStep, people: int, clock_name: str) -> dict[str, Any]:
	"""What a fresh process says that has done the step: seconds, peak_mb, queries_per_chunk and its spread."""
	frappe.db.commit()
	command = [sys.executable, "-m", "benchmarks.once", step.figure, str(people), clock_name]
	done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, check=True, text=True)
	forget(world.tables())
	return json.loads(done.stdout.splitlines()[-1])
