"""Sites: one is made with the app in it and dumped; the test, demo and benchmark sites are restored from the dump."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from dev import assets, packages, processes, services
from dev import engine as engines
from dev.engine import Engine, link
from dev.services import REDIS_DATABASES, Services
from dev.steps import APP, HOME, PROJECT, Trouble, lock, once, run, say, write

TEST = "test.kupang.localhost"
DEMO = "demo.kupang.localhost"
CHECK = "check.kupang.localhost"  # of its own, so that a check leaves a demo that serves alone
BENCHMARK = "benchmark.kupang.localhost"
TEMPLATE = "template.kupang.localhost"
ADMINISTRATOR_PASSWORD = "admin"

DUMPS = HOME / "dumps"
DUMPS_KEPT = 3
NUMBERS = HOME / "site_numbers.json"
MADE = HOME / "made_sites.txt"

# What ends up in a fresh site's database. Other code is only run, so a change of it needs no new site.
SCHEMA_SUFFIXES = {".json", ".csv", ".txt", ".md", ".html", ".geojson", ".xml"}
SCHEMA_CODE = re.compile(
	r"(^|/)(hooks|install)\.py$|^rules/(appraisal|decree|pay)\.py$|^(install|setup|patches)/.*\.py$"
)
NOT_SCHEMA = {"public", "www", "templates", "node_modules", "__pycache__", "locale", "translations"}


class Site:
	"""A site of one engine, with its database and its number in Redis."""

	def __init__(self, name: str, engine: Engine, private: Services):
		self.name, self.engine, self.services = name, engine, private
		self.folder = engine.sites / name
		self.database = f"kupang_{engine.tag}_{re.sub('[^a-z0-9]', '_', name.lower())}"[:64]
		self.number = _number(f"{engine.tag} {name}")

	@property
	def environment(self) -> dict[str, str]:
		return {**self.engine.environment(self.services, self.number), "KUPANG_SITE": self.name}

	def command(self, *arguments: str) -> list:
		return self.engine.command(self.name, *arguments)

	def configure(self, **more):
		"""Point the site at the services, whose ports may have changed, and at nothing that the bench has."""
		path = self.folder / "site_config.json"
		old = json.loads(path.read_text())
		new = {
			**old,
			"db_host": "127.0.0.1",
			"db_port": self.services.mariadb_port,
			"db_name": self.database,
			"db_user": self.database,
			"developer_mode": 0,
			"allow_tests": True,
			"throttle_user_limit": 10_000,  # tests make more users in an hour than Frappe lets anybody make
			**self.services.redis(self.number),
			**more,
		}
		if new != old:
			write(path, json.dumps(new, indent=1, sort_keys=True), mode=0o600)


def key(engine: Engine) -> str:
	"""What a fresh site depends on: the app's schema and Frappe's version."""
	digest = hashlib.sha256(f"{engine.source} {engine.version}".encode())
	for path in schema_files(PROJECT / APP):
		digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes() + b"\0")
	return digest.hexdigest()[:16]


def schema_files(package: Path) -> list[Path]:
	found = []
	for folder, folders, files in os.walk(package):
		folders[:] = sorted(set(folders) - NOT_SCHEMA)
		paths = (Path(folder, name) for name in sorted(files))
		found += [path for path in paths if _is_schema(path.relative_to(package))]
	return found


def _is_schema(path: Path) -> bool:
	return path.suffix in SCHEMA_SUFFIXES or bool(SCHEMA_CODE.search(path.as_posix()))


@cache
def prepare() -> tuple[Engine, Services]:
	"""Frappe with the app in it, MariaDB and Redis, all running; a dump of a site may still be missing."""
	with lock("setup"):
		if HOME != PROJECT / ".bench":
			link(PROJECT / ".bench", HOME)
		packages.require()
		engine, private = engines.choose(), services.start()
		if assets.provide(engine):
			private.forget_cached()  # sites keep the addresses of the assets
		return engine, private


@contextmanager
def fresh(name: str) -> Iterator[Site]:
	"""A site as new, which nobody else renews until the end of the block."""
	site = Site(name, *prepare())
	with lock(f"{name} {site.engine.tag}"):
		_end_servers(site)
		_ensure(site, anew=True)
		yield site


def as_left(name: str) -> Site:
	"""A site as it was left, made if it is not there; shared with whoever uses it."""
	site = Site(name, *prepare())
	_ensure(site, anew=False)
	return site


def _ensure(site: Site, anew: bool):
	"""Restore the site from the dump unless it is there, complete, in this MariaDB's data."""
	with lock(f"making {site.name} {site.engine.tag}"):
		if anew or not site.folder.exists():
			(HOME / "stages" / site.database).unlink(missing_ok=True)
		born = site.services.mariadb_born
		once(site.database, born, lambda: restore(site, dump(site.engine, site.services)))
		site.configure()


def _end_servers(site: Site):
	"""End what a killed run left serving this site."""
	for name in processes.names():
		if name.endswith(f"-of-{site.database}"):
			processes.end(name)


