"""The benchmarks' own verdict: all lines are written, and a missed limit is told by the exit status."""

import json
from argparse import Namespace
from io import StringIO

import pytest

from benchmarks import report
from benchmarks.__main__ import Benchmark


@pytest.mark.parametrize(("seconds", "status"), [((1.9, 2, 0.1), 0), ((1.9, 2.1, 0.1), 1), ((3, 3, 3), 1)])
def test_a_missed_limit_ends_well_or_before_the_last_line(seconds, status):
	out = StringIO()
	benchmark = Benchmark(Namespace(processor=False), out)
	benchmark.write({"engine": "Frappe"})
	for each in seconds:
		benchmark.write(report.judged({"figure": "pages", "seconds": each}, {"seconds": 2}))
	assert benchmark.status() == status
	written = [json.loads(line) for line in out.getvalue().splitlines()]
	assert [line.get("seconds") for line in written] == [None, *seconds]
