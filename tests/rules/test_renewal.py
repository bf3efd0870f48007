"""The workflow is the table of the design, a document has three users, and the fixtures say the same."""

import json
import runpy
from collections import Counter
from copy import deepcopy
from dataclasses import fields, replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import kupang_hr
from kupang_hr.rules.renewal import (
	BKPPD_CLERK,
	BKPPD_HEAD,
	DRAFT,
	EDIT_ROLES,
	HELD,
	MAYOR,
	NOT_RENEWED,
	OPD_HEAD,
	PARTS,
	RATED,
	RECOMMENDED,
	SK_ISSUED,
	STATES,
	TRANSITIONS,
	UNMET,
	WITHDRAWN,
	Need,
	Refusal,
	RenewalFacts,
	TransitionFacts,
	docstatus_of,
	other_part_of,
	renewal_refusals,
	transition_between,
	transition_refusal,
	transitions_of,
	wave_of,
)

APP = Path(kupang_hr.__file__).parent

# The table of design.md, "The renewal workflow", row by row: from, action, to, role, condition.
DESIGN = [
	("Draft", "Rate", "Rated", "OPD Head", "appraisal submitted"),
	("Rated", "Recommend", "Mayor Recommended", "Wali Kota", ""),
	("Rated", "Decline", "Not Renewed", "Wali Kota", "reason given"),
	("Rated", "Hold", "Held", "Wali Kota", "reason given"),
	("Mayor Recommended", "Hold", "Held", "Wali Kota", "reason given; before its decree"),
	("Held", "Release", "Rated", "Wali Kota", ""),
	("Mayor Recommended", "Return", "Rated", "Wali Kota", "before its decree"),
	("Mayor Recommended", "Issue SK", "SK Issued", "BKPPD Head", "through a submitted Decree only"),
	("Draft, Rated, Held, Mayor Recommended", "Withdraw", "Withdrawn", "BKPPD Clerk", "a Personnel Exit"),
	("Rated", "Reopen", "Draft", "BKPPD Head", "reason; its appraisal is cancelled"),
	("Not Renewed", "Return", "Rated", "Wali Kota", "before the decree"),
	("Withdrawn", "Reinstate", "Rated", "BKPPD Clerk", "the exit is cancelled; appraised"),
	("Withdrawn", "Reinstate", "Draft", "BKPPD Clerk", "the exit is cancelled; unappraised"),
]
NEEDS = {
	"appraisal submitted": {Need.APPRAISED},
	"through a submitted Decree only": {Need.DECREE},
	"a Personnel Exit": {Need.EXIT},
	"before the decree": {Need.NO_DECREE},
	"before its decree": {Need.NOT_REAPPOINTED},
	"reason given; before its decree": {Need.NOT_REAPPOINTED},
	"the exit is cancelled; appraised": {Need.NO_EXIT, Need.APPRAISED},
	"the exit is cancelled; unappraised": {Need.NO_EXIT, Need.UNAPPRAISED},
}
PART_OF_ACTION = {
	"Rate": "rated_by",
	"Recommend": "recommended_by",
	"Decline": "recommended_by",
	"Issue SK": "issued_by",
}
RATING_FIELDS = ("appraisal", "total_score", "rating", "rated_by")
# Whose name stands in a document of each state; what a withdrawn one keeps depends on where it came from.
HOLDERS_OF_STATE = {
	DRAFT: set(),
	RATED: {"rated_by"},
	HELD: {"rated_by"},
	NOT_RENEWED: {"rated_by", "recommended_by"},
	RECOMMENDED: {"rated_by", "recommended_by"},
	SK_ISSUED: {"rated_by", "recommended_by", "issued_by"},
}


def design_rows():
	return [
		(state, action, to, role, condition)
		for states, action, to, role, condition in DESIGN
		for state in states.split(", ")
	]


def path_of(row):
	return row.state, row.action, row.next_state


