"""A form in front of somebody: what it says, its buttons, its fields, and the dialog of a mass action."""

import json

from tests.browser.desk import Desk


def form(desk, user: str, doctype: str, name: str) -> Desk:
	seat = desk(user)
	seat.go("Form", doctype, name)
	seat.page.wait_for_selector(".form-message:visible")
	return seat


def headline(seat: Desk) -> str:
	return seat.page.inner_text(".form-message:visible")


def says(seat: Desk, text: str) -> None:
	"""Wait until the headline says it."""
	seat.page.wait_for_selector(f".form-message:visible:has-text({json.dumps(text)})")


def buttons(seat: Desk) -> set[str]:
	texts = seat.page.locator(".page-container:visible .custom-actions button").all_inner_texts()
	return {text.strip() for text in texts if text.strip()}


def press(seat: Desk, label: str) -> str:
	"""Press a button of the form; what the dialog says before anything is done."""
	seat.page.get_by_role("button", name=label, exact=True).click()
	seat.page.wait_for_selector(".modal.show .kupang-sum")
	return seat.page.inner_text(".modal.show .kupang-sum")


def do(seat: Desk) -> str:
	"""Confirm; what the dialog says in the end."""
	seat.confirm()
	seat.page.wait_for_selector(".modal.show [data-phase=result] p")
	text = seat.page.inner_text(".modal.show [role=status]")
	seat.confirm()
	seat.page.wait_for_selector(".modal.show", state="detached")
	seat.rest()
	return text


def new(seat: Desk, doctype: str) -> None:
	seat.go("List", doctype)
	seat.page.locator(".page-container:visible .primary-action").click()
	seat.page.wait_for_function("window.cur_frm?.is_new() && frappe.get_route()[0] === 'Form'")
	seat.rest()


def fill(seat: Desk, fieldname: str, value: str) -> None:
	"""Type into a field of the form, as somebody at the keyboard would, and leave it."""
	field = seat.page.locator(f".page-container:visible .frappe-control[data-fieldname='{fieldname}']")
	if field.locator("select").count():
		field.locator("select").select_option(value)
	else:
		field.locator("input").first.fill(value)
		if field.get_attribute("data-fieldtype") == "Link":
			field.locator(f".awesomplete ul > :has-text({json.dumps(value)})").first.click()
		else:
			seat.page.keyboard.press("Tab")
	seat.rest()


def save(seat: Desk) -> str:
	"""Save a form; the document's name."""
	seat.page.locator(".page-container:visible .primary-action:visible").click()
	seat.page.wait_for_function("!cur_frm.is_new() && !cur_frm.is_dirty()")
	seat.rest()
	return seat.page.evaluate("cur_frm.doc.name")
