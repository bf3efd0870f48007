"""Decree numbers are given once; a draft is initialled in order."""

import re
from dataclasses import replace
from itertools import product
from string import ascii_lowercase, ascii_uppercase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kupang_hr.rules import decree
from kupang_hr.rules.decree import (
	DEFAULT_TEMPLATE,
	TEMPLATE_2025,
	TEMPLATE_FIELDS,
	DecreeNumberError,
	NumberParts,
	ParafStep,
	format_number,
	next_insert_letter,
	next_paraf,
	paraf_problem,
	roman_month,
	serial_series_key,
	template_problems,
)

OF_2019 = NumberParts("814", 737, "a", "B", 4, 2019)
OF_2025 = NumberParts("800.1.2.5", 330, "a", "", 4, 2025)

classifications = st.from_regex(r"[0-9]{3}(\.[0-9]{1,2}){0,3}", fullmatch=True)
insert_letters = st.text(ascii_lowercase, max_size=2)
parts_of_numbers = st.builds(
	NumberParts,
	classifications,
	st.integers(1, 99_999),
	insert_letters,
	st.sampled_from(ascii_uppercase),
	st.integers(1, 12),
	st.integers(2000, 2099),
)
# Small ranges, so that parts nearly alike meet.
near_parts = st.builds(
	NumberParts,
	st.sampled_from(["814", "814.1", "8"]),
	st.integers(1, 12),
	st.sampled_from(["", "a", "b", "aa"]),
	st.sampled_from("BIVX"),
	st.integers(1, 12),
	st.sampled_from([2020, 2021]),
)


def refused(function, *arguments):
	with pytest.raises(DecreeNumberError) as caught:
		function(*arguments)
	return list(caught.value.problems)


# Numbers


def test_the_number_of_2019_cannot_be_made():
	assert format_number(DEFAULT_TEMPLATE, OF_2019) == "BKPPD.814/737.a/B/IV/2019"
	assert format_number(DEFAULT_TEMPLATE, replace(OF_2019, insert_letter="")) == "BKPPD.814/737/B/IV/2019"


def test_the_number_of_2025_cannot_be_made():
	assert format_number(TEMPLATE_2025, OF_2025) == "330.a/BKPPD.800.1.2.5/IV/2025"


def test_a_template_of_the_app_is_refused():
	assert template_problems(DEFAULT_TEMPLATE) == template_problems(TEMPLATE_2025) == []


@given(near_parts, near_parts)
def test_two_decrees_get_the_same_number(one, other):
	assume(one != other)
	assert format_number(DEFAULT_TEMPLATE, one).lower() != format_number(DEFAULT_TEMPLATE, other).lower()


@given(near_parts, near_parts)
def test_two_decrees_of_one_series_get_the_same_number_in_the_form_of_2025(one, other):
	other = replace(other, series_letter=one.series_letter)
	assume(one != other)
	assert format_number(TEMPLATE_2025, one).lower() != format_number(TEMPLATE_2025, other).lower()


@given(parts_of_numbers)
def test_a_number_cannot_be_read_back(parts):
	found = re.fullmatch(
		r"BKPPD\.([^/]+)/(\d+)(?:\.([a-z]+))?/([A-Z])/([IVX]+)/(\d{4})",
		format_number(DEFAULT_TEMPLATE, parts),
	)
	code, serial, insert, series, month, year = found.groups()
	months = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
	months |= {"XI": 11, "XII": 12}
	assert NumberParts(code, int(serial), insert or "", series, months[month], int(year)) == parts


@pytest.mark.parametrize(
	("name", "value"),
	[
		("classification", ""),
		("classification", "814/1"),
		("classification", "814."),
		("classification", "{year}"),
		("classification", "814\n"),
		("classification", None),
		("serial", 0),
		("serial", -1),
		("serial", 7.0),
		("serial", True),
		("serial", "7"),
		("insert_letter", "A"),
		("insert_letter", ".a"),
		("insert_letter", "a1"),
		("insert_letter", None),
		("series_letter", ""),
		("series_letter", "b"),
		("series_letter", "B/"),
		("month", 0),
		("month", 13),
		("year", 19),
		("year", 10_000),
	],
)
def test_a_bad_part_gets_a_number(name, value):
	problems = refused(format_number, DEFAULT_TEMPLATE, replace(OF_2019, **{name: value}))
	assert problems == [decree.BadPart(name, value)]


