"""What every test may use; the tests of rules/ use nothing of it."""

import json
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

# One of several processes that share the tests (`make test`) has a site of its own.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
	sites = json.loads(os.environ["KUPANG_SITES_OF_WORKERS"])
	os.environ.update(sites[int(worker.removeprefix("gw")) % len(sites)])  # one that crashed has a successor


def pytest_collection_modifyitems(items):
	"""The file that takes longest begins, so that no process works at it alone in the end."""
	items.sort(key=lambda item: item.path.name != "test_the_year.py")


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


@pytest.fixture(scope="session")
def served(site):
	"""A web server of the site, for all tests of this process: to start one takes seconds."""
	from dev import servers

	with servers.web() as server:
		yield server


@pytest.fixture(scope="module")
def web(served, request):
	"""The server, on the day that the module names TODAY."""
	import frappe
	from frappe.installer import update_site_config

	update_site_config("kupang_hr_today", getattr(request.module, "TODAY", "None"))
	yield served
	update_site_config("kupang_hr_today", "None")  # which takes it out of the file
	frappe.conf.pop("kupang_hr_today", None)
