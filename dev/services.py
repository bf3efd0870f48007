"""A private MariaDB and two private Redis, on free ports of the loopback address, their data under .bench/."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dev import processes
from dev.packages import program
from dev.steps import HOME, Trouble, once, run, say, write

STATE = HOME / "services.json"
# A Redis has numbered databases; each site has the same number in both.
REDIS_DATABASES = 64

# Throw-away data: speed before durability.
MARIADB_OPTIONS = (
	"--bind-address=127.0.0.1",
	"--socket=mariadb.sock",  # beside the data: a full path may be longer than a socket's may be
	"--character-set-server=utf8mb4",
	"--collation-server=utf8mb4_unicode_ci",
	"--character-set-client-handshake=FALSE",
	"--skip-name-resolve",
	"--skip-log-bin",
	"--performance-schema=OFF",
	"--max-connections=200",
	"--max-allowed-packet=64M",
	"--innodb-buffer-pool-size=512M",
	"--innodb-log-file-size=256M",
	"--innodb-flush-log-at-trx-commit=0",
	"--innodb-doublewrite=0",
	# no waiting for the disk and no file a table: a site is restored in a quarter of the time
	"--loose-debug-no-sync",
	"--loose-innodb-file-per-table=0",
)


@dataclass(frozen=True)
class Services:
	mariadb_port: int
	mariadb_password: str
	mariadb_born: str  # changes when the data was lost and made anew
	redis_cache_port: int
	redis_queue_port: int

	def redis(self, number: int) -> dict[str, str]:
		"""The addresses of the Redis databases with this number, as Frappe's configuration names them."""
		cache = f"redis://127.0.0.1:{self.redis_cache_port}/{number}"
		queue = f"redis://127.0.0.1:{self.redis_queue_port}/{number}"
		return {"redis_cache": cache, "redis_queue": queue, "redis_socketio": cache}

	def empty_redis(self, number: int):
		for port in (self.redis_cache_port, self.redis_queue_port):
			_tell_redis(port, f"SELECT {number}", "FLUSHDB")

	def forget_cached(self):
		"""Empty the caches of all sites; their queues stay."""
		_tell_redis(self.redis_cache_port, "FLUSHALL")

	def client(self, *arguments: str, tool: str = "mariadb", **options) -> str:
		"""Run one of MariaDB's clients as its root. Returns what it printed."""
		command = [
			program(tool),
			"--no-defaults",
			"--host=127.0.0.1",
			f"--port={self.mariadb_port}",
			"--user=root",
		]
		env = {**os.environ, "MYSQL_PWD": self.mariadb_password}
		options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
		done = subprocess.run([*command, *arguments], env=env, **options)
		if done.returncode:
			raise Trouble(f"{tool}: {done.stderr.decode(errors='replace').strip()}")
		return (done.stdout or b"").decode()

	def sql(self, statements: str):
		self.client(f"--execute={statements}")


def start() -> Services:
	"""Start what does not run yet; the caller holds the set-up's lock."""
	state = _state()
	state.setdefault("mariadb_password", secrets.token_hex(16))
	_keep_running("redis-cache", "redis_cache_port", state, _redis_command, _redis_answers)
	_keep_running("redis-queue", "redis_queue_port", state, _redis_command, _redis_answers)
	try:
		_start_mariadb(state)
	except Trouble as trouble:
		say(f"{trouble}; its data is for tests only and is made anew")
		processes.end("mariadb")
		(HOME / "stages" / "mariadb").unlink(missing_ok=True)
		_start_mariadb(state)
	return Services(**state)


def known() -> Services:
	"""The services as last started, without starting anything."""
	return Services(**_state())


def _state() -> dict:
	with suppress(OSError, ValueError):
		return json.loads(STATE.read_text())
	return {}


def _keep_running(name: str, port_key: str, state: dict, command: Callable, answers: Callable):
	if processes.running(name) and _wait(
		answers, state, state.get(port_key), lambda: processes.running(name)
	):
		return
	processes.end(name)
	for _attempt in range(3):
		state[port_key] = processes.free_port(state.get(port_key))
		write(STATE, json.dumps(state), mode=0o600)
		process = processes.start(name, command(name, state[port_key]), cwd=HOME / name)
		if _wait(answers, state, state[port_key], lambda process=process: process.poll() is None):
			return
		processes.end(name)
		state[port_key] = None  # somebody may have been quicker
	raise Trouble(f"{name} does not start: {processes.last_words(name)}")


def _wait(answers: Callable, state: dict, port: int, alive: Callable, seconds: float = 60) -> bool:
	until = time.monotonic() + seconds
	while alive() and time.monotonic() < until:
		if answers(state, port):
			return True
		time.sleep(0.1)
	return False


def _redis_command(name: str, port: int) -> list:
	(HOME / name).mkdir(parents=True, exist_ok=True)
	options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--databases", REDIS_DATABASES]
	return [program("redis-server"), "--port", port, *options]


def _redis_answers(state: dict, port: int) -> bool:
	with suppress(OSError):
		return _tell_redis(port, "PING").startswith(b"+PONG")
	return False


def _tell_redis(port: int, *commands: str) -> bytes:
	with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
		answer = b""
		for command in commands:
			connection.sendall(command.encode() + b"\r\n")
			answer = connection.recv(100)
	return answer


def _start_mariadb(state: dict):
	def build():
		_make_data_folder(HOME / "mariadb")
		state["mariadb_born"] = secrets.token_hex(4)
		write(STATE, json.dumps(state), mode=0o600)

	once("mariadb", "", build)
	_keep_running("mariadb", "mariadb_port", state, _mariadb_command, _mariadb_answers)


def _make_data_folder(folder: Path):
	processes.end("mariadb")
	shutil.rmtree(folder, ignore_errors=True)
	folder.mkdir(parents=True)
	# a relative folder, since the script does not survive a space in its path
	command = [program("mariadb-install-db"), "--no-defaults", "--datadir=.", "--skip-test-db", *_as_root()]
	run([*command, "--auth-root-authentication-method=normal"], "making MariaDB's data folder", cwd=folder)


def _mariadb_command(name: str, port: int) -> list:
	folder = HOME / name
	everybody = "root@'127.0.0.1'"
	password = json.loads(STATE.read_text())["mariadb_password"]
	write(
		folder / "access.sql",
		f"CREATE USER IF NOT EXISTS {everybody};"
		f"\nALTER USER {everybody} IDENTIFIED BY '{password}';"
		f"\nALTER USER root@localhost IDENTIFIED BY '{password}';"
		f"\nGRANT ALL ON *.* TO {everybody} WITH GRANT OPTION;\n",
		mode=0o600,
	)
	options = [
		f"--datadir={folder}",
		f"--port={port}",
		f"--init-file={folder / 'access.sql'}",
		*MARIADB_OPTIONS,
	]
	return [program("mariadbd"), "--no-defaults", *options, *_as_root()]


def _as_root() -> list[str]:
	return ["--user=root"] if os.geteuid() == 0 else []


def _mariadb_answers(state: dict, port: int) -> bool:
	services = Services(port, state["mariadb_password"], "", 0, 0)
	with suppress(Trouble):
		services.sql("SELECT 1")
		return True
	return False
