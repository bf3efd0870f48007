"""What happens to the invented people in the year: who does well, who badly, who leaves. Pure, from a seed."""

import random
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from kupang_hr.demo.invention import Person
from kupang_hr.rules.appraisal import SCHEME_2020

WORST = 7
LEAVERS_OUTSIDE_CRUCIAL, LEAVERS_IN_CRUCIAL = 20, 3
LEAVING_REASONS = {
	"CPNS": 9,
	"BUMN": 4,
	"Other Employer": 3,
	"Moved Away": 4,
	"Resigned": 2,
	"Deceased": 1,
}

# Totals aimed at and how often, half a point inside the bands of the scheme, from Sangat Baik to Kurang.
AIMS = {(91.6, 96.0): 16, (76.6, 90.4): 64, (61.6, 75.4): 17, (51.6, 60.4): 3}
WORST_AIM = (34.0, 48.0)
LOW_BELOW = 61
WEIGHTS = {component.name: component.weight / 100 for component in SCHEME_2020.components}

LOW_REASONS = (
	"Pekerjaan sering tidak selesai pada waktunya dan harus diulang.",
	"Kerja sama dengan rekan kurang; tugas piket beberapa kali ditinggalkan.",
	"Mutu pekerjaan di bawah sasaran meskipun sudah dibina sepanjang tahun.",
	"Sering terlambat dan meninggalkan tempat tugas tanpa izin.",
)
DECLINE_REASON = "Penilaian kinerja Buruk: {reason}"


# Tuesday 29 December 2020 as the city's news told it: of 7,000 people 99 % at work, three sick, two on leave.
ABSENT = {"Sick": 3, "Leave": 2, "Unexcused": 65}


@dataclass(frozen=True)
class Story:
	"""By Personnel name: the total aimed at, who is rated Buruk, and why leavers leave."""

	aims: Mapping[str, float]
	worst: frozenset[str]
	leavers: Mapping[str, str]


def tell(people: Mapping[str, Person], crucial: Set[str], seed: int) -> Story:
	"""The story of these people; the worst sit outside the crucial OPDs and do not leave."""
	dice = random.Random(f"story {seed}")
	outside = [name for name, person in people.items() if person.opd not in crucial]
	inside = [name for name, person in people.items() if person.opd in crucial]
	worst = frozenset(sorted(outside, key=lambda name: -people[name].days_unexcused)[:WORST])
	staying = [name for name in outside if name not in worst]
	leaving = dice.sample(staying, LEAVERS_OUTSIDE_CRUCIAL) + dice.sample(inside, LEAVERS_IN_CRUCIAL)
	reasons = [reason for reason, count in LEAVING_REASONS.items() for _ in range(count)]
	dice.shuffle(reasons)
	aims = {name: dice.uniform(*(WORST_AIM if name in worst else _aim(dice))) for name in people}
	return Story(aims, worst, dict(zip(leaving, reasons, strict=True)))


def _aim(dice: random.Random) -> tuple[float, float]:
	return dice.choices(list(AIMS), list(AIMS.values()))[0]


def appraisal_of(aim: float, attendance: float, unexcused: int, dice: random.Random) -> dict:
	"""What a head types for somebody: scores that come to the total aimed at, given the attendance score.

	In the form of the mass step "score"; low totals come with a reason.
	"""
	work_weight, behaviour_weight, attendance_weight = WEIGHTS.values()
	typed = aim - attendance_weight * attendance
	work = _score(typed / (work_weight + behaviour_weight) + dice.uniform(-4, 4))
	behaviour = _score((typed - work_weight * work) / behaviour_weight)
	names = list(WEIGHTS)
	row = {"scores": {names[0]: str(work), names[1]: str(behaviour)}, "recommendation": "Renew"}
	if aim < LOW_BELOW:
		row["reason"] = low_reason(unexcused, dice)
	if aim <= WORST_AIM[1]:
		row["recommendation"] = "Do Not Renew"
	return row


def _score(value: float) -> int:
	return min(max(round(value), 0), 100)


def low_reason(unexcused: int, dice: random.Random) -> str:
	absent = f" Tidak hadir tanpa keterangan {unexcused} hari." if unexcused else ""
	return dice.choice(LOW_REASONS) + absent


def absent(names: Sequence[str], seed: int) -> dict[str, list[str]]:
	"""Who is not there on the day of the news, by why."""
	chosen = random.Random(f"absent {seed}").sample(names, sum(ABSENT.values()))
	found = {}
	for why, count in ABSENT.items():
		found[why], chosen = chosen[:count], chosen[count:]
	return found