rows = st.sampled_from(TRANSITIONS)
users = st.sampled_from(("lena", "markus", "petrus", "yuliana"))
needs = st.frozensets(st.sampled_from(Need))
reasons = st.sampled_from((None, "", "  \n", "moved away"))
holders = st.fixed_dictionaries(dict.fromkeys(PARTS, st.none() | users))


# The table


def test_the_law_has_another_transition_than_the_design_or_lacks_one():
	designed = Counter((state, action, to, role) for state, action, to, role, _condition in design_rows())
	assert Counter((*path_of(row), row.role) for row in TRANSITIONS) == designed
	assert len({*TRANSITIONS}) == 16


@pytest.mark.parametrize("designed", design_rows(), ids=lambda row: f"{row[0]}-{row[1]}-{row[2]}")
def test_a_transition_waits_for_another_fact_than_the_design_says(designed):
	state, action, to, _role, condition = designed
	row = transition_between(state, to)
	assert row.action == action
	assert set(row.needs) == NEEDS.get(condition, set())
	assert row.reason == ("reason" in condition)
	assert row.part == PART_OF_ACTION.get(action)


def test_two_transitions_lead_from_one_state_to_another():
	assert set(Counter((row.state, row.next_state) for row in TRANSITIONS).values()) == {1}


@pytest.mark.parametrize(("state", "to"), [*product(STATES, STATES)])
def test_a_leap_is_taken_for_a_transition(state, to):
	between = [path for path in design_rows() if (path[0], path[2]) == (state, to)]
	row = transition_between(state, to)
	assert (row and path_of(row)) == (between[0][:3] if between else None)


def test_an_unknown_state_leads_somewhere():
	assert transition_between("draft", RATED) is transition_between(DRAFT, "") is None
	assert transitions_of("rate") == ()


def test_an_action_starts_from_other_states():
	starting = {}
	for state, action, *_rest in design_rows():
		starting.setdefault(action, set()).add(state)
	assert {action: {row.state for row in transitions_of(action)} for action in starting} == starting


def test_one_state_offers_one_action_twice_when_both_could_be_taken():
	"""Reinstate leads to two states; only what Frappe can tell apart by stored facts may."""
	by_action = {}
	for row in TRANSITIONS:
		by_action.setdefault((row.state, row.action), []).append(set(row.needs))
	several = {key: found for key, found in by_action.items() if len(found) > 1}
	assert several == {
		(WITHDRAWN, "Reinstate"): [{Need.NO_EXIT, Need.APPRAISED}, {Need.NO_EXIT, Need.UNAPPRAISED}]
	}


def test_another_state_than_sk_issued_is_submitted():
	assert [docstatus_of(state) for state in STATES] == [int(state == "SK Issued") for state in STATES]
	assert len(set(STATES)) == 7


def test_an_issued_sk_leads_on_or_a_state_cannot_be_reached():
	assert not [row for row in TRANSITIONS if row.state == SK_ISSUED]
	assert {row.next_state for row in TRANSITIONS} == set(STATES)
	assert {row.state for row in TRANSITIONS} == set(STATES) - {SK_ISSUED}


def test_a_state_is_edited_by_another_role_than_the_design_says():
	assert EDIT_ROLES == {
		"Draft": "BKPPD Clerk",
		"Withdrawn": "BKPPD Clerk",
		"Rated": "Wali Kota",
		"Held": "Wali Kota",
		"Mayor Recommended": "Wali Kota",
		"Not Renewed": "Wali Kota",
		"SK Issued": "BKPPD Head",
	}
	assert (OPD_HEAD, MAYOR) == ("OPD Head", "Wali Kota")
	assert (BKPPD_HEAD, BKPPD_CLERK) == ("BKPPD Head", "BKPPD Clerk")


# Refusals of a transition


