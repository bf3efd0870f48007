"""What a mass step is: whom it takes, by which right, and what it does to a chunk of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import Trail


class Step:
	"""One mass step over documents of one DocType, for one requester.

	A step names its starting state in `waiting`, so that what is done falls out of it: a second run, a
	resumed run and a double click find only what is left. `criterion` is plain JSON; a list `names` in it
	narrows the selection and never widens it.
	"""

	action: ClassVar[str]
	doctype: ClassVar[str]
	writes: ClassVar[tuple[str, ...]] = ()
	roles: ClassVar[tuple[str, ...]] = ()
	# MariaDB makes a list of a thousand or more a table to join, and may then read all rows where an index would do.
	# A step of which each document takes long has smaller ones: signs of life.
	largest_chunk: ClassVar[int] = 999
	by_user: ClassVar[bool] = False  # the selection depends on who asks, so the key does too
	asks: ClassVar[tuple[str, ...]] = ()  # what of the criterion is typed in a dialog, after its preview
	can_rehearse: ClassVar[bool] = False  # `apply` does nothing that a rollback would not undo
	is_counted: ClassVar[bool] = (
		False  # its preview counts whom it goes over and tries nothing: that takes too long
	)

	def __init__(self, criterion: Mapping[str, Any], user: str) -> None:
		self.criterion = dict(criterion)
		self.user = user
		self.prepare()

	def prepare(self) -> None:
		"""Read and check what the criterion names; raises what the requester must be told."""

	def waiting(self):
		"""The query (no columns chosen) over `self.table` for what is in the starting state and in scope."""
		raise NotImplementedError

	def apply(self, names: Sequence[str], trail: Trail) -> dict[str, str]:
		"""Do the step for these names in the open transaction; answer why it was not done, by name.

		A name that has left the starting state meanwhile is passed over in silence: it is done.
		"""
		raise NotImplementedError

	def finish(self, failed: int) -> None:
		"""What is to be written once nobody is left to do; runs in a transaction of its own."""

	def outcome(self) -> str | None:
		"""What the result says besides how many were gone over, asked after `finish`."""

	def takes(self, names: Sequence[str], made: Mapping[str, Sequence[Mapping]]) -> Sequence[str]:
		"""Whom of these names something is done for; `made`: the rows that `apply` would insert, by DocType."""
		return names

	def tally(self, made: Mapping[str, Sequence[Mapping]]) -> dict[str, int]:
		"""What a preview should count of the rows that `apply` would insert, by DocType: people by a word."""
		return {}

	@property
	def table(self):
		return frappe.qb.DocType(self.doctype)

	def key(self) -> str:
		"""The same for the same work: action, main subject, and a digest of what narrows it."""
		subject = str(self.subject())
		rest = {key: value for key, value in self.criterion.items() if str(value) != subject and value}
		if self.by_user:
			rest["user"] = self.user
		if not rest:
			return f"{self.action}/{subject}"
		digest = hashlib.sha256(json.dumps(rest, sort_keys=True, default=str).encode()).hexdigest()[:12]
		return f"{self.action}/{subject}/{digest}"

	def subject(self) -> Any:
		"""What the run is about, for its key: a round, an order, a decree, a day."""
		return self.criterion.get("round")

	def check_permission(self) -> None:
		"""Refuse a requester without one of the step's roles, in their language."""
		if self.user != "Administrator" and not set(self.roles) & set(frappe.get_roles(self.user)):
			frappe.throw(
				_("This step is done by {0}.").format(", ".join(_(role) for role in self.roles)),
				frappe.PermissionError,
			)

	def selection(self):
		"""`waiting`, narrowed by the names that the client gave."""
		rows = self.waiting()
		return rows.where(self.table.name.isin(query.NAMES)) if self.given_names() else rows

	def given_names(self) -> list[str]:
		"""The names that the client gave, each once, in their order."""
		return sorted(set(self.criterion.get("names") or ()))

	def count(self) -> int:
		return query.values(self.selection().select(Count("*")), names=self.given_names())[0]

	def sequence(self) -> tuple:
		"""The columns that people are taken in the order of; none of them changes while a run is open."""
		return (self.table.name,)

	def names(self, failed_in: str) -> list[str]:
		"""Who is waiting, in their order, without those that failed in this run before.

		Asked for once a run: each answer costs a look at everybody, so that one for each chunk would make a person
		of a large city cost many times one of a small city. Who leaves the starting state later is `apply`'s to
		pass over.
		"""
		failure = frappe.qb.DocType("Bulk Run Failure")
		failed = (
			frappe.qb.from_(failure)
			.select(failure.reference_name)
			.where((failure.bulk_run == failed_in) & (failure.reference_doctype == self.doctype))
		)
		rows = self.selection().select(self.table.name).where(self.table.name.notin(failed))
		return query.values(rows.orderby(*self.sequence()), names=self.given_names())


class WholeStep(Step):
	"""A step that goes over everybody selected, whether or not anything is to be done for them.

	Nothing about a person says that they are done, so a run that goes on after it was killed counts: names are
	taken in their order, and as many as the ledger calls done lie behind it.
	"""

	def names(self, failed_in: str) -> list[str]:
		return super().names(failed_in)[frappe.db.get_value("Bulk Run", failed_in, "done") or 0 :]


def step_class(action: str) -> type[Step]:
	"""The class of an action, from the hook `kupang_hr_bulk_steps`: apps may bring steps of their own."""
	paths = frappe.get_hooks("kupang_hr_bulk_steps", {}).get(action)
	if not paths:
		frappe.throw(_("There is no mass step {0}.").format(action))
	return frappe.get_attr(paths[-1])
