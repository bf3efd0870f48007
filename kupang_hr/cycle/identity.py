"""Problems of a NIK or NIP in the user's language, without showing the number whole."""

from collections.abc import Iterable

from frappe import _

from kupang_hr.rules.personal_id import IdProblem, mask


def problem_text(problem: IdProblem) -> str:
	return {
		IdProblem.NOT_16_DIGITS: _("it must have 16 digits"),
		IdProblem.NOT_18_DIGITS: _("it must have 18 digits"),
		IdProblem.IMPOSSIBLE_REGION: _("there is no such region"),
		IdProblem.IMPOSSIBLE_BIRTH: _("there is no such date of birth"),
		IdProblem.IMPOSSIBLE_START: _("there is no such month of appointment"),
		IdProblem.IMPOSSIBLE_SEX: _("the digit of the sex must be 1 or 2"),
		IdProblem.IMPOSSIBLE_SERIAL: _("there is no such serial"),
		IdProblem.BIRTH_DATE_DISAGREES: _("its date of birth disagrees with the person's"),
		IdProblem.GENDER_DISAGREES: _("its gender disagrees with the person's"),
	}[problem]


def problems_text(kind: str, number: str, problems: Iterable[IdProblem]) -> str:
	"""NIK ************0001: it must have 16 digits."""
	return f"{kind} {mask(number)}: " + ", ".join(problem_text(problem) for problem in problems) + "."
