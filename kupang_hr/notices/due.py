"""When notices go: a job after the event, and every night whatever a lost job has left unsaid."""

from typing import Any

import frappe

from kupang_hr.notices import decrees, requests, stand_down


def after_order(doc: Any, method: str | None = None) -> None:
	"""A Stand Down Order was signed or has taken effect."""
	_later("kupang_hr.notices.stand_down.tell", order_name=doc.name)


def after_decree(doc: Any, method: str | None = None) -> None:
	"""A signed decree has taken effect, for all or for more than before."""
	_later("kupang_hr.notices.decrees.tell", decree_name=doc.name)


def send_due() -> dict[str, int]:
	"""Everything that is to be said by now; how many OPDs were told, by kind."""
	return {
		"stand_down": stand_down.tell_due(),
		"decrees": decrees.tell_due(),
		"requests": requests.tell_due(),
	}


def _later(method: str, **given: Any) -> None:
	"""Once the transaction is there; what is written by then is what is told."""
	frappe.enqueue(method, queue="default", enqueue_after_commit=True, **given)
