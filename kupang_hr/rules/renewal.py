"""The law of the renewal workflow: its transitions, its three users, and who may not be renewed.

The Workflow fixture "Contract Renewal" is the same table in Frappe's form; a test keeps the two equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

DRAFT, RATED, RECOMMENDED, SK_ISSUED = "Draft", "Rated", "Mayor Recommended", "SK Issued"
NOT_RENEWED, HELD, WITHDRAWN = "Not Renewed", "Held", "Withdrawn"
STATES = (DRAFT, RATED, RECOMMENDED, SK_ISSUED, NOT_RENEWED, HELD, WITHDRAWN)

OPD_HEAD, MAYOR, BKPPD_HEAD, BKPPD_CLERK = "OPD Head", "Wali Kota", "BKPPD Head", "BKPPD Clerk"

EDIT_ROLES: Mapping[str, str] = {
	DRAFT: BKPPD_CLERK,
	RATED: MAYOR,
	RECOMMENDED: MAYOR,
	SK_ISSUED: BKPPD_HEAD,
	NOT_RENEWED: MAYOR,
	HELD: MAYOR,
	WITHDRAWN: BKPPD_CLERK,
}


class Need(str, Enum):
	"""A stored fact that a transition waits for."""

	APPRAISED = "a submitted appraisal"
	UNAPPRAISED = "no submitted appraisal"
	EXIT = "a submitted exit"
	NO_EXIT = "no submitted exit"
	DECREE = "a submitted reappointment decree that names the person"
	NO_DECREE = "no submitted termination decree that names the person"
	NOT_REAPPOINTED = "no submitted reappointment decree that names the person"


@dataclass(frozen=True)
class Transition:
	"""One row of the workflow.

	`part`: whose part it is among the three users (rated_by, recommended_by, issued_by), None for none.
	`clears`: fields that the transition empties. `reason`: whether a written reason is demanded.
	"""

	state: str
	action: str
	next_state: str
	role: str
	needs: tuple[Need, ...] = ()
	part: str | None = None
	reason: bool = False
	clears: tuple[str, ...] = ()


RATING = ("appraisal", "total_score", "rating", "rated_by")
TRANSITIONS: tuple[Transition, ...] = (
	Transition(DRAFT, "Rate", RATED, OPD_HEAD, (Need.APPRAISED,), "rated_by", clears=("reason",)),
	Transition(DRAFT, "Withdraw", WITHDRAWN, BKPPD_CLERK, (Need.EXIT,)),
	Transition(RATED, "Recommend", RECOMMENDED, MAYOR, part="recommended_by", clears=("reason",)),
	Transition(RATED, "Decline", NOT_RENEWED, MAYOR, part="recommended_by", reason=True),
	Transition(RATED, "Hold", HELD, MAYOR, reason=True),
	Transition(RATED, "Withdraw", WITHDRAWN, BKPPD_CLERK, (Need.EXIT,)),
	Transition(RATED, "Reopen", DRAFT, BKPPD_HEAD, reason=True, clears=RATING),
	Transition(HELD, "Release", RATED, MAYOR, clears=("reason",)),
	Transition(HELD, "Withdraw", WITHDRAWN, BKPPD_CLERK, (Need.EXIT,)),
	Transition(
		RECOMMENDED, "Hold", HELD, MAYOR, (Need.NOT_REAPPOINTED,), reason=True, clears=("recommended_by",)
	),
	Transition(
		RECOMMENDED, "Return", RATED, MAYOR, (Need.NOT_REAPPOINTED,), clears=("recommended_by", "reason")
	),
	Transition(RECOMMENDED, "Issue SK", SK_ISSUED, BKPPD_HEAD, (Need.DECREE,), "issued_by"),
	Transition(RECOMMENDED, "Withdraw", WITHDRAWN, BKPPD_CLERK, (Need.EXIT,)),
	Transition(NOT_RENEWED, "Return", RATED, MAYOR, (Need.NO_DECREE,), clears=("recommended_by", "reason")),
	Transition(
		WITHDRAWN,
		"Reinstate",
		RATED,
		BKPPD_CLERK,
		(Need.NO_EXIT, Need.APPRAISED),
		clears=("personnel_exit", "recommended_by", "reason"),
	),
	Transition(
		WITHDRAWN,
		"Reinstate",
		DRAFT,
		BKPPD_CLERK,
		(Need.NO_EXIT, Need.UNAPPRAISED),
		clears=("personnel_exit", "recommended_by", "reason"),
	),
)


def transition_between(state: str, next_state: str) -> Transition | None:
	"""The row that leads from one state to another; the table has at most one."""
	return next((row for row in TRANSITIONS if (row.state, row.next_state) == (state, next_state)), None)


def transitions_of(action: str) -> tuple[Transition, ...]:
	"""Every row with this action; the states they start from are the action's starting states."""
	return tuple(row for row in TRANSITIONS if row.action == action)


