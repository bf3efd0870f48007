"""The trace of a bulk run: what saving each document would have left, written by set.

Written here: `modified` and `modified_by`, a Version for each changed or made document (with the Bulk Run as
its updater reference, which the timeline shows as "via Bulk Run"), the Workflow comment, and the inbox
(Workflow Action with its roles). `drop_caches` drops the document cache after the commit.

Deliberately left out, since nothing of it can change by these writes or since it is a courtesy of single
saves: following a document one has changed, the global search index (no searchable field is written),
attachments, Milestones, Energy Points, and the Assignment Rules, Webhooks, Notifications and Server Scripts
that a site may have configured on these DocTypes; `skipped_automation` names those, and the run says so.
Realtime messages are sent once a DocType, not once a document.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import frappe
from frappe.model.naming import is_autoincremented
from frappe.query_builder import Criterion
from frappe.utils import format_date, now
from pypika.terms import ExistsCriterion

from kupang_hr.bulk import query

NAME_LENGTH = 20
STAMPS = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")
VERSION_COLUMNS = (*STAMPS, "ref_doctype", "docname", "data")
COMMENT_COLUMNS = (
	*STAMPS,
	"comment_type",
	"comment_email",
	"comment_by",
	"reference_doctype",
	"reference_name",
	"content",
)
INBOX_COLUMNS = (*STAMPS, "status", "reference_doctype", "reference_name", "workflow_state")


@dataclass(frozen=True)
class Change:
	"""What one document had and gets, by field; one whose value stays the same is left out.

	`rows`: changed child rows as Frappe's Version has them: (table field, position, row name, changes).
	"""

	old: Mapping[str, Any]
	new: Mapping[str, Any]
	rows: tuple = ()


@dataclass
class Trail:
	"""Who changed what by which run, at one moment; made anew for each chunk."""

	user: str
	run: str | None
	moment: str = field(default_factory=now)
	_dropped: list[tuple[str, str]] = field(default_factory=list)
	_formatted: dict[tuple, Any] = field(default_factory=dict)
	_compacted: dict[tuple, str] = field(default_factory=dict)

	def update(self, doctype: str, changes: Mapping[str, Change]) -> None:
		"""Write the new values of documents that the caller has locked, and their Versions."""
		effective = {name: _effective(change) for name, change in changes.items()}
		effective = {name: change for name, change in effective.items() if change.new or change.rows}
		stamp = {"modified": self.moment, "modified_by": self.user}
		query.update_each(doctype, {name: {**change.new, **stamp} for name, change in effective.items()})
		self._versions(doctype, effective)
		self.touched(doctype, effective)

	def insert(self, doctype: str, rows: Sequence[Mapping[str, Any]]) -> None:
		"""Insert documents by their fields, `name` among them, with a Version that says which run made them."""
		query.insert_dicts(doctype, [{**self._stamps(row["name"]), **row} for row in rows])
		if self.run and frappe.get_meta(doctype).track_changes:
			made = {"created_by": self.user, "creation": self.moment, "updater_reference": self._reference()}
			data = _compact(made)
			self._insert("Version", VERSION_COLUMNS, ((doctype, row["name"], data) for row in rows))

	def insert_children(
		self, parent_doctype: str, fieldname: str, doctype: str, rows: Iterable[Mapping[str, Any]]
	) -> None:
		"""Insert child rows by their fields; each row names its `parent` and its `idx`, from 1."""
		owner = {"parenttype": parent_doctype, "parentfield": fieldname}
		filled = [dict(row) for row in rows]
		for row, name in zip(filled, new_names(len(filled)), strict=True):
			row.update(self._stamps(name) | owner | row)
		query.insert_dicts(doctype, filled)

	def update_children(
		self, parent_doctype: str, doctype: str, parents: Sequence[str], new: Mapping[str, Any] | None = None
	) -> None:
		"""Stamp every child row of these parents, as saving the parents does, with new values for all of them."""
		if not parents:
			return
		child = frappe.qb.DocType(doctype)
		stamped = (
			frappe.qb.update(child)
			.set(child.modified, self.moment)
			.set(child.modified_by, self.user)
			.where((child.parenttype == parent_doctype) & child.parent.isin(query.NAMES))
		)
		for field_name, value in (new or {}).items():
			stamped = stamped.set(child[field_name], value)
		query.run(stamped, names=tuple(parents))

	def comment_states(self, doctype: str, names: Sequence[str], state: str) -> None:
		"""The Workflow comment that Frappe's own transition leaves, in the acting user's language."""
		content = frappe._(state)
		rows = (("Workflow", self.user, None, doctype, name, content) for name in names)
		self._insert("Comment", COMMENT_COLUMNS, rows)

	def complete_inbox(self, doctype: str, names: Sequence[str], role: str) -> None:
		"""Mark what waited for these documents as done by this user in this role."""
		action = frappe.qb.DocType("Workflow Action")
		done = (
			frappe.qb.update(action)
			.set(action.status, "Completed")
			.set(action.completed_by, self.user)
			.set(action.completed_by_role, role)
			.where((action.reference_doctype == doctype) & (action.status == "Open"))
			.where(action.reference_name.isin(query.NAMES))
		)
		query.run(done, names=tuple(names))

	def fill_inbox(self, doctype: str, state: str, roles: Mapping[str, Sequence[str]]) -> None:
		"""Put the documents into the inbox of the roles that may act on them now, by document name."""
		waiting = [(name, sorted(those)) for name, those in roles.items() if those]
		names = new_names(len(waiting))
		rows = (("Open", doctype, document, state) for document, _roles in waiting)
		self._insert_named("Workflow Action", INBOX_COLUMNS, names, rows)
		permitted = [
			{"parent": name, "idx": idx, "role": role}
			for name, (_document, those) in zip(names, waiting, strict=True)
			for idx, role in enumerate(those, 1)
		]
		roles_of = ("Workflow Action", "permitted_roles", "Workflow Action Permitted Role")
		self.insert_children(*roles_of, permitted)

	def touched(self, doctype: str, names: Iterable[str]) -> None:
		"""Remember documents whose cached copies are to be dropped after the commit."""
		self._dropped.extend((doctype, name) for name in names)

	def drop_caches(self) -> None:
		"""Drop the cached copies of every document this trail has written; call it after the commit."""
		keys = [frappe.get_document_cache_key(doctype, name) for doctype, name in self._dropped]
		if keys:
			frappe.cache.delete_value(keys)
		for doctype in {doctype for doctype, _name in self._dropped}:
			frappe.publish_realtime("list_update", {"doctype": doctype, "user": self.user}, doctype=doctype)
		self._dropped.clear()

	def _versions(self, doctype: str, changes: Mapping[str, Change]) -> None:
		meta = frappe.get_meta(doctype)
		if not meta.track_changes:
			return
		written = {fieldname for change in changes.values() for fieldname in change.new}
		fields = [df for df in meta.fields if df.fieldname in written]
		rows = ((doctype, name, self._diff(change, fields)) for name, change in changes.items())
		self._insert("Version", VERSION_COLUMNS, rows)

	def _diff(self, change: Change, fields) -> str:
		"""The diff as Frappe's Version keeps it: fields in the order of the form, docstatus last."""
		changed = [
			(df.fieldname, self._format(change.old.get(df.fieldname), df), self._format(value, df))
			for df in fields
			if (value := change.new.get(df.fieldname, _MISSING)) is not _MISSING
		]
		if "docstatus" in change.new:
			changed.append(("docstatus", change.old["docstatus"], change.new["docstatus"]))
		if change.rows:  # their names differ from document to document
			return self._compact_diff(changed, change.rows)
		key = tuple(changed)
		if key not in self._compacted:
			self._compacted[key] = self._compact_diff(changed, ())
		return self._compacted[key]

	def _compact_diff(self, changed: Sequence[tuple], rows: Sequence[tuple]) -> str:
		return _compact({**self._empty_diff(), "changed": changed, "row_changed": rows})

	def _empty_diff(self) -> dict[str, Any]:
		same = {"added": [], "removed": [], "row_changed": [], "data_import": None}
		return {**same, "updater_reference": self._reference()}

	def _format(self, value: Any, df) -> Any:
		"""A value as the form shows it, which is what Frappe's Version keeps of a value that is not empty."""
		if not value or df.fieldtype in _PLAIN:
			return value
		key = (df.parent, df.fieldname, value)
		if key not in self._formatted:
			self._formatted[key] = (
				format_date(value)
				if df.fieldtype == "Date"
				else frappe.format_value(value, df, frappe._dict())
			)
		return self._formatted[key]

	def _reference(self) -> dict | None:
		return {"doctype": "Bulk Run", "docname": self.run} if self.run else None

	def _stamps(self, name: str) -> dict[str, Any]:
		return dict(zip(STAMPS, self._stamp_values(name), strict=True))

	def _stamp_values(self, name: str) -> tuple:
		return (name, self.user, self.moment, self.moment, self.user, 0, 0)

	def _insert(self, doctype: str, columns: Sequence[str], rows: Iterable[tuple]) -> None:
		"""Insert rows by the columns that follow the stamps; Frappe's own naming decides how they are named."""
		rows = list(rows)
		if is_autoincremented(doctype):
			stamps = self._stamp_values("")[1:]
			query.insert_numbered(doctype, columns[1:], (stamps + row for row in rows))
		else:
			self._insert_named(doctype, columns, new_names(len(rows)), rows)

	def _insert_named(self, doctype: str, columns, names: Sequence[str], rows: Iterable[tuple]) -> None:
		filled = (self._stamp_values(name) + row for name, row in zip(names, rows, strict=True))
		query.insert(doctype, columns, filled)


