"""Where the time of a step goes: by Python function, and by statement."""

import cProfile
import pstats
from typing import TextIO

from benchmarks.steps import MassStep


def profile(step: MassStep, people: int, out: TextIO) -> None:
	"""Do the step under the profiler and print the costliest functions."""
	criterion = step.criterion()
	profiler = cProfile.Profile()
	profiler.enable()
	step.run(people, criterion)
	profiler.disable()
	stats = pstats.Stats(profiler, stream=out)
	stats.sort_stats("tottime").print_stats(18)
	stats.sort_stats("cumulative").print_stats("kupang_hr|pymysql/cursors|redis", 30)
