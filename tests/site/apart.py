"""One thing done by a process of its own: `python -m tests.site.apart '{"do": …}'` on the site of the tests.

It waits for a line on its input before it begins, so that several can begin at the same moment.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def together(*tasks: dict, patience: int = 120) -> list[dict]:
	"""Do the tasks at the same moment, each in a process of its own; their answers in order."""
	processes = [_begin(task) for task in tasks]
	for process in processes:
		assert process.stdout.readline() == "ready\n"
	for process in processes:
		_go(process)
	return [_answer(process, patience) for process in processes]


def while_waiting(task: dict, let_go: Callable[[], None], patience: int = 120) -> dict:
	"""Begin the task in a process of its own, `let_go` once it waits for this process, and its answer."""
	process = _begin(task)
	assert process.stdout.readline() == "ready\n"
	_go(process)
	until = time.monotonic() + patience
	while not _somebody_waits():
		assert time.monotonic() < until and process.poll() is None, process.communicate()
		time.sleep(0.05)
	let_go()
	return _answer(process, patience)


def _somebody_waits() -> bool:
	"""Whether a statement of another connection to the site has been under way for a moment."""
	import frappe

	rows = frappe.db.sql("show processlist", as_dict=True)
	(own,) = frappe.db.sql("select connection_id()")[0]
	return any(row.Command == "Query" and row.Id != own and float(row.Time) >= 1 for row in rows)


def _begin(task: dict) -> subprocess.Popen:
	command = [sys.executable, "-m", "tests.site.apart", json.dumps(task)]
	return subprocess.Popen(
		command, cwd=PROJECT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
	)


def _go(process: subprocess.Popen) -> None:
	process.stdin.write("go\n")
	process.stdin.flush()


def _answer(process: subprocess.Popen, patience: int) -> dict:
	out, error = process.communicate(timeout=patience)
	last = out.strip().splitlines()[-1] if out.strip() else "{}"
	return {"code": process.returncode, "error": error, **(json.loads(last) if last.startswith("{") else {})}


def _do(task: dict) -> dict:
	import frappe

	from kupang_hr.api import cycle
	from kupang_hr.bulk import run
	from kupang_hr.bulk.lock import next_in_series
	from kupang_hr.clock import as_of

	with run.acting_as(task.get("user", "Administrator")), as_of(task.get("on")):
		if task["do"] == "start":
			return {"run": run.start(task["action"], task["criterion"], in_background=False)["name"]}
		if task["do"] == "execute":
			return {"done": run.execute(task["run"])["done"]}
		if task["do"] == "number":
			numbers = []
			for key in task["keys"]:
				numbers.append(next_in_series(key))
				frappe.db.commit()
			return {"numbers": numbers}
		if task["do"] == "submit":
			frappe.get_doc(task["doctype"], task["name"]).submit()
			frappe.db.commit()
			return {}
		if task["do"] == "act":
			return {"done": cycle.act(task["name"], task["action"], task["reason"])}
		assert task["do"] == "die"
		_die_after(run, task["chunks"])
		return {"run": run.start(task["action"], task["criterion"], in_background=False)["name"]}


def _die_after(run, chunks: int) -> None:
	"""End this process as the kernel would, with the chunk after these half written."""
	settle, settled = run._settle, []

	def settle_and_die(*arguments) -> None:
		settle(*arguments)
		settled.append(1)
		if len(settled) > chunks:
			os.kill(os.getpid(), signal.SIGKILL)

	run._settle = settle_and_die


def main(arguments: Sequence[str]) -> None:
	os.chdir(Path(os.environ["KUPANG_BENCH"]) / "sites")
	import frappe

	frappe.init(site=os.environ["KUPANG_SITE"])
	frappe.connect()
	print("ready", flush=True)
	sys.stdin.readline()
	try:
		answer = _do(json.loads(arguments[0]))
	finally:
		frappe.destroy()
	print(json.dumps(answer), flush=True)


if __name__ == "__main__":
	main(sys.argv[1:])