_MISSING = object()
_PLAIN = ("Data", "Link", "Select", "Dynamic Link")


def _effective(change: Change) -> Change:
	new = {key: value for key, value in change.new.items() if not _same(change.old.get(key), value)}
	return Change(change.old, new, change.rows)


def _same(old: Any, new: Any) -> bool:
	return old == new or (not old and not new and not isinstance(old or 0, date | datetime))


def is_changed(doc, fieldname: str) -> bool:
	"""Whether saving a document changes a field, as its Version would say.

	A form sends dates as texts, which older 15-dev takes for another value than the date that is stored.
	"""
	before = doc.get_doc_before_save()
	return not before or (
		before.get(fieldname) != doc.get(fieldname)
		and before.get_formatted(fieldname) != doc.get_formatted(fieldname)
	)


def last_changed_by(run: str, doctype: str, fieldname: str) -> Criterion:
	"""Those documents whose field got the value that it has now by this Bulk Run, as their Versions tell."""
	table, version = frappe.qb.DocType(doctype), frappe.qb.DocType("Version").as_("of_run")
	later = frappe.qb.DocType("Version").as_("later")
	reference = _compact({"docname": run, "doctype": "Bulk Run"}).strip("{}")

	def changes(of):
		mine = (of.ref_doctype == doctype) & (of.docname == table.name)
		return frappe.qb.from_(of).select(of.name).where(mine & of.data.like(f'%["{fieldname}",%'))

	overtaken = ExistsCriterion(changes(later).where(later.creation > version.creation))
	return ExistsCriterion(
		changes(version).where(version.data.like(f"%{reference}%")).where(overtaken.negate())
	)


def _compact(value: Mapping) -> str:
	return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def new_names(count: int) -> list[str]:
	"""Names for new rows of a DocType that Frappe names at random.

	Longer than Frappe's own ten digits, two of which among the 3.5 million punches of a year would be the same.
	"""
	return [frappe.generate_hash(length=NAME_LENGTH) for _ in range(count)]


def skipped_automation(doctypes: Sequence[str]) -> list[str]:
	"""What a site has configured to happen when these documents are saved, and bulk runs leave out."""
	watchers = (
		("Notification", "document_type", {"enabled": 1}),
		("Webhook", "webhook_doctype", {"enabled": 1}),
		("Server Script", "reference_doctype", {"disabled": 0, "script_type": "DocType Event"}),
		("Assignment Rule", "document_type", {"disabled": 0}),
	)
	return [
		f"{kind} {name}"
		for kind, link, filters in watchers
		for name in frappe.get_all(
			kind, filters={**filters, link: ("in", list(doctypes))}, pluck="name", order_by="name"
		)
	]
