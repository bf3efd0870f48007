"""A user for every role of the demonstration, and the seats that they hold."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import frappe
from frappe.utils.password import update_password

from kupang_hr.attendance.accounts import FIRST_LANGUAGE, many_users
from kupang_hr.demo.words import FAMILY_NAMES, FEMALE, GIVEN_NAMES, MALE

DOMAIN = "kupang.example"  # a domain that can never exist (RFC 2606)


def login(part: str) -> str:
	return f"{part}@{DOMAIN}"


MAYOR = login("walikota")
BKPPD_HEAD = login("kepala.bkppd")
BKPPD_SECRETARY = login("sekretaris.bkppd")
BKPPD_SECTION_HEAD = login("kabid.bkppd")
BKPPD_CLERK = login("operator.bkppd")
ASSISTANT = login("asisten3.setda")
FINANCE_OFFICER = login("keuangan.bkad")
OPD_CLERK = login("operator.dishub")
DEVICE = login("mesin.absensi")
SELF_SERVICE = login("ptt")

# Frappe lets nobody into the desk without a role that has it; this one gives next to nothing besides.
DESK_ONLY = "Inbox User"
SELF_SERVICE_OPD = "DISHUB"


@dataclass(frozen=True)
class Account:
	"""A login, its role, and what the person is in the city."""

	login: str
	role: str
	office: str


STAFF = (
	Account(MAYOR, "Wali Kota", "Penjabat Wali Kota"),
	Account(BKPPD_HEAD, "BKPPD Head", "Kepala BKPPD"),
	Account(BKPPD_SECRETARY, "OPD Head", "Sekretaris BKPPD"),
	Account(BKPPD_SECTION_HEAD, "BKPPD Clerk", "Kepala Bidang di BKPPD"),
	Account(BKPPD_CLERK, "BKPPD Clerk", "Operator BKPPD"),
	Account(ASSISTANT, DESK_ONLY, "Asisten III Sekretaris Daerah"),
	Account(FINANCE_OFFICER, "Finance Officer", "Bendahara BKAD"),
	Account(OPD_CLERK, "OPD Clerk", f"Operator {SELF_SERVICE_OPD}"),
	Account(DEVICE, "Attendance Device", "Mesin absensi"),
	Account(SELF_SERVICE, "Personnel Self Service", f"PTT {SELF_SERVICE_OPD}"),
)
PARAF = {
	"Kepala Bidang": BKPPD_SECTION_HEAD,
	"Sekretaris BKPPD": BKPPD_SECRETARY,
	"Kepala BKPPD": BKPPD_HEAD,
	"Asisten III Sekretaris Daerah": ASSISTANT,
}


def head_of(opd: str) -> str:
	"""The login of an OPD's head; BKPPD's issues the decrees, so its secretary rates there."""
	return login("kepala." + opd.lower().replace(" ", "-"))


def rater_of(opd: str) -> str:
	return BKPPD_SECRETARY if opd == "BKPPD" else head_of(opd)


def accounts(opds: Sequence[str]) -> list[Account]:
	"""Everybody who logs in: the staff above and the head of each OPD."""
	heads = [Account(head_of(opd), "OPD Head", f"Kepala {opd}") for opd in opds if opd != "BKPPD"]
	return [*STAFF, *heads]


def make_users(opds: Sequence[str], password: str, seed: int) -> None:
	"""Make the users that are missing, give all of them this password, and seat heads and clerk."""
	dice = random.Random(seed)
	with as_when_installing():
		for account in accounts(opds):
			make_user(account, invented_name(dice), password)
	for opd in opds:
		seat(opd, {"head": head_of(opd)})
	seat("BKPPD", {"rating_officer": BKPPD_SECRETARY})
	seat(SELF_SERVICE_OPD, {"clerk": OPD_CLERK})


@contextmanager
def as_when_installing() -> Iterator[None]:
	"""Make many users, and drop the caches once in the end."""
	try:
		with many_users():
			yield
	finally:
		frappe.clear_cache()


def invented_name(dice: random.Random) -> tuple[str, str]:
	return dice.choice(GIVEN_NAMES[dice.choice((MALE, FEMALE))]), dice.choice(FAMILY_NAMES)


def make_user(account: Account, name: tuple[str, str], password: str) -> None:
	"""A user with this role and password, without a welcome mail; one that is there keeps the rest."""
	if frappe.db.exists("User", account.login):
		user = frappe.get_doc("User", account.login)
		user.add_roles(account.role)
	else:
		user = frappe.new_doc("User")
		user.update({"email": account.login, "first_name": name[0], "last_name": name[1]})
		user.update({"bio": account.office, "send_welcome_email": 0})
		if account.login == SELF_SERVICE:
			user.language = FIRST_LANGUAGE
		user.append("roles", {"role": account.role})
		user.flags.no_welcome_mail = True
		user.insert()
	update_password(account.login, password)


def seat(opd: str, holders: Mapping[str, str]) -> None:
	"""Put users into the seats of an OPD."""
	doc = frappe.get_doc("OPD", opd)
	if any(doc.get(field) != user for field, user in holders.items()):
		doc.update(holders)
		doc.save()


def logins_table(password: str) -> list[str]:
	"""Who may log in, for the terminal; heads of OPDs are one line."""
	rows = [(account.login, account.role, account.office) for account in STAFF]
	rows.append((login("kepala.OPD"), "OPD Head", f"e.g. {head_of('RSUD')}, {head_of('PKM ALAK')}"))
	lines = [f"  {user:<34}{role:<24}{office}" for user, role, office in rows]
	return [f"Users of this site; the password of each is: {password}", *lines]
