"""Permits and corrections: who may ask, who decides, what is refused, and the days they change at once."""

import frappe
import pytest

from kupang_hr.attendance.approval import approver_of
from kupang_hr.exceptions import (
	ApprovalError,
	CorrectionError,
	DuplicateCorrectionError,
	PermitError,
	PermitOverlapError,
)
from tests.site.apart import together
from tests.site.city import BKPPD_HEAD, CLERK, DINKES_HEAD, HEAD, OTHER_HEAD
from tests.site.punching import at, punch, servants, worked
from tests.site.test_days import TUESDAY, approved, build, codes, correction, day_of, one, permit, set_closed

PTT, OPD_CLERK = "ptt@city.test", "opd-clerk@city.test"
NOW = "2021-01-05"


def said() -> list[str]:
	"""What the user was told meanwhile."""
	log = [frappe.parse_json(each) if isinstance(each, str) else each for each in frappe.local.message_log]
	told = [each["message"] for each in log]
	frappe.clear_messages()
	return told


def file(name: str, is_private: int) -> str:
	doc = {"doctype": "File", "file_name": f"{name}.txt", "content": name, "is_private": is_private}
	return frappe.get_doc(doc).insert().file_url


# Permits


def test_an_approved_permit_changes_the_day_at_once_and_its_end_changes_it_back(city):
	name = one()
	build(city, TUESDAY)
	assert codes() == {f"{name}-{TUESDAY}": "TK"}
	sick = approved(city, permit(name, "Sick", TUESDAY))
	assert sick.approved_by == OTHER_HEAD
	assert codes() == {f"{name}-{TUESDAY}": "S"}
	assert frappe.db.get_value("Attendance Log", f"{name}-{TUESDAY}", "permit") == sick.name
	with city.acting(OTHER_HEAD, NOW):
		sick.cancel()
	frappe.db.commit()
	assert codes() == {f"{name}-{TUESDAY}": "TK"}


@pytest.mark.parametrize(
	("kind", "code"),
	[("Sick", "S"), ("Permitted", "I"), ("Leave", "C"), ("Official Duty", "DL"), ("Study Duty", "TB")],
)
def test_each_kind_has_its_code(city, kind, code):
	name = one()
	approved(city, permit(name, kind, "2020-12-28", TUESDAY))
	assert codes() == {f"{name}-2020-12-28": code, f"{name}-{TUESDAY}": code}


def test_leave_to_leave_the_region_excuses_nobody_from_work(city):
	name = one()
	approved(city, permit(name, "Out of Region", TUESDAY))
	assert codes() == {f"{name}-{TUESDAY}": "TK"}


def test_a_permit_over_a_holiday_leaves_the_holiday_and_says_so(city):
	name = one()
	doc = permit(name, "Leave", "2020-12-23", "2020-12-28")
	frappe.clear_messages()
	approved(city, doc)
	(told,) = said()
	assert told.startswith("Holidays stay holidays") and "2020-12-24" in told and "2020-12-25" in told
	assert [code for _day, code in sorted(codes().items())] == ["C", "CB", "L", "C"]


def test_of_two_permits_the_one_that_begins_later_says_what_a_day_is(city):
	name = one()
	approved(city, permit(name, "Leave", "2020-12-28", "2020-12-30"))
	approved(city, permit(name, "Sick", TUESDAY))
	assert [code for _day, code in sorted(codes().items())] == ["C", "S", "C"]


@pytest.mark.parametrize(
	("values", "says"),
	[
		({"last": "2020-12-28"}, "The permit ends before it begins"),
		({"last": "2020-12-30", "part": "Morning"}, "Half a day is a permit for one day"),
		({"kind": "Out of Region", "part": "Morning"}, "A permit to leave the region is for whole days"),
		({"attachment": "/files/surat.pdf"}, "Attach the file as a private one"),
	],
)
def test_permits_that_cannot_stand(city, values, says):
	name = one()
	with pytest.raises(PermitError, match=says):
		permit(name, **{"kind": "Sick", "first": TUESDAY, **values})
	assert frappe.db.count("Absence Permit") == 0


