"""`python -m benchmarks`: what the package's docstring says, on the site that KUPANG_SITE names."""

import argparse
import os
import sys
from collections.abc import Collection
from functools import partial
from typing import Any, TextIO

import frappe

import benchmarks
from benchmarks import attended, compare, imports, letters, pages, profiling, report, tour, world
from benchmarks.clock import CLOCKS
from benchmarks.site import connect
from benchmarks.snapshot import Snapshot
from benchmarks.steps import OF_ATTENDANCE, STEPS, MassStep

FEW, MANY, ATTENDING = 2_180, 100_000, 7_000
OF_THE_DESK = ("import_people", "pages")
OF_MANY = ("open", "score", "rate", "expire", "stand_down", "recommend", "gather", "issue")
KNOWN = (*STEPS, *attended.FIGURES, *letters.FIGURES, *OF_THE_DESK)


class Benchmark:
	def __init__(self, arguments: argparse.Namespace, out: TextIO) -> None:
		self.arguments = arguments
		self.out = out
		self.clock = "processor" if arguments.processor else "wall"
		self.per_person: dict[str, float] = {}
		self.missed = 0

	def run(self) -> None:
		self.write(report.engine())
		rarer = () if self.arguments.all else attended.RARER
		wanted = self.arguments.only or [figure for figure in KNOWN if figure not in rarer]
		self.of_the_year([figure for figure in wanted if figure in STEPS and figure not in OF_ATTENDANCE])
		attendance = [figure for figure in wanted if figure in (*OF_ATTENDANCE, *attended.FIGURES)]
		if attendance and not self.arguments.many_only:
			self.of_attendance(attendance)
		self.of_letters([figure for figure in wanted if figure in letters.FIGURES])
		self.of_the_desk(wanted)

	def of_letters(self, wanted: Collection[str]) -> None:
		for people in (letters.PEOPLE,) if self.arguments.quick else (letters.PEOPLE, letters.MANY):
			if wanted:
				say(f"settling a decree that names {people} people")
				letters.settle(people)
			for figure in wanted:
				say(f"{figure}: {people} people")
				self.write(letters.measure(figure, people))

	def of_the_desk(self, wanted: Collection[str]) -> None:
		if "import_people" in wanted:
			say("import_people: the city by Frappe's Data Import")
			self.write(imports.measure())
		sizes = (pages.PEOPLE, pages.MANY)[self.arguments.many_only : 1 if self.arguments.quick else 2]
		for people in sizes if "pages" in wanted else ():
			say(f"pages: of a city of {people} people")
			for line in pages.lines(people):
				self.write(line)

	def of_the_year(self, wanted: Collection[str]) -> None:
		if wanted and not self.arguments.many_only:
			self.settle(FEW)
			tour.visit(tour.SETTLED, wanted, FEW, partial(self.few, FEW), repeats=True)
		many = [figure for figure in wanted if self.arguments.all or figure in OF_MANY]
		if many and not self.arguments.quick:
			self.settle(MANY)
			tour.visit(tour.SETTLED, many, MANY, self.many, repeats=False)

	def of_attendance(self, wanted: Collection[str]) -> None:
		say(f"settling {ATTENDING} people who worked a month")
		world.settle_attendance()
		steps = [figure for figure in wanted if figure in OF_ATTENDANCE]
		tour.visit(tour.WORKED, steps, ATTENDING, partial(self.few, ATTENDING), repeats=True)
		for figure, measure in attended.FIGURES.items():
			if figure in wanted:
				say(f"{figure}: in turns with what it is compared to")
				self.write(measure(self.arguments.rounds))

	def settle(self, people: int) -> None:
		say(f"settling {people} people")
		world.settle(people)

	def few(self, people: int, step: MassStep, snapshot: Snapshot) -> None:
		say(f"{step.figure}: documents, mass step and plain SQL in turns")
		best = compare.in_turns(step, snapshot, people, self.arguments.rounds, CLOCKS[self.clock]())
		self.per_person[step.figure] = best["step"] / people
		if self.arguments.profile:
			profiling.profile(step, people, sys.stderr)
			snapshot.restore()
		alone = compare.by_itself(step, people, self.clock)
		self.write(report.compared(step.figure, people, best, alone, step.times_faster))

	def many(self, step: MassStep, _snapshot: Snapshot | None) -> None:
		say(f"{step.figure}: {MANY} people")
		alone = compare.by_itself(step, MANY, self.clock)
		self.write(report.scaled(step.figure, MANY, alone, self.per_person.get(step.figure)))

	def write(self, line: dict[str, Any]) -> None:
		report.write(line, self.out)
		self.missed += line.get("holds") is False

	def status(self) -> int:
		"""The exit status, once all lines are written: 1 when one of them misses what it is to reach."""
		if self.missed:
			say(f'{self.missed} of the lines miss what they are to reach (`"holds": false`)')
		return int(self.missed > 0)


def say(text: str) -> None:
	print(text, file=sys.stderr, flush=True)


def main(arguments: Collection[str] | None = None) -> int:
	parser = argparse.ArgumentParser(
		prog="python -m benchmarks",
		description=benchmarks.__doc__,
		formatter_class=argparse.RawDescriptionHelpFormatter,
	)
	parser.add_argument("--quick", action="store_true", help="leave the large sizes out")
	parser.add_argument("--only", action="append", choices=KNOWN, metavar="FIGURE", help=", ".join(KNOWN))
	parser.add_argument(
		"--all", action="store_true", help=f"also the rarer steps with {MANY} people, and the logins"
	)
	parser.add_argument("--rounds", type=int, default=3, help="how often at the small size; the best counts")
	parser.add_argument("--profile", action="store_true", help="tell on standard error where the time goes")
	parser.add_argument("--processor", action="store_true", help="processor time, for a busy machine")
	parser.add_argument("--many-only", action="store_true", help="only the large sizes, without a ratio")
	options = parser.parse_args(arguments)
	out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
	sys.stdout = sys.stderr  # whatever Frappe prints is no figure
	connect()
	benchmark = Benchmark(options, out)
	try:
		benchmark.run()
	finally:
		frappe.destroy()
	return benchmark.status()


if __name__ == "__main__":
	sys.exit(main())