def docstatus_of(state: str) -> int:
	"""Only SK Issued is a submitted state."""
	return 1 if state == SK_ISSUED else 0


PARTS = ("rated_by", "recommended_by", "issued_by")


def other_part_of(user: str, part: str | None, holders: Mapping[str, str | None]) -> str | None:
	"""The part that `user` already holds besides `part`, or None.

	Rater, recommender and issuer of one document are three users; one may repeat their own part.
	"""
	if part is None:
		return None
	return next((other for other in PARTS if other != part and holders.get(other) == user), None)


class Refusal(str, Enum):
	"""Why a transition or a renewal is refused; the caller words it in the user's language."""

	WRONG_STATE = "wrong_state"
	THREE_USERS = "three_users"
	REASON_MISSING = "reason_missing"
	NOT_RATER = "not_rater"
	OWN_APPRAISAL = "own_appraisal"
	NO_APPRAISAL = "no_appraisal"
	APPRAISED = "appraised"
	NO_EXIT = "no_exit"
	LEFT = "left"
	NO_CONTRACT = "no_contract"
	ALREADY_RENEWED = "already_renewed"
	OVERLAP = "overlap"
	NO_DECREE = "no_decree"
	DECREE_STANDS = "decree_stands"
	REAPPOINTED = "reappointed"
	NO_SUMMARY = "no_summary"
	SCORES = "scores"


UNMET: Mapping[Need, Refusal] = {
	Need.APPRAISED: Refusal.NO_APPRAISAL,
	Need.UNAPPRAISED: Refusal.APPRAISED,
	Need.EXIT: Refusal.NO_EXIT,
	Need.NO_EXIT: Refusal.LEFT,
	Need.DECREE: Refusal.NO_DECREE,
	Need.NO_DECREE: Refusal.DECREE_STANDS,
	Need.NOT_REAPPOINTED: Refusal.REAPPOINTED,
}


@dataclass(frozen=True)
class TransitionFacts:
	"""What decides whether one user may take one transition, besides role and scope.

	`met`: the needs that stored facts satisfy. `holders`: who holds which of the three parts.
	"""

	state: str
	met: frozenset[Need]
	holders: Mapping[str, str | None]
	reason: str | None


def transition_refusal(row: Transition, facts: TransitionFacts, user: str) -> Refusal | None:
	"""Why `user` may not take `row`, or None: state, needs, three users, reason, in this order."""
	if facts.state != row.state:
		return Refusal.WRONG_STATE
	for need in row.needs:
		if need not in facts.met:
			return UNMET[need]
	if other_part_of(user, row.part, facts.holders):
		return Refusal.THREE_USERS
	if row.reason and not (facts.reason or "").strip():
		return Refusal.REASON_MISSING
	return None


@dataclass(frozen=True)
class RenewalFacts:
	"""What decides whether a person's contract may be renewed at all.

	`contract_ends_in_round`: a submitted contract, not ended early, ends in the round.
	`already_renewed`: this round has given the person a new contract already.
	`new_term_is_taken`: another submitted contract shares a day with the new term.
	"""

	has_left: bool
	has_exit: bool
	is_appraised: bool
	contract_ends_in_round: bool
	already_renewed: bool
	new_term_is_taken: bool


def renewal_refusals(facts: RenewalFacts) -> tuple[Refusal, ...]:
	"""Every reason why a renewal is refused, most telling first; empty when the person may be renewed.

	Low ratings and unexcused days are not among them: those are exceptions shown to the mayor.
	"""
	checks = (
		(facts.has_left or facts.has_exit, Refusal.LEFT),
		(not facts.is_appraised, Refusal.NO_APPRAISAL),
		(not facts.contract_ends_in_round, Refusal.NO_CONTRACT),
		(facts.already_renewed, Refusal.ALREADY_RENEWED),
		(facts.new_term_is_taken and not facts.already_renewed, Refusal.OVERLAP),
	)
	return tuple(refusal for applies, refusal in checks if applies)


def wave_of(first_appointment_year: int | None, waves: tuple[tuple[int, int | None], ...]) -> int:
	"""The wave of a person: the first whose last year of first appointment is not before theirs.

	`waves`: (wave, last year of first appointment or None for everybody left), in the order of the round.
	Without a fitting row, the last wave; without waves, 1. A person whose year is unknown is taken last.
	"""
	for wave, until in waves:
		if until is None or (first_appointment_year and first_appointment_year <= until):
			return wave
	return waves[-1][0] if waves else 1
