"""Steps of the set-up: done once, redone when cut short, one run at a time, with messages instead of tracebacks."""

import fcntl
import hashlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
APP = "kupang_hr"


def _home() -> Path:
	"""`.bench/`; elsewhere, with a link to it, if its path has a space: Frappe hands paths to a shell unquoted."""
	if " " not in str(PROJECT):
		return PROJECT / ".bench"
	name = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]
	return Path.home() / ".cache" / APP / name


HOME = _home()

NO_NETWORK = re.compile(
	r"name resolution|failure resolving|resolve host|dns error|Name or service not known|Network is unreachable"
	r"|Failed to establish a new connection|error sending request|Read timed out"
	r"|Could not connect|Failed to connect|Cannot connect to proxy"
	r"|\bEAI_AGAIN\b|\bENOTFOUND\b|\bECONNREFUSED\b"
)

# Descriptors of the locks in force. The commands of a step inherit them, so that a step that outlives a killed run
# still keeps the next run waiting.
_locks: list[int] = []


class Trouble(Exception):
	"""What stops the set-up, in words for a person."""


class NoNetwork(Trouble):
	"""Something had to be fetched and could not be reached."""


def say(message: str):
	"""Tell the person; on standard error, since standard output belongs to the command that is run."""
	print(f"dev: {message}", file=sys.stderr, flush=True)


def write(path: Path, text: str, mode: int = 0o644):
	"""Replace a file in one go: whoever reads it sees the old or the new text, never half of it."""
	path.parent.mkdir(parents=True, exist_ok=True)
	draft = path.with_name(f".{path.name}.{os.getpid()}")
	draft.write_text(text)
	draft.chmod(mode)
	draft.replace(path)


def once(name: str, key: str, build: Callable[[], None]) -> bool:
	"""Do a step unless it was completed for this key. Returns whether it was done now.

	The mark is removed before and written after, so a step that was cut short is done again. A folder that was
	moved counts as new: virtual environments and data folders hold their own path.
	"""
	mark, key = HOME / "stages" / name, f"{HOME}\n{key}"
	if mark.exists() and mark.read_text() == key:
		return False
	mark.unlink(missing_ok=True)
	build()
	write(mark, key)
	return True


@contextmanager
def lock(name: str) -> Iterator[None]:
	"""One run at a time; a second one says for whom it waits."""
	path = HOME / "locks" / name
	file = _locked(path, name)
	_locks.append(file.fileno())
	try:
		yield
	finally:
		_locks.remove(file.fileno())
		file.close()


def _locked(path: Path, name: str):
	while True:
		path.parent.mkdir(parents=True, exist_ok=True)
		file = open(path, "a+")
		try:
			fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			file.seek(0)
			say(f"waiting for another run ({file.read() or 'just started'}) to finish with: {name}")
			fcntl.flock(file, fcntl.LOCK_EX)
		if _is_still(path, file):
			file.truncate(0)
			file.write(f"process {os.getpid()}, dev {' '.join(sys.argv[1:3])}")
			file.flush()
			return file
		file.close()  # `make clean` took the file away meanwhile


def _is_still(path: Path, file) -> bool:
	return path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno()))


def run(command: list, doing: str, cwd: Path | None = None, env: dict | None = None):
	"""Run a command of the set-up with its output in the log; Trouble with its last words when it fails."""
	log = HOME / "logs" / "setup.log"
	log.parent.mkdir(parents=True, exist_ok=True)
	with open(log, "ab") as output:
		start = output.tell()
		process = subprocess.Popen(
			[str(part) for part in command],
			cwd=cwd or PROJECT,
			env=env,
			stdin=subprocess.DEVNULL,
			stdout=output,
			stderr=subprocess.STDOUT,
			start_new_session=True,
			pass_fds=_locks,
		)
		try:
			status = process.wait()
		except BaseException:
			os.killpg(process.pid, signal.SIGKILL)
			process.wait()
			raise
	if status:
		words = log.read_bytes()[start:].decode(errors="replace").strip()
		raise _trouble(doing, status, words, log)


def _trouble(doing: str, status: int, words: str, log: Path) -> Trouble:
	lines = [line.strip() for line in words.splitlines() if line.strip()]
	if unreachable := NO_NETWORK.search(words):
		return NoNetwork(f"{doing}: the network could not be reached ({unreachable[0]})")
	last = lines[-1][:300] if lines else f"exit status {status}"
	return Trouble(f"{doing} failed: {last} (all of it: {log})")


def run_in_front(command: list, cwd: Path, env: dict) -> int:
	"""Run a command with our own input and output and return its exit status; our signals are its signals."""
	process = subprocess.Popen([str(part) for part in command], cwd=cwd, env=env, pass_fds=_locks)
	while True:
		try:
			return process.wait()
		except KeyboardInterrupt:
			continue  # the terminal told it as well; it ends in its own way
		except BaseException:
			process.terminate()
			process.wait()
			raise
