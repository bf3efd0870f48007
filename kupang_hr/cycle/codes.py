"""Codes that prove a petikan genuine: random, one a line, given when the decree is signed."""

import re
import secrets
from collections.abc import Sequence

import frappe

from kupang_hr.bulk import query

LINE = "Decree Line"
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another
LENGTH, GROUP = 16, 4  # 79 bits


def new_code() -> str:
	return "".join(secrets.choice(SIGNS) for _sign in range(LENGTH))


def spelled(code: str) -> str:
	"""A code in groups, as it is printed."""
	return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def code_in(text: str) -> str | None:
	"""The code that somebody typed or scanned; None for what cannot be one."""
	code = re.sub(r"[\s-]", "", text[: 4 * LENGTH]).lower()
	return code if re.fullmatch(f"[{SIGNS}]{{{LENGTH}}}", code) else None


def give_codes(decree: str | None = None) -> None:
	"""Give a code to every signed line without one, of one decree or of all."""
	line = frappe.qb.DocType(LINE)
	rows = frappe.qb.from_(line).select(line.name).where((line.signed == 1) & line.code.isnull())
	names: Sequence[str] = query.values(rows.where(line.decree == decree) if decree else rows)
	query.update_each(LINE, {name: {"code": new_code()} for name in names})
