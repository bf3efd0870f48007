"""Frappe 15 makes a report that takes longer than 15 seconds a prepared one, for everybody.

Over a report that refuses its filters it forgets to end that watch, and then calls it slow as well.
"""

import threading
from typing import Any

import frappe


def end(response: Any = None, request: Any = None) -> None:
	"""End the watch over the report that was asked for, once there is an answer."""
	name = frappe.form_dict.get("report_name")
	if not name:
		return
	watched = {"report": name, "site": frappe.local.site}
	for thread in threading.enumerate():
		if isinstance(thread, threading.Timer) and thread.kwargs == watched:
			thread.cancel()
