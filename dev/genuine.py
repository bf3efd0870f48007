"""Genuine Frappe: a bench that exists, or one made from GitHub."""

import os
import shutil
import subprocess
from pathlib import Path

from dev import packages
from dev.steps import HOME, Trouble, once, run, say

REPOSITORY = os.environ.get("FRAPPE_REPOSITORY") or "https://github.com/frappe/frappe"
BRANCH = os.environ.get("FRAPPE_BRANCH") or "version-15"
ASKED = f"{REPOSITORY} {BRANCH}"
PATIENCE = 8  # seconds that GitHub has to answer

# `bench init` by its function: the command refuses root, as which containers run.
BENCH_INIT = """
import sys
from bench.utils.system import init
path, repository, branch, python = sys.argv[1:]
init(path, frappe_path=repository, frappe_branch=branch, python=python,
	no_procfile=True, no_backups=True, skip_redis_config_generation=True, skip_assets=True)
"""


def existing(folder: str) -> Path:
	"""A bench of the user's own."""
	bench = Path(folder).expanduser().resolve()
	for part in ("env/bin/python", "apps/frappe/frappe/__init__.py", "sites"):
		if not (bench / part).exists():
			raise Trouble(f"FRAPPE_BENCH={folder} is no bench: it has no {part}")
	return bench


def github_answers() -> bool:
	if not shutil.which("git"):
		return False
	command = ["git", "ls-remote", "--exit-code", "--heads", REPOSITORY, BRANCH]
	env = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
	try:
		return subprocess.run(command, env=env, capture_output=True, timeout=PATIENCE).returncode == 0
	except subprocess.TimeoutExpired:
		return False


def from_github() -> Path:
	bench = HOME / f"github-{BRANCH}"
	once(bench.name, ASKED, lambda: _make_bench(bench))
	return bench


def _make_bench(bench: Path):
	say(f"making a bench of Frappe {BRANCH} from {REPOSITORY}; this takes some minutes")
	packages.require(packages.NEEDED_TO_BUILD)
	tools = packages.tools()
	packages.install(tools / "python", [packages.pinned("frappe-bench")], "installing frappe-bench from PyPI")
	run(["npm", "install", "--prefix", HOME / "tools/node", "yarn@1"], "installing yarn from npm")
	shutil.rmtree(bench, ignore_errors=True)
	python = os.environ.get("FRAPPE_PYTHON") or "python3"
	path = os.pathsep.join([str(tools), str(HOME / "tools/node/node_modules/.bin"), packages.PATH])
	run(
		[tools / "python", "-c", BENCH_INIT, bench, REPOSITORY, BRANCH, python],
		f"bench init of Frappe {BRANCH}",
		env={**os.environ, "PATH": path},
	)
	# what version-15 imports from it (pkg_resources) is gone from newer ones
	packages.install(bench / "env/bin/python", ["setuptools<81"], "installing setuptools from PyPI")
