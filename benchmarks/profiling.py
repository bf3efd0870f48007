"""Where the time of a step goes: by Python function, and by kind of statement."""

import cProfile
import pstats
import re
import time
from collections import Counter
from typing import TextIO

from benchmarks.record import recording
from benchmarks.steps import MassStep

KIND = re.compile(rb"^(\w+)(?:.*?(`tab[^`]+`))?", re.DOTALL)


def profile(step: MassStep, people: int, out: TextIO) -> None:
	"""Do the step under the profiler; print the costliest functions by processor time, and the statements."""
	criterion = step.criterion()
	profiler = cProfile.Profile(time.process_time)
	with recording() as recorder:
		profiler.enable()
		step.run(people, criterion)
		profiler.disable()
	print(f"\n===== {step.figure}", file=out)
	stats = pstats.Stats(profiler, stream=out)
	stats.sort_stats("tottime").print_stats(16)
	stats.sort_stats("cumulative").print_stats("kupang_hr|pymysql/cursors|redis", 40)
	_print_statements(recorder, out)


def _print_statements(recorder, out: TextIO) -> None:
	sent, took = Counter(), Counter()
	for (text, _rows), seconds in zip(recorder.statements, recorder.seconds, strict=True):
		kind = b" ".join(filter(None, KIND.match(text.strip()).groups())).decode()
		sent[kind] += 1
		took[kind] += seconds
	print(f"{sum(sent.values())} statements, {sum(took.values()):.3f} s", file=out)
	for kind, seconds in took.most_common(14):
		print(f"{sent[kind]:6} {seconds:8.3f} s  {kind}", file=out)