def test_a_doctors_note_is_private_however_it_is_attached(city):
	name = one()
	doc = permit(name, "Sick", TUESDAY, attachment=file("surat-dokter", 1))
	open_file = frappe.get_doc("File", {"file_url": file("terbuka", 0)})
	open_file.update({"attached_to_doctype": doc.doctype, "attached_to_name": doc.name}).save()
	with pytest.raises(PermitError, match="Attach the file as a private one"):
		doc.save()


def test_a_note_may_come_after_the_approval_and_its_absence_is_said(city):
	name = one()
	doc = permit(name, "Sick", TUESDAY)
	frappe.clear_messages()
	doc = approved(city, doc)
	assert said() == ["No doctor's note is attached yet."]
	with city.acting(OTHER_HEAD, NOW):
		doc.update({"attachment": file("menyusul", 1)}).save()
		with pytest.raises(PermitError, match="Attach the file as a private one"):
			doc.update({"attachment": "/files/terbuka.pdf"}).save()


@pytest.mark.parametrize("kind", ["Official Duty", "Out of Region"])
def test_duty_elsewhere_needs_a_letter(city, kind):
	doc = permit(one(), kind, TUESDAY, letter_number=" ")
	with pytest.raises(PermitError, match="needs the number of the Surat Tugas, or its copy"):
		approved(city, doc)
	frappe.db.rollback()
	frappe.get_doc(doc.doctype, doc.name).update({"attachment": file(f"surat-{kind}", 1)}).save()
	assert approved(city, doc).docstatus == 1


def test_two_permits_of_a_kind_share_no_day_but_may_share_one_by_halves(city):
	name = one()
	approved(city, permit(name, "Permitted", TUESDAY, part="Morning"))
	approved(city, permit(name, "Permitted", TUESDAY, part="Afternoon"))
	assert codes() == {f"{name}-{TUESDAY}": "I"}
	third = permit(name, "Permitted", "2020-12-28", "2020-12-30")
	with pytest.raises(
		PermitOverlapError, match="Permitted from 2020-12-29 to 2020-12-29 is permitted already"
	):
		approved(city, third)


def test_two_approvals_at_once_of_overlapping_permits_leave_one(city):
	name = one()
	docs = [permit(name, "Leave", TUESDAY).name, permit(name, "Leave", "2020-12-28", "2020-12-30").name]
	frappe.db.commit()
	task = {"do": "submit", "user": OTHER_HEAD, "on": NOW, "doctype": "Absence Permit"}
	answers = together(*({**task, "name": doc} for doc in docs))
	assert sorted(answer["code"] for answer in answers) == [0, 1], answers
	assert "PermitOverlapError" in "".join(answer["error"] for answer in answers)
	frappe.db.rollback()
	assert frappe.db.count("Absence Permit", {"docstatus": 1}) == 1


def test_whoever_has_left_asks_for_nothing(city):
	name = one(duty_status="Left")
	with pytest.raises(PermitError, match="has left"):
		permit(name, "Sick", TUESDAY)


# Who decides


def test_nobody_decides_about_their_own_request(city):
	name = one(user=OTHER_HEAD)
	for doc in (permit(name, "Sick", TUESDAY), correction(name, TUESDAY, in_at=f"{TUESDAY} 07:25:00")):
		with pytest.raises(ApprovalError, match="Nobody decides about their own request"):
			approved(city, doc)
		frappe.db.rollback()


def test_the_nearest_head_upward_decides_and_a_heads_own_request_goes_further_up(city):
	(nurse,) = servants(**{"PKM ALAK": 1})
	assert approver_of(nurse) == DINKES_HEAD
	city.seat("PKM ALAK", HEAD)
	assert approver_of(nurse) == HEAD
	frappe.db.set_value("Personnel", nurse, "user", HEAD)
	assert approver_of(nurse) == DINKES_HEAD
	frappe.db.commit()
	doc = permit(nurse, "Sick", TUESDAY)
	approved(city, doc, DINKES_HEAD)
	assert frappe.db.get_value("Absence Permit", doc.name, "approved_by") == DINKES_HEAD


