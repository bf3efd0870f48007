"""Running a script of the desk outside the browser, with as much of Frappe as it asks for."""

import json
import shutil
import subprocess
from pathlib import Path

import frappe
import pytest

FRAPPE = """
const __ = (text) => text;
const cint = Number;
const escape = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape_html = (text) => text.replace(/[&<>"']/g, (sign) => escape[sign]);
const frappe = { query_reports: {}, utils: { escape_html }, ui: { form: { on: (name, form) => (frappe.form = form) } } };
"""


def run_script(path: str, ending: str):
	"""What `ending`, an expression, is after the app's script at `path` has run."""
	node = shutil.which("node")
	if not node:
		pytest.fail("Node.js is missing: apt-get install nodejs")
	script = Path(frappe.get_app_path("kupang_hr", *path.split("/"))).read_text(encoding="utf-8")
	whole = f"{FRAPPE}\n{script}\nprocess.stdout.write(JSON.stringify({ending}));"
	return json.loads(subprocess.run([node, "-e", whole], capture_output=True, check=True, text=True).stdout)
