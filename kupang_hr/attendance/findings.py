"""What a verification of the evidence says to who runs it."""

from collections.abc import Iterator

from frappe import _

from kupang_hr.attendance.evidence import Findings


def in_words(found: Findings) -> list[str]:
	"""One line a finding, and what was looked at; says so where nothing was found."""
	looked_at = _("{0} punches and {1} sealed days were verified.").format(found.punches, found.sealed_days)
	lines = [*_of_punches(found), *found.seals]
	if not lines:
		lines = [_("Nothing was changed, removed or inserted behind the app's back.")]
	if found.last_seal:
		lines.append(_("The last seal is {0}.").format(found.last_seal))
	return [looked_at, *lines]


def _of_punches(found: Findings) -> Iterator[str]:
	books = (
		(found.changed, _("{0}: {1} was changed.")),
		(found.removed, _("{0}: {1} was removed.")),
		(found.inserted, _("{0}: {1} was inserted.")),
	)
	for book, text in books:
		for day, names in sorted(book.items()):
			yield from (text.format(day or _("Before the first seal"), name) for name in names)
	for name in found.open_changed_or_inserted:
		yield _("Not sealed yet: {0} was changed or inserted.").format(name)
