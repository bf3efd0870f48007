"""Digests by mail and on the desk: to the right OPD, once, in its language, and never in the way of a step."""

import time
from datetime import timedelta
from unittest.mock import patch

import frappe
import pytest
from frappe.installer import update_site_config
from frappe.utils import now_datetime

from dev import servers
from kupang_hr.cycle.year_end import run_all
from kupang_hr.notices import decrees, due, missed, scores, stand_down
from tests.site.city import BKPPD_HEAD, CLERK, DINKES_HEAD, HEAD, MAYOR, OTHER_HEAD
from tests.site.mailbox import Mailbox, mailbox, text_of
from tests.site.papers import SIGNED, reappointed

OPD_CLERK, PTT, SYSADMIN = "opd-clerk@city.test", "ptt@city.test", "sysadmin@city.test"
SCRIPT = 'O\'Brien "<script>alert(1)</script>"'


@pytest.fixture
def mail(city):
	"""An OPD with a clerk, another one of an Indonesian head, and a mailbox."""
	city.seat("DISHUB", OPD_CLERK, "clerk")
	frappe.db.set_value("User", OTHER_HEAD, "language", "id")
	frappe.db.commit()
	forget_languages()
	with mailbox() as box:
		yield box
	frappe.db.set_value("User", OTHER_HEAD, "language", None)
	city.seat("DISHUB", None, "clerk")  # the next session takes the OPDs as they are left
	frappe.db.commit()
	forget_languages()


def forget_languages() -> None:
	for user in (OTHER_HEAD, HEAD):
		frappe.cache.hdel("lang", user)


def desk(user: str) -> list[str]:
	return frappe.get_all(
		"Notification Log", filters={"for_user": user}, pluck="subject", order_by="creation asc"
	)


def subjects(box: Mailbox) -> dict[str, list[str]]:
	return {user: [mail["Subject"].strip() for mail in mails] for user, mails in box.sent().items()}


def remind(city, on: str = "2020-12-04") -> list[str]:
	with city.acting(CLERK, on):
		return scores.remind("2021", None)


def ordered(city, **headcounts: int) -> str:
	"""A round with its signed Stand Down Order."""
	city.settle(**headcounts)
	order = city.ordered(city.opened())
	frappe.db.delete("Notification Log")
	frappe.db.delete("Sent Notice")
	frappe.db.delete("Email Queue")
	return order


# Scores due


def test_an_opd_is_told_a_person_at_a_time_or_its_clerk_is_forgotten(city, mail):
	city.settle(DISHUB=3, PUPR=2)
	city.opened()
	assert remind(city) == [HEAD, OTHER_HEAD]
	said = "DISHUB: 3 people wait for scores in round 2021"
	assert desk(HEAD) == desk(OPD_CLERK) == [said]
	found = subjects(mail)
	assert found[HEAD] == found[OPD_CLERK] == [said], found
	assert len(found[OTHER_HEAD]) == 1
	assert sorted(found) == sorted([HEAD, OPD_CLERK, OTHER_HEAD])


def test_people_of_an_opd_without_anybody_are_not_told_of_above(city, mail):
	city.settle(**{"DINKES": 1, "PKM ALAK": 2})
	city.opened()
	assert remind(city) == [DINKES_HEAD]
	assert desk(DINKES_HEAD) == ["DINKES: 3 people wait for scores in round 2021"]
	text = text_of(mail.sent()[DINKES_HEAD][0])
	assert "1. DINKES: 1 people" in text and "2. PKM ALAK: 2 people" in text


def test_the_same_digest_is_sent_twice_a_day(city, mail):
	city.settle(DISHUB=1)
	city.opened()
	assert [remind(city), remind(city), remind(city, "2020-12-05")] == [[HEAD], [], [HEAD]]
	assert len(mail.sent()[HEAD]) == 2


def test_a_mail_has_one_part_or_leads_nowhere(city, mail):
	city.settle(DISHUB=1)
	city.opened()
	remind(city)
	got = mail.sent()[HEAD][0]
	for kind in ("plain", "html"):
		text = text_of(got, kind)
		assert "DISHUB: 1 people wait for scores in round 2021." in text
		assert "/renewal-round/2021" in text
	row = frappe.get_all(
		"Email Queue", ["reference_doctype", "reference_name"], limit=1, order_by="name asc"
	)[0]
	assert (row.reference_doctype, row.reference_name) == ("Renewal Round", "2021")


