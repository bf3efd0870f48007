"""A copy of everything that a step may write, to start from the same state again."""

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

	def restore(self) -> None:
		"""Bring every table back; the optimizer's statistics as those of a table that has long been there."""
		frappe.db.rollback()
		for table, copy in self.copies.items():
			frappe.db.sql_ddl(f"truncate table `{table}`")
			frappe.db.sql(f"insert into `{table}` select * from `{copy}`")
		frappe.db.commit()
		frappe.db.sql("analyze table " + ", ".join(f"`{table}`" for table in self.copies))
		forget(world.tables())

	def drop(self) -> None:
		for copy in self.copies.values():
			frappe.db.sql_ddl(f"drop table `{copy}`")
