"""One chunk of a bulk run: one transaction, repeated on a deadlock, halved when it cannot be written."""

from collections.abc import Callable, Sequence
from typing import Any

import frappe

from kupang_hr.bulk.audit import Trail
from kupang_hr.bulk.step import Step
from kupang_hr.exceptions import StopRunError

DEADLOCK_TRIES = 3


def write_chunk(
	step: Step, names: Sequence[str], new_trail: Callable[[], Trail], settle: Callable[[int, dict], None]
) -> None:
	"""Do the step for `names` and commit.

	`settle(done, failures)` books the counts in the same transaction. A chunk that the database refuses is
	rolled back and halved until the row at fault stands alone; that one is booked as failed, with the
	message, and the others go on.
	"""
	try:
		again_on_deadlock(lambda: _write(step, names, new_trail, settle))
	except frappe.QueryDeadlockError:
		raise
	except (RunTaken, StopRunError):
		raise
	except Exception as error:
		frappe.db.rollback()
		if len(names) == 1:
			_book_failure(names[0], error, settle)
			return
		middle = len(names) // 2
		write_chunk(step, names[:middle], new_trail, settle)
		write_chunk(step, names[middle:], new_trail, settle)


class RunTaken(Exception):
	"""Another process has taken over this run."""


def _write(step: Step, names: Sequence[str], new_trail, settle) -> None:
	trail = new_trail()
	failures = step.apply(names, trail)
	settle(len(names) - len(failures), failures)
	frappe.db.commit()
	trail.drop_caches()


def again_on_deadlock(transaction: Callable[[], Any]) -> Any:
	"""Do a whole transaction, and do it again, from its beginning, when the database has ended it by a deadlock."""
	for attempt in range(1, DEADLOCK_TRIES + 1):
		try:
			return transaction()
		except frappe.QueryDeadlockError:
			frappe.db.rollback()
			if attempt == DEADLOCK_TRIES:
				raise


def _book_failure(name: str, error: Exception, settle) -> None:
	frappe.log_error(title=f"Bulk run: {name}")
	frappe.clear_messages()
	settle(0, {name: str(error) or type(error).__name__})
	frappe.db.commit()
