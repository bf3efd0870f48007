"""What every test may use; the tests of rules/ use nothing of it."""

import os
import sys
from pathlib import Path

import hypothesis
import pytest

# A loaded machine is slow; that says nothing about a rule.
hypothesis.settings.register_profile("kupang_hr", deadline=None)
hypothesis.settings.load_profile("kupang_hr")

PROJECT = Path(__file__).resolve().parents[1]
if str(PROJECT) not in sys.path:
	sys.path.insert(0, str(PROJECT))


@pytest.fixture(scope="session")
def site():
	"""A connected real site, as Administrator; its name."""
	import frappe

	name = os.environ["KUPANG_SITE"]
	before = Path.cwd()
	os.chdir(Path(os.environ["KUPANG_BENCH"]) / "sites")
	frappe.init(site=name)
	frappe.connect()
	frappe.set_user("Administrator")
	yield name
	frappe.destroy()
	os.chdir(before)
