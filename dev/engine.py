"""Which Frappe: an existing bench, GitHub's, or the registry's. And the app's place in it."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from dev import genuine, packages, registry
from dev.services import Services
from dev.steps import APP, HOME, PROJECT, NoNetwork, Trouble, once, say, write

CHOICE = HOME / "source"


@dataclass(frozen=True)
class Engine:
	"""A Frappe: the bench that it lies in."""

	bench: Path

	@property
	def source(self) -> str:
		if self.bench == HOME:
			return "registry"
		return "github" if self.bench.parent == HOME else "bench"

	@property
	def python(self) -> Path:
		return self.bench / "env" / "bin" / "python"

	@property
	def sites(self) -> Path:
		return self.bench / "sites"

	@property
	def version(self) -> str:
		text = (self.bench / "apps/frappe/frappe/__init__.py").read_text()
		return re.search(r'^__version__ = "(.+)"', text, re.MULTILINE)[1]

	@property
	def tag(self) -> str:
		"""A short name for this Frappe; part of database names, so that two of them never share one."""
		return self.source[0] + hashlib.sha256(str(self.bench).encode()).hexdigest()[:6]

	def command(self, site: str, *arguments: str) -> list:
		"""A command of Frappe's; to be run in `sites`. (`bench` does the same but refuses root.)"""
		return [self.python, "-m", "frappe.utils.bench_helper", "frappe", "--site", site, *arguments]

	def environment(self, services: Services, number: int) -> dict[str, str]:
		"""The environment of Frappe's processes for the site that has this number in Redis."""
		addresses = {f"FRAPPE_{name.upper()}": url for name, url in services.redis(number).items()}
		path = os.pathsep.join([str(self.python.parent), packages.PATH])
		own = {"PATH": path, "KUPANG_BENCH": str(self.bench), "KUPANG_PYTHON": str(self.python)}
		own["KUPANG_ENGINE"] = "registry Frappe" if self.source == "registry" else "Frappe"
		return {**os.environ, **own, **addresses}


def choose() -> Engine:
	"""The Frappe to work with, ready, with the app in it."""
	engine = _source()
	say(f"Frappe {engine.version} from {_explained(engine)}")
	_add_app(engine)
	return engine


def known() -> Engine:
	"""The engine of the environment that we run in: a test, or what a test started."""
	return Engine(Path(os.environ["KUPANG_BENCH"]))


def _source() -> Engine:
	folder, forced = os.environ.get("FRAPPE_BENCH"), os.environ.get("FRAPPE_SOURCE")
	if forced not in (None, "", "bench", "github", "registry"):
		raise Trouble(f"FRAPPE_SOURCE is bench, github or registry, not {forced}")
	if forced == "bench" and not folder:
		raise Trouble("FRAPPE_SOURCE=bench wants FRAPPE_BENCH=DIR, the folder of the bench")
	if forced == "bench" or (folder and not forced):
		return Engine(genuine.existing(folder))
	source, bench = _downloaded(forced or _chosen_before())
	write(CHOICE, f"{source}\n{genuine.ASKED}")
	return Engine(bench)


def _chosen_before() -> str | None:
	"""The source that an earlier run chose by itself, unless it asked GitHub for something else.

	Asking GitHub each time takes long without a network.
	"""
	source, _, asked = CHOICE.read_text().partition("\n") if CHOICE.exists() else ("", "", "")
	return source if asked == genuine.ASKED else None


def _downloaded(source: str | None) -> tuple[str, Path]:
	if source == "github" or (source is None and genuine.github_answers()):
		try:
			return "github", genuine.from_github()
		except Trouble as trouble:
			if source == "github":
				raise
			say(f"GitHub answered, but no Frappe came of it: {trouble}")
	elif source is None:
		say("GitHub does not answer")
	return "registry", registry.install()


def _explained(engine: Engine) -> str:
	if engine.source == "registry":
		return f"THE REGISTRY ({registry.PIN}, third party and old: FOR TESTS AND DEMOS ONLY, NEVER FOR PRODUCTION)"
	return {"bench": "your bench", "github": "GitHub, by bench init,"}[engine.source] + f" in {engine.bench}"


def _add_app(engine: Engine):
	link(engine.bench / "apps" / APP, PROJECT)
	link(engine.sites / "assets" / APP, PROJECT / APP / "public")
	_list(engine)
	environment = engine.python.lstat().st_mtime_ns  # an environment made anew has lost the app
	project = (PROJECT / "pyproject.toml").read_text()
	once(f"app-{engine.tag}", f"{environment}\n{project}", lambda: _install(engine))


def link(path: Path, target: Path):
	"""Link to the app, unless a link to another copy of it is there."""
	if path.exists() and path.resolve() != target:
		raise Trouble(f"{path} is another copy of the app ({path.resolve()}); remove it or use another bench")
	if path.resolve() != target:
		path.unlink(missing_ok=True)  # a left-over that leads nowhere
		path.parent.mkdir(parents=True, exist_ok=True)
		path.symlink_to(target)


def _list(engine: Engine):
	path = engine.sites / "apps.txt"
	apps = path.read_text().split() if path.exists() else ["frappe"]
	if APP not in apps:
		write(path, "\n".join([*apps, APP]) + "\n")


def _install(engine: Engine):
	say("installing the app and what its tests need into Frappe's Python environment")
	packages.tools()
	try:
		packages.install(
			engine.python, ["--editable", f"{PROJECT}[test]"], "installing the app's Python packages"
		)
	except NoNetwork as trouble:
		raise NoNetwork(f"{trouble}; the app's packages come from the Python package index (PyPI)")
