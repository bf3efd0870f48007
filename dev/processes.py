"""Processes started here: remembered by name, recognised beyond doubt, and only those ended.

A process id alone says nothing after a reboot or once the number went to somebody else. So a record also holds the
boot, the moment the process started and its program, and all must still agree.
"""

import json
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from dev import steps

BOOT = Path("/proc/sys/kernel/random/boot_id")


def identity(pid: int) -> dict | None:
	"""What tells this process from every other one; None when it has ended or is another user's."""
	try:
		stat = Path(f"/proc/{pid}/stat").read_text()
		program = os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
	except OSError:
		return None
	state, *rest = stat.rpartition(")")[2].split()
	if state in "ZX":
		return None
	return {"pid": pid, "boot": BOOT.read_text().strip(), "started": rest[18], "program": program}


def start(name: str, command: list, cwd: Path, env: dict | None = None) -> subprocess.Popen:
	"""Start a process of its own session that outlives us, with its output in `.bench/logs/NAME.log`."""
	log = log_of(name)
	log.parent.mkdir(parents=True, exist_ok=True)
	with open(log, "wb") as output:
		process = subprocess.Popen(
			[str(part) for part in command],
			cwd=cwd,
			env=env,
			stdin=subprocess.DEVNULL,
			stdout=output,
			stderr=subprocess.STDOUT,
			start_new_session=True,
		)
	steps.write(_record(name), json.dumps(identity(process.pid)))
	return process


def log_of(name: str) -> Path:
	return steps.HOME / "logs" / f"{name}.log"


def last_words(name: str, lines: int = 3) -> str:
	text = log_of(name).read_text(errors="replace") if log_of(name).exists() else ""
	return " / ".join(text.strip().splitlines()[-lines:]) or "nothing in its log"


def running(name: str) -> int | None:
	"""The process id, when the process that was started under this name still runs."""
	try:
		record = json.loads(_record(name).read_text())
	except (OSError, ValueError):
		return None
	return record["pid"] if record and identity(record["pid"]) == record else None


def end(name: str, patience: float = 10):
	"""End the process of this name, politely, then not; a foreign process that has its number is left alone."""
	# RQ takes a second request as "now", after it waited for its job on the first
	for number, wait in ((signal.SIGTERM, patience), (signal.SIGTERM, 2), (signal.SIGKILL, 5)):
		pid = running(name)
		if not pid:
			break
		with suppress(ProcessLookupError):
			os.killpg(pid, number)
		_wait_for_end(name, pid, wait)
	_record(name).unlink(missing_ok=True)


def _wait_for_end(name: str, pid: int, wait: float):
	until = time.monotonic() + wait
	while time.monotonic() < until and running(name):
		with suppress(ChildProcessError):
			os.waitpid(pid, os.WNOHANG)
		time.sleep(0.05)


def names() -> list[str]:
	return sorted(path.stem for path in (steps.HOME / "run").glob("*.json"))


def _record(name: str) -> Path:
	return steps.HOME / "run" / f"{name}.json"


def free_port(wished: int | None = None) -> int:
	"""A free port of the loopback address: the wished one if nobody has it, otherwise any."""
	for port in (wished, 0) if wished else (0,):
		with socket.socket() as probe, suppress(OSError):
			probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
			probe.bind(("127.0.0.1", port))
			return probe.getsockname()[1]
	raise steps.Trouble("no free port on 127.0.0.1")
