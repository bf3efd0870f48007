"""`python3 -m dev COMMAND`: what the Makefile calls. `python3 -m dev --help` lists the commands."""

import sys

if sys.version_info < (3, 10):  # noqa: UP036, it is the system's Python that runs this
	sys.exit("dev: Python 3.10 or newer is needed; this is " + sys.version.split()[0] + ", " + sys.executable)

import argparse
import json
import os
import shutil
import signal
import time
from contextlib import ExitStack

from dev import packages, processes, servers, sites
from dev.steps import HOME, PROJECT, Trouble, lock, run_in_front, say

SHARED = ("--dist=loadfile", "--no-loadscope-reorder")  # the longest file comes first, see tests/conftest.py
# What tests/conftest.py reads: the environment of each of pytest's workers, in their order.
SITES_OF_WORKERS = "KUPANG_SITES_OF_WORKERS"


def setup(arguments) -> int:
	site = sites.as_left(arguments.site or sites.TEST)
	say(f"ready: {site.name} in {site.engine.bench} (`python3 -m dev frappe COMMAND` works on it)")
	return 0


def test(arguments) -> int:
	_look_for_browser()
	first = arguments.site or sites.TEST
	with ExitStack() as kept:
		fresh = [kept.enter_context(sites.fresh(name)) for name in _test_sites(first, arguments.rest)]
		if len(fresh) == 1:
			return _python(fresh[0], "-m", "pytest", *arguments.rest)
		return run_in_front(
			[fresh[0].engine.python, "-m", "pytest", f"--numprocesses={len(fresh)}", *SHARED],
			cwd=PROJECT,
			env={**fresh[0].environment, SITES_OF_WORKERS: json.dumps([site.environment for site in fresh])},
		)


def _test_sites(first: str, pytest_arguments: list[str]) -> list[str]:
	"""All tests are shared among the processors, each with a site of its own; chosen ones run on one."""
	processes = int(os.environ.get("KUPANG_TEST_PROCESSES") or min(os.cpu_count() or 1, 4))
	others = [] if pytest_arguments else [f"{number}-{first}" for number in range(2, processes + 1)]
	return [first, *others]


def _look_for_browser():
	"""Installed before the tests begin; where it cannot be, those of the page fail and say how."""
	try:
		packages.browser()
	except Trouble as trouble:
		say(f"without Chromium the tests of the page fail: {trouble}")


def benchmark(arguments) -> int:
	with sites.fresh(arguments.site or sites.BENCHMARK) as site:
		return _python(site, "-m", "benchmarks", *arguments.rest)


def demo(arguments) -> int:
	check = "--check" in arguments.rest
	name = arguments.site or (sites.CHECK if check else sites.DEMO)
	with sites.fresh(name) as site, ExitStack() as running:
		running.enter_context(servers.worker(site))
		status = _frappe(site, "kupang-demo", *arguments.rest)
		if check or status:
			return status
		return _serve(site, running)


def _serve(site, running: ExitStack) -> int:
	_frappe(site, "enable-scheduler")
	web = running.enter_context(servers.web(site, workers=2))
	site.configure(host_name=web.url)
	scheduler = running.enter_context(servers.scheduler(site))
	say(f"the demo is at {web.url} (also http://{site.name}:{web.url.rpartition(':')[2]}); Ctrl-C ends it")
	while processes.running(web.name) and processes.running(scheduler.name):
		time.sleep(1)
	raise Trouble(f"the demo was ended or died: {processes.last_words(web.name)}")


def frappe(arguments) -> int:
	return _frappe(sites.as_left(arguments.site or sites.TEST), *arguments.rest)


def run(arguments) -> int:
	site = sites.as_left(arguments.site or sites.TEST)
	return run_in_front(arguments.rest, cwd=PROJECT, env=site.environment)


def lint(arguments) -> int:
	with lock("setup"):
		ruff = packages.tools() / "ruff"
	checks = run_in_front([ruff, "check", *arguments.rest], cwd=PROJECT, env=dict(os.environ))
	layout = run_in_front([ruff, "format", "--check", *arguments.rest], cwd=PROJECT, env=dict(os.environ))
	return checks or layout


def missing(arguments) -> int:
	print(" ".join(packages.missing()))
	return 0


def stop(arguments) -> int:
	# first what uses the databases
	for name in sorted(processes.names(), key=lambda name: name in ("mariadb", "redis-cache", "redis-queue")):
		processes.end(name)
	return 0


def clean(arguments) -> int:
	stop(arguments)
	sites.remove_from_benches()
	shutil.rmtree(HOME, ignore_errors=True)
	if (link := PROJECT / ".bench").is_symlink():
		link.unlink()
	return 0


COMMANDS = {
	"setup": (setup, "set everything up, start MariaDB and Redis, make the test site if it is not there"),
	"test": (test, "run pytest on a fresh test site; further arguments go to pytest"),
	"demo": (demo, "make a fresh demo site and serve it; --check: only check and report"),
	"benchmark": (benchmark, "run the benchmarks on a fresh site"),
	"frappe": (frappe, "run a command of Frappe's on the test site as it was left"),
	"run": (run, "run any command in the environment of the test site"),
	"lint": (lint, "check the code with ruff"),
	"missing": (missing, "print Debian's packages that are missing"),
	"stop": (stop, "end the processes that were started here"),
	"clean": (clean, "stop, and remove .bench/ and the sites made in other benches"),
}


def _python(site, *arguments: str) -> int:
	return run_in_front([site.engine.python, *arguments], cwd=PROJECT, env=site.environment)


def _frappe(site, *arguments: str) -> int:
	return run_in_front(site.command(*arguments), cwd=site.engine.sites, env=site.environment)


def _arguments():
	parser = argparse.ArgumentParser(
		prog="python3 -m dev",
		description=__doc__,
		epilog="\n".join(f"{name:10} {about}" for name, (_, about) in COMMANDS.items()),
		formatter_class=argparse.RawDescriptionHelpFormatter,
	)
	parser.add_argument("--site", help="work on a site of this name instead, e.g. yourname.localhost")
	parser.add_argument("command", choices=COMMANDS)
	parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...")
	return parser.parse_args()


def _interrupted(number, frame):
	raise SystemExit(128 + number)


def main() -> int:
	for number in (signal.SIGTERM, signal.SIGHUP):
		if signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it
			signal.signal(number, _interrupted)
	arguments = _arguments()
	try:
		return COMMANDS[arguments.command][0](arguments)
	except Trouble as trouble:
		say(str(trouble))
		return 1
	except KeyboardInterrupt:
		return 130


if __name__ == "__main__":
	sys.exit(main())
