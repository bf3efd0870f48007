import os
import signal
import subprocess
import sys
import time

import pytest

from dev import __main__ as command_line
from dev import steps
from dev.steps import NoNetwork, Trouble

HOLD_THE_LOCK = """
import sys, pathlib
from dev import steps
steps.HOME = pathlib.Path(sys.argv[1])
with steps.lock("setup"):
	print("locked", flush=True)
	exec(sys.argv[2])
"""


@pytest.fixture
def holder(home):
	"""Starts another run that holds the set-up's lock while it executes the given code."""
	processes = []

	def start(code: str) -> subprocess.Popen:
		command = [sys.executable, "-c", HOLD_THE_LOCK, str(home), code]
		process = subprocess.Popen(command, cwd=steps.PROJECT, stdout=subprocess.PIPE, text=True)
		processes.append(process)
		assert process.stdout.readline() == "locked\n"
		return process

	yield start
	for process in processes:
		process.kill()
		process.wait()
		process.stdout.close()


def test_a_step_that_was_cut_short_is_done_again():
	def cut_short():
		raise KeyboardInterrupt

	with pytest.raises(KeyboardInterrupt):
		steps.once("environment", "1", cut_short)
	assert steps.once("environment", "1", lambda: None)


def test_a_step_whose_redoing_was_cut_short_does_not_count_as_done_before():
	def cut_short():
		raise KeyboardInterrupt

	steps.once("environment", "1", lambda: None)
	with pytest.raises(KeyboardInterrupt):
		steps.once("environment", "2", cut_short)
	assert steps.once("environment", "1", lambda: None)


def test_a_completed_step_is_repeated_only_for_another_key():
	done = []
	for key in ("1", "1", "2", "2"):
		steps.once("environment", key, lambda key=key: done.append(key))
	assert done == ["1", "2"]


def test_a_moved_project_is_set_up_anew(monkeypatch, home):
	steps.once("environment", "1", lambda: None)
	moved = home.rename(home.with_name("elsewhere"))
	monkeypatch.setattr(steps, "HOME", moved)
	assert steps.once("environment", "1", lambda: None)


def test_a_second_run_waits_for_the_first_and_says_so(holder, capsys):
	first = holder("import time; time.sleep(0.7)")
	with steps.lock("setup"):
		assert first.wait(timeout=5) == 0
	assert f"waiting for another run (process {first.pid}" in capsys.readouterr().err


def test_a_step_that_outlives_its_killed_run_keeps_the_next_run_waiting(holder):
	first = holder("steps.run(['sleep', '1.5'], 'sleeping')")
	time.sleep(0.5)
	started = time.monotonic()
	first.kill()
	first.wait()
	with steps.lock("setup"):
		assert time.monotonic() - started > 0.5


def test_a_run_that_is_ended_ends_its_step(holder, home):
	first = holder("steps.run(['sh', '-c', 'echo $$ > ' + sys.argv[1] + '/pid; exec sleep 60'], 'sleeping')")
	while not (home / "pid").exists() or not (home / "pid").read_text():
		time.sleep(0.05)
	first.send_signal(signal.SIGINT)
	first.wait()
	with pytest.raises(ProcessLookupError):
		os.kill(int((home / "pid").read_text()), 0)


@pytest.mark.parametrize(
	"words",
	[
		"error: dns error: failed to lookup",  # uv
		"fatal: unable to access: Could not resolve host: github.com",  # git
		"Failed to connect to github.com port 443 after 3 ms: Could not connect to server",
		"Could not connect to deb.debian.org:80 (1.2.3.4)",  # apt
		"ProxyError: Cannot connect to proxy.",  # pip
		"npm error code EAI_AGAIN",
	],
)
def test_a_missing_network_is_told_in_one_line_that_names_what_was_wanted(words):
	with pytest.raises(NoNetwork) as trouble:
		steps.run(["sh", "-c", f"echo '{words}'; exit 1"], "fetching Frappe")
	assert str(trouble.value).startswith("fetching Frappe: the network could not be reached")
	assert "\n" not in str(trouble.value)


def test_a_failed_command_is_told_with_its_last_words_and_its_log(home):
	with pytest.raises(Trouble, match=f"making a site failed: no space left .*{home}/logs/setup.log"):
		steps.run(["sh", "-c", "echo noise; echo no space left; exit 3"], "making a site")


def test_trouble_reaches_the_person_as_one_line_and_a_failed_exit(monkeypatch, capsys):
	def unreachable(arguments):
		raise NoNetwork("fetching Frappe: the network could not be reached")

	monkeypatch.setitem(command_line.COMMANDS, "setup", (unreachable, ""))
	monkeypatch.setattr(sys, "argv", ["dev", "setup"])
	assert command_line.main() == 1
	assert capsys.readouterr().err == "dev: fetching Frappe: the network could not be reached\n"