@given(rows, st.sampled_from(STATES), needs, holders, reasons, users)
def test_a_transition_is_refused_for_another_reason_or_out_of_order(row, state, met, held, reason, user):
	unmet = [UNMET[need] for need in row.needs if need not in met]
	other = row.part and any(held[part] == user for part in {*PARTS} - {row.part})
	refusals = [
		*([Refusal.WRONG_STATE] if state != row.state else []),
		*unmet,
		*([Refusal.THREE_USERS] if other else []),
		*([Refusal.REASON_MISSING] if row.reason and not (reason and reason.split()) else []),
	]
	found = transition_refusal(row, TransitionFacts(state, met, held, reason), user)
	assert found == (refusals[0] if refusals else None)


def taken_by(user, row, held, reason="moved away"):
	"""The refusal of a row when everything but the user fits."""
	return transition_refusal(row, TransitionFacts(row.state, frozenset(row.needs), held, reason), user)


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: "-".join(path_of(row)))
def test_a_transition_can_never_be_taken_or_is_taken_without_a_need(row):
	assert taken_by("lena", row, {}) is None
	for need in row.needs:
		met = frozenset(row.needs) - {need}
		assert transition_refusal(row, TransitionFacts(row.state, met, {}, "why"), "lena") == UNMET[need]
	for blank in (None, "", " ", "\n\t"):
		assert taken_by("lena", row, {}, blank) == (Refusal.REASON_MISSING if row.reason else None)


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.part], ids=lambda row: row.action)
def test_one_user_has_two_parts_or_may_not_repeat_their_own(row):
	assert taken_by("lena", row, {row.part: "lena"}) is None
	for part in set(PARTS) - {row.part}:
		assert taken_by("lena", row, {part: "lena", row.part: "lena"}) == Refusal.THREE_USERS
		assert taken_by("lena", row, {part: "markus"}) is None


@given(st.sampled_from([row for row in TRANSITIONS if not row.part]), holders, users)
def test_an_undoing_is_refused_to_a_holder_of_a_part(row, held, user):
	assert taken_by(user, row, held) is None


@given(holders, users, st.sampled_from(PARTS))
def test_the_part_that_is_named_is_not_another_one_the_user_holds(held, user, part):
	found = other_part_of(user, part, held)
	others = [other for other in PARTS if other != part and held[other] == user]
	assert found in others if others else found is None
	assert other_part_of(user, None, held) is None


def test_a_part_is_forgotten_or_a_need_has_no_refusal_of_its_own():
	assert PARTS == ("rated_by", "recommended_by", "issued_by")
	assert set(UNMET) == set(Need)
	assert len(set(UNMET.values())) == len(Need)
	assert len({refusal.value for refusal in Refusal}) == len(Refusal)


# Sequences of transitions


class Renewal:
	"""One document as the transitions leave it: state, holders, and the fields that they write or empty."""

	def __init__(self):
		self.state = DRAFT
		self.values = dict.fromkeys((*PARTS, *RATING_FIELDS, "reason", "personnel_exit"))

	def take(self, row, user, reason, met):
		held = {part: self.values[part] for part in PARTS}
		refusal = transition_refusal(row, TransitionFacts(self.state, met, held, reason), user)
		if refusal:
			return refusal
		self.values |= dict.fromkeys(row.clears)
		if row.action == "Rate":
			self.values |= dict.fromkeys(set(RATING_FIELDS) - set(PARTS), "what the appraisal says")
		if row.action == "Withdraw":
			self.values["personnel_exit"] = "EXIT-1"
		if row.part:
			self.values[row.part] = user
		if row.reason:
			self.values["reason"] = reason
		self.state = row.next_state
		return None

	def appraisal_fact(self, row):
		"""Rate is taken by submitting the appraisal, Reopen cancels it: the papers and the rating agree."""
		return Need.APPRAISED if self.values["rating"] or row.action == "Rate" else Need.UNAPPRAISED

	def holding(self):
		return {part: self.values[part] for part in PARTS if self.values[part]}


def assert_three_users(document):
	names = list(document.holding().values())
	assert len(names) == len(set(names))


