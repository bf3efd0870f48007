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


class SheetError(ValidationError):
	"""A spreadsheet that cannot be read at all; what is wrong in single rows is answered, not raised."""


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


class AppendOnlyError(ValidationError):
	"""A document that the app alone writes: a punch, a seal, a log, a line of a closed month."""


class DayRangeError(ValidationError):
	"""Dates that are missing, in the wrong order, in the future or too far apart."""


class ScheduleError(ValidationError):
	"""Working hours that cannot be meant."""


class CapacityError(ValidationError):
	"""An office capacity that is out of range, or a rota that goes beyond it."""


class RotaError(ValidationError):
	"""A rota that cannot be made or changed as it stands."""


class PermitError(ValidationError):
	"""A permit that cannot stand: its dates, its letter, its attachment."""


class PermitOverlapError(ValidationError):
	"""Two submitted permits of the same kind share a day."""


class CorrectionError(ValidationError):
	"""A correction that cannot stand: its times, its code, its day."""


class DuplicateCorrectionError(ValidationError):
	"""A second correction of the same day."""


class ApprovalError(ValidationError):
	"""The user is not the one who decides about this person's requests."""


class PunchInputError(ValidationError):
	"""A value of a punch that cannot be one."""


class PunchTimeError(PunchInputError):
	"""A claimed time that is none, lies in the future, or too far back."""


class RepeatedPunchError(ValidationError):
	"""A second punch of the same direction in the same second."""


class TooManyPunchesError(ValidationError):
	"""More punches in a minute than the setting allows; may be sent again later."""

	http_status_code = 429


class NotPersonnelError(ValidationError):
	"""A login that belongs to nobody of the personnel."""


class DeviceError(ValidationError):
	"""A device that may not do what is asked of it."""


class UnknownDeviceError(DeviceError):
	"""A phone or source that is not registered for this person or user."""


class DeviceNotApprovedError(DeviceError):
	"""A phone or source that is waiting, was refused or is no longer approved."""


class DeviceTakenError(DeviceError):
	"""The key of a phone that is registered for somebody else."""


class DeviceKeyError(DeviceError):
	"""A public key that is none of ECDSA P-256, or holds a private part."""


class SignatureError(ValidationError):
	"""A punch that its device has not signed as it was sent."""


class UnexpectedFieldError(ValidationError):
	"""A field that an endpoint does not have."""


class TooLargeError(ValidationError):
	"""A request or a list that is larger than an endpoint takes."""

	http_status_code = 413


class WrongContentTypeError(ValidationError):
	"""A body that is neither JSON nor a form."""

	http_status_code = 415


class UnreadableBodyError(ValidationError):
	"""A body that says it is JSON and cannot be read as such."""

	http_status_code = 400


class EvidenceKeyError(ValidationError):
	"""A site without the key that signs punches."""


class AccountError(ValidationError):
	"""A login that cannot be made or reset."""


class PeriodError(ValidationError):
	"""A month that cannot be closed or changed as it stands."""


class RetentionError(ValidationError):
	"""Positions that the settings still keep."""


class StopRunError(ValidationError):
	"""What keeps a mass step from going on for anybody; the run ends, instead of noting it of each person."""


class DiskFullError(StopRunError):
	"""No room is left for a file."""


class LetterError(ValidationError):
	"""A letter that cannot be made: its text, its signatory, its engine, or room on the disk."""
