"""Invented staff of the city: the same people for the same seed, believable for Kupang, none of them real."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kupang_hr.demo import words

YOUNGEST, USUAL_AGE, OLDEST = 20, 29, 57
AGE_OF_DEGREE = {"D3": 22, "D4": 23, "S1": 23, "S2": 26, "Profesi": 25}
LAST_ADMITTED_SHARE = 0.2
STRUCTURAL_EACH = 10
USUAL_PAY = {
	"SD": 1_900_000,
	"SMP": 1_900_000,
	"D3": 2_050_000,
	"D4": 2_100_000,
	"S1": 2_100_000,
	"S2": 2_200_000,
}
BASE_PAY, PROFESSION_PAY = 2_000_000, 2_500_000


@dataclass(frozen=True)
class Person:
	"""One PTT with the year's attendance. Pay in rupiah a month, attendance in days."""

	full_name: str
	gender: str
	birth_place: str
	birth_date: date
	nik: str
	opd: str
	position: str
	job_group: str
	education_level: str
	field_of_study: str | None
	first_appointment_year: int
	monthly_pay: int
	bank_name: str
	bank_account: str
	days_expected: int
	days_present: int
	days_unexcused: int


@dataclass(frozen=True)
class Servant:
	"""One civil servant (ASN): measured with everybody else, without a contract or pay in this system."""

	full_name: str
	gender: str
	birth_place: str
	birth_date: date
	nip: str
	opd: str
	position: str
	job_group: str
	education_level: str
	is_structural: bool


def invent_servants(headcounts: Mapping[str, int], seed: int, year: int = 2020) -> list[Servant]:
	"""So many civil servants for each OPD; one in `STRUCTURAL_EACH` holds a structural post."""
	dice = random.Random(f"asn {seed}")
	nips: Counter[str] = Counter()
	return [
		_servant(opd, number, year, dice, nips)
		for opd, count in headcounts.items()
		for number in range(count)
	]


def _servant(opd: str, number: int, year: int, dice: random.Random, nips: Counter) -> Servant:
	gender = dice.choices((words.MALE, words.FEMALE), (52, 48))[0]
	job = _job(opd, dice)
	level = dice.choices(*zip(*words.LEVELS[job.levels].items(), strict=True))[0]
	born = _birth_date(year, AGE_OF_DEGREE.get(level, YOUNGEST), dice)
	is_structural = number % STRUCTURAL_EACH == 0
	return Servant(
		full_name=_full_name(gender, dice),
		gender=gender,
		birth_place=_weighted(dice, words.BIRTH_PLACES)[0],
		birth_date=born,
		nip=_nip(born, _first_year(born, year, dice), gender, dice, nips),
		opd=opd,
		position="Pejabat Struktural" if is_structural else job.position,
		job_group=job.group,
		education_level=level,
		is_structural=is_structural,
	)


def _nip(born: date, start: int, gender: str, dice: random.Random, nips: Counter) -> str:
	"""Birth, month of appointment, sex, and the next serial of those who share them."""
	prefix = f"{born:%Y%m%d}{start}{dice.choice((1, 3, 4, 12)):02d}{1 if gender == words.MALE else 2}"
	nips[prefix] += 1
	return f"{prefix}{nips[prefix]:03d}"


def invent(headcounts: Mapping[str, int], seed: int, year: int = 2020) -> list[Person]:
	"""So many people for each OPD, working in `year`; the same arguments give the same people."""
	dice = random.Random(seed)
	niks: Counter[str] = Counter()
	opds = [opd for opd, count in headcounts.items() for _ in range(count)]
	return [_person(opd, number, year, dice, niks) for number, opd in enumerate(opds, 1)]


def _person(opd: str, number: int, year: int, dice: random.Random, niks: Counter) -> Person:
	gender = dice.choices((words.MALE, words.FEMALE), (58, 42))[0]
	place, region, _share = _weighted(dice, words.BIRTH_PLACES)
	job = _job(opd, dice)
	level = dice.choices(*zip(*words.LEVELS[job.levels].items(), strict=True))[0]
	born = _birth_date(year, AGE_OF_DEGREE.get(level, YOUNGEST), dice)
	expected, present, unexcused = _attendance(dice)
	return Person(
		full_name=_full_name(gender, dice),
		gender=gender,
		birth_place=place,
		birth_date=born,
		nik=_nik(region, born, gender, dice, niks),
		opd=opd,
		position=job.position,
		job_group=job.group,
		education_level=level,
		field_of_study=_field_of_study(job, level, dice),
		first_appointment_year=_first_year(born, year, dice),
		monthly_pay=PROFESSION_PAY if level == "Profesi" else USUAL_PAY.get(level, BASE_PAY),
		bank_name="Bank NTT",
		bank_account=f"001{dice.randrange(10, 99)}{number:07d}",
		days_expected=expected,
		days_present=present,
		days_unexcused=unexcused,
	)


def _weighted(dice: random.Random, rows: Sequence[tuple]) -> tuple:
	"""One of the rows, whose last column says how often."""
	return dice.choices(rows, [row[-1] for row in rows])[0]


def _full_name(gender: str, dice: random.Random) -> str:
	given = dice.sample(words.GIVEN_NAMES[gender], dice.choices((1, 2), (45, 55))[0])
	return " ".join((*given, dice.choice(words.FAMILY_NAMES)))


def _birth_date(year: int, youngest: int, dice: random.Random) -> date:
	age = dice.triangular(youngest + 0.01, OLDEST - 0.01, USUAL_AGE)
	return date(year, 1, 1) - timedelta(days=int(age * 365.25))


def _nik(region: str, born: date, gender: str, dice: random.Random, niks: Counter) -> str:
	"""Region with its kecamatan, date of birth (women: day + 40), and the next serial of that day there."""
	if dice.random() < 0.6:
		region = words.KUPANG_REGION  # moved to the city before the number was issued
	day = born.day + (40 if gender == words.FEMALE else 0)
	prefix = f"{region}{dice.randint(1, 6):02d}{day:02d}{born:%m%y}"
	niks[prefix] += 1
	return f"{prefix}{niks[prefix]:04d}"


def _job(opd: str, dice: random.Random) -> words.Job:
	jobs = words.JOBS.get(opd) or words.JOBS.get(opd.split()[0]) or words.OFFICE_JOBS
	return dice.choices(jobs, [job.share for job in jobs])[0]


def _field_of_study(job: words.Job, level: str, dice: random.Random) -> str | None:
	if level in ("SD", "SMP"):
		return None
	school, higher = words.FIELDS[job.subject]
	return dice.choice(school if level == "SMA/SMK" else higher)


def _first_year(born: date, year: int, dice: random.Random) -> int:
	"""The year of first appointment: within fifteen years, of age, a good share in the last one."""
	first, last = max(year - 15, born.year + 19), year - 1
	if first >= last or dice.random() < LAST_ADMITTED_SHARE:
		return last
	return dice.randint(first, last)


def _attendance(dice: random.Random) -> tuple[int, int, int]:
	"""Days expected, present and unexcused; absence is rare and mostly excused."""
	expected = dice.randint(236, 243)
	absent = min(int(dice.expovariate(1 / 7)), 60)
	unexcused = min(absent, int(dice.expovariate(1 / 2))) if dice.random() < 0.25 else 0
	return expected, expected - absent, unexcused