def assert_fits_its_state(document):
	values, state = document.values, document.state
	assert_three_users(document)
	assert set(document.holding()) == HOLDERS_OF_STATE.get(state, set(document.holding()))
	assert len({bool(values[field]) for field in RATING_FIELDS}) == 1
	assert bool(values["personnel_exit"]) == (state == WITHDRAWN)
	if state in (HELD, NOT_RENEWED):
		assert values["reason"].strip()
	if state in (RATED, RECOMMENDED, SK_ISSUED):
		assert values["reason"] is None


@given(st.lists(st.tuples(rows, users, reasons, needs), max_size=40))
def test_somebody_holds_two_parts_whatever_the_facts_are(steps):
	document = Renewal()
	for row, user, reason, met in steps:
		document.take(row, user, reason, met)
		assert_three_users(document)


class RenewalYear(RuleBasedStateMachine):
	"""Random users act on one renewal while exits and decrees come and go around it."""

	def __init__(self):
		super().__init__()
		self.document = Renewal()
		self.papers = set()

	def attempt(self, row, user, reason):
		met = {
			self.document.appraisal_fact(row),
			Need.EXIT if "exit" in self.papers else Need.NO_EXIT,
			Need.DECREE if "reappointment" in self.papers else Need.NOT_REAPPOINTED,
			*([] if "termination" in self.papers else [Need.NO_DECREE]),
		}
		return self.document.take(row, user, reason, frozenset(met))

	@precondition(lambda self: self.document.state != SK_ISSUED)
	@rule(data=st.data(), user=users, reason=st.just("moved away") | reasons)
	def act(self, data, user, reason):
		offered = [row for row in TRANSITIONS if row.state == self.document.state]
		self.attempt(data.draw(st.sampled_from(offered), "row"), user, reason)

	@rule(row=rows, user=users, reason=reasons)
	def act_out_of_turn(self, row, user, reason):
		if row.state != self.document.state:
			assert self.attempt(row, user, reason) == Refusal.WRONG_STATE

	@rule(papers=st.sets(st.sampled_from(("exit", "reappointment", "termination"))))
	def sign_and_revoke(self, papers):
		self.papers = papers

	@invariant()
	def the_fields_fit_the_state(self):
		assert_fits_its_state(self.document)


TestARenewalYearGoesWrong = RenewalYear.TestCase
TestARenewalYearGoesWrong.settings = settings(
	max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def reachable(team):
	"""A renewal in every standing that any sequence of allowed transitions by these users leads to."""
	found, waiting = {}, [Renewal()]
	while waiting:
		before = waiting.pop()
		found[(before.state, *before.values.values())] = before
		for row, user in product(TRANSITIONS, team):
			document = deepcopy(before)
			met = frozenset({*Need} - {Need.APPRAISED, Need.UNAPPRAISED} | {document.appraisal_fact(row)})
			document.take(row, user, "why", met)
			if (document.state, *document.values.values()) not in found:
				waiting.append(document)
	return list(found.values())


def test_two_users_issue_an_sk_or_three_cannot():
	assert SK_ISSUED not in {document.state for document in reachable(("lena", "markus"))}
	assert {document.state for document in reachable(("lena", "markus", "petrus"))} == set(STATES)


def test_a_path_of_transitions_leaves_a_field_that_its_state_must_not_have():
	for document in reachable(("lena", "markus", "petrus")):
		assert_fits_its_state(document)


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.next_state in (RATED, RECOMMENDED)])
def test_the_reason_of_an_earlier_step_stays(row):
	"""Whatever was written in the form before: a renewal that goes on has nothing against it."""
	assert "reason" in row.clears


@pytest.mark.parametrize("row", transitions_of("Reinstate"), ids=lambda row: row.next_state)
def test_a_reinstated_renewal_keeps_the_exit_or_the_word_of_the_mayor(row):
	assert {"personnel_exit", "recommended_by", "reason"} <= set(row.clears)


# Refusals of a renewal

