"""Doing a step of the year as its user on its day, here and now."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe

from kupang_hr.bulk import run as runs
from kupang_hr.clock import as_of
from kupang_hr.cycle.year_end import run_all, runs_of


class StepFailed(Exception):
	"""A mass step did not do everything that it was started for."""


@contextmanager
def acting(user: str, day: str) -> Iterator[None]:
	with runs.acting_as(user), as_of(day):
		yield


def do(user: str, day: str, action: str, **criterion: Any) -> None:
	"""A mass step by its user on its day, done before this returns."""
	with acting(user, day):
		finish(runs.start(action, criterion, in_background=False)["name"])


def night(day: str) -> dict[str, Any]:
	"""The nightly steps as of a day, with the runs that they have started."""
	steps = run_all(day)
	for run in runs_of(steps):
		finish(run["name"])
	frappe.db.commit()
	return steps


def finish(run: str | None) -> None:
	"""Do a run here, or wait for the worker that is doing it; nobody may be left out."""
	done = runs.finish(run) if run else None
	if done and (done.status != "Completed" or done.failed):
		reasons = frappe.get_all("Bulk Run Failure", filters={"bulk_run": run}, pluck="reason", limit=3)
		raise StepFailed(f"{done.action}: {done.status}, {done.failed} failed. {' '.join(reasons)}")
