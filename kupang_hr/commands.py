"""The app's bench commands."""

import json
from dataclasses import asdict

import click
import frappe
from frappe.commands import get_site, pass_context


@click.command("kupang-year-end")
@click.option("--as-of", "day", default=None, help="Work as of this date, YYYY-MM-DD; today without it.")
@pass_context
def year_end(context, day: str | None) -> None:
	"""Expire contracts, prepare and carry out the stand-down, remind raters: all that is due on a date.

	All of it is done when this ends, without a worker; exit 1 if somebody could not be done.
	"""
	from kupang_hr.cycle.year_end import finish_all, run_all

	with _site(context):
		steps = run_all(_day(day))
		runs = finish_all(steps)
		click.echo(json.dumps(steps, indent=1, default=str))
	if any(run["failed"] or run["status"] != "Completed" for run in runs):
		raise SystemExit(1)


@click.command("kupang-demo")
@click.option("--check", is_flag=True, help="Print the figures and fail if one of them is wrong.")
@click.option("--seed", default=2021, show_default=True, help="The seed of the invented people.")
@click.option("--until", default=None, help="Play up to this day, YYYY-MM-DD; the whole year without it.")
@pass_context
def demo(context, check: bool, seed: int, until: str | None) -> None:
	"""Fill a site with invented people and play the year 2020/2021 with them. Never on a site with people."""
	from kupang_hr.demo.acting import StepFailed
	from kupang_hr.demo.year import SIGNED, SiteHasPeople, play

	with _site(context):
		try:
			figures_are_right = play(seed=seed, echo=click.echo, until=_day(until) or SIGNED)
		except (SiteHasPeople, StepFailed) as refused:
			raise click.ClickException(str(refused)) from None
	if check and not figures_are_right:
		raise SystemExit(1)


@click.command("kupang-verify-attendance")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--printed-seal", default=None, help="A seal from a daily report, to be found in the chain.")
@pass_context
def verify_attendance(context, as_json: bool, printed_seal: str | None) -> None:
	"""Name every punch and seal that was changed, removed or inserted behind the app's back; exit 1 if any was."""
	from kupang_hr.attendance.evidence import check
	from kupang_hr.attendance.findings import in_words

	with _site(context):
		found = check(printed_seal)
		click.echo(json.dumps(asdict(found), indent=1) if as_json else "\n".join(in_words(found)))
	if found:
		raise SystemExit(1)


class _site:
	"""A connected site, committed at the end, as Administrator."""

	def __init__(self, context) -> None:
		self.site = get_site(context)

	def __enter__(self) -> None:
		frappe.init(site=self.site)
		frappe.connect()

	def __exit__(self, kind, *_rest) -> None:
		if kind is None:
			frappe.db.commit()
		frappe.destroy()


def _day(text: str | None) -> str | None:
	if not text:
		return None
	try:
		return frappe.utils.getdate(text).isoformat()
	except Exception:
		raise click.BadParameter(f"{text} is not a date; write YYYY-MM-DD.") from None


commands = [year_end, demo, verify_attendance]