RENEWABLE = RenewalFacts(
	has_left=False,
	has_exit=False,
	is_appraised=True,
	contract_ends_in_round=True,
	already_renewed=False,
	new_term_is_taken=False,
)


@pytest.mark.parametrize(
	("change", "refusals"),
	[
		({}, ()),
		({"has_left": True}, (Refusal.LEFT,)),
		({"has_exit": True}, (Refusal.LEFT,)),
		({"has_left": True, "has_exit": True}, (Refusal.LEFT,)),
		({"is_appraised": False}, (Refusal.NO_APPRAISAL,)),
		({"contract_ends_in_round": False}, (Refusal.NO_CONTRACT,)),
		({"already_renewed": True}, (Refusal.ALREADY_RENEWED,)),
		({"new_term_is_taken": True}, (Refusal.OVERLAP,)),
		# the new contract itself takes the term; that is said once
		({"already_renewed": True, "new_term_is_taken": True}, (Refusal.ALREADY_RENEWED,)),
		(
			{
				"has_exit": True,
				"is_appraised": False,
				"contract_ends_in_round": False,
				"new_term_is_taken": True,
			},
			(Refusal.LEFT, Refusal.NO_APPRAISAL, Refusal.NO_CONTRACT, Refusal.OVERLAP),
		),
	],
	ids=str,
)
def test_a_renewal_is_refused_for_another_reason_than_the_rule(change, refusals):
	assert renewal_refusals(replace(RENEWABLE, **change)) == refusals


@given(st.builds(RenewalFacts, *[st.booleans()] * 6))
def test_a_renewal_is_allowed_with_a_fact_against_it(facts):
	against = [
		field.name for field in fields(facts) if getattr(facts, field.name) != getattr(RENEWABLE, field.name)
	]
	found = renewal_refusals(facts)
	assert bool(found) == bool(against)
	assert len(set(found)) == len(found)


def test_a_low_rating_or_an_unexcused_day_refuses_a_renewal():
	"""Those are exceptions shown to the mayor: the facts do not even hold them."""
	assert {field.name for field in fields(RenewalFacts)} == {
		"has_left",
		"has_exit",
		"is_appraised",
		"contract_ends_in_round",
		"already_renewed",
		"new_term_is_taken",
	}


# Waves

OF_2023 = ((1, 2018), (2, None))
several_waves = st.lists(st.integers(2000, 2024), max_size=4, unique=True).map(
	lambda years: tuple(enumerate(sorted(years), 1))
)


@pytest.mark.parametrize(
	("year", "wave"), [(2005, 1), (2018, 1), (2019, 2), (2023, 2), (None, 2), (0, 2)], ids=str
)
def test_the_waves_of_2023_are_others(year, wave):
	assert wave_of(year, OF_2023) == wave


@pytest.mark.parametrize("year", [2005, 2024, None])
def test_a_round_without_waves_has_more_than_one(year):
	assert wave_of(year, ()) == 1


@given(several_waves, st.booleans(), st.integers(1995, 2030))
def test_somebody_is_in_a_wave_that_is_not_the_first_to_fit(bounded, is_open, year):
	waves = bounded + (((len(bounded) + 1, None),) if is_open else ())
	fitting = [wave for wave, until in waves if until is None or year <= until]
	last = waves[-1][0] if waves else 1
	assert wave_of(year, waves) == (fitting[0] if fitting else last)


@given(several_waves, st.integers(1995, 2030), st.integers(0, 20))
def test_the_longer_serving_come_later(waves, year, more):
	assert wave_of(year, waves) <= wave_of(year + more, waves)
	assert wave_of(None, waves) == max((wave for wave, _until in waves), default=1)


# Frappe's fixtures


def fixture(name):
	return json.loads((APP / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))


WORKFLOW = fixture("workflow")[0]
HOOKS = runpy.run_path(str(APP / "hooks.py"))
FIXTURE_FILTERS = {row["dt"]: row["filters"] for row in HOOKS["fixtures"]}


