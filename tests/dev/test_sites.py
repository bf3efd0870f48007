import pytest

from dev import sites
from dev.engine import Engine


@pytest.fixture
def package(tmp_path, monkeypatch):
	"""An app of a few files instead of the real one, and a Frappe."""
	monkeypatch.setattr(sites, "PROJECT", tmp_path)
	for name in (
		"hooks.py",
		"install.py",
		"modules.txt",
		"doctype/opd/opd.json",
		"doctype/opd/opd.py",
		"fixtures/role.json",
		"patches/v1/rename.py",
		"public/js/desk.js",
		"public/images/names.json",
		"rules/geo.py",
		"rules/pay.py",
	):
		path = tmp_path / "kupang_hr" / name
		path.parent.mkdir(parents=True, exist_ok=True)
		path.write_text("before")
	return tmp_path / "kupang_hr"


@pytest.fixture
def engine(tmp_path):
	version = tmp_path / "apps/frappe/frappe/__init__.py"
	version.parent.mkdir(parents=True)
	version.write_text('__version__ = "15.0.0"\n')
	return Engine(tmp_path)


@pytest.mark.parametrize(
	"name",
	[
		"hooks.py",
		"install.py",
		"modules.txt",
		"doctype/opd/opd.json",
		"fixtures/role.json",
		"patches/v1/rename.py",
		"rules/pay.py",
	],
)
def test_a_site_is_made_anew_when_what_ends_up_in_its_database_changes(package, engine, name):
	before = sites.key(engine)
	(package / name).write_text("after")
	assert sites.key(engine) != before


@pytest.mark.parametrize(
	"name", ["doctype/opd/opd.py", "rules/geo.py", "public/js/desk.js", "public/images/names.json"]
)
def test_a_change_of_code_that_is_only_run_keeps_the_dump(package, engine, name):
	before = sites.key(engine)
	(package / name).write_text("after")
	assert sites.key(engine) == before


def test_a_removed_doctype_makes_a_new_site(package, engine):
	before = sites.key(engine)
	(package / "doctype/opd/opd.json").unlink()
	assert sites.key(engine) != before


def test_another_version_of_frappe_makes_a_new_site(package, engine, tmp_path):
	before = sites.key(engine)
	(tmp_path / "apps/frappe/frappe/__init__.py").write_text('__version__ = "15.1.0"\n')
	assert sites.key(engine) != before


def test_the_real_apps_doctypes_count_as_its_schema():
	found = {path.name for path in sites.schema_files(sites.PROJECT / sites.APP)}
	assert {"hooks.py", "modules.txt", "personnel.json"} <= found


def test_a_second_run_makes_the_site_anew_instead_of_taking_its_dump(package, engine, tmp_path, monkeypatch):
	made = []

	def make(_site, folder):
		made.append(folder.name)
		folder.mkdir(parents=True)

	monkeypatch.setattr(sites, "DUMPS", tmp_path / "dumps")
	monkeypatch.setattr(sites, "Site", lambda *_of: None)
	monkeypatch.setattr(sites, "_make_dump", make)
	first = sites.dump(engine, None)
	assert (sites.dump(engine, None), made) == (first, [first.name])
	(package / "hooks.py").write_text("after")
	second = sites.dump(engine, None)
	assert (first != second, made) == (True, [first.name, second.name])


def test_two_benches_never_share_a_database(tmp_path):
	assert Engine(tmp_path / "a").tag != Engine(tmp_path / "b").tag
