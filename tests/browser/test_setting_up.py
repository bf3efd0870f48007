"""First-run onboarding on the workspace: who sets up sees what is left, nobody else sees it."""

import frappe
import pytest
from playwright.sync_api import expect

from tests.site.city import CLERK, HEAD

TODAY = "2020-12-29"
WIDGET = ".onboarding-widget-box"


def steps():
	found = frappe.get_all("Onboarding Step", {"name": ("like", "Kupang HR%")}, ["name", "is_complete"])
	return {step.name: step.is_complete for step in found}


@pytest.fixture
def asked(city):
	frappe.db.set_single_value("System Settings", "enable_onboarding", 1)
	frappe.db.set_value("Module Onboarding", "Kupang HR", "is_complete", 0)
	for step in steps():
		frappe.db.set_value("Onboarding Step", step, {"is_complete": 0, "is_skipped": 0})
	frappe.db.commit()
	yield
	frappe.db.set_single_value("System Settings", "enable_onboarding", 0)
	frappe.db.commit()


def test_the_last_step_leaves_the_workspace_of_a_clerk_open(desk, asked):
	seat = desk(CLERK)
	seat.page.goto("/app/kupang-hr")  # v16's development shows the widget of the first workspace alone
	seat.rest()
	widget = seat.page.locator(WIDGET)
	expect(widget.locator(".onboarding-step.pending")).to_have_count(5)
	frappe.get_doc("OPD", {"head": ("is", "set")}).save()
	assert [step for step, done in steps().items() if done] == ["Kupang HR Heads of OPDs"]
	for step in steps():
		frappe.db.set_value("Onboarding Step", step, "is_skipped", 1)
	frappe.db.commit()
	seat.page.reload()
	seat.rest()
	expect(seat.page.locator(".number-widget-box").first).to_be_visible()
	expect(widget).to_have_count(0)
	frappe.db.rollback()
	assert frappe.get_doc("Module Onboarding", "Kupang HR").check_completion()  # v16 does not write it down


def test_a_head_is_asked_to_set_up(desk, asked):
	seat = desk(HEAD)
	seat.go("Workspaces", "Kupang HR")
	expect(seat.page.locator(".number-widget-box").first).to_be_visible()
	expect(seat.page.locator(WIDGET)).to_have_count(0)
