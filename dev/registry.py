"""Frappe where only package registries answer: a wheel that redistributes Frappe 15-dev of August 2023 under another name.

For tests and demos only, never for production: it is old and comes from a third party. So its checksum is pinned,
and the renaming is undone and checked.
"""

import email
import re
import shutil
import zipfile
from pathlib import Path

from dev import packages
from dev.steps import HOME, NoNetwork, Trouble, once, say, write

PIN = "criscostack==1.0.0"
SHA256 = "dc58aaf29c59b7666edc953596e5b31f77d7286b2ed6b14c6a205b217c210349"
PYTHON = "3.11"

# The wheel has no "frappe" in it, so the way back is unambiguous.
NAMES = (
	("criscostack", "frappe"),
	("CRISCOSTACK", "FRAPPE"),
	("Criscostack", "Frappe"),
	("criscoerp", "erpnext"),
	("Criscoerp", "ERPNext"),
	("Crisco", "Frappe"),
	("brik_helper", "bench_helper"),
)
LEFT_OVER = re.compile(rb"crisco", re.IGNORECASE)
# What its metadata does not say: pkg_resources, and a release of pydyf that its WeasyPrint understands.
ALSO = ("setuptools<81", "pydyf==0.10.0")


def install() -> Path:
	"""The folder of a bench with this Frappe."""
	once("registry-frappe", f"{PIN} {SHA256} {NAMES}", _unpack)
	once("registry-environment", f"{PIN} {ALSO}", _install_dependencies)
	once("registry-bench", f"{PIN} with assets", _make_bench)
	return HOME


def _unpack():
	say(f"fetching {PIN} from the Python package index and renaming it back to Frappe")
	wheel = _download(HOME / "wheel")
	target = HOME / "apps" / "frappe"
	shutil.rmtree(target, ignore_errors=True)
	requirements = unpack(wheel, target)
	write(target / "requirements.txt", "\n".join([*requirements, *ALSO]) + "\n")
	shutil.rmtree(wheel.parent)


def _download(folder: Path) -> Path:
	packages.tools()
	shutil.rmtree(folder, ignore_errors=True)
	write(folder / "requirements.txt", f"{PIN} --hash=sha256:{SHA256}\n")
	# pip and not uv, which cannot only download
	command = [
		HOME / "tools/bin/python",
		"-m",
		"pip",
		"download",
		"--retries",
		"2",
		"--no-deps",
		"--require-hashes",
	]
	packages.run(
		[*command, "--dest", folder, "--requirement", folder / "requirements.txt"],
		f"fetching {PIN} from the Python package index (PyPI)",
	)
	return next(folder.glob("*.whl"))


def unpack(wheel: Path, target: Path) -> list[str]:
	"""Unpack the wheel with its names put back. Returns what it requires."""
	requirements = []
	with zipfile.ZipFile(wheel) as archive:
		for name in archive.namelist():
			if name.endswith(".dist-info/METADATA"):
				requirements = email.message_from_bytes(archive.read(name)).get_all("Requires-Dist") or []
			elif ".dist-info/" not in name and not name.endswith("/"):
				_place(target / renamed(name.encode()).decode(), renamed(archive.read(name)))
	return requirements


def renamed(data: bytes) -> bytes:
	if not LEFT_OVER.search(data) and b"brik_helper" not in data:
		return data
	for theirs, ours in NAMES:
		data = data.replace(theirs.encode(), ours.encode())
	return data


def _place(path: Path, data: bytes):
	if LEFT_OVER.search(data) or LEFT_OVER.search(str(path.name).encode()):
		raise Trouble(f"{path.name} of {PIN} could not be renamed back to Frappe completely")
	path.parent.mkdir(parents=True, exist_ok=True)
	path.write_bytes(data)


def _install_dependencies():
	say("installing Frappe's Python packages")
	python = packages.find_python(PYTHON)
	packages.tools()
	packages.make_environment(python, HOME / "env")
	frappe = HOME / "apps" / "frappe"
	packages.install(
		HOME / "env/bin/python",
		["--requirement", frappe / "requirements.txt"],
		"installing Frappe's packages from the Python package index (PyPI)",
	)
	site_packages = next((HOME / "env/lib").glob("python*/site-packages"))
	write(site_packages / "frappe.pth", f"{frappe}\n")


def _make_bench():
	for folder in ("logs", "config", "sites/assets"):
		(HOME / folder).mkdir(parents=True, exist_ok=True)
	assets = HOME / "sites/assets/frappe"
	assets.unlink(missing_ok=True)
	assets.symlink_to(HOME / "apps/frappe/frappe/public")
	write(HOME / "sites/apps.txt", "frappe\n")
	write(HOME / "sites/common_site_config.json", "{}\n")