def test_a_person_does_not_see_every_bad_part():
	problems = refused(format_number, DEFAULT_TEMPLATE, NumberParts("", 0, "?", "", 0, 0))
	assert {problem.name for problem in problems} == set(NumberParts.__dataclass_fields__)


def test_an_inserted_number_equals_the_one_before_it_when_the_template_hides_the_letter():
	hiding = "{serial}/{series}/{year}"
	assert refused(format_number, hiding, OF_2019) == [decree.InsertLetterNotShown("a")]
	assert format_number(hiding, replace(OF_2019, insert_letter="")) == "737/B/2019"


# Templates


@pytest.mark.parametrize(
	("template", "problems"),
	[
		("{serial}/{year}/{nomor}", [decree.UnknownField("nomor")]),
		("{serial}/{year}/{}", [decree.UnknownField("")]),
		("{serial}/{year}/{0}", [decree.UnknownField("0")]),
		("{serial }/{year}", [decree.UnknownField("serial "), decree.MissingField("serial")]),
		("{classification}/{year}", [decree.MissingField("serial")]),
		("{serial}", [decree.MissingField("year")]),
		("", [decree.MissingField("serial"), decree.MissingField("year")]),
		(None, [decree.MissingField("serial"), decree.MissingField("year")]),
		("{{serial}}/{year}", [decree.MissingField("serial")]),
		("{serial}/{year}{serial.__class__}", [decree.FieldNotPlain("serial.__class__")]),
		("{serial}/{year}{year[0]}", [decree.FieldNotPlain("year[0]")]),
		("{serial}/{year}{series!r}", [decree.FieldNotPlain("series")]),
		("{serial:05}/{year}", [decree.FieldNotPlain("serial")]),
		("{serial:{year}}/{year}", [decree.FieldNotPlain("serial")]),
	],
)
def test_a_template_that_makes_wrong_or_dangerous_numbers_passes(template, problems):
	assert template_problems(template) == problems
	assert refused(format_number, template, replace(OF_2019, insert_letter="")) == problems


@pytest.mark.parametrize(
	"template", ["{serial}/{year", "{serial}/year}", "{", "}", "{serial}{year}{a[}", "{a{b}}"]
)
def test_an_unbalanced_brace_passes_or_stops_the_form(template):
	assert template_problems(template) == [decree.UnbalancedBrace(template)]


@given(st.text("{}[].!:aserialyear_0 ", max_size=30) | st.text(max_size=30))
def test_a_template_that_passed_makes_no_number(text):
	template = text + "{serial}{insert}/{series}/{year}"
	if not template_problems(template):
		assert format_number(template, OF_2019).endswith("737.a/B/2019")


@given(st.lists(st.sampled_from(TEMPLATE_FIELDS), max_size=8))
def test_plain_fields_are_refused_or_a_needed_one_is_not_missed(names):
	template = "/".join(f"{{{name}}}" for name in names)
	missing = [name for name in ("serial", "year") if name not in names]
	assert template_problems(template) == [decree.MissingField(name) for name in missing]


# Pieces


def test_a_roman_month_is_wrong():
	assert " ".join(map(roman_month, range(1, 13))) == "I II III IV V VI VII VIII IX X XI XII"


@pytest.mark.parametrize("month", [0, 13, -1, 1.0, True, None])
def test_a_month_that_does_not_exist_gets_a_numeral(month):
	assert refused(roman_month, month) == [decree.BadPart("month", month)]


@pytest.mark.parametrize(
	("used", "letter"),
	[
		([], "a"),
		([""], "a"),
		(["a"], "b"),
		(["b"], "c"),
		(["a", "", "c"], "d"),
		(["z"], "aa"),
		(["z", "aa"], "ab"),
		(["az"], "ba"),
		(["zz", "a"], "aaa"),
	],
)
def test_the_insert_letter_is_not_the_next(used, letter):
	assert next_insert_letter(used) == letter


