import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from dev import assets, packages
from dev.steps import NoNetwork


def test_without_node_the_desk_alone_is_missing_and_the_command_that_installs_it_is_said(
	monkeypatch, tmp_path, capsys
):
	monkeypatch.setattr(os, "geteuid", lambda: 1000)
	monkeypatch.setattr(packages, "PATH", str(tmp_path))
	monkeypatch.setattr("dev.steps.HOME", tmp_path)
	engine = SimpleNamespace(source="github", tag="g", version="1", python="python", sites=tmp_path)
	assert assets.provide(engine) is False
	assert capsys.readouterr().err.endswith("install them with: sudo apt-get install nodejs npm\n")


def test_without_the_npm_registry_the_message_names_it(monkeypatch, tmp_path):
	monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
	with pytest.raises(NoNetwork, match=r"ECONNREFUSED.*they come from the npm registry \(npmjs\.org\)$"):
		assets._npm_install(tmp_path, "esbuild@0.17.19")


def test_every_bundle_that_frappe_includes_is_built(site):
	import frappe

	hooks = frappe.get_hooks(app_name="frappe")
	addresses = json.loads(Path("assets/assets.json").read_text())
	for bundle in [
		*hooks["app_include_js"],
		*hooks["app_include_css"],
		"login.bundle.css",
		"website.bundle.css",
	]:
		assert Path(addresses[bundle].lstrip("/")).stat().st_size > 100
