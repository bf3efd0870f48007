"""Refusals in the user's language; forms and bulk runs say the same words."""

from frappe import _
from frappe.utils import fmt_money

from kupang_hr.rules import appraisal, decree
from kupang_hr.rules.renewal import Refusal


def number(value: int) -> str:
	"""A count in the city's number format, as the desk writes it."""
	return fmt_money(value, precision=0)


def refusal_text(refusal: Refusal, decree: str | None = None) -> str:
	"""What the user is told, with what to do about it where there is something, and which decree is in the way."""
	return {
		Refusal.WRONG_STATE: _("The renewal is no longer in the state this step starts from."),
		Refusal.THREE_USERS: _(
			"Rating, recommending and issuing are done by three users; you already did one."
		),
		Refusal.REASON_MISSING: _("Write a reason."),
		Refusal.NOT_RATER: _("Only the head of the person's OPD rates."),
		Refusal.OWN_APPRAISAL: _("Nobody rates their own appraisal."),
		Refusal.NO_APPRAISAL: _("There is no submitted appraisal."),
		Refusal.APPRAISED: _("There is a submitted appraisal."),
		Refusal.NO_EXIT: _("There is no submitted Personnel Exit."),
		Refusal.LEFT: _("The person has left."),
		Refusal.NO_CONTRACT: _("No contract of the person ends in this round."),
		Refusal.ALREADY_RENEWED: _("The contract has been renewed in this round already."),
		Refusal.OVERLAP: _("Another contract of the person overlaps the new term."),
		Refusal.NO_DECREE: _("No submitted Reappointment decree names the person."),
		Refusal.DECREE_STANDS: _("The Termination decree {0} names the person.").format(decree or ""),
		Refusal.REAPPOINTED: _("The Reappointment decree {0} names the person.").format(decree or ""),
		Refusal.NO_SUMMARY: _("The Attendance Summary of the year is missing."),
		Refusal.SCORES: _("The scores are not complete."),
	}[refusal]


def problem_text(problem: appraisal.Problem) -> str:  # noqa: C901 - a flat list of cases
	"""A problem of scores or of a scheme; the rarer ones of a scheme fall back to their facts."""
	match problem:
		case appraisal.MissingScore(component, True):
			return _("{0} is computed from the Attendance Summary, which is missing.").format(_(component))
		case appraisal.MissingScore(component, _computed):
			return _("The score of {0} is missing.").format(_(component))
		case appraisal.ScoreNotANumber(component, value):
			return _("The score of {0} is not a number: {1}").format(_(component), value)
		case appraisal.ScoreOutOfRange(component, value):
			return _("The score of {0} must be from 0 to 100: {1}").format(_(component), value)
		case appraisal.UnknownComponent(component):
			return _("The scheme has no component {0}.").format(component)
		case appraisal.NoExpectedDays():
			return _("The Attendance Summary expects no day.")
		case appraisal.MoreDaysThanExpected(expected, present, unexcused):
			return _("{0} days present and {1} unexcused are more than the {2} expected.").format(
				present, unexcused, expected
			)
		case appraisal.ImpossibleCount(name, value):
			return _("The Attendance Summary is impossible: {0} is {1}.").format(name, value)
		case _:
			return scheme_problem_text(problem)


def scheme_problem_text(problem: appraisal.Problem) -> str:  # noqa: C901 - a flat list of cases
	"""What keeps a scheme from rating everybody."""
	match problem:
		case appraisal.WeightsNotHundred(total):
			return _("The weights add up to {0}, not to 100.").format(total)
		case appraisal.WeightNotAPercentage(component, weight):
			return _("The weight of {0} must be a whole number from 1 to 100: {1}").format(component, weight)
		case appraisal.ComponentRepeated(component) | appraisal.SecondComputedComponent(component):
			return _("The component {0} is there twice, or a second one is computed.").format(component)
		case appraisal.ComponentUnnamed(position) | appraisal.BandUnnamed(position):
			return _("Row {0} has no name.").format(position)
		case appraisal.NoBands():
			return _("The scheme has no ratings.")
		case appraisal.BandOutOfRange(rating, value):
			return _("The rating {0} must start from 0 to 100: {1}").format(rating, value)
		case appraisal.ScoresWithoutBand(below):
			return _("Totals below {0} have no rating; the lowest rating must start at 0.").format(below)
		case appraisal.BandsUnsorted(rating) | appraisal.RatingRepeated(rating):
			return _("The rating {0} is there twice or out of order; the best comes first.").format(rating)
		case appraisal.ThresholdRepeated(value):
			return _("Two ratings start from {0}.").format(value)
		case appraisal.MatrixCellMissing(results, behaviour):
			return _("Results {0} with behaviour {1} have no rating.").format(_(results), _(behaviour))
		case appraisal.UnknownExpectation(value):
			return _("There is no expectation {0}.").format(value)
		case appraisal.UnknownMethod(method) | appraisal.WrongMethod(method, _):
			return _("The method {0} does not fit the scheme.").format(_(method))
	raise TypeError(problem)


def number_problem_text(problem: decree.Problem) -> str:
	"""What keeps a decree from getting a number."""
	match problem:
		case decree.UnbalancedBrace():
			return _("A brace of the number template has no partner.")
		case decree.UnknownField(field):
			return _("The number template has no field {0}.").format(field)
		case decree.FieldNotPlain(field):
			return _("A field of the number template is a name and nothing else: {0}").format(field)
		case decree.MissingField(field):
			return _("The number template lacks the field {0}.").format(field)
		case decree.InsertLetterNotShown(letter):
			return _("The number template does not show the insert letter {0}.").format(letter)
		case decree.BadPart(name, value):
			return _("{0} cannot be part of a number: {1}").format(name, value)
	raise TypeError(problem)