def test_a_recipient_is_told_in_the_language_of_the_sender(city, mail):
	city.settle(PUPR=1)
	city.opened()
	with patch("kupang_hr.notices.scores._", side_effect=lambda text: f"{frappe.local.lang}|{text}"):
		remind(city)
	assert frappe.local.lang == "en"
	assert desk(OTHER_HEAD)[0].startswith("id|")


# Mail that cannot go


def test_a_site_without_an_outgoing_account_says_nothing(city):
	city.settle(DISHUB=1)
	city.opened()
	assert remind(city) == [HEAD]
	assert len(desk(HEAD)) == 1
	assert frappe.db.count("Email Queue") == 0
	sent = frappe.get_all("Sent Notice", ["mailed", "remark"])
	assert [(row.mailed, row.remark) for row in sent] == [(0, "There is no outgoing Email Account.")]


def test_a_kind_that_is_switched_off_is_mailed(city, mail):
	city.settle(DISHUB=1)
	city.opened()
	frappe.db.set_single_value("Kupang HR Settings", "mail_scores_due", 0)
	remind(city)
	frappe.db.set_single_value("Kupang HR Settings", "mail_scores_due", 1)
	assert (len(desk(HEAD)), mail.sent()) == (1, {})


def test_a_mail_that_cannot_be_queued_stops_the_night(city, mail):
	city.settle(DISHUB=1)
	city.opened()
	with patch("frappe.sendmail", side_effect=frappe.OutgoingEmailError("no")):
		assert remind(city) == [HEAD]
	assert (len(desk(HEAD)), frappe.db.get_value("Sent Notice", {"kind": "Scores Due"}, "mailed")) == (1, 0)


def test_somebody_whose_login_is_closed_is_mailed(city, mail):
	city.settle(DISHUB=1)
	city.opened()
	frappe.db.set_value("User", OPD_CLERK, "enabled", 0)
	remind(city)
	frappe.db.set_value("User", OPD_CLERK, "enabled", 1)
	assert list(mail.sent()) == [HEAD]


# Stand-down and SK


def test_an_opd_does_not_learn_who_stays_home_and_who_goes_on(city, mail):
	order = ordered(city, DISHUB=2, DLHK=1, PUPR=1)
	person = frappe.get_all("Personnel", {"opd": "DISHUB"}, pluck="name", order_by="name")[0]
	frappe.db.set_value("Personnel", person, "full_name", SCRIPT)
	with city.acting(BKPPD_HEAD, "2020-12-21"):
		assert (stand_down.tell(order), stand_down.tell(order)) == (3, 0)
	assert subjects(mail)[HEAD] == [
		"DISHUB: from 2021-01-04 2 PTT stay home, 0 go on working",
		"DLHK: from 2021-01-04 0 PTT stay home, 1 go on working",
	]
	first = mail.sent()[HEAD][0]
	assert f"1. {SCRIPT}" in text_of(first) or f"2. {SCRIPT}" in text_of(first)
	assert "<script>" not in text_of(first, "html")
	assert "&lt;script&gt;" in text_of(first, "html")


def test_an_opd_is_not_told_when_an_order_takes_effect(city, mail):
	order = ordered(city, DISHUB=2)
	with city.acting(BKPPD_HEAD, "2020-12-21"):
		stand_down.tell(order)
	run_all("2021-01-04")
	with city.acting(BKPPD_HEAD, "2021-01-04"):
		assert (stand_down.tell(order), stand_down.tell_due()) == (1, 0)
	assert "2 PTT stay home since 2021-01-04, until their SK is issued." in text_of(mail.sent()[HEAD][-1])


