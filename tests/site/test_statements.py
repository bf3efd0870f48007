"""Statements by set carry any text there and back: what the database stores is what was given."""

from datetime import date, datetime
from decimal import Decimal

import frappe
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kupang_hr.bulk import query
from kupang_hr.bulk.audit import new_names
from kupang_hr.bulk.step import Step

FAILURE = "Bulk Run Failure"
HOSTILE = (
	'O\'Neil "Bas" \\ %s %(names)s % 100%',
	"'); drop table `tabPersonnel`; --",
	"ifnull(reason, '') <script>alert(1)</script>",
	"one\x1ftwo",
	"\x1f",
	"",
	"Fanggidaé ü 😀 العربية",
	"line\nbreak\ttab\r\n\x1a\b",
	"trailing \\",
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


def rows_of(texts) -> list[dict]:
	return [
		{"name": name, "reference_name": f"row {number}", "reason": text}
		for number, (name, text) in enumerate(zip(new_names(len(texts)), texts, strict=True))
	]


def stored(names) -> dict[str, str]:
	failure = frappe.qb.DocType(FAILURE)
	rows = frappe.qb.from_(failure).select(failure.name, failure.reason).where(failure.name.isin(query.NAMES))
	return {row.name: row.reason for row in query.run(rows, names=tuple(names))}


def round_trip(texts) -> None:
	rows = rows_of(texts)
	query.insert_dicts(FAILURE, rows)
	assert stored(row["name"] for row in rows) == {row["name"]: row["reason"] for row in rows}
	turned = dict(zip((row["name"] for row in rows), reversed(texts), strict=True))
	query.update_each(FAILURE, {name: {"reason": text} for name, text in turned.items()})
	assert stored(turned) == turned
	frappe.db.rollback()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_would_break_or_change_a_statement(city, text):
	round_trip([text, "plain", text + "2"])
	round_trip([text])


def test_hostile_texts_together_would_slip_into_each_other(city):
	round_trip(list(HOSTILE))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
def test_any_texts_would_not_come_back_as_they_were(city, texts):
	round_trip(texts)


def test_a_value_that_is_no_text_would_be_written_as_another(city):
	values = [None, True, 7, 2.5, Decimal("10.50"), date(2021, 1, 4), datetime(2021, 1, 4, 7, 30, 1), "it's"]
	literals = query.literals(values)
	found = frappe.db.sql("select " + ", ".join(literals))[0]
	assert [None if value is None else str(value) for value in found] == [
		None,
		"1",
		"7",
		"2.5",
		"10.50",
		"2021-01-04",
		"2021-01-04 07:30:01",
		"it's",
	]


def test_a_chunk_is_so_long_a_list_that_the_database_forgets_its_indexes(site):
	(threshold,) = frappe.db.sql("select @@in_predicate_conversion_threshold")[0]
	assert Step.largest_chunk < threshold
	names = [f"PTT-{number:05}" for number in range(Step.largest_chunk)]
	contract = frappe.qb.DocType("PTT Contract")
	rows = (
		frappe.qb.from_(contract).select(contract.name).where(contract.personnel.isin(query.NAMES)).get_sql()
	)
	listed = ",".join(frappe.db.escape(name) for name in names)
	plan = frappe.db.sql("explain " + rows % {"names": f"({listed})"}, as_dict=True)
	assert [step.table for step in plan] == ["tabPTT Contract"], plan
