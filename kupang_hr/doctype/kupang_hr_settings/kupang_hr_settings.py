import frappe
from frappe import _
from frappe.model.document import Document

from kupang_hr.attendance.recording import boundary_problem_text
from kupang_hr.cycle.wording import number_problem_text
from kupang_hr.rules.decree import template_problems
from kupang_hr.rules.geo import Boundary, BoundaryError


class KupangHRSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from kupang_hr.kupang_hr.doctype.decree_paraf.decree_paraf import DecreeParaf
		from kupang_hr.kupang_hr.doctype.decree_paragraph.decree_paragraph import DecreeParagraph

		answer_at_once: DF.Int
		automatic_stand_down: DF.Check
		chunk_size: DF.Int
		classification: DF.Data
		decree_emblem: DF.AttachImage | None
		decree_letterhead: DF.SmallText | None
		default_scheme: DF.Link | None
		new_ptt_stop_date: DF.Date | None
		number_template: DF.Data
		office_emblem: DF.AttachImage | None
		office_letterhead: DF.SmallText | None
		paraf: DF.Table[DecreeParaf]
		paragraphs: DF.Table[DecreeParagraph]
		place: DF.Data | None
		rating_reminder_days: DF.Int
		secretary_name: DF.Data | None
		secretary_nip: DF.Data | None
		secretary_rank: DF.Data | None
		secretary_title: DF.Data | None
		series_letter: DF.Data
		signatory_name: DF.Data | None
		signatory_title: DF.Data | None
		stale_after_minutes: DF.Int
		stand_down_lead_days: DF.Int

	# end: auto-generated types
	def validate(self):
		self.validate_number_template()
		self.validate_bulk()
		self.validate_boundary()
		self.validate_tiles()

	def validate_number_template(self):
		problems = template_problems(self.number_template or "")
		if problems:
			frappe.throw("<br>".join(number_problem_text(problem) for problem in problems))

	def validate_bulk(self):
		if self.chunk_size < 1 or self.stale_after_minutes < 1:
			frappe.throw(_("A transaction takes at least one person, and silence lasts at least a minute."))

	def validate_boundary(self):
		"""Every punch is held against it, so nothing else than a boundary may stand there."""
		self.city_boundary = (self.city_boundary or "").strip()
		try:
			if self.city_boundary:
				Boundary.from_geojson(self.city_boundary)
		except BoundaryError as error:
			frappe.throw(boundary_problem_text(error))

	def validate_tiles(self):
		"""Browsers ask there for pictures of wherever people were: only over an address that hides it on the way."""
		self.map_tile_url = (self.map_tile_url or "").strip()
		is_one = self.map_tile_url.startswith(("https://", "/")) and all(
			part in self.map_tile_url for part in ("{z}", "{x}", "{y}")
		)
		if self.map_tile_url and not is_one:
			frappe.throw(_("Tiles have an address that begins with https:// and holds {z}, {x} and {y}."))
