"""What the machine must have: Debian's packages and Python's, each named when it cannot be installed from here."""

import ctypes.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from dev.steps import HOME, PROJECT, NoNetwork, Trouble, once, run, say

# A user's PATH on Debian lacks the folders of servers.
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])

# program or library, Debian's package
NEEDED = (
	("mariadbd", "mariadb-server"),
	("mariadb", "mariadb-client"),
	("redis-server", "redis-server"),
	("git", "git"),  # Frappe imports GitPython, which does not load without it
	("libpango-1.0", "libpango-1.0-0"),  # WeasyPrint lays out letters with it
	("libpangoft2-1.0", "libpangoft2-1.0-0"),
)
NEEDED_FOR_ASSETS = (("node", "nodejs"), ("npm", "npm"))
# only to make a bench from GitHub
NEEDED_TO_BUILD = (
	*NEEDED_FOR_ASSETS,
	("cc", "build-essential"),
	("pkg-config", "pkg-config"),
	("mariadb_config", "libmariadb-dev"),
)
# any of them drives the tests of the page; the first is Debian's package
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def program(name: str) -> str:
	"""The path of a program that `require` made sure of."""
	return shutil.which(name, path=PATH) or name


def missing(needed=NEEDED) -> list[str]:
	"""Debian's packages that are needed and not there."""
	return [package for name, package in needed if not _has(name)]


def _has(name: str) -> bool:
	if name.startswith("lib"):
		return bool(ctypes.util.find_library(name.removeprefix("lib")))
	return bool(shutil.which(name, path=PATH))


def require(needed=NEEDED):
	"""Install the packages that are missing, or say which command does."""
	if packages := missing(needed):
		install_from_debian(packages)


def browser() -> str:
	"""The path of a Chromium for the tests: KUPANG_CHROMIUM or one on the PATH, otherwise Debian's, installed."""
	for name in (os.environ.get("KUPANG_CHROMIUM"), *BROWSERS):
		if path := shutil.which(name or "", path=PATH):
			return path
	install_from_debian(["chromium"])
	return program("chromium")


def install_from_debian(packages: list[str]):
	command = f"sudo apt-get install {' '.join(packages)}"
	if os.geteuid() != 0 or not shutil.which("apt-get"):
		raise Trouble(f"these packages are missing; install them with: {command}")
	say(f"installing Debian's packages: {' '.join(packages)}")
	env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
	run(["apt-get", "update"], "reading the lists of Debian's packages", env=env)
	run(
		["apt-get", "install", "--yes", "--no-install-recommends", *packages],
		f"installing Debian's packages ({command})",
		env=env,
	)


def find_python(version: str) -> str:
	"""A Python of exactly this version, e.g. "3.11": the one that runs this, or one on the PATH."""
	probe = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
	for candidate in (sys.executable, f"python{version}", f"/usr/bin/python{version}"):
		found = subprocess.run(["sh", "-c", '"$0" -c "$1"', candidate, probe], capture_output=True, text=True)
		answered, _, path = found.stdout.strip().partition(" ")
		if found.returncode == 0 and answered == version:
			return path
	raise Trouble(
		f"Python {version} is needed and was not found (this is {sys.version.split()[0]}). Get it with "
		f"`sudo apt-get install python{version} python{version}-venv`, `pyenv install {version}` or "
		f"`uv python install {version}`, have python{version} on the PATH and run again. "
		"A bench of your own (FRAPPE_BENCH=DIR) does without."
	)


def make_environment(python: str, folder: Path):
	"""An empty virtual environment in the place of whatever is there."""
	if subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True).returncode:
		install_from_debian(["python3-venv"])
	shutil.rmtree(folder, ignore_errors=True)
	run([python, "-m", "venv", folder], f"making a virtual environment with {python}")


def tools() -> Path:
	"""The programs of a virtual environment of our own: uv, which installs four times as fast as pip, and ruff."""
	folder = HOME / "tools"
	wanted = ["uv", pinned("ruff")]

	def build():
		say("installing uv and ruff")
		make_environment(sys.executable, folder)
		install(folder / "bin/python", wanted, "installing uv and ruff from the Python package index")

	once("tools", f"{sys.version} {wanted}", build)
	return folder / "bin"


def pinned(package: str) -> str:
	"""A development tool in the version that pyproject.toml pins."""
	return re.search(rf'"({package}==[^"]+)"', (PROJECT / "pyproject.toml").read_text())[1]


def install(python: Path, what: list, doing: str):
	"""Install Python packages into the virtual environment of this Python."""
	uv = HOME / "tools" / "bin" / "uv"
	if uv.exists():
		try:
			return run([uv, "pip", "install", "--python", python, *what], doing)
		except NoNetwork:
			say("uv could not reach the package index; trying pip, which may know a mirror")
	run([python, "-m", "pip", "install", "--retries", "2", *what], doing)
