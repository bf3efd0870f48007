import zipfile

import pytest

from dev import engine, genuine, registry
from dev.steps import Trouble

METADATA = "Name: criscostack\nRequires-Dist: Click~=8.1.3\nRequires-Dist: rq~=1.15.1\n\nA text.\n"


@pytest.fixture
def bench(tmp_path):
	for name in ("env/bin/python", "apps/frappe/frappe/__init__.py", "sites/apps.txt"):
		(tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
		(tmp_path / name).touch()
	return tmp_path


def make_wheel(folder, files: dict):
	with zipfile.ZipFile(folder / "a.whl", "w") as wheel:
		for name, text in files.items():
			wheel.writestr(name, text)
	return folder / "a.whl"


def test_the_registrys_names_are_put_back_in_file_names_and_contents(tmp_path):
	files = {
		"criscostack/utils/brik_helper.py": "import criscostack\nCRISCOSTACK_SITE = 'Criscostack'\n",
		"criscostack/public/images/criscostack.png": b"\x89PNG\xff\x00",
		"criscostack-1.0.0.dist-info/METADATA": METADATA,
	}
	assert registry.unpack(make_wheel(tmp_path, files), tmp_path / "to") == ["Click~=8.1.3", "rq~=1.15.1"]
	helper = tmp_path / "to/frappe/utils/bench_helper.py"
	assert helper.read_text() == "import frappe\nFRAPPE_SITE = 'Frappe'\n"
	assert (tmp_path / "to/frappe/public/images/frappe.png").read_bytes() == b"\x89PNG\xff\x00"


def test_a_name_that_cannot_be_put_back_stops_the_set_up(tmp_path):
	wheel = make_wheel(tmp_path, {"criscostack/a.py": "CriScoStack = 1"})
	with pytest.raises(Trouble, match="could not be renamed back"):
		registry.unpack(wheel, tmp_path / "to")


@pytest.mark.parametrize("part", ["env/bin/python", "apps/frappe/frappe/__init__.py"])
def test_a_folder_that_is_no_bench_is_refused_with_what_it_lacks(bench, part):
	(bench / part).unlink()
	with pytest.raises(Trouble, match=f"is no bench: it has no {part}"):
		genuine.existing(str(bench))


def test_another_copy_of_the_app_in_the_bench_is_not_replaced(bench, tmp_path):
	other = tmp_path / "other copy"
	other.mkdir()
	(bench / "apps/kupang_hr").symlink_to(other)
	with pytest.raises(Trouble, match="another copy of the app"):
		engine.link(bench / "apps/kupang_hr", engine.PROJECT)
	assert (bench / "apps/kupang_hr").resolve() == other


def test_a_link_to_a_copy_that_is_gone_is_replaced(bench, tmp_path):
	(bench / "apps/kupang_hr").symlink_to(tmp_path / "gone")
	engine.link(bench / "apps/kupang_hr", engine.PROJECT)
	assert (bench / "apps/kupang_hr").resolve() == engine.PROJECT


def test_the_app_joins_a_list_that_lacks_its_last_line_break(bench):
	(bench / "sites/apps.txt").write_text("frappe\nerpnext")
	for _ in range(2):
		engine._list(engine.Engine(bench))
	assert (bench / "sites/apps.txt").read_text() == "frappe\nerpnext\nkupang_hr\n"


def test_a_misspelt_source_is_refused_and_not_guessed(monkeypatch):
	monkeypatch.setenv("FRAPPE_SOURCE", "githbu")
	with pytest.raises(Trouble, match="not githbu"):
		engine._source()


@pytest.fixture
def sources(monkeypatch, tmp_path):
	"""What GitHub and the registry would give, without asking them; `asked` lists who was."""
	asked = []

	def answering(name, gives):
		return lambda: asked.append(name) or gives

	monkeypatch.setattr(engine, "CHOICE", tmp_path / "source")
	for variable in ("FRAPPE_BENCH", "FRAPPE_SOURCE"):
		monkeypatch.delenv(variable, raising=False)
	monkeypatch.setattr(genuine, "github_answers", answering("github?", True))
	monkeypatch.setattr(genuine, "from_github", answering("github", tmp_path / "github"))
	monkeypatch.setattr(registry, "install", answering("registry", tmp_path / "registry"))
	return asked


def test_the_sources_are_tried_in_another_order(sources, bench, monkeypatch, tmp_path):
	assert engine._source().bench == tmp_path / "github"
	assert sources == ["github?", "github"]
	monkeypatch.setenv("FRAPPE_BENCH", str(bench))
	assert engine._source().bench == bench
	monkeypatch.setenv("FRAPPE_SOURCE", "registry")
	assert engine._source().bench == tmp_path / "registry"
	assert sources[2:] == ["registry"]


def test_a_github_that_fails_stops_the_set_up_or_is_forgotten_though_it_was_forced(
	sources, monkeypatch, tmp_path
):
	def fails():
		raise Trouble("no yarn")

	monkeypatch.setattr(genuine, "from_github", fails)
	assert engine._source().bench == tmp_path / "registry"
	monkeypatch.setenv("FRAPPE_SOURCE", "github")
	with pytest.raises(Trouble, match="no yarn"):
		engine._source()


def test_a_source_is_asked_for_again_or_hides_another_branch_that_is_wanted(sources, monkeypatch, tmp_path):
	monkeypatch.setattr(genuine, "github_answers", lambda: False)
	assert [engine._source().bench for _time in range(2)] == [tmp_path / "registry"] * 2
	monkeypatch.setattr(genuine, "github_answers", lambda: True)
	assert engine._source().bench == tmp_path / "registry"  # what it took before
	monkeypatch.setattr(genuine, "ASKED", f"{genuine.REPOSITORY} version-16")
	assert engine._source().bench == tmp_path / "github"


def test_a_github_that_does_not_answer_costs_seconds_not_minutes(monkeypatch, tmp_path):
	slow = tmp_path / "git"
	slow.write_text("#!/bin/sh\nexec sleep 60\n")
	slow.chmod(0o755)
	monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
	monkeypatch.setattr(genuine, "PATIENCE", 0.3)
	assert not genuine.github_answers()
