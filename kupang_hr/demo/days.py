"""Attendance of the invented people, from a seed: who is in, when, from where. Pure.

A day is told as the rows that e-Kinerja would send: an entry and a leaving for each person at work.
"""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

# The city and its surroundings, as a simple polygon round it: longitude, latitude.
CITY = (
	(123.535, -10.130),
	(123.690, -10.120),
	(123.720, -10.190),
	(123.690, -10.270),
	(123.560, -10.260),
	(123.520, -10.200),
)
CENTRE = (-10.1772, 123.6070)
METRE = 1 / 111_320  # in degrees, near enough for a demonstration
OFFICE_SPREAD, HOME_SPREAD = 0.030, 0.035  # degrees round the centre
FRIDAY = 4
STARTS, ENDS, FRIDAY_ENDS = time(7, 30), time(16, 0), time(16, 30)
LATE_SHARE, EARLY_SHARE, FORGOTTEN_SHARE, ABSENT_SHARE = 0.012, 0.006, 0.004, 0.003


@dataclass(frozen=True)
class Worker:
	"""Who punches: Personnel name, the point of the office, and the one at home."""

	name: str
	office: tuple[float, float]
	home: tuple[float, float]


def boundary() -> dict[str, Any]:
	"""The city's boundary as GeoJSON."""
	return {"type": "Polygon", "coordinates": [[list(point) for point in (*CITY, CITY[0])]]}


def point(label: str, spread: float) -> tuple[float, float]:
	"""A place in the city, always the same for the same label."""
	dice = random.Random(label)
	return tuple(round(middle + dice.uniform(-spread, spread), 6) for middle in CENTRE)


def workers(opds: Mapping[str, str]) -> list[Worker]:
	"""The workers, by person their OPD."""
	return [
		Worker(name, point(f"office {opd}", OFFICE_SPREAD), point(f"home {name}", HOME_SPREAD))
		for name, opd in opds.items()
	]


def punctual_day(day: date, people: Sequence[Worker], in_office: Collection[str]) -> Iterator[dict]:
	"""Everybody comes in time and stays to the end; who is not in the office works from home."""
	for worker in people:
		dice = random.Random(f"{worker.name} {day}")
		mode = "WFO" if worker.name in in_office else "WFH"
		yield _row(worker, day, "In", _before(day, STARTS, dice), mode, dice)
		yield _row(worker, day, "Out", _after(day, _end(day), dice), mode, dice)


def usual_day(
	day: date, people: Sequence[Worker], in_office: Collection[str] | None = None
) -> Iterator[dict]:
	"""A few are late, leave early, forget an entry or do not come at all. Who is not `in_office` works at home."""
	for worker in people:
		dice = random.Random(f"{worker.name} {day}")
		if dice.random() < ABSENT_SHARE:
			continue
		late, early = dice.random() < LATE_SHARE, dice.random() < EARLY_SHARE
		forgotten = dice.choice(("In", "Out")) if dice.random() < FORGOTTEN_SHARE else None
		came = _after(day, STARTS, dice, 90) if late else _before(day, STARTS, dice)
		left = _before(day, _end(day), dice, 90) if early else _after(day, _end(day), dice)
		mode = "WFO" if in_office is None or worker.name in in_office else "WFH"
		if forgotten != "In":
			yield _row(worker, day, "In", came, mode, dice)
		if forgotten != "Out":
			yield _row(worker, day, "Out", left, mode, dice)


def _end(day: date) -> time:
	return FRIDAY_ENDS if day.weekday() == FRIDAY else ENDS


def _before(day: date, moment: time, dice: random.Random, most: int = 40) -> datetime:
	return datetime.combine(day, moment) - timedelta(
		minutes=dice.randint(1, most), seconds=dice.randint(0, 59)
	)


def _after(day: date, moment: time, dice: random.Random, most: int = 40) -> datetime:
	return datetime.combine(day, moment) + timedelta(
		minutes=dice.randint(1, most), seconds=dice.randint(0, 59)
	)


def _row(worker: Worker, day: date, direction: str, at: datetime, mode: str, dice: random.Random) -> dict:
	latitude, longitude = worker.office if mode == "WFO" else worker.home
	return {
		"personnel": worker.name,
		"at": at.isoformat(sep=" "),
		"direction": direction,
		"mode": mode,
		"latitude": round(latitude + dice.uniform(-40, 40) * METRE, 7),
		"longitude": round(longitude + dice.uniform(-40, 40) * METRE, 7),
		"accuracy": dice.randint(4, 30),
		"source_id": f"{worker.name}-{day}-{direction}",
	}
