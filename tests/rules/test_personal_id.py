"""NIK and NIP: wrong numbers are stopped, unusual ones are not."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupang_hr.rules.personal_id import IdCheck, IdProblem, check_nik, check_nip, mask

SOUND = IdCheck()
MAN = "5371011708900001"
WOMAN = "5371015708900001"
BORN = date(1990, 8, 17)
NIP = "199008172015031002"
ARABIC = {ord("0") + value: 0x0660 + value for value in range(10)}
FULL_WIDTH = {ord("0") + value: 0xFF10 + value for value in range(10)}

births = st.dates(date(1930, 1, 1), date(2009, 12, 31))
genders = st.sampled_from(["Male", "Female"])
regions = st.integers(10_000, 999_999).map("{:06}".format)
digits = st.text("0123456789", min_size=16, max_size=16)


def nik_of(region, birth, gender, serial):
	day = birth.day + (40 if gender == "Female" else 0)
	return f"{region}{day:02}{birth:%m%y}{serial:04}"


def nip_of(birth, start, gender, serial):
	return f"{birth:%Y%m%d}{start:%Y%m}{1 if gender == 'Male' else 2}{serial:03}"


def errors(nik):
	return check_nik(nik).errors


# NIK


def test_a_sound_nik_is_refused():
	assert check_nik(MAN, BORN, "Male") == SOUND
	assert check_nik(WOMAN, BORN, "Female") == SOUND


@given(regions, births, genders, st.integers(1, 9999))
def test_a_nik_made_by_the_rule_is_refused_whatever_its_region(region, birth, gender, serial):
	assert check_nik(nik_of(region, birth, gender, serial), birth, gender) == SOUND


@pytest.mark.parametrize(
	"nik",
	[
		"",
		"537101170890000",
		"53710117089000011",
		"5371 0117089000 1",
		"537101170890000A",
		"5371011708900001\n",
		"-371011708900001",
		MAN.translate(ARABIC),
		MAN.translate(FULL_WIDTH),
		None,
		5371011708900001,
	],
)
def test_something_other_than_16_digits_passes(nik):
	assert check_nik(nik, BORN, "Male") == IdCheck(errors=(IdProblem.NOT_16_DIGITS,))


@pytest.mark.parametrize(
	("day", "month", "year"),
	[
		("00", "08", "90"),
		("32", "08", "90"),
		("40", "08", "90"),
		("72", "08", "90"),
		("99", "08", "90"),
		("17", "00", "90"),
		("17", "13", "90"),
		("30", "02", "92"),
		("70", "02", "92"),
		("29", "02", "91"),
		("31", "04", "90"),
	],
)
def test_a_day_that_never_was_passes_as_a_birth(day, month, year):
	assert errors(f"537101{day}{month}{year}0001") == (IdProblem.IMPOSSIBLE_BIRTH,)


@pytest.mark.parametrize("birth", ["290200", "690200", "290292", "710190", "410190", "310190"])
def test_a_day_of_either_century_is_refused(birth):
	assert errors(f"537101{birth}0001") == ()


@given(digits)
def test_a_nik_is_judged_otherwise_than_part_by_part(nik):
	day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
	last = 0
	if 1 <= month <= 12:
		last = max(calendar.monthrange(century + year, month)[1] for century in (1900, 2000))
	expected = set()
	if nik[:2] == "00":
		expected.add(IdProblem.IMPOSSIBLE_REGION)
	if not (1 <= day <= last or 41 <= day <= 40 + last):
		expected.add(IdProblem.IMPOSSIBLE_BIRTH)
	if nik[12:] == "0000":
		expected.add(IdProblem.IMPOSSIBLE_SERIAL)
	assert set(errors(nik)) == expected


def test_a_person_does_not_see_every_error_of_a_nik():
	assert errors("0071013213900000") == (
		IdProblem.IMPOSSIBLE_REGION,
		IdProblem.IMPOSSIBLE_BIRTH,
		IdProblem.IMPOSSIBLE_SERIAL,
	)


@given(births, births, genders, genders)
def test_data_that_disagree_with_a_nik_bring_an_error_or_no_warning(birth, told, gender, told_gender):
	found = check_nik(nik_of("537101", birth, gender, 1), told, told_gender)
	assert found.errors == ()
	same = (birth.day, birth.month, birth.year % 100) == (told.day, told.month, told.year % 100)
	assert (IdProblem.BIRTH_DATE_DISAGREES in found.warnings) is not same
	assert (IdProblem.GENDER_DISAGREES in found.warnings) is (gender != told_gender)


def test_a_neighbouring_date_brings_no_warning():
	for told in (date(1990, 8, 18), date(1990, 7, 17), date(1991, 8, 17)):
		assert check_nik(MAN, told, "Male").warnings == (IdProblem.BIRTH_DATE_DISAGREES,)
		assert check_nik(WOMAN, told, "Female").warnings == (IdProblem.BIRTH_DATE_DISAGREES,)


@given(births, genders, st.sampled_from([None, "", "Other", "Prefer not to say"]))
def test_what_is_not_known_of_a_person_brings_a_warning(birth, gender, told):
	assert check_nik(nik_of("537101", birth, gender, 1), None, told) == SOUND


def test_an_impossible_birth_is_compared_with_a_real_one():
	found = check_nik("5371013213900001", BORN, "Female")
	assert found == IdCheck(errors=(IdProblem.IMPOSSIBLE_BIRTH,))


# NIP


def test_a_sound_nip_is_refused():
	assert check_nip(NIP, BORN, "Male") == SOUND


def test_the_number_of_a_pppk_is_refused():
	assert check_nip("199008172023212002", BORN, "Female") == SOUND
	assert check_nip("199008172023221002", BORN, "Male") == SOUND


@given(births, st.dates(date(2010, 1, 1), date(2030, 12, 31)), genders, st.integers(1, 999))
def test_a_nip_made_by_the_rule_is_refused(birth, start, gender, serial):
	assert check_nip(nip_of(birth, start, gender, serial), birth, gender) == SOUND


@pytest.mark.parametrize(
	"nip", ["", NIP[:-1], NIP + "1", NIP[:-1] + "x", NIP + "\n", NIP.translate(ARABIC), None, int(NIP)]
)
def test_something_other_than_18_digits_passes(nip):
	assert check_nip(nip, BORN, "Male") == IdCheck(errors=(IdProblem.NOT_18_DIGITS,))


@pytest.mark.parametrize(
	("nip", "problem"),
	[
		("199013172015031002", IdProblem.IMPOSSIBLE_BIRTH),
		("199102292015031002", IdProblem.IMPOSSIBLE_BIRTH),
		("190002292015031002", IdProblem.IMPOSSIBLE_BIRTH),
		("000008172015031002", IdProblem.IMPOSSIBLE_BIRTH),
		("199008172015001002", IdProblem.IMPOSSIBLE_START),
		("199008172015131002", IdProblem.IMPOSSIBLE_START),
		("199008172015201002", IdProblem.IMPOSSIBLE_START),
		("199008172015301002", IdProblem.IMPOSSIBLE_START),
		("199008171989121002", IdProblem.IMPOSSIBLE_START),
		("199008171990081002", IdProblem.IMPOSSIBLE_START),
		("199008172015030002", IdProblem.IMPOSSIBLE_SEX),
		("199008172015033002", IdProblem.IMPOSSIBLE_SEX),
		("199008172015031000", IdProblem.IMPOSSIBLE_SERIAL),
	],
)
def test_an_impossible_nip_passes(nip, problem):
	assert check_nip(nip).errors == (problem,)


@given(births, births, genders, genders)
def test_data_that_disagree_with_a_nip_bring_an_error_or_no_warning(birth, told, gender, told_gender):
	found = check_nip(nip_of(birth, date(2015, 3, 1), gender, 7), told, told_gender)
	assert found.errors == ()
	assert (IdProblem.BIRTH_DATE_DISAGREES in found.warnings) is (birth != told)
	assert (IdProblem.GENDER_DISAGREES in found.warnings) is (gender != told_gender)


def test_an_impossible_part_of_a_nip_is_compared():
	found = check_nip("199013172015033002", BORN, "Female")
	assert found == IdCheck(errors=(IdProblem.IMPOSSIBLE_BIRTH, IdProblem.IMPOSSIBLE_SEX))


# Showing


def test_a_mask_shows_more_or_less_than_the_last_four():
	assert mask(MAN) == "************0001"


@given(st.text("0123456789", max_size=20))
def test_a_mask_betrays_a_digit_or_changes_when_masked_again(text):
	masked = mask(text)
	assert len(masked) == len(text)
	assert mask(masked) == masked
	assert set(masked[:-4]) <= {"*"}
	assert masked[-4:] == (text[-4:] if len(text) > 4 else "*" * len(text))


def test_a_code_is_written_with_the_name_of_its_class():
	assert f"{IdProblem.NOT_16_DIGITS}" == str(IdProblem.NOT_16_DIGITS) == "not-16-digits"
	assert IdProblem.NOT_16_DIGITS == "not-16-digits"
