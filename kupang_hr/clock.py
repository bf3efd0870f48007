"""The city's date: WITA, never the server's zone or a phone's clock.

A scheduler step or a command works "as of" a date; a demonstration site may stand on one by
`kupang_hr_today` in its site config, which nobody can write from the desk.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import frappe
from frappe.utils import getdate, now_datetime


def today() -> date:
	"""The date the app works on: the one it works as of, otherwise the site's."""
	as_of_date = frappe.flags.kupang_hr_as_of or frappe.conf.get("kupang_hr_today")
	return getdate(as_of_date) if as_of_date else now_datetime().date()


def now() -> datetime:
	"""The moment the app works on, naive in WITA: the site's, at the date that it works as of."""
	return datetime.combine(today(), now_datetime().time())


@contextmanager
def as_of(day: date | str | None) -> Iterator[None]:
	"""Work as of `day`; None leaves the date as it is."""
	before = frappe.flags.kupang_hr_as_of
	frappe.flags.kupang_hr_as_of = getdate(day) if day else before
	try:
		yield
	finally:
		frappe.flags.kupang_hr_as_of = before


def on_desk(bootinfo) -> None:
	"""The day that a demonstration site stands on, for the desk: a browser has a clock of its own."""
	if frappe.conf.get("kupang_hr_today"):
		bootinfo.kupang_hr_today = str(today())
