"""The year 2020/2021 played through the app's own steps, each by its user on its day, and each started twice."""

import random
import secrets
import time
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

import frappe
from frappe.utils.global_search import rebuild_for_doctype

from kupang_hr.access.seats import crucial_opds
from kupang_hr.demo import figures, people, setting, story, users
from kupang_hr.demo.acting import acting, do, finish, night
from kupang_hr.demo.attendance import DECEMBER_END, JANUARY_END, ROTA_MADE, Attendance
from kupang_hr.demo.report import Echo, Report
from kupang_hr.demo.users import BKPPD_CLERK, BKPPD_HEAD, MAYOR

OPENING, REMINDER, RATING, RATING_DEADLINE = "2020-11-16", "2020-12-05", "2020-12-07", "2020-12-11"
ORDER_NIGHT, ORDER_SIGNED = "2020-12-18", "2020-12-21"
EXPIRY, STAND_DOWN = "2021-01-01", "2021-01-04"
LEAVING = ("2021-01-02", "2021-01-03")
RECOMMENDATION, RECOMMENDATION_DEADLINE = "2021-01-19", "2021-01-22"
DRAFTED, PARAF, SIGNED, TMT = "2021-02-01", "2021-02-02", "2021-02-03", "2021-01-01"
LAST_DAY_OF_SERVICE = "2020-12-31"


class SiteHasPeople(Exception):
	"""The demonstration never mixes with people who are there already."""


def play(seed: int, echo: Echo, until: str = SIGNED) -> bool:
	"""Play the year on a site without people; whether every figure is as it must be.

	The last line echoed is one JSON object of the figures. With an earlier day (ISO) `until`, what comes after that
	day is not played and there is no such line. Raises SiteHasPeople and StepFailed.
	"""
	began = time.monotonic()
	check_nobody_is_there()
	password = secrets.token_urlsafe(9)
	year = Year(seed, Report(echo))
	setting.prepare(list(year.headcounts), password, seed)
	played = (chapters for day, chapters in year.days().items() if day <= until)
	for chapter in chain.from_iterable(played):
		chapter()
	setting.stand_on(until)
	for line in users.logins_table(password):
		echo(line)
	echo(f"Played in {time.monotonic() - began:.0f} s; the site stands on {until}.")
	return year.report.conclude(until) if until >= SIGNED else not year.report.wrong


def check_nobody_is_there() -> None:
	if frappe.db.count("Personnel"):
		raise SiteHasPeople(
			f"The site {frappe.local.site} has people; the demonstration wants a site without any. "
			"`make demo` makes a fresh one; on a bench: "
			"`bench new-site demo.localhost --install-app kupang_hr`, then `bench --site demo.localhost kupang-demo`."
		)