def test_a_head_further_up_does_not_pass_over_the_nearer_one(city):
	(nurse,) = servants(**{"PKM ALAK": 1})
	city.seat("PKM ALAK", OTHER_HEAD)
	frappe.db.commit()
	with pytest.raises(ApprovalError, match=f"{OTHER_HEAD} decides about the requests of {nurse}"):
		approved(city, permit(nurse, "Sick", TUESDAY), DINKES_HEAD)


@pytest.mark.parametrize("user", [HEAD, OPD_CLERK, CLERK, BKPPD_HEAD, PTT])
def test_nobody_but_the_opd_approves(city, user):
	name = one(user=PTT)
	city.seat("PUPR", OPD_CLERK, "clerk")
	frappe.db.commit()
	for doc in (permit(name, "Sick", TUESDAY), correction(name, TUESDAY, in_at=f"{TUESDAY} 07:25:00")):
		with pytest.raises(frappe.PermissionError):
			approved(city, doc, user)
		frappe.db.rollback()
	assert codes() == {}


def test_a_clerk_drafts_for_their_own_people_and_a_person_for_themself(city):
	mine, other = one(user=PTT), one("DISHUB")
	city.seat("PUPR", OPD_CLERK, "clerk")
	frappe.db.commit()
	for user in (OPD_CLERK, PTT):
		with city.acting(user, NOW):
			doc = permit(mine, "Sick", TUESDAY, approved_by=user)
			assert (doc.docstatus, doc.approved_by) == (0, None)
			for asked in (
				lambda: permit(other, "Sick", TUESDAY),
				lambda: correction(other, TUESDAY, code="H", kind="Code"),
			):
				with pytest.raises(frappe.PermissionError):
					asked()
			doc.update({"reason": "demam", "approved_by": user}).save()
			assert frappe.db.get_value("Absence Permit", doc.name, "approved_by") is None


# Corrections


def test_a_correction_mends_the_day_and_its_end_undoes_it(city):
	name = one()
	punch(name, f"{TUESDAY} 07:20:00", "In")
	build(city, TUESDAY)
	doc = approved(city, correction(name, TUESDAY, out_at=f"{TUESDAY} 16:05:00"))
	log = frappe.db.get_value(
		"Attendance Log",
		f"{name}-{TUESDAY}",
		["last_out", "missing_entries", "source", "correction"],
		as_dict=True,
	)
	assert (log.last_out, log.missing_entries, log.source, log.correction) == (
		at(f"{TUESDAY} 16:05:00"),
		0,
		"Correction",
		doc.name,
	)
	assert doc.approved_by == OTHER_HEAD
	with city.acting(OTHER_HEAD, NOW):
		doc.cancel()
	frappe.db.commit()
	assert frappe.db.get_value("Attendance Log", f"{name}-{TUESDAY}", "missing_entries") == 1


@pytest.mark.parametrize(
	("values", "says"),
	[
		({}, "Give the time that was missed"),
		({"in_at": f"{TUESDAY} 07:25:00", "reason": " "}, "Write the reason"),
		(
			{"in_at": f"{TUESDAY} 16:00:00", "out_at": f"{TUESDAY} 07:30:00"},
			"The person leaves before coming",
		),
		({"in_at": "2020-12-28 07:25:00"}, "is not a time of this day: it lasts from"),
		({"out_at": f"{TUESDAY} 22:00:00"}, "is not a time of this day: it lasts from"),
		({"kind": "Code"}, "Choose the code"),
		(
			{"kind": "Code", "code": "H", "in_at": f"{TUESDAY} 07:25:00"},
			"A correction of the code has no times",
		),
		({"code": "H", "in_at": f"{TUESDAY} 07:25:00"}, "A correction of times has no code"),
		(
			{"kind": "Claimed Time", "in_at": f"{TUESDAY} 07:25:00"},
			"needs a punch of this person that claims one",
		),
	],
)
def test_corrections_that_cannot_stand(city, values, says):
	name = one()
	with city.acting("Administrator", NOW), pytest.raises(CorrectionError, match=says):
		correction(name, TUESDAY, **values)
	assert frappe.db.count("Attendance Correction") == 0


