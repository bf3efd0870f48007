"""What is timed: seconds on the wall, or the processor's seconds where the machine has other work to do."""

import time
from collections.abc import Callable
from pathlib import Path

import frappe

Clock = Callable[[], float]


def wall() -> Clock:
	return time.perf_counter


def processor() -> Clock:
	"""Processor seconds of this process and of MariaDB's thread for its connection, which must be on this machine.

	Waiting is not counted, nor what Redis does.
	"""
	rows = frappe.db.sql("select tid from information_schema.processlist where id = connection_id()")
	thread = next(Path("/proc").glob(f"[0-9]*/task/{rows[0][0]}/schedstat"))
	return lambda: time.process_time() + int(thread.read_text().split()[0]) / 1e9


CLOCKS = {"wall": wall, "processor": processor}