def named_by_hooks(doctype):
	[[field, how, names]] = FIXTURE_FILTERS[doctype]
	assert (field, how) in (("name", "in"), ("name", "="))
	return [names] if how == "=" else names


@pytest.mark.parametrize(
	("doctype", "file", "title"),
	[
		("Role", "role", "role_name"),
		("Workflow", "workflow", "workflow_name"),
		("Workflow State", "workflow_state", "workflow_state_name"),
		("Workflow Action Master", "workflow_action_master", "workflow_action_name"),
		("Custom HTML Block", "custom_html_block", "name"),
	],
)
def test_an_export_of_the_fixtures_would_drop_or_add_a_record(doctype, file, title):
	records = fixture(file)
	assert Counter(record["name"] for record in records) == Counter(named_by_hooks(doctype))
	assert {record["doctype"] for record in records} == {doctype}
	assert [record[title] for record in records] == [record["name"] for record in records]


def test_a_fixture_is_exported_that_no_file_brings_or_the_other_way_round():
	files = {path.stem for path in (APP / "fixtures").glob("*.json")}
	assert files == {doctype.lower().replace(" ", "_") for doctype in FIXTURE_FILTERS}


def test_the_states_of_the_fixture_are_not_those_of_the_law():
	assert Counter(record["name"] for record in fixture("workflow_state")) == Counter(STATES)
	states = WORKFLOW["states"]
	assert [row["state"] for row in states] == list(STATES)  # the first is where a document begins
	assert {row["state"]: int(row["doc_status"]) for row in states} == {
		state: docstatus_of(state) for state in STATES
	}
	assert {row["state"]: row["allow_edit"] for row in states} == EDIT_ROLES


def test_the_transitions_of_the_fixture_are_not_those_of_the_law():
	found = Counter(
		(row["state"], row["action"], row["next_state"], row["allowed"]) for row in WORKFLOW["transitions"]
	)
	assert found == Counter((*path_of(row), row.role) for row in TRANSITIONS)
	assert {row["action"] for row in WORKFLOW["transitions"]} == set(named_by_hooks("Workflow Action Master"))


def test_an_owner_cannot_act_on_what_they_made():
	"""Frappe's self approval compares with the owner only; the three users are the controller's business."""
	assert {row["allow_self_approval"] for row in WORKFLOW["transitions"]} == {1}


def test_a_bulk_run_would_send_a_mail_for_each_document_or_the_workflow_is_off():
	assert WORKFLOW["send_email_alert"] == 0
	assert WORKFLOW["is_active"] == 1
	assert WORKFLOW["document_type"] == WORKFLOW["workflow_name"] == "Contract Renewal"
	assert WORKFLOW["workflow_state_field"] == "workflow_state"
	assert WORKFLOW["override_status"] == 0


def test_a_role_of_the_design_is_missing_or_another_one_reaches_the_desk():
	desk = {record["name"]: record["desk_access"] for record in fixture("role")}
	assert desk == {
		"Personnel Self Service": 0,
		"OPD Clerk": 1,
		"OPD Head": 1,
		"BKPPD Clerk": 1,
		"BKPPD Head": 1,
		"Wali Kota": 1,
		"Finance Officer": 1,
		"Attendance Device": 0,
	}
	assert {row.role for row in TRANSITIONS} | set(EDIT_ROLES.values()) <= set(desk)
	assert {record["disabled"] for record in fixture("role")} == {0}


def test_a_role_of_the_workflow_may_not_write_the_document():
	document = json.loads(
		(APP / "doctype/contract_renewal/contract_renewal.json").read_text(encoding="utf-8")
	)
	may = {row["role"]: row for row in document["permissions"] if not row.get("permlevel")}
	assert not [row for row in TRANSITIONS if not may.get(row.role, {}).get("write")]
	submitting = {row.role for row in TRANSITIONS if docstatus_of(row.next_state)}
	assert {role for role, row in may.items() if row.get("submit")} == submitting
	assert not [
		role for role, row in may.items() if row.get("cancel") or row.get("delete") or row.get("amend")
	]


