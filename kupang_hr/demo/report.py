"""The table of the year on the terminal, and its last line of JSON."""

import json
import os
from collections.abc import Callable, Collection, Mapping
from typing import Any

import frappe

from kupang_hr.demo import figures

Echo = Callable[[str], Any]


class Report:
	"""The table on the terminal: step, figure, what it must be. Figures by key were seen at their moment."""

	def __init__(self, echo: Echo) -> None:
		self.echo = echo
		self.seen: dict[str, int] = {}
		self.wrong: list[str] = []
		echo(f"{'date':<10}  {'step':<58}{'figure':>14}{'expected':>14}")

	def figure(self, day: str, text: str, found: Any, expected: Any) -> None:
		"""One line; a figure that is not what it must be is remembered."""
		right = found == expected
		if not right:
			self.wrong.append(text)
		verdict = "ok" if right else "WRONG"
		self.echo(f"{day}  {text:<58}{_plain(found):>14}{_plain(expected):>14}  {verdict}")

	def note(self, day: str, text: str, value: Any) -> None:
		"""A line that is told, not checked."""
		self.echo(f"{day}    {text:<56} {_plain(value)}")

	def see(self, day: str, text: str, key: str, found: int) -> None:
		"""A figure of the year, at the moment that the table of the issue names."""
		self.seen[key] = found
		self.figure(day, text, found, figures.EXPECTED[key])

	def changed(self, day: str, text: str, again: Callable[[], Any], besides: Collection[str] = ()) -> None:
		"""Do something that was done before; it must write nothing `besides` what is named."""
		before = figures.fingerprint()
		again()
		frappe.db.commit()
		after = figures.fingerprint()
		changed = [
			doctype for doctype in after if after[doctype] != before[doctype] and doctype not in besides
		]
		self.figure(day, f"{text}, started again: tables changed", len(changed), 0)
		if changed:
			self.echo(f"            {', '.join(changed)}")

	def conclude(self, day: str) -> bool:
		"""Compare what was seen with what is on file at the end and with the headcounts; the line of JSON."""
		on_file = figures.figures()
		found = {key: self.seen.get(key, on_file[key]) for key in figures.EXPECTED}
		self.figure(day, "figures not on file as they were seen", _differing(found, on_file), 0)
		self.figure(day, "figures that disagree with the headcounts", _differing(found, figures.derived()), 0)
		right = found == figures.EXPECTED and not self.wrong
		self.echo("All figures are right." if right else "WRONG: " + "; ".join(self.wrong))
		engine = {"engine": os.environ.get("KUPANG_ENGINE") or "Frappe", "version": frappe.__version__}
		self.echo(json.dumps(found | engine))
		return right


def _plain(value: Any) -> str:
	return f"{value:,}" if isinstance(value, int) else str(value)


def _differing(one: Mapping[str, int], other: Mapping[str, int]) -> int:
	return sum(one[key] != other[key] for key in other)
