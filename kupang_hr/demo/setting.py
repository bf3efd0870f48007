"""What a demonstration needs of its site, besides people."""

import frappe
from frappe.installer import update_site_config

from kupang_hr.demo import users

COUNTRY, CURRENCY = "Indonesia", "IDR"


def prepare(opds: list[str], password: str, seed: int) -> None:
	"""The country, no setup wizard, users with this password in their seats, and the settings of the cycle."""
	with users.as_when_installing():
		set_country()
		finish_setup()
	users.make_users(opds, password, seed)
	set_cycle()
	frappe.db.commit()


def stand_on(day: str) -> None:
	"""Let the site stay on a day, for whoever looks at it."""
	update_site_config("kupang_hr_today", day)
	frappe.db.commit()
	frappe.clear_cache()


def set_country() -> None:
	"""Indonesia's formats, in the language that the site has; its setup is done."""
	settings = frappe.get_doc("System Settings")
	settings.update(
		{
			"setup_complete": 1,
			"language": settings.language or "en",
			"country": COUNTRY,
			"date_format": "dd-mm-yyyy",
			"number_format": "#.###,##",
		}
	)
	if settings.meta.has_field("currency"):
		settings.currency = CURRENCY
	settings.save()
	frappe.db.set_value("Currency", CURRENCY, "enabled", 1)
	frappe.db.set_default("currency", CURRENCY)


def finish_setup() -> None:
	"""Spare whoever logs in the setup wizard; newer Frappe asks each app whether its setup is done."""
	frappe.db.set_default("desktop:home_page", "workspace")
	if frappe.get_meta("Installed Application").has_field("is_setup_complete"):
		frappe.db.set_value("Installed Application", {"app_name": ("!=", "")}, "is_setup_complete", 1)
	frappe.clear_cache()


def set_cycle() -> None:
	"""The settings of the cycle: the stand-down by itself, who initials, who signs."""
	settings = frappe.get_doc("Kupang HR Settings")
	settings.automatic_stand_down = 1
	settings.signatory_name = "Yeremias Tefnai, S.H., M.Si."
	settings.signatory_title = "Penjabat Wali Kota Kupang"
	settings.secretary_name = "Maria Goreti Lede, S.E., M.M."
	settings.secretary_rank = "Pembina Utama Madya (IV/d)"
	settings.secretary_nip = "196703121992032005"
	for row in settings.paraf:
		row.user = users.PARAF[row.title]
	settings.save()
