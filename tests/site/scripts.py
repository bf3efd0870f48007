"""Running a script of the desk in a real browser, with as much of Frappe as it asks for."""

import json
from collections.abc import Iterable
from pathlib import Path

import frappe
from frappe.model.utils import render_include
from playwright.sync_api import sync_playwright

from dev import packages

FRAPPE = """
const __ = (text) => text;
const cint = Number;
const escape = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape_html = (text) => text.replace(/[&<>"']/g, (sign) => escape[sign]);
const kupang_hr = {};
const provide = (path) => path.split(".").reduce((home, name) => (home[name] ??= {}), { kupang_hr });
const frappe = { provide, query_reports: {}, listview_settings: {}, utils: { escape_html }, ui: { form: { on: (name, form) => (frappe.form = form) } } };
"""


def run_script(path: str, ending: str):
	"""What `ending`, an expression, is after the app's script at `path` has run."""
	return run_scripts([path], ending)


def run_scripts(paths: Iterable[str], ending: str):
	"""What `ending`, an expression, is after the app's scripts have run, one after the other."""
	scripts = "\n".join(f"{{ {_source(path)} }}" for path in paths)
	whole = f"() => {{ {FRAPPE}\n{scripts}\nreturn JSON.stringify({ending}); }}"
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(executable_path=packages.browser(), args=["--no-sandbox"])
		return json.loads(browser.new_page().evaluate(whole))


def _source(path: str) -> str:
	source = Path(frappe.get_app_path("kupang_hr", *path.split("/"))).read_text(encoding="utf-8")
	return render_include(source) + "\n"  # as Frappe does before it sends one