def test_an_opd_is_not_told_of_the_decree_for_its_people(city, mail):
	city.settle(DISHUB=3, PUPR=1)
	name = city.opened()
	city.rated(name, HEAD, OTHER_HEAD)
	run_all("2021-01-04")
	city.run(MAYOR, "2021-01-20", "recommend", round=name)
	decree = city.decree("Reappointment", name)
	mail.sent()
	mail.mails.clear()
	with city.acting(BKPPD_HEAD, "2021-02-03"):
		assert (decrees.tell(decree.name), decrees.tell_due()) == (2, 0)
	said = f"DISHUB: 3 PTT are re-appointed by decree {decree.decree_number} of 2021-02-03"
	assert subjects(mail)[HEAD] == [said]


def test_a_signature_does_not_lead_to_a_mail_by_itself(city, mail):
	doc = reappointed(city, sign=False, DISHUB=2)
	update_site_config("kupang_hr_today", SIGNED)
	try:
		with servers.worker():
			with city.acting(BKPPD_HEAD, SIGNED):
				doc.submit()
			frappe.db.commit()
			said = sent_to(mail, HEAD)
	finally:
		update_site_config("kupang_hr_today", "None")
	number = frappe.db.get_value("Decree", doc.name, "decree_number")
	assert (
		number and said["Subject"].strip() == f"DISHUB: 2 PTT are re-appointed by decree {number} of {SIGNED}"
	)
	for kind in ("plain", "html"):
		assert "It takes effect on 2021-01-01." in text_of(said, kind)
	assert frappe.db.get_value("Sent Notice", {"kind": "SK Issued"}, "mailed") == 2  # its head and its clerk


def sent_to(box: Mailbox, user: str, seconds: int = 60):
	"""The mail that a worker queues for somebody, once it is there."""
	until = time.monotonic() + seconds
	while not (found := box.sent().get(user)):
		assert time.monotonic() < until, "no mail came"
		time.sleep(0.2)
		frappe.db.rollback()
	return found[0]


def test_an_order_and_a_decree_are_not_told_by_a_job(city):
	order = ordered(city, DISHUB=1)
	with patch("kupang_hr.notices.due._later") as later:
		frappe.get_doc("Stand Down Order", order).save()
	assert [call.args for call in later.call_args_list] == [("kupang_hr.notices.stand_down.tell",)]
	assert callable(frappe.get_attr("kupang_hr.notices.decrees.tell"))


# Permits and corrections


def permit(city, person: str, kind: str = "Sick"):
	with city.acting(PTT, "2020-12-07"):
		values = {
			"kind": kind,
			"from_date": "2020-12-08",
			"to_date": "2020-12-09",
			"reason": "Demam berdarah",
		}
		return frappe.get_doc({"doctype": "Absence Permit", "personnel": person, **values}).insert()


@pytest.fixture
def person(city) -> str:
	name = city.settle(2020, DISHUB=1)[0]
	frappe.db.set_value("Personnel", name, "user", PTT)
	return name


def test_a_decision_about_a_permit_is_not_told_or_tells_the_illness(city, mail, person):
	asked = permit(city, person)
	with city.acting(HEAD, "2020-12-07"):
		asked = frappe.get_doc("Absence Permit", asked.name)
		asked.submit()
		asked.cancel()
	got = mail.sent()
	assert [each["Subject"].strip() for each in got[PTT]] == [
		"Your permit for 2020-12-08 to 2020-12-09 has been granted",
		"Your permit for 2020-12-08 to 2020-12-09 has been cancelled",
	]
	whole = "".join(str(each) for each in got[PTT])
	assert "Sick" not in whole and "Demam" not in whole
	assert "/saya" in text_of(got[PTT][0])


def test_a_permit_that_the_opd_strikes_out_is_not_told(city, mail, person):
	refused, taken_back = permit(city, person), permit(city, person, "Leave")
	with city.acting(HEAD, "2020-12-07"):
		frappe.delete_doc("Absence Permit", refused.name)
	with city.acting(PTT, "2020-12-07"):
		frappe.delete_doc("Absence Permit", taken_back.name, ignore_permissions=True)
	assert subjects(mail) == {PTT: ["Your permit for 2020-12-08 to 2020-12-09 has not been granted"]}


