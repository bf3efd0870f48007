"""The figures as JSON lines, each with what it is to reach."""

import json
import os
from collections.abc import Mapping
from typing import Any, TextIO

import frappe

TIMES_FASTER = 100
AT_MOST = {
	"times_plain_sql": 3,
	"time_per_person_ratio": 1.5,
	"queries_per_chunk_spread": 0,
}
PEAK_MB = 400  # at the large size


def engine() -> dict[str, str]:
	return {"engine": os.environ.get("KUPANG_ENGINE") or "Frappe", "version": frappe.__version__}


def compared(
	figure: str,
	people: int,
	best: Mapping[str, float],
	alone: Mapping[str, Any],
	times_faster: int = TIMES_FASTER,
) -> dict[str, Any]:
	"""The line of a step against documents, of which it is to be so many times faster, and plain SQL."""
	line = {
		"figure": figure,
		"people": people,
		"times_faster_than_documents": round(best["document"] / (best["step"] / people), 1),
		"times_plain_sql": round(best["step"] / best["plain_sql"], 2),
		"peak_mb": alone["peak_mb"],
		"seconds": round(best["step"], 3),
		"ms_per_document": round(best["document"] * 1000, 2),
	}
	return judged(line, AT_MOST, {"times_faster_than_documents": times_faster})


def scaled(figure: str, people: int, alone: Mapping[str, Any], small: float | None) -> dict[str, Any]:
	"""The line of a step for many people; `small`: seconds a person for few."""
	ratio = {"time_per_person_ratio": round(alone["seconds"] / people / small, 2)} if small else {}
	line = {"figure": figure, "people": people, **ratio, **alone, "seconds": round(alone["seconds"], 1)}
	return judged(line, {**AT_MOST, "peak_mb": PEAK_MB})


def judged(
	line: dict[str, Any], at_most: Mapping[str, float], at_least: Mapping[str, float] | None = None
) -> dict[str, Any]:
	"""The line with those of the limits that it has a figure for, and whether it keeps them."""
	at_most = {key: limit for key, limit in at_most.items() if key in line}
	at_least = dict(at_least or {})
	holds = all(line[key] <= limit for key, limit in at_most.items())
	holds = holds and all(line[key] >= limit for key, limit in at_least.items())
	return {**line, "target": at_least | at_most, "holds": holds}


def write(line: Mapping[str, Any], out: TextIO) -> None:
	print(json.dumps(line), file=out, flush=True)
