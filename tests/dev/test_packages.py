import os

import pytest

from dev import packages
from dev.steps import Trouble


def test_a_wrong_python_is_told_which_one_is_needed_and_how_to_get_it():
	with pytest.raises(Trouble, match=r"Python 3\.99 is needed .*apt-get install python3\.99") as trouble:
		packages.find_python("3.99")
	assert "\n" not in str(trouble.value)


def test_a_right_python_is_found_by_its_answer_not_by_its_name(tmp_path, monkeypatch):
	liar = tmp_path / "python3.99"
	liar.write_text("#!/bin/sh\necho 3.98 /nowhere\n")
	liar.chmod(0o755)
	monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
	with pytest.raises(Trouble):
		packages.find_python("3.99")
	liar.write_text("#!/bin/sh\necho 3.99 /opt/with a space/python\n")
	assert packages.find_python("3.99") == "/opt/with a space/python"


def test_an_ordinary_user_is_told_the_exact_command_for_missing_packages(monkeypatch):
	monkeypatch.setattr(os, "geteuid", lambda: 1000)
	wanted = (("no-such-program", "no-such-package"), ("libno-such", "libno-such0"), ("sh", "dash"))
	with pytest.raises(Trouble, match=r"sudo apt-get install no-such-package libno-such0$"):
		packages.require(wanted)


def test_without_a_browser_the_command_that_installs_it_is_said(monkeypatch, tmp_path):
	monkeypatch.setattr(os, "geteuid", lambda: 1000)
	monkeypatch.setattr(packages, "PATH", str(tmp_path))
	monkeypatch.delenv("KUPANG_CHROMIUM", raising=False)
	with pytest.raises(Trouble, match=r"sudo apt-get install chromium$"):
		packages.browser()


def test_the_browser_of_the_environment_goes_before_those_on_the_path(monkeypatch, tmp_path):
	for name in ("chromium", "own"):
		(tmp_path / name).touch(mode=0o755)
	monkeypatch.setattr(packages, "PATH", str(tmp_path))
	monkeypatch.setenv("KUPANG_CHROMIUM", str(tmp_path / "own"))
	assert packages.browser() == str(tmp_path / "own")
	monkeypatch.delenv("KUPANG_CHROMIUM")
	assert packages.browser() == str(tmp_path / "chromium")


def test_the_pinned_ruff_is_the_one_of_the_hooks():
	hooks = (packages.PROJECT / ".pre-commit-config.yaml").read_text()
	assert f"rev: v{packages.pinned('ruff').removeprefix('ruff==')}" in hooks
