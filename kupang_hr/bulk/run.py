"""The ledger of mass steps: start, do, resume.

A run is found again by its key, so a double click or an overlapping scheduler starts nothing twice. It is
done chunk by chunk, each chunk with its counts and its sign of life in one transaction; a killed run goes on
where it stopped, because what is done has left the starting state.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.translate import get_user_lang
from frappe.utils import add_to_date, now, now_datetime

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail, new_names, skipped_automation
from kupang_hr.bulk.chunk import RunTaken, again_on_deadlock, write_chunk
from kupang_hr.bulk.lock import lock_rows
from kupang_hr.bulk.step import Step, step_class
from kupang_hr.clock import as_of, today

OPEN = ("Queued", "Running")
SUMMARY = ("name", "action", "status", "total", "done", "failed", "message")
JOB_SECONDS = 3600
NAME_LENGTH = 140  # of any document; a client may send more


def start(action: str, criterion: Mapping[str, Any], in_background: bool | None = None) -> dict[str, Any]:
	"""Start a mass step as the session's user, or find the run that already does it.

	Answers the run's name, status and counts. Small runs are done before this returns, larger ones by a
	background job; `in_background` decides instead of the size. Raises PermissionError, or what the step
	refuses. Must be the last thing a request does: it commits.
	"""
	step = step_class(action)(criterion, frappe.session.user)
	step.check_permission()
	run, is_new = _open_run(step)
	frappe.db.commit()
	answer = summary(run) if run else _nothing(step)
	if not is_new:
		return answer
	if in_background is None:
		in_background = answer["total"] > _setting("answer_at_once", 200)
	if in_background:
		_enqueue(run)
		return answer
	return execute(run)


def start_after_commit(action: str, criterion: Mapping[str, Any]) -> str | None:
	"""Record a run in the open transaction, and have a job do it once that is committed; the run's name.

	For a document whose submission has consequences: either both are there, or neither.
	"""
	step = step_class(action)(criterion, frappe.session.user)
	step.check_permission()
	run, is_new = _open_run(step)
	if is_new:
		_enqueue(run, after_commit=True)
	return run


def execute(run: str) -> dict[str, Any]:
	"""Do a run, or what is left of it, as its requester. Safe to call twice: one of the calls does nothing."""
	claimed = again_on_deadlock(partial(_claim, run))
	if not claimed:
		return summary(run)
	with acting_as(claimed.requester), as_of(claimed.as_of):
		try:
			step = step_class(claimed.action)(json.loads(claimed.criterion), claimed.requester)
			step.check_permission()
			_do(step, run, claimed.claim)
		except RunTaken:
			frappe.db.rollback()
		except Exception as error:
			frappe.db.rollback()
			_fail(run, claimed.claim, error)
			raise
	return summary(run)


def finish(run: str) -> dict[str, Any]:
	"""Do a run here, or wait for the worker that is doing it; its summary."""
	while (done := execute(run)).status in OPEN:
		time.sleep(0.1)
	return done


def summary(run: str) -> dict[str, Any]:
	"""Name, status and counts of a run."""
	table = frappe.qb.DocType("Bulk Run")
	rows = query.run(frappe.qb.from_(table).select(*SUMMARY).where(table.name == run))
	return rows[0] if rows else None


def sweep() -> None:
	"""Restart the runs that have given no sign of life for longer than the setting allows."""
	run = frappe.qb.DocType("Bulk Run")
	silent = (
		frappe.qb.from_(run)
		.select(run.name)
		.where(run.status.isin(OPEN) & (run.heartbeat < _stale_before()))
		.orderby(run.creation)
	)
	for name in query.values(silent):
		_enqueue(name)


@contextmanager
def acting_as(user: str) -> Iterator[None]:
	"""The session of `user`, with their language, and afterwards the one that was."""
	before, language = frappe.session.user, frappe.local.lang
	if before == user:
		yield
		return
	frappe.set_user(user)
	frappe.local.lang = get_user_lang(user)
	try:
		yield
	finally:
		frappe.set_user(before)
		frappe.local.lang = language


def _open_run(step: Step) -> tuple[str | None, bool]:
	"""The run that does this step, None when there is nothing to do; and whether this call made it."""
	key = step.key()
	latest = _latest(key)
	if latest and latest.status in OPEN:
		return latest.name, False
	total = step.count()
	if not total and (latest or not step.criterion.get("names")):
		return (latest.name if latest else None), False
	frappe.db.savepoint("kupang_run")
	try:
		run = _make(step, key, (latest.attempt if latest else 0) + 1, total)
		_book_unselected(step, run, total)
		return run, True
	except frappe.DuplicateEntryError:
		frappe.db.rollback(save_point="kupang_run")
		frappe.clear_messages()
		return _latest(key, as_it_is=True).name, False


def _nothing(step: Step) -> dict[str, Any]:
	"""The answer where nobody is in the starting state and no run has ever been."""
	counts = dict.fromkeys(("total", "done", "failed"), 0)
	return {"name": None, "action": step.action, "status": "Completed", **counts, "message": None}


def _book_unselected(step: Step, run: str, selected: int) -> None:
	"""Names that the client gave and the selection does not hold are failures, not silence."""
	given = step.given_names()
	if selected >= len(given):
		return
	found = set(step.names(run))
	refused = [name for name in given if name not in found]
	_book(step, run, dict.fromkeys(refused, not_selected()))
	query.update("Bulk Run", [run], {"total": len(given), "failed": len(refused)})


def not_selected() -> str:
	"""Why a name that the client gave is not taken."""
	return _("Not in the state that this step starts from, or not yours.")


def open_run(step: Step) -> str | None:
	"""The run that is at this step now, whoever started it."""
	latest = _latest(step.key())
	return latest.name if latest and latest.status in OPEN else None


def _latest(key: str, as_it_is: bool = False):
	"""The newest attempt of a key; `as_it_is` reads past the snapshot what another has just committed.

	With a shared lock, which a refused insert holds anyhow: to strengthen it would wait for whoever claims that run.
	"""
	rows = frappe.db.sql(
		"select name, attempt, status from `tabBulk Run` where run_key = %s order by attempt desc limit 1"
		+ (" lock in share mode" if as_it_is else ""),
		key,
		as_dict=True,
	)
	return rows[0] if rows else None


def _make(step: Step, key: str, attempt: int, total: int) -> str:
	run = frappe.new_doc("Bulk Run")
	run.update(
		{
			"action": step.action,
			"run_key": key,
			"attempt": attempt,
			"requester": step.user,
			"status": "Queued",
			"as_of": today(),
			"total": total,
			"heartbeat": now(),
			"criterion": json.dumps(step.criterion, sort_keys=True, default=str),
		}
	)
	run.insert(ignore_permissions=True)
	return run.name


def _enqueue(run: str, after_commit: bool = False) -> None:
	frappe.enqueue(
		"kupang_hr.bulk.run.execute",
		queue="long",
		timeout=JOB_SECONDS,
		job_id=f"kupang_hr_bulk_run::{run}",
		deduplicate=True,
		enqueue_after_commit=after_commit,
		run=run,
	)


def _claim(run: str):
	"""Take the run, unless it has ended or somebody else is at it."""
	fields = ("status", "heartbeat", "requester", "action", "criterion", "started_at", "as_of")
	row = lock_rows("Bulk Run", [run], fields).get(run)
	alive = row and row.status == "Running" and row.heartbeat > _stale_before()
	if not row or row.status not in OPEN or alive:
		frappe.db.rollback()
		return None
	row.claim = frappe.generate_hash(length=16)
	moment = now()
	taken = {"claim": row.claim, "status": "Running", "heartbeat": moment, "modified": moment}
	query.update("Bulk Run", [run], {**taken, "started_at": row.started_at or moment})
	frappe.db.commit()
	return row


def _do(step: Step, run: str, claim: str) -> None:
	settle = partial(_settle, step, run, claim)
	size = min(_setting("chunk_size", step.largest_chunk), step.largest_chunk)
	for names in query.parts(step.names(run), size):
		frappe.db.commit()  # ends the snapshot: facts are read after the rows are locked
		_check_claim(run, claim)
		write_chunk(step, names, partial(Trail, step.user, run), settle)
		_show_progress(step, run)
	frappe.db.commit()
	again_on_deadlock(partial(_finish, step, run, claim))


def _finish(step: Step, run: str, claim: str) -> None:
	_check_claim(run, claim)
	step.finish(frappe.db.get_value("Bulk Run", run, "failed"))
	_end(step, run)


def _settle(step: Step, run: str, claim: str, done: int, failures: Mapping[str, str]) -> None:
	"""Book a chunk: counts, failures and the sign of life, if the run is still ours."""
	_check_claim(run, claim)
	table = frappe.qb.DocType("Bulk Run")
	(
		frappe.qb.update(table)
		.set(table.done, table.done + done)
		.set(table.failed, table.failed + len(failures))
		.set(table.heartbeat, now())
		.where(table.name == run)
	).run()
	_book(step, run, failures)


def _check_claim(run: str, claim: str) -> None:
	if lock_rows("Bulk Run", [run], ("claim",))[run].claim != claim:
		raise RunTaken(run)


def _book(step: Step, run: str, failures: Mapping[str, str]) -> None:
	trail = Trail(step.user, None)
	names = new_names(len(failures))
	rows = [
		{
			"name": name,
			"bulk_run": run,
			"reference_doctype": step.doctype,
			"reference_name": failed[:NAME_LENGTH],
			"reason": why,
		}
		for name, (failed, why) in zip(names, failures.items(), strict=True)
	]
	trail.insert("Bulk Run Failure", rows)


def _end(step: Step, run: str) -> None:
	skipped = skipped_automation((step.doctype, *step.writes))
	not_run = _("Not run for these documents: {0}").format(", ".join(skipped)) if skipped else None
	message = " ".join(filter(None, (step.outcome(), not_run))) or None
	moment = now()
	ended = {"status": "Completed", "finished_at": moment, "heartbeat": moment, "modified": moment}
	query.update("Bulk Run", [run], {**ended, "message": message})
	frappe.db.commit()
	frappe.clear_document_cache("Bulk Run", run)
	_show_progress(step, run)


def _fail(run: str, claim: str, error: Exception) -> None:
	if lock_rows("Bulk Run", [run], ("claim",))[run].claim == claim:
		moment = now()
		ended = {"status": "Failed", "finished_at": moment, "modified": moment, "message": str(error)[:1000]}
		query.update("Bulk Run", [run], ended)
	frappe.db.commit()
	frappe.log_error(title=f"Bulk run {run}")


def _show_progress(step: Step, run: str) -> None:
	frappe.publish_realtime("kupang_hr_bulk_run", summary(run), user=step.user)


def _stale_before():
	return add_to_date(now_datetime(), minutes=-_setting("stale_after_minutes", 5))


def _setting(fieldname: str, default: int) -> int:
	value = frappe.db.get_single_value("Kupang HR Settings", fieldname)
	return default if value is None else int(value)