def test_insert_letters_run_in_another_order():
	letters = [*ascii_lowercase, *map("".join, product(ascii_lowercase, ascii_lowercase)), "aaa", "aab"]
	used = []
	for letter in letters:
		assert next_insert_letter(used) == letter
		used.append(letter)


@given(st.lists(st.text(ascii_lowercase, max_size=3), max_size=20))
def test_an_insert_letter_is_used_again(used):
	assert next_insert_letter(used) not in used
	assert next_insert_letter(reversed(used)) == next_insert_letter(iter(used + used))


@pytest.mark.parametrize("wrong", ["A", "1", ".a", "ä", None])
def test_a_spoilt_insert_letter_is_counted(wrong):
	assert refused(next_insert_letter, ["a", wrong]) == [decree.BadPart("insert_letter", wrong)]


@given(near_parts, near_parts)
def test_two_series_share_a_counter_or_one_series_has_two(one, other):
	def key(parts):
		return parts.classification, parts.series_letter, parts.year

	assert (serial_series_key(*key(one)) == serial_series_key(*key(other))) == (key(one) == key(other))


def test_a_counter_is_kept_for_a_bad_series():
	assert serial_series_key("800.1.2.5", "", 2025) == "800.1.2.5//2025"
	assert refused(serial_series_key, "8/14", "b", 20) == [
		decree.BadPart("classification", "8/14"),
		decree.BadPart("series_letter", "b"),
		decree.BadPart("year", 20),
	]


# Paraf

TITLES = ("Kabid", "Sekretaris BKPPD", "Kepala BKPPD", "Asisten III")


def draft(given_count):
	return [
		ParafStep(title, f"user{number}@kupang", number < given_count) for number, title in enumerate(TITLES)
	]


@pytest.mark.parametrize("given_count", range(4))
@pytest.mark.parametrize("number", range(4))
def test_a_paraf_is_given_out_of_turn(given_count, number):
	problem = paraf_problem(draft(given_count), f"user{number}@kupang")
	waiting = decree.NotYourTurn(f"user{number}@kupang", TITLES[given_count], f"user{given_count}@kupang")
	assert problem == (None if number == given_count else waiting)


def test_a_complete_draft_takes_another_paraf():
	assert next_paraf(draft(4)) is None
	assert paraf_problem(draft(4), "user0@kupang") == decree.ParafComplete()
	assert paraf_problem([], "user0@kupang") == decree.ParafComplete()


@pytest.mark.parametrize("user", ["outsider@kupang", "", "USER0@kupang", None])
def test_someone_who_is_no_signer_gives_a_paraf(user):
	assert paraf_problem(draft(0), user) == decree.NotASigner(user)


@pytest.mark.parametrize("nobody", ["", " ", None])
def test_a_step_without_a_user_is_given_by_nobody(nobody):
	steps = [ParafStep("Kabid", nobody, False), *draft(0)[1:]]
	for user in (nobody, "user1@kupang"):
		assert paraf_problem(steps, user) == decree.ParafUserMissing("Kabid")


def test_a_later_step_without_a_user_stops_the_first():
	steps = [*draft(0)[:3], ParafStep("Asisten III", "", False)]
	assert paraf_problem(steps, "user0@kupang") is None


def test_a_step_that_was_skipped_is_forgotten():
	steps = [replace(step, given=step.title != "Sekretaris BKPPD") for step in draft(0)]
	assert next_paraf(steps).title == "Sekretaris BKPPD"


@given(st.lists(st.builds(ParafStep, st.sampled_from(TITLES), st.sampled_from("abc"), st.booleans())))
def test_a_draft_can_be_initialled_by_two_people_at_once_or_never_be_finished(steps):
	for _turn in range(len(steps) + 1):
		able = [user for user in "abcd" if paraf_problem(steps, user) is None]
		step = next_paraf(steps)
		if step is None:
			break
		assert able == [step.user]
		index = next(number for number, other in enumerate(steps) if not other.given)
		assert step is steps[index]
		steps = [*steps[:index], replace(step, given=True), *steps[index + 1 :]]
	assert able == []
	assert all(step.given for step in steps)
