"""What serves a site: web server, RQ worker, scheduler; for the demo, and for tests as context managers.

	with servers.web() as web, servers.worker():
		requests.get(f"{web.url}/api/method/ping")

The site is the one of the tests (KUPANG_SITE) unless named. MariaDB and Redis run already.
"""

import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dev import engine, processes, services
from dev.sites import Site
from dev.steps import PROJECT, Trouble

# Frappe's own command would also run what is due in the other sites of a bench that is not ours.
SCHEDULE = """
import sys, time
from frappe.utils.scheduler import enqueue_events_for_site
while True:
	enqueue_events_for_site(sys.argv[1])
	time.sleep(60)
"""


@dataclass(frozen=True)
class Server:
	"""A process that serves a site; `pid` is also the id of its process group."""

	name: str
	pid: int
	url: str = ""

	@property
	def log(self) -> str:
		return processes.log_of(self.name).read_text(errors="replace")


@contextmanager
def web(site: Site | str | None = None, workers: int = 1, threads: int = 32) -> Iterator[Server]:
	"""Serve the site on a free port of 127.0.0.1 until the end of the block.

	A browser opens connections ahead and asks nothing on them; each holds a thread of gunicorn's until it is closed.
	"""
	its = _site(site)
	for attempt in range(3):
		port = processes.free_port()
		url = f"http://127.0.0.1:{port}"
		command = [its.engine.python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", workers]
		command += [
			"--worker-class",
			"gthread",
			"--threads",
			threads,
			"--timeout",
			"600",
			"dev.wsgi:application",
		]
		name, pid = _start("web", its, command, PYTHONPATH=str(PROJECT))
		if _wait(name, lambda url=url: _answers(url)):
			break
		processes.end(name)
		if attempt == 2 or "Address already in use" not in processes.last_words(name, 50):
			raise Trouble(f"the web server does not start: {processes.last_words(name, 10)}")
	yield from _until_end(Server(name, pid, url))


@contextmanager
def worker(site: Site | str | None = None, queues: str = "default,short,long") -> Iterator[Server]:
	"""Run a real RQ worker for the site's queues until the end of the block."""
	its = _site(site)
	name, pid = _start("worker", its, its.command("worker", "--queue", queues))
	if not _wait(name, lambda: "istening on" in processes.last_words(name, 50)):
		processes.end(name)
		raise Trouble(f"the worker does not start: {processes.last_words(name, 10)}")
	yield from _until_end(Server(name, pid))


@contextmanager
def scheduler(site: Site | str | None = None) -> Iterator[Server]:
	"""Queue what is due in the site, every minute, until the end of the block."""
	its = _site(site)
	name, pid = _start("scheduler", its, [its.engine.python, "-c", SCHEDULE, its.name])
	yield from _until_end(Server(name, pid))


def _until_end(server: Server) -> Iterator[Server]:
	try:
		yield server
	finally:
		processes.end(server.name, patience=5)


def _site(site: Site | str | None) -> Site:
	if isinstance(site, Site):
		return site
	return Site(site or os.environ["KUPANG_SITE"], engine.known(), services.known())


def _start(kind: str, site: Site, command: list, **more: str) -> tuple[str, int]:
	name = f"{kind}-{os.getpid()}-{time.monotonic_ns()}-of-{site.database}"
	env = {**site.environment, **more}
	env.pop("CI", None)  # with it, Frappe's workers believe to be in a unit test and behave otherwise
	return name, processes.start(name, command, cwd=site.engine.sites, env=env).pid


def _wait(name: str, ready: Callable[[], bool], seconds: float = 60) -> bool:
	until = time.monotonic() + seconds
	while processes.running(name) and time.monotonic() < until:
		if ready():
			return True
		time.sleep(0.1)
	return False


def _answers(url: str) -> bool:
	try:
		return urllib.request.urlopen(f"{url}/api/method/ping", timeout=30).status == 200
	except (urllib.error.URLError, OSError):
		return False
