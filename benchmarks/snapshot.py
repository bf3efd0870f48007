"""A copy of everything that a step may write, to start from the same state again."""

from collections.abc import Collection

import frappe

from benchmarks import world
from benchmarks.site import forget


class Snapshot:
	"""Copies of the tables beside them; `level` tells copies apart that are kept at the same time."""

	def __init__(self, level: int) -> None:
		self.copies = {f"tab{doctype}": f"_{level}{doctype}" for doctype in (*world.tables(), "Series")}
		for table, copy in self.copies.items():
			frappe.db.sql_ddl(f"drop table if exists `{copy}`")
			frappe.db.sql_ddl(f"create table `{copy}` like `{table}`")
			frappe.db.sql(f"insert into `{copy}` select * from `{table}`")
		frappe.db.commit()

	def restore(self, written: Collection[str] | None = None) -> None:
		"""Bring back the tables that were written, or all of them if nobody knows which were.

		The optimizer's statistics are then those of tables that have long been there.
		"""
		frappe.db.rollback()
		tables = [table for table in self.copies if written is None or table in written]
		for table in tables:
			frappe.db.sql_ddl(f"truncate table `{table}`")
			frappe.db.sql(f"insert into `{table}` select * from `{self.copies[table]}`")
		frappe.db.commit()
		frappe.db.sql("analyze table " + ", ".join(f"`{table}`" for table in tables))
		forget(world.tables())

	def drop(self) -> None:
		for copy in self.copies.values():
			frappe.db.sql_ddl(f"drop table `{copy}`")
