"""A nightly step that did not run: System Managers and the BKPPD Head learn it within minutes, or as they log in.

Frappe logs each scheduled job that went through. The sweep of every five minutes looks at those logs; a scheduler
that stands still altogether is seen when a desk is opened.
"""

from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Max
from frappe.utils import add_to_date, now_datetime

from kupang_hr.bulk import query
from kupang_hr.notices.digest import STEP_MISSED, Digest, Message, send

TOLD = ("System Manager", "BKPPD Head")
OF_EVERY_NIGHT = "kupang_hr.%"
ALL_DAY = "*/5 * * * *"
HOURS = 26
LOOK_AGAIN_SECONDS = 600


def tell_missed() -> list[str]:
	"""Tell which nightly steps are overdue, once a day for the same ones; the users who were told."""
	steps = overdue()
	if not steps:
		return []
	digest = Digest(
		kind=STEP_MISSED,
		event=f"{now_datetime().date()}/{sha256(' '.join(row.name for row in steps).encode()).hexdigest()[:12]}",
		recipients=people_to_tell(),
		compose=partial(_message, steps),
		reference=("Scheduled Job Type", steps[0].name),
	)
	return send(digest)


def on_desk(bootinfo: Any = None) -> None:
	"""Look when somebody who would be told opens the desk, at most every ten minutes; never in its way."""
	if not set(TOLD) & set(frappe.get_roles()) or frappe.cache.get_value("kupang_hr_looked_for_missed"):
		return
	frappe.cache.set_value("kupang_hr_looked_for_missed", 1, expires_in_sec=LOOK_AGAIN_SECONDS)
	frappe.db.savepoint("kupang_missed")
	try:
		tell_missed()
	except Exception:
		frappe.db.rollback(save_point="kupang_missed")
		frappe.log_error(title="Missed steps not told")


def overdue() -> list[frappe._dict]:
	"""The app's nightly jobs whose last success is older than the setting: name, method, last_success."""
	job, log = frappe.qb.DocType("Scheduled Job Type"), frappe.qb.DocType("Scheduled Job Log")
	rows = (
		frappe.qb.from_(job)
		.left_join(log)
		.on((log.scheduled_job_type == job.name) & (log.status == "Complete"))
		.select(job.name, job.method, Max(log.creation).as_("last_success"))
		.where(
			job.method.like(OF_EVERY_NIGHT)
			& (Coalesce(job.cron_format, "") != ALL_DAY)
			& (job.creation < _latest())
		)
		.groupby(job.name, job.method)
		.orderby(job.name)
	)
	return [row for row in query.run(rows) if not row.last_success or row.last_success < _latest()]


def _latest() -> datetime:
	hours = frappe.db.get_single_value("Kupang HR Settings", "step_overdue_hours") or HOURS
	return add_to_date(now_datetime(), hours=-hours)


def people_to_tell() -> list[str]:
	"""Every enabled user of the roles; Administrator is nobody's login."""
	role = frappe.qb.DocType("Has Role")
	rows = (
		frappe.qb.from_(role)
		.select(role.parent)
		.distinct()
		.where((role.parenttype == "User") & role.role.isin(TOLD) & (role.parent != "Administrator"))
		.orderby(role.parent)
	)
	return query.values(rows)


def _message(steps: list[frappe._dict]) -> Message:
	subject = _("{0} nightly steps did not run").format(len(steps))
	never = _("never")
	names = [
		_("{0}, last time {1}").format(
			step.method, frappe.format(step.last_success, "Datetime") if step.last_success else never
		)
		for step in steps
	]
	lines = [subject + ".", _("Look at the scheduler and its workers: bench doctor says whether they run.")]
	return Message(subject, lines, ((_("Steps"), names),))