class Year:
	"""The chapters of the year, in their order."""

	def __init__(self, seed: int, report: Report) -> None:
		self.seed = seed
		self.report = report
		self.headcounts = figures.headcounts()
		self.raters = {opd: users.rater_of(opd) for opd in self.headcounts}
		self.crucial = set(crucial_opds())
		self.attendance = Attendance(self)

	def days(self) -> Mapping[str, tuple[Callable[[], None], ...]]:
		"""The chapters by the day on which they are over, in their order."""
		measured = self.attendance
		return {
			OPENING: (self.settle, self.open_round),
			ROTA_MADE: (measured.prepare, measured.make_rota),
			REMINDER: (self.remind,),
			RATING: (self.rate,),
			ORDER_SIGNED: (self.order_stand_down,),
			str(DECEMBER_END): (measured.measure_december,),
			EXPIRY: (self.expire,),
			LEAVING[1]: (self.record_leavers,),
			STAND_DOWN: (self.stand_down,),
			RECOMMENDATION: (self.recommend,),
			str(JANUARY_END): (measured.measure_january, measured.seal, measured.first_closing),
			SIGNED: (
				self.decree_terminations,
				self.decree_reappointments,
				lambda: measured.second_closing(SIGNED),
				self.close,
			),
		}

	def settle(self) -> None:
		invented = people.invent(self.headcounts, self.seed)
		names = people.save(invented, 2020)
		self.people = dict(zip(names, invented, strict=True))
		self.story = story.tell(self.people, self.crucial, self.seed)
		people.save_servants(people.invent_servants(figures.asn_headcounts(), self.seed))
		self.link_self_service()
		rebuild_for_doctype("Personnel")
		frappe.db.commit()
		self.report.see(
			"2020-01-01",
			"people with a contract for 2020",
			"people",
			figures.contract_statuses(LAST_DAY_OF_SERVICE).get("Active", 0),
		)
		self.report.see("2020-01-01", "OPDs with people", "opds", figures.opds_with_people())

	def link_self_service(self) -> None:
		"""One PTT who stays logs in too."""
		person = next(
			name
			for name, person in self.people.items()
			if person.opd == users.SELF_SERVICE_OPD
			and name not in self.story.leavers
			and name not in self.story.worst
		)
		with acting(BKPPD_CLERK, OPENING):
			doc = frappe.get_doc("Personnel", person)
			doc.user = users.SELF_SERVICE
			doc.save()

	def open_round(self) -> None:
		with acting(BKPPD_CLERK, OPENING):
			round_doc = frappe.get_doc(
				{
					"doctype": "Renewal Round",
					"year": 2021,
					"rating_deadline": RATING_DEADLINE,
					"recommendation_deadline": RECOMMENDATION_DEADLINE,
				}
			).insert()
			frappe.db.commit()
		self.round = round_doc.name
		do(BKPPD_CLERK, OPENING, "open", round=self.round)
		self.report.figure(
			OPENING, "renewals opened as Draft", figures.states().get("Draft", 0), len(self.people)
		)
		self.report.changed(OPENING, "opening", lambda: do(BKPPD_CLERK, OPENING, "open", round=self.round))

	def remind(self) -> None:
		reminded = night(REMINDER)["remind_raters"]
		self.report.figure(REMINDER, "raters reminded", len(reminded), len(set(self.raters.values())))
		self.report.changed(REMINDER, "the night", lambda: night(REMINDER))

	def rate(self) -> None:
		"""Each OPD's own head types scores for its people, and rates them."""
		typed = {rater: self.score(rater) for rater in sorted(set(self.raters.values()))}
		for rater in typed:
			do(rater, RATING, "rate", round=self.round)
		self.report.see(RATING, "rated by their own OPD heads", "rated", figures.rated_by_own_head())
		self.report.figure(RATING, "renewals Rated", figures.states().get("Rated", 0), len(self.people))
		for rating, count in sorted(figures.ratings().items(), key=lambda row: -row[1]):
			self.report.note(RATING, f"of them {rating}", count)
		self.report.figure(RATING, "rated Buruk", figures.ratings().get("Buruk", 0), story.WORST)
		self.report.figure(RATING, "rated Buruk in crucial OPDs", figures.worst_in_crucial(self.crucial), 0)
		self.report.changed(RATING, "scoring and rating", lambda: self.rate_again(typed))

	def score(self, rater: str) -> dict[str, dict]:
		"""Type scores for everybody on the rater's list whom nobody nearer rates; what was typed, by appraisal."""
		dice = random.Random(f"scores {self.seed} {rater}")
		with acting(rater, RATING):
			rows = frappe.get_list(
				"Performance Appraisal",
				filters={"round": self.round, "docstatus": 0},
				fields=["name", "personnel", "attendance_score"],
				order_by="name asc",
				limit_page_length=0,
			)
		own = [row for row in rows if self.raters[self.people[row.personnel].opd] == rater]
		typed = {row.name: self.appraisal_of(row, dice) for row in own}
		do(rater, RATING, "score", round=self.round, scores=typed)
		return typed

	def appraisal_of(self, row: Any, dice: random.Random) -> dict:
		aim, unexcused = self.story.aims[row.personnel], self.people[row.personnel].days_unexcused
		return story.appraisal_of(aim, row.attendance_score, unexcused, dice)

	def rate_again(self, typed: Mapping[str, dict]) -> None:
		for rater, scores in typed.items():
			do(rater, RATING, "score", round=self.round, scores=scores)
			do(rater, RATING, "rate", round=self.round)

	def order_stand_down(self) -> None:
		"""The nightly step makes the letter ready in December; the head of BKPPD signs it."""
		self.order = night(ORDER_NIGHT)["prepare_stand_down"][0]
		with acting(BKPPD_HEAD, ORDER_SIGNED):
			order = frappe.get_doc("Stand Down Order", self.order)
			order.submit()
			frappe.db.commit()
		self.report.figure(ORDER_SIGNED, "stand-down takes effect on", str(order.effective_date), STAND_DOWN)
		self.report.figure(ORDER_SIGNED, "OPDs exempt", len(order.exempt_opds), len(self.crucial))

	def expire(self) -> None:
		night(EXPIRY)
		expired = figures.contract_statuses(LAST_DAY_OF_SERVICE).get("Expired", 0)
		self.report.see(EXPIRY, "contracts Expired in the night", "expired", expired)
		self.nobody_stood_down(EXPIRY)

	def nobody_stood_down(self, day: str) -> None:
		stood_down = figures.duty_statuses().get("Stood Down", 0) + sum(figures.outcomes().values())
		self.report.figure(day, "stood down so far", stood_down, 0)
		self.report.changed(day, "the night", lambda: night(day))

	def record_leavers(self) -> None:
		"""Found on two days, as the lists of the new employers come in; each day after its night."""
		leavers = list(self.story.leavers)
		found = {LEAVING[0]: leavers[::2], LEAVING[1]: leavers[1::2]}
		for day, names in found.items():
			night(day)
			self.nobody_stood_down(day)
			rows = {name: self.exit_of(name) for name in names}
			do(BKPPD_CLERK, day, "record-leavers", leavers=rows)
			self.report.changed(
				day, "recording leavers", lambda: do(BKPPD_CLERK, day, "record-leavers", leavers=rows)
			)
		withdrawn = figures.renewals_with("Withdrawn", "personnel_exit")
		self.report.see(LEAVING[1], "leavers recorded, their renewals Withdrawn", "withdrawn", withdrawn)

	def exit_of(self, name: str) -> dict[str, str]:
		return {"reason": self.story.leavers[name], "exit_date": LAST_DAY_OF_SERVICE}

	def stand_down(self) -> None:
		day = STAND_DOWN
		night(day)
		stood_down, kept = (
			figures.duty_statuses().get("Stood Down", 0),
			figures.outcomes().get("Kept on Duty", 0),
		)
		self.report.see(day, "Stood Down", "stood_down", stood_down)
		self.report.see(day, "kept on duty in crucial OPDs", "kept", kept)
		self.report.changed(day, "the night", lambda: night(day))
		self.report.changed(
			day, "the stand-down", lambda: do(BKPPD_HEAD, day, "stand-down", order=self.order)
		)

	def recommend(self) -> None:
		"""The mayor declines those rated Buruk one by one, and recommends everybody else at once."""
		with acting(MAYOR, RECOMMENDATION):
			worst = frappe.get_list(
				"Contract Renewal",
				filters={"round": self.round, "rating": "Buruk", "workflow_state": "Rated"},
				fields=["name", "appraisal"],
				order_by="name asc",
			)
			for row in worst:
				self.decline(row)
		do(MAYOR, RECOMMENDATION, "recommend", round=self.round)
		day, found = RECOMMENDATION, figures.states()
		self.report.see(day, "Mayor Recommended", "recommended", found.get("Mayor Recommended", 0))
		self.report.see(
			day, "declined, with reasons", "not_renewed", figures.renewals_with("Not Renewed", "reason")
		)
		self.report.changed(day, "recommending", lambda: do(MAYOR, day, "recommend", round=self.round))

	def decline(self, row: Any) -> None:
		reason = frappe.db.get_value("Performance Appraisal", row.appraisal, "reason")
		renewal = frappe.get_doc("Contract Renewal", row.name)
		renewal.perform("Decline", story.DECLINE_REASON.format(reason=reason))
		frappe.db.commit()

	def decree_terminations(self) -> None:
		self.decree("Termination", "terminate")
		self.report.see(
			SIGNED, "named by the Termination decree", "terminated", figures.signed_lines("Termination")
		)
		self.report.see(SIGNED, "Left", "left", figures.duty_statuses().get("Left", 0))

	def decree_reappointments(self) -> None:
		self.decree("Reappointment", "issue")
		self.report.see(
			SIGNED, "reappointed by decree, contracts for 2021", "reappointed", figures.reappointed()
		)
		self.report.see(SIGNED, "recalled to work", "recalled", figures.recalled())
		self.report.see(SIGNED, "On Duty in all", "on_duty", figures.duty_statuses().get("On Duty", 0))

	def decree(self, kind: str, action: str) -> None:
		"""Drafted and filled by the clerk, initialled in order, signed by the head of BKPPD, carried out."""
		name = self.draft(kind)
		self.report.changed(
			DRAFTED, f"gathering for the {kind}", lambda: do(BKPPD_CLERK, DRAFTED, "gather", decree=name)
		)
		for signer in users.PARAF.values():
			with acting(signer, PARAF):
				frappe.get_doc("Decree", name).give_paraf()
				frappe.db.commit()
		self.report.note(SIGNED, f"{kind} decree", self.sign(name))
		self.report.changed(SIGNED, f"the {kind}", lambda: do(BKPPD_HEAD, SIGNED, action, decree=name))

	def draft(self, kind: str) -> str:
		with acting(BKPPD_CLERK, DRAFTED):
			decree = frappe.get_doc(
				{"doctype": "Decree", "kind": kind, "round": self.round, "date_signed": SIGNED, "tmt": TMT}
			).insert()
			frappe.db.commit()
		do(BKPPD_CLERK, DRAFTED, "gather", decree=decree.name)
		return decree.name

	def sign(self, name: str) -> str:
		with acting(BKPPD_HEAD, SIGNED):
			decree = frappe.get_doc("Decree", name)
			decree.submit()
			frappe.db.commit()
			finish(decree.flags.run)
		return decree.decree_number

	def close(self) -> None:
		night(SIGNED)
		self.report.changed(SIGNED, "the night", lambda: night(SIGNED))
		self.report.figure(SIGNED, "errors logged", frappe.db.count("Error Log"), 0)
