import json
import os
import signal
import socket
import subprocess
import time

import pytest

from dev import processes, steps


@pytest.fixture
def foreign():
	"""A process that was not started by dev/."""
	process = subprocess.Popen(["sleep", "60"], start_new_session=True)
	yield process
	process.kill()
	process.wait()


def pretend_it_is_ours(name: str, record: dict):
	steps.write(steps.HOME / "run" / f"{name}.json", json.dumps(record))


@pytest.mark.parametrize(
	"difference", [{"started": "1"}, {"boot": "the one before"}, {"program": "/usr/sbin/mariadbd"}]
)
def test_a_foreign_process_that_got_our_number_is_never_ended(foreign, difference):
	pretend_it_is_ours("mariadb", processes.identity(foreign.pid) | difference)
	assert not processes.running("mariadb")
	processes.end("mariadb")
	assert foreign.poll() is None


def test_ending_a_process_ends_its_children_too(tmp_path):
	process = processes.start("parent", ["sh", "-c", "sleep 60 & echo $! > child; wait"], cwd=tmp_path)
	while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
		time.sleep(0.02)
	processes.end("parent")
	assert process.wait() != 0
	time.sleep(0.1)
	assert processes.identity(int((tmp_path / "child").read_text())) is None


def test_a_process_that_ignores_a_polite_request_is_ended_all_the_same(tmp_path):
	process = processes.start(
		"deaf", ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"], cwd=tmp_path
	)
	while "ready" not in processes.last_words("deaf"):
		time.sleep(0.02)
	processes.end("deaf", patience=0.2)
	assert process.wait(timeout=30) == -signal.SIGKILL


def test_a_process_that_died_is_not_taken_for_running(tmp_path):
	processes.start("short", ["true"], cwd=tmp_path).wait(timeout=30)
	assert not processes.running("short")


def test_a_spoilt_record_is_taken_for_none(home):
	steps.write(home / "run" / "mariadb.json", "{half")
	assert not processes.running("mariadb")
	processes.end("mariadb")


def test_a_port_in_use_is_not_chosen():
	with socket.socket() as occupied:
		occupied.bind(("127.0.0.1", 0))
		occupied.listen()
		taken = occupied.getsockname()[1]
		assert processes.free_port(taken) != taken


def test_a_remembered_port_is_kept_while_it_is_free():
	port = processes.free_port()
	assert processes.free_port(port) == port


def test_servers_outlive_the_terminal_that_started_them(tmp_path):
	process = processes.start("server", ["sleep", "60"], cwd=tmp_path)
	assert os.getsid(process.pid) == process.pid
	processes.end("server")
