"""The one criterion: which rows of a person's documents a user may see.

Lists (`permission_query_conditions`), documents (`has_permission`) and bulk selections all use it. Role
permissions of the DocTypes say what a role may do at all; this says with whom.

The present seat (`Personnel.opd`) decides, not the OPD that a contract or a decree once named. Frappe's User
Permissions are not part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder.functions import Coalesce
from pypika.terms import ValueWrapper

from kupang_hr.access.seats import seats_of
from kupang_hr.clock import today

EVERYBODY = frozenset({"Administrator", "System Manager", "BKPPD Clerk", "BKPPD Head", "Wali Kota"})
WITH_FINANCE = EVERYBODY | {"Finance Officer"}
MANAGERS = frozenset({"Administrator", "System Manager", "BKPPD Head"})
SUBTREE = frozenset({"OPD Head", "OPD Clerk"})
SELF = "Personnel Self Service"


@dataclass(frozen=True)
class Sight:
	"""Which roles see every row of a DocType, whether OPD roles see their subtree's, and a person their own.

	`not_own`: what OPD roles see of their subtree does not hold what is about themselves.
	"""

	everybody: frozenset[str] = EVERYBODY
	subtree: bool = True
	own: bool = True
	not_own: bool = False


SIGHTS: Mapping[str, Sight] = {
	"Personnel": Sight(WITH_FINANCE),
	"Personnel Identity": Sight(
		frozenset({"Administrator", "BKPPD Clerk", "Finance Officer"}), subtree=False
	),
	"Attendance Summary": Sight(),
	"PTT Contract": Sight(WITH_FINANCE),
	"Performance Appraisal": Sight(own=False, not_own=True),
	"Contract Renewal": Sight(own=False, not_own=True),
	"Stand Down Line": Sight(),
	"Decree Line": Sight(
		frozenset({"Administrator", "BKPPD Clerk", "BKPPD Head", "Wali Kota"}), subtree=False
	),
	"Personnel Exit": Sight(own=False),
	"Registered Device": Sight(MANAGERS),
	"Attendance Punch": Sight(MANAGERS),
	"Attendance Violation": Sight(),
	"Absence Permit": Sight(MANAGERS),
	"Attendance Correction": Sight(),
	"Attendance Log": Sight(),
	"Office Rota Line": Sight(),
	"Attendance Period Line": Sight(WITH_FINANCE, subtree=False),
}
OWN_RUNS = ("Bulk Run", "Bulk Run Failure")
OF_OPDS = ("Office Rota",)


def criterion(doctype: str, table, user: str) -> Criterion | None:
	"""The condition on `table` (a query builder table of `doctype`) for `user`; None when every row is seen."""
	if doctype in OWN_RUNS:
		return _own_runs(doctype, table, user)
	if doctype in OF_OPDS:
		return _of_seats(table, user)
	sight = SIGHTS[doctype]
	roles = _roles(user)
	if roles & sight.everybody:
		return None
	key = table.name if doctype == "Personnel" else table.personnel
	person = frappe.qb.DocType("Personnel").as_("seen_person")
	seen = _seen_people(person, sight, roles, user)
	if seen is None:
		return _nobody()
	inside = key.isin(frappe.qb.from_(person).select(person.name).where(seen))
	return inside & (table.signed == 1) if doctype == "Decree Line" else inside


def visible(rows, doctype: str, table, user: str | None = None):
	"""A query with `table` of `doctype` in it, less the rows that `user` (None: the session's) does not see."""
	seen = criterion(doctype, table, user or frappe.session.user)
	return rows if seen is None else rows.where(seen)


def permission_query_conditions(user: str | None, doctype: str) -> str:
	"""Frappe's list hook: the criterion as SQL, empty when every row is seen."""
	condition = criterion(doctype, frappe.qb.DocType(doctype), user or frappe.session.user)
	return (
		condition.get_sql(with_namespace=True, quote_char="`", secondary_quote_char="'") if condition else ""
	)


def has_permission(doc, ptype: str = "read", user: str | None = None, debug: bool = False) -> bool:
	"""Frappe's document hook: always True or False, since v16 reads None as no."""
	user = user or frappe.session.user
	if ptype in ("write", "submit", "cancel", "amend") and is_own(doc, user):
		return False
	if doc.get("__islocal") or not frappe.db.exists(doc.doctype, doc.name):
		return _may_make(doc, user)
	table = frappe.qb.DocType(doc.doctype)
	condition = criterion(doc.doctype, table, user)
	if condition is None:
		return True
	return bool(frappe.qb.from_(table).select(table.name).where((table.name == doc.name) & condition).run())


def is_own(doc, user: str) -> bool:
	"""Whether an appraisal or a renewal is about the user; nobody writes those about themself."""
	if doc.doctype not in ("Performance Appraisal", "Contract Renewal") or not doc.get("personnel"):
		return False
	return frappe.db.get_value("Personnel", doc.personnel, "user") == user


def sees_person(personnel: str | None, user: str, doctype: str = "Contract Renewal") -> bool:
	"""Whether the person is among those whose documents of `doctype` the user sees."""
	sight, roles = SIGHTS[doctype], _roles(user)
	if roles & sight.everybody:
		return True
	person = frappe.qb.DocType("Personnel")
	seen = _seen_people(person, sight, roles, user)
	if seen is None or not personnel:
		return False
	return bool(frappe.qb.from_(person).select(person.name).where((person.name == personnel) & seen).run())


def _may_make(doc, user: str) -> bool:
	if doc.doctype in OWN_RUNS:
		return user == "Administrator"
	if doc.doctype in OF_OPDS:
		return bool(_roles(user) & EVERYBODY) or doc.get("opd") in seats_of(user, today())
	if doc.doctype == "Personnel":
		sight, roles = SIGHTS["Personnel"], _roles(user)
		return bool(roles & sight.everybody) or doc.get("opd") in seats_of(user, today())
	return not doc.get("personnel") or sees_person(doc.personnel, user, doc.doctype)


def _seen_people(person, sight: Sight, roles: frozenset[str], user: str) -> Criterion | None:
	conditions = []
	if sight.subtree and roles & SUBTREE:
		seats = seats_of(user, today())
		if seats:
			inside = person.opd.isin(sorted(seats))
			conditions.append(inside & (Coalesce(person.user, "") != user) if sight.not_own else inside)
	if sight.own and SELF in roles:
		conditions.append(person.user == user)
	return Criterion.any(conditions) if conditions else None


def _own_runs(doctype: str, table, user: str) -> Criterion | None:
	if _roles(user) & EVERYBODY:
		return None
	if doctype == "Bulk Run":
		return table.requester == user
	run = frappe.qb.DocType("Bulk Run").as_("own_run")
	return table.bulk_run.isin(frappe.qb.from_(run).select(run.name).where(run.requester == user))


def _of_seats(table, user: str) -> Criterion | None:
	roles = _roles(user)
	if roles & EVERYBODY:
		return None
	seats = seats_of(user, today()) if roles & SUBTREE else ()
	return table.opd.isin(sorted(seats)) if seats else _nobody()


def _nobody() -> Criterion:
	return ValueWrapper(1) == ValueWrapper(0)


def _roles(user: str) -> frozenset[str]:
	return frozenset(frappe.get_roles(user)) | ({"Administrator"} if user == "Administrator" else frozenset())