def test_an_opd_is_told_of_each_decision_apart(city, mail, person):
	for kind in ("Sick", "Out of Region"):
		asked = permit(city, person, kind)
		asked.db_set("letter_number", "800/1")
		with city.acting(HEAD, "2020-12-07"):
			frappe.get_doc("Absence Permit", asked.name).submit()
	with city.acting("Administrator", "2020-12-08"):
		assert [due.send_due()["requests"], due.send_due()["requests"]] == [1, 0]
	got = mail.sent()[OPD_CLERK]
	assert [each["Subject"].strip() for each in got] == [
		"DISHUB: 2 permits and 0 corrections granted on 2020-12-07"
	]
	assert "Sick" not in str(got[0]) and "Demam" not in str(got[0])


def test_a_notice_that_fails_undoes_the_decision(city, mail, person):
	asked = permit(city, person)
	with (
		patch("kupang_hr.notices.requests.send", side_effect=ValueError("no")),
		city.acting(HEAD, "2020-12-07"),
	):
		frappe.get_doc("Absence Permit", asked.name).submit()
	assert frappe.db.get_value("Absence Permit", asked.name, "docstatus") == 1


# A step that did not run


@pytest.fixture
def nights(city):
	"""All nightly steps went through an hour ago, on a site that has them for long."""
	moment = now_datetime() - timedelta(hours=1)
	jobs = frappe.get_all("Scheduled Job Type", {"method": ("like", "kupang_hr.%")}, pluck="name")
	frappe.db.delete("Scheduled Job Log")
	for job in jobs:
		frappe.db.set_value("Scheduled Job Type", job, "creation", moment - timedelta(days=30))
		log = frappe.get_doc(
			{"doctype": "Scheduled Job Log", "scheduled_job_type": job, "status": "Complete"}
		)
		log.insert(ignore_permissions=True)
		log.db_set("creation", moment)
	yield
	frappe.db.rollback()
	frappe.db.delete("Scheduled Job Log")
	frappe.db.commit()


def test_a_night_that_went_through_is_reported(nights):
	assert (missed.overdue(), missed.tell_missed()) == ([], [])


@pytest.mark.parametrize("how", ["long ago", "failed"])
def test_a_step_that_did_not_run_is_not_reported(mail, nights, how):
	values = {"creation": now_datetime() - timedelta(hours=30)} if how == "long ago" else {"status": "Failed"}
	step = {"method": "kupang_hr.attendance.nightly.rebuild_days"}
	job = {"scheduled_job_type": frappe.db.get_value("Scheduled Job Type", step)}
	frappe.db.set_value("Scheduled Job Log", job, values)
	told = missed.tell_missed()
	assert {BKPPD_HEAD, SYSADMIN} <= set(told)
	assert not {HEAD, CLERK, MAYOR, PTT} & set(told)
	assert missed.tell_missed() == []
	got = mail.sent()[BKPPD_HEAD]
	assert [each["Subject"].strip() for each in got] == ["1 nightly steps did not run"]
	assert "kupang_hr.attendance.nightly.rebuild_days" in text_of(got[0])


def test_another_step_that_fails_on_the_same_day_is_not_told(mail, nights):
	for step in ("nightly.rebuild_days", "retention.blank_positions"):
		job = frappe.db.get_value("Scheduled Job Type", {"method": f"kupang_hr.attendance.{step}"})
		log = {"scheduled_job_type": job}
		frappe.db.set_value("Scheduled Job Log", log, {"status": "Failed"})
		assert BKPPD_HEAD in missed.tell_missed(), step
		frappe.db.set_value("Scheduled Job Log", log, {"status": "Complete"})
	assert len(mail.sent()[BKPPD_HEAD]) == 2


def test_a_scheduler_that_stands_still_is_not_seen_from_the_desk(city, nights):
	frappe.db.delete("Scheduled Job Log")
	frappe.cache.delete_value("kupang_hr_looked_for_missed")
	with city.acting(HEAD, "2020-12-07"):
		missed.on_desk()
	assert desk(BKPPD_HEAD) == []
	with city.acting(BKPPD_HEAD, "2020-12-07"):
		missed.on_desk()
	assert len(desk(BKPPD_HEAD)) == 1