def dump(engine: Engine, private: Services) -> Path:
	"""The folder with the dump of a fresh site; made when there is none for the app's present schema."""
	with lock("a fresh site"):
		folder = DUMPS / f"{engine.tag}-{key(engine)}"
		if not folder.exists():
			_make_dump(Site(TEMPLATE, engine, private), folder)
			_prune(engine)
		os.utime(folder)
		return folder


def _make_dump(site: Site, folder: Path):
	say("making a site with the app, once for this state of the app's schema; this takes half a minute")
	drop(site)
	draft = folder.with_name(f".{folder.name}")
	shutil.rmtree(draft, ignore_errors=True)
	draft.mkdir(parents=True)
	_register(site)
	_create(site)
	tables = ["--single-transaction", "--hex-blob", "--skip-comments", site.database]
	with open(draft / "database.sql", "wb") as output:
		site.services.client(*tables, tool="mariadb-dump", stdout=output)
	shutil.copytree(site.folder, draft / "site", ignore=shutil.ignore_patterns("logs", "locks"))
	drop(site)
	draft.replace(folder)


def _create(site: Site):
	engine, private = site.engine, site.services
	for name in ("assets.json", "assets-rtl.json"):  # a bench without built assets has none; Frappe stumbles
		if not (engine.sites / "assets" / name).exists():
			write(engine.sites / "assets" / name, "{}")
	database = ["--db-type=mariadb", f"--db-name={site.database}", "--db-host=127.0.0.1"]
	database += [f"--db-port={private.mariadb_port}", "--db-root-username=root", _everybody(engine)]
	secret = [f"--db-root-password={private.mariadb_password}", f"--admin-password={ADMINISTRATOR_PASSWORD}"]
	# new-site is the one command that takes its site as an argument
	command = [*engine.command(site.name, "new-site", site.name), *database, *secret, f"--install-app={APP}"]
	run(command, "making a new site with the app", cwd=engine.sites, env=site.environment)
	if f'"{APP}"' not in _installed_apps(site):
		raise Trouble(f"Frappe did not install the app; see {HOME / 'logs' / 'setup.log'}")


def _installed_apps(site: Site) -> str:
	query = "SELECT defvalue FROM tabDefaultValue WHERE defkey = 'installed_apps'"
	return site.services.client(site.database, f"--execute={query}").replace("\\", "")


def _everybody(engine: Engine) -> str:
	"""The option that lets the site's database user connect over TCP; newer Frappe calls it otherwise."""
	source = (engine.bench / "apps/frappe/frappe/commands/site.py").read_text()
	newer = "--mariadb-user-host-login-scope"
	return f"{newer}=%" if newer in source else "--no-mariadb-socket"


def _prune(engine: Engine):
	"""Keep the newest dumps only; a few, for those who go to and fro between branches."""
	dumps = sorted(DUMPS.glob(f"{engine.tag}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
	for old in dumps[DUMPS_KEPT:]:
		shutil.rmtree(old)


def restore(site: Site, folder: Path):
	"""Replace the site by the dumped one."""
	drop(site)
	_register(site)
	config = json.loads((folder / "site" / "site_config.json").read_text())
	user = f"'{site.database}'@'%'"
	site.services.sql(
		f"CREATE DATABASE `{site.database}`; CREATE USER {user} IDENTIFIED BY '{config['db_password']}';"
		f" GRANT ALL ON `{site.database}`.* TO {user}"
	)
	with open(folder / "database.sql", "rb") as dumped:
		fast = "--init-command=SET foreign_key_checks=0, unique_checks=0"
		site.services.client(fast, site.database, stdin=dumped)
	shutil.copytree(folder / "site", site.folder)
	for name in ("logs", "locks"):
		(site.folder / name).mkdir(exist_ok=True)
	site.configure()
	site.services.empty_redis(site.number)


def drop(site: Site):
	site.services.sql(f"DROP DATABASE IF EXISTS `{site.database}`; DROP USER IF EXISTS '{site.database}'@'%'")
	site.services.empty_redis(site.number)
	shutil.rmtree(site.folder, ignore_errors=True)


def _register(site: Site):
	"""Note a site folder, so that `make clean` can take it out of a bench that is not ours."""
	folders = MADE.read_text().splitlines() if MADE.exists() else []
	if str(site.folder) not in folders:
		write(MADE, "\n".join([*folders, str(site.folder)]) + "\n")


def remove_from_benches():
	"""Take the sites out of benches that are not ours; those in .bench/ go with it."""
	for line in MADE.read_text().splitlines() if MADE.exists() else []:
		if HOME not in Path(line).parents:
			shutil.rmtree(line, ignore_errors=True)


def _number(name: str) -> int:
	"""The site's number in Redis, the same at every run."""
	with lock("site numbers"):
		numbers = json.loads(NUMBERS.read_text()) if NUMBERS.exists() else {}
		if name not in numbers:
			numbers[name] = len(numbers) % REDIS_DATABASES
			write(NUMBERS, json.dumps(numbers))
		return numbers[name]
