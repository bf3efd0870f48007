"""What a signature covers, what a seal notices, and what blanking a position leaves."""

import hmac
import json
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupang_hr.rules.evidence import (
	EmptyKey,
	EmptySalt,
	PunchRow,
	Tampering,
	canonical_bytes,
	position_hash,
	seal,
	sign,
	tampering,
	verify,
)

KEY = b"a key of the site config"
SALT = "5f1c"
TUESDAY = date(2020, 12, 29)
HASH = position_hash(SALT, -10.1772, 123.607, 12.5)
ROW = PunchRow(
	name="PUNCH-1",
	personnel="P-1",
	personnel_name="Maria",
	received=datetime(2020, 12, 29, 7, 20, 3, 5),
	counted=datetime(2020, 12, 29, 7, 20, 3, 5),
	claimed=None,
	direction="In",
	mode="WFO",
	source="Phone",
	source_id="abc",
	device="DEV-1",
	flags=("Inaccurate",),
	mock_location=False,
	salt=SALT,
	position_hash=HASH,
)
ROWS = [("PUNCH-1", "aa"), ("PUNCH-2", "bb"), ("PUNCH-3", "cc")]


# The signature


def test_the_bytes_of_version_1_have_changed():
	expected = (
		'["v1","PUNCH-1","P-1","Maria","2020-12-29T07:20:03.000005","2020-12-29T07:20:03.000005",null,'
		f'"In","WFO","Phone","abc","DEV-1",["Inaccurate"],false,"5f1c","{HASH}"]'
	)
	assert canonical_bytes(ROW) == expected.encode()
	assert sign(KEY, canonical_bytes(ROW)) == hmac.new(KEY, expected.encode(), sha256).hexdigest()


@pytest.mark.parametrize("field", [field.name for field in fields(PunchRow)])
def test_a_field_is_changed_under_its_signature(field):
	signature = sign(KEY, canonical_bytes(ROW))
	value = {
		"received": datetime(2020, 12, 29, 7, 20, 3, 6),
		"counted": datetime(2020, 12, 29, 7, 0),
		"claimed": datetime(2020, 12, 29, 7, 0),
		"flags": (),
		"mock_location": True,
	}.get(field, "changed")
	assert not verify(KEY, canonical_bytes(replace(ROW, **{field: value})), signature)
	assert verify(KEY, canonical_bytes(replace(ROW)), signature)


def test_an_empty_column_read_back_as_a_text_breaks_the_signature():
	empty = replace(ROW, direction=None, mode=None, source_id=None, device=None)
	as_text = replace(ROW, direction="", mode="", source_id="", device="")
	assert canonical_bytes(empty) == canonical_bytes(as_text)


texts = st.text(max_size=5)
some_rows = st.builds(
	PunchRow,
	*[texts] * 2,
	st.none() | texts.filter(bool),
	*[st.datetimes()] * 2,
	st.none() | st.datetimes(),
	*[st.none() | texts.filter(bool)] * 2,
	texts,
	*[st.none() | texts.filter(bool)] * 2,
	st.lists(texts, max_size=2).map(tuple),
	st.booleans(),
	*[texts] * 2,
)


@given(some_rows, some_rows)
def test_two_rows_have_the_same_bytes(one, other):
	assert (canonical_bytes(one) == canonical_bytes(other)) == (one == other)
	assert json.loads(canonical_bytes(one))[1] == one.name


@pytest.mark.parametrize("signature", [None, "", 5, b"x", "é", "\udc80", "0" * 64])
def test_what_is_no_signature_verifies_or_raises(signature):
	assert verify(KEY, b"data", signature) is False


def test_another_key_verifies_or_an_empty_one_signs():
	assert not verify(b"other", b"data", sign(KEY, b"data"))
	assert verify(KEY, b"data", sign(KEY, b"data"))
	for call in (lambda: sign(b"", b"data"), lambda: verify(b"", b"data", "x")):
		with pytest.raises(EmptyKey):
			call()


# The position


def test_the_hash_of_version_1_has_changed():
	expected = '["v1","5f1c","-10.1772","123.607","12.5"]'
	assert sha256(expected.encode()).hexdigest() == HASH