# The conditions of the fixture, on records that each could mistake for another

RENEWAL = SimpleNamespace(name="2020-P1", personnel="P1", old_contract="P1-2020-1")


def appraisal(**values):
	return {"doctype": "Performance Appraisal", "renewal": RENEWAL.name, "docstatus": 1} | values


def leave(**values):
	of_the_year = {"personnel": "P1", "docstatus": 1, "exit_date": "2020-12-31"}
	return {"doctype": "Personnel Exit", **of_the_year, **values}


def line(kind, **values):
	signed = {"renewal": RENEWAL.name, "kind": kind, "signed": 1, "revoked_by": None}
	return {"doctype": "Decree Line", **signed, **values}


PRESENT = {
	"appraised": [appraisal()],
	"left": [leave()],
	"left on the first day": [leave(exit_date="2020-01-01")],
	"left after the term": [leave(exit_date="2021-01-15")],
	"reappointed": [line("Reappointment")],
	"terminated": [line("Termination")],
}
ABSENT = {
	"draft and cancelled papers": [
		appraisal(docstatus=0),
		appraisal(docstatus=2),
		leave(docstatus=0),
		leave(docstatus=2),
	],
	"of another": [
		appraisal(renewal="2020-P2"),
		leave(personnel="P2"),
		line("Reappointment", renewal="2020-P2"),
		line("Termination", renewal="2020-P2"),
	],
	"an exit before this contract": [leave(exit_date="2019-12-31")],
	"unsigned lines": [line("Reappointment", signed=0), line("Termination", signed=0)],
	"revoked lines": [line("Reappointment", revoked_by="D-9"), line("Termination", revoked_by="D-9")],
	"revocation": [line("Revocation")],
}


class Records:
	"""`frappe.db` of a workflow condition, over plain records."""

	def __init__(self, records):
		self.records = [
			{"doctype": "PTT Contract", "name": "P1-2020-1", "start_date": "2020-01-01"},
			*records,
		]

	def get_value(self, doctype, filters, fieldname="name"):
		filters = filters if isinstance(filters, dict) else {"name": filters}
		for record in self.records:
			if record["doctype"] == doctype and all(
				_fits(record[key], wanted) for key, wanted in filters.items()
			):
				return record.get(fieldname, "a name")
		return None


def _fits(value, wanted):
	how, wanted = wanted if isinstance(wanted, tuple) else ("=", wanted)
	match how:
		case "=":
			return value == wanted
		case ">=":
			return value >= wanted
		case "is":
			return bool(value) == (wanted == "set")
	raise AssertionError(how)


def met_by(names):
	named = " ".join(names)
	return {
		Need.APPRAISED if "appraised" in names else Need.UNAPPRAISED,
		Need.EXIT if "left" in named else Need.NO_EXIT,
		Need.DECREE if "reappointed" in names else Need.NOT_REAPPOINTED,
		*([] if "terminated" in names else [Need.NO_DECREE]),
	}


def test_a_condition_stands_where_the_law_needs_nothing_or_is_missing():
	conditions = {(row["state"], row["next_state"]): row["condition"] for row in WORKFLOW["transitions"]}
	assert {path for path, text in conditions.items() if text} == {
		(row.state, row.next_state) for row in TRANSITIONS if row.needs
	}


@given(st.sets(st.sampled_from([*PRESENT, *ABSENT])))
def test_a_condition_of_the_fixture_says_other_than_the_law(names):
	records = [record for name in sorted(names) for record in (PRESENT | ABSENT)[name]]
	frappe = SimpleNamespace(db=Records(records))
	for row in WORKFLOW["transitions"]:
		holds = not row["condition"] or eval(row["condition"], {"frappe": frappe, "doc": RENEWAL})
		needed = transition_between(row["state"], row["next_state"]).needs
		assert bool(holds) == (set(needed) <= met_by(names)), row
