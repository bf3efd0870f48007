"""The way through the year on which every mass step finds the state that it starts from."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from benchmarks import world
from benchmarks.snapshot import Snapshot
from benchmarks.steps import STEPS, MassStep


@dataclass(frozen=True)
class Stage:
	"""A state of the city: what is to be prepared in it, and the steps that start from it, with where they lead."""

	departures: tuple[tuple[str, "Stage | None"], ...]
	prepare: Callable[[], None] | None = None

	def figures(self) -> Iterator[str]:
		for figure, reached in self.departures:
			yield figure
			if reached:
				yield from reached.figures()


def _signed() -> None:
	world.sign_decree(world.REAPPOINTMENT)


def _drafted() -> None:
	world.draft_decree(world.REAPPOINTMENT)


# The step that the year goes on with comes last in each stage.
_GATHERED = Stage((("issue", None),), _signed)
_RECOMMENDED = Stage((("return", None), ("gather", _GATHERED)), _drafted)
_HELD = Stage((("release", None),))
_DECLINED = Stage((("terminate", None),), world.gather_terminations)
_STOOD_DOWN = Stage((("decline", _DECLINED), ("hold", _HELD), ("recommend", _RECOMMENDED)))
_EXPIRED = Stage((("stand_down", _STOOD_DOWN),))
_RATED = Stage((("record_leavers", None), ("expire", _EXPIRED)), world.order_stand_down)
_SCORED = Stage((("rate", _RATED),))
_OPENED = Stage((("score", _SCORED),))
SETTLED = Stage((("open", _OPENED),))
_BUILT = Stage((("close_period", None),), world.build_logs)
WORKED = Stage((("rebuild_days", _BUILT),))


def visit(
	stage: Stage,
	wanted: Collection[str],
	people: int,
	measure: Callable[[MassStep, Snapshot | None], None],
	repeats: bool,
	depth: int = 0,
) -> None:
	"""Walk from `stage` to every wanted step and measure it there.

	`measure(step, snapshot)` leaves the step done. With `repeats` it gets a snapshot of the state to restore.
	"""
	if stage.prepare:
		stage.prepare()
	ways = [
		(figure, reached)
		for figure, reached in stage.departures
		if figure in wanted or (reached and set(reached.figures()) & set(wanted))
	]
	snapshot = Snapshot(depth) if repeats or len(ways) > 1 else None
	for place, (figure, reached) in enumerate(ways):
		if place:
			snapshot.restore()
		if figure in wanted:
			measure(STEPS[figure], snapshot)
		else:
			STEPS[figure].run(people)
		if reached:
			visit(reached, wanted, people, measure, repeats, depth + 1)
	if snapshot:
		snapshot.drop()
