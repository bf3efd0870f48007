"""Typed errors of the app; each is a ValidationError, so Frappe answers 417 and rolls back."""

from frappe.exceptions import ValidationError


class ContractTermError(ValidationError):
	"""A term that is out of order, crosses a year or begins after the stop on new PTT."""


class ContractOverlapError(ValidationError):
	"""Two submitted contracts of a person share a day."""


class DerivedFieldError(ValidationError):
	"""A value that the contract year sets was written by hand."""


class TransitionRefusedError(ValidationError):
	"""A change of state that the renewal workflow does not have, or not for this user."""


class DuplicateRenewalError(ValidationError):
	"""A second renewal or appraisal of a person in a round."""


class ScoreError(ValidationError):
	"""Scores that are missing or out of range, or a missing Attendance Summary."""


class RaterError(ValidationError):
	"""The user is not the rater of this person."""


class DecreeError(ValidationError):
	"""A decree that cannot be signed as it stands."""


class ParafError(DecreeError):
	"""A paraf that is missing, or given out of turn."""


class SignedDocumentError(ValidationError):
	"""A change to a submitted decree, or to a stand-down order that has been carried out."""


class IdentityError(ValidationError):
	"""A NIK or NIP that cannot be one."""