def test_a_day_to_come_is_not_corrected(city):
	name = one()
	with (
		city.acting("Administrator", NOW),
		pytest.raises(CorrectionError, match="A day to come cannot be corrected"),
	):
		correction(name, "2021-01-06", in_at="2021-01-06 07:25:00")


def test_a_claim_is_that_of_its_punch(city):
	name, other = one(), one()
	queued = punch(name, f"{TUESDAY} 09:00:00", "In", claimed_at=at(f"{TUESDAY} 07:20:00"))
	fresh = punch(name, f"{TUESDAY} 16:05:00", "Out", claimed_at=at(f"{TUESDAY} 16:05:00"))
	claim = {"kind": "Claimed Time", "day": TUESDAY}
	for person, values, says in (
		(other, {"punch": queued, "in_at": f"{TUESDAY} 07:20:00"}, "needs a punch of this person"),
		(name, {"punch": queued, "in_at": f"{TUESDAY} 07:00:00"}, "The time is not what"),
		(name, {"punch": queued, "out_at": f"{TUESDAY} 07:20:00"}, "The time is not what"),
		(name, {"punch": fresh, "out_at": f"{TUESDAY} 16:05:00"}, "counts at its claimed time already"),
	):
		with pytest.raises(CorrectionError, match=says):
			correction(person, **claim, **values)
	approved(city, correction(name, **claim, punch=queued, in_at=f"{TUESDAY} 07:20:00"))
	again = correction(name, **claim, punch=queued, in_at=f"{TUESDAY} 07:20:00")
	with pytest.raises(DuplicateCorrectionError, match="This day has been corrected already"):
		approved(city, again)


def test_a_day_is_corrected_once(city):
	name = one()
	approved(city, correction(name, TUESDAY, in_at=f"{TUESDAY} 07:25:00", out_at=f"{TUESDAY} 16:05:00"))
	second = correction(name, TUESDAY, kind="Code", code="S")
	with pytest.raises(DuplicateCorrectionError, match="This day has been corrected already"):
		approved(city, second)
	assert codes() == {f"{name}-{TUESDAY}": "H"}


def test_two_corrections_of_a_day_approved_at_once_leave_one(city):
	name = one()
	docs = [correction(name, TUESDAY, kind="Code", code=code).name for code in ("S", "I")]
	frappe.db.commit()
	task = {"do": "submit", "user": OTHER_HEAD, "on": NOW, "doctype": "Attendance Correction"}
	answers = together(*({**task, "name": doc} for doc in docs))
	assert sorted(answer["code"] for answer in answers) == [0, 1], answers
	assert "DuplicateCorrectionError" in "".join(answer["error"] for answer in answers)


def test_a_correction_for_a_closed_month_is_taken_said_and_leaves_the_log(city):
	name = one()
	build(city, TUESDAY)
	set_closed("2020-12-01")
	doc = correction(name, TUESDAY, kind="Code", code="DL")
	frappe.clear_messages()
	approved(city, doc)
	assert said() == ["2020-12 is closed. The correction comes with the next closing, as a line of its own."]
	assert codes() == {f"{name}-{TUESDAY}": "TK"}
	assert day_of(name, TUESDAY).code == "DL", "the next closing derives it"


def test_a_correction_on_a_day_without_hours_takes_any_time_of_it(city):
	name = one()
	with pytest.raises(CorrectionError, match="is not a time of this day"):
		correction(name, "2020-12-26", in_at="2020-12-27 00:00:00")
	approved(city, correction(name, "2020-12-26", in_at="2020-12-26 00:00:00", out_at="2020-12-26 23:59:00"))
	assert codes() == {f"{name}-2020-12-26": "LS"}


def test_a_corrected_entry_stands_in_place_of_the_punch_which_stays(city):
	name = one()
	worked([name], TUESDAY, came="08:00", left="16:10")
	before = frappe.get_all("Attendance Punch", fields=["name", "counted_at"], order_by="name")
	approved(city, correction(name, TUESDAY, in_at=f"{TUESDAY} 07:25:00"))
	assert frappe.db.get_value("Attendance Log", f"{name}-{TUESDAY}", "minutes_late") == 0
	assert frappe.get_all("Attendance Punch", fields=["name", "counted_at"], order_by="name") == before
