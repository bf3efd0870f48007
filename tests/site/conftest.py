"""A clean city for each test: nobody in it, the seeded OPDs, a user for every role."""

import frappe
import pytest

from tests.site.city import City


@pytest.fixture
def city(site):
	"""A city without people; what a test commits is swept before the next one."""
	frappe.set_user("Administrator")
	frappe.db.rollback()
	fresh = City()
	fresh.sweep()
	yield fresh
	frappe.flags.kupang_hr_as_of = None
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.clear_messages()