def test_a_blanked_position_breaks_the_signature():
	stored = {"latitude": -10.1772, "longitude": 123.607, "accuracy": 12.5, "salt": SALT, "row": ROW}
	signature = sign(KEY, canonical_bytes(stored["row"]))
	before = seal(None, TUESDAY, [(ROW.name, signature)])
	stored.update(latitude=None, longitude=None, accuracy=None)
	assert verify(KEY, canonical_bytes(stored["row"]), signature)
	assert seal(None, TUESDAY, [(ROW.name, sign(KEY, canonical_bytes(stored["row"])))]) == before
	# who knows the position can still show that it is the one
	assert position_hash(stored["salt"], -10.1772, 123.607, 12.5) == stored["row"].position_hash


def test_another_position_or_salt_has_the_same_hash():
	others = {
		position_hash("5f1d", -10.1772, 123.607, 12.5),
		position_hash(SALT, -10.177200001, 123.607, 12.5),
		position_hash(SALT, 123.607, -10.1772, 12.5),
		position_hash(SALT, -10.1772, 123.607, 12.6),
		position_hash(SALT, -10.1772, 123.607),
		position_hash(SALT, None, None),
		HASH,
	}
	assert len(others) == 7


def test_an_empty_salt_hashes():
	for salt in ("", None):
		with pytest.raises(EmptySalt):
			position_hash(salt, 1.0, 2.0)


def test_minus_zero_or_a_whole_number_hashes_differently():
	assert position_hash(SALT, -0.0, 1, -1e-12) == position_hash(SALT, 0, 1.0, 0.0)


def stored(value):
	"""What a decimal(21,9) column gives back."""
	return float(Decimal(repr(value)).quantize(Decimal("1e-9"), ROUND_HALF_UP))


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 1e7))
def test_a_position_hashes_differently_after_it_was_stored(latitude, longitude, accuracy):
	written = position_hash(SALT, latitude, longitude, accuracy)
	assert written == position_hash(SALT, stored(latitude), stored(longitude), stored(accuracy))
	as_decimals = [Decimal(repr(stored(value))) for value in (latitude, longitude, accuracy)]
	assert written == position_hash(SALT, *as_decimals)


# The seal


def test_the_seal_of_version_1_has_changed():
	expected = '["v1",null,"2020-12-29",3,[["PUNCH-1","aa"],["PUNCH-2","bb"],["PUNCH-3","cc"]]]'
	assert seal(None, TUESDAY, ROWS) == sha256(expected.encode()).hexdigest()
	assert seal("", TUESDAY, ROWS) == seal(None, TUESDAY, iter(ROWS[::-1])) == seal(None, TUESDAY, ROWS)


@pytest.mark.parametrize(
	("previous", "day", "rows"),
	[
		("00", TUESDAY, ROWS),
		(None, date(2020, 12, 30), ROWS),
		(None, TUESDAY, ROWS[1:]),
		(None, TUESDAY, [*ROWS, ("PUNCH-4", "dd")]),
		(None, TUESDAY, [*ROWS[:2], ("PUNCH-3", "cd")]),
		(None, TUESDAY, [*ROWS[:2], ("PUNCH-4", "cc")]),
		(None, TUESDAY, []),
	],
)
def test_a_seal_holds_though_its_day_was_altered(previous, day, rows):
	assert seal(previous, day, rows) != seal(None, TUESDAY, ROWS)


def test_a_day_altered_long_ago_leaves_the_last_seal():
	def last(days):
		found = None
		for number, rows in enumerate(days):
			found = seal(found, date(2020, 12, 1 + number), rows)
		return found

	days = [ROWS, [], ROWS, ROWS[:1]]
	assert last(days) == last(days)
	assert last(days) != last([ROWS[:2], *days[1:]])
	assert last(days) != last([ROWS, ROWS[:1], *days[2:]])


pairs = st.dictionaries(texts, texts, max_size=5)


@given(pairs, pairs)
def test_a_change_is_not_named_or_not_sealed(sealed, present):
	found = tampering(sealed.items(), present.items())
	assert bool(found) == (sealed != present)
	assert (seal(None, TUESDAY, sealed.items()) == seal(None, TUESDAY, present.items())) == (not found)
	assert set(found.removed) == set(sealed) - set(present)
	assert set(found.inserted) == set(present) - set(sealed)


def test_a_change_is_named_as_something_else():
	present = [("PUNCH-0", "zz"), ("PUNCH-1", "aa"), ("PUNCH-2", "xx")]
	assert tampering(ROWS, present) == Tampering(("PUNCH-2",), ("PUNCH-3",), ("PUNCH-0",))
	assert not tampering(ROWS, ROWS[::-1])
