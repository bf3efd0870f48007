"""Recording attendance over HTTP: phones, terminals, bad input; a real web server and real signatures."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import frappe
import pytest
import requests
from frappe.installer import update_site_config
from frappe.utils.password import set_encrypted_password

from dev import servers
from kupang_hr.attendance import devices, recording
from kupang_hr.attendance.evidence import check
from kupang_hr.attendance.ingest import ingest
from kupang_hr.bulk.run import acting_as
from kupang_hr.clock import now
from kupang_hr.exceptions import AppendOnlyError, DerivedFieldError, DeviceError
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, OTHER_HEAD, USERS, City
from tests.site.phones import MACHINE, Phone, approved, make_machine, source
from tests.site.scripts import run_script
from tests.site.test_rest import Caller, message_of

TODAY = "2021-02-03"
PTT = "ptt@city.test"
API = "/api/method/kupang_hr.api.attendance."
OFFICE = (-10.1772, 123.607)
NEAR = {"latitude": "-10.177300", "longitude": "123.607100", "accuracy": "10"}
FAR = {"latitude": "-10.200000", "longitude": "123.650000", "accuracy": "10"}
ABROAD = {"latitude": "-8.550000", "longitude": "125.560000", "accuracy": "10"}
CITY_SQUARE = [[123.5, -10.3], [123.75, -10.3], [123.75, -10.1], [123.5, -10.1], [123.5, -10.3]]


@pytest.fixture(scope="module")
def secret(web) -> str:
	"""What opens every user's token."""
	City().sweep()
	make_machine()
	made = frappe.generate_hash(length=15)
	for number, user in enumerate((*USERS, MACHINE)):
		frappe.db.set_value("User", user, "api_key", f"key{number}", update_modified=False)
		set_encrypted_password("User", user, made, "api_secret")
	frappe.db.commit()
	return made


@pytest.fixture
def caller(city, web, secret):
	def of(user: str) -> Caller:
		number = [*USERS, MACHINE].index(user)
		return Caller(web.url, Authorization=f"token key{number}:{secret}")

	return of


@pytest.fixture
def person(city) -> str:
	"""A PTT of Dishub whose login is ptt@city.test; the office is on the map, the limits as installed."""
	update_site_config("kupang_hr_today", TODAY)
	frappe.flags.kupang_hr_as_of = TODAY
	name, *_others = city.settle(2021, DISHUB=3)
	frappe.db.set_value("Personnel", name, "user", PTT)
	place_office("DISHUB")
	set_limits(punches_a_minute=50, city_boundary="")
	forget_punches()
	return name


@pytest.fixture
def phone(person) -> Phone:
	made = approved(person)
	frappe.db.commit()
	return made


def place_office(opd: str, latitude: float = OFFICE[0], longitude: float = OFFICE[1]) -> None:
	doc = frappe.get_doc("OPD", opd)
	doc.update({"latitude": latitude, "longitude": longitude, "radius_m": 100})
	doc.save()


def set_limits(**values: Any) -> None:
	settings = frappe.get_doc("Kupang HR Settings")
	settings.update(values)
	settings.save()
	frappe.db.commit()


def forget_punches() -> None:
	frappe.db.delete("Attendance Punch")
	for key in ("kupang_hr_punches", "kupang_hr_second"):
		frappe.cache.delete_keys(key)
	frappe.db.commit()


def send(caller: Caller, endpoint: str, **arguments: Any) -> requests.Response:
	return caller.send("POST", API + endpoint, json=arguments)


def does(caller: Caller, endpoint: str, **arguments: Any) -> Any:
	answer = send(caller, endpoint, **arguments)
	assert answer.status_code == 200, answer.text
	return answer.json()["message"]


def refusal(answer: requests.Response) -> tuple[int, str, str]:
	return answer.status_code, answer.json().get("exc_type"), message_of(answer)


def rows() -> list[frappe._dict]:
	frappe.db.commit()
	return frappe.get_all("Attendance Punch", fields=["*"], order_by="counted_at asc, name asc")


def iso(moment: datetime) -> str:
	return moment.isoformat(timespec="seconds")


# One punch


def test_a_punch_is_not_kept_as_it_was_made(caller, person, phone):
	answer = does(caller(PTT), "punch", **phone.punch("In", "WFO", **NEAR))
	(row,) = rows()
	assert answer == {
		"status": "accepted",
		"name": row.name,
		"received_at": row.received_at.isoformat(),
		"counted_at": row.received_at.isoformat(),
		"claimed_at": None,
		"direction": "In",
		"mode": "WFO",
		"flags": [],
		"flag_words": [],
		"day": TODAY,
	}
	assert abs(row.received_at - now()) < timedelta(minutes=2)
	kept = (row.personnel, row.latitude, row.longitude, row.accuracy, row.device, row.source, row.owner)
	assert kept == (person, "-10.1773", "123.6071", "10", phone.name, f"Phone:{phone.name}", PTT)
	assert row.personnel_name == frappe.db.get_value("Personnel", person, "full_name")
	assert not check()


def test_a_retry_writes_a_second_punch(caller, phone):
	sent = phone.punch("In", "WFO", **NEAR)
	first, second = (does(caller(PTT), "punch", **sent) for _time in range(2))
	assert first["status"] == "accepted"
	assert second == {**first, "status": "duplicate"}
	assert len(rows()) == 1


def test_a_punch_sent_twice_at_once_is_written_twice_or_lost(caller, phone):
	sent = phone.punch("In", "WFO", **NEAR)
	answers: list[dict] = []
	ones = [caller(PTT) for _time in range(4)]
	threads = [
		threading.Thread(
			target=lambda one=one: answers.append(
				one.session.post(one.url + API + "punch", json=sent, timeout=60).json()
			)
		)
		for one in ones
	]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	statuses = sorted(answer["message"]["status"] for answer in answers)
	assert statuses == ["accepted", "duplicate", "duplicate", "duplicate"]
	assert len({answer["message"]["name"] for answer in answers}) == len(rows()) == 1


def test_two_punches_in_one_second_are_both_kept(caller, phone):
	moment = iso(now() - timedelta(minutes=1))
	does(caller(PTT), "punch", **phone.punch("In", claimed_at=moment))
	answer = send(caller(PTT), "punch", **phone.punch("In", claimed_at=moment))
	text = f"There is a punch In of {moment.replace('T', ' ')} already; two in one second are one too many."
	assert refusal(answer) == (417, "RepeatedPunchError", text)
	assert does(caller(PTT), "punch", **phone.punch("Out", claimed_at=moment))["status"] == "accepted"
	assert [row.direction for row in rows()] == ["In", "Out"]


def test_two_punches_of_one_second_come_in_at_once_and_are_both_kept(caller, phone):
	moment = iso(now() - timedelta(minutes=1))
	answers: list[int] = []
	ones = [(caller(PTT), phone.punch("In", claimed_at=moment)) for _time in range(4)]
	threads = [
		threading.Thread(
			target=lambda one=one, sent=sent: answers.append(
				one.session.post(one.url + API + "punch", json=sent, timeout=60).status_code
			)
		)
		for one, sent in ones
	]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	assert sorted(answers) == [200, 417, 417, 417]
	assert len(rows()) == 1


def test_somebody_records_more_often_than_the_settings_allow(caller, phone):
	set_limits(punches_a_minute=2)
	moment = now() - timedelta(minutes=2)
	times = [iso(moment + timedelta(seconds=seconds)) for seconds in range(3)]
	for time in times[:2]:
		does(caller(PTT), "punch", **phone.punch(claimed_at=time))
	answer = send(caller(PTT), "punch", **phone.punch(claimed_at=times[2]))
	text = "More than 2 punches in a minute. Try again later."
	assert refusal(answer) == (429, "TooManyPunchesError", text)
	assert len(rows()) == 2


def test_a_form_is_not_taken(caller, phone):
	answer = caller(PTT).send("POST", API + "punch", data=phone.punch(**NEAR))
	assert answer.json()["message"]["status"] == "accepted"


# Flags


def flags_of(caller, phone, *arguments: str, **values: str) -> list[str]:
	return does(caller(PTT), "punch", **phone.punch(*arguments, **values))["flags"]


def test_a_place_away_from_the_office_passes_unseen(caller, phone):
	assert flags_of(caller, phone, "In", "WFO", **FAR) == ["Outside Office"]
	forget_punches()
	assert flags_of(caller, phone, "In", "WFH", **FAR) == []


def test_the_office_of_the_node_above_is_not_found(caller, person, phone):
	frappe.get_doc(
		{
			"doctype": "OPD",
			"abbreviation": "UPTD X",
			"opd_name": "X",
			"opd_type": "Unit",
			"parent_opd": "DISHUB",
		}
	).insert()
	frappe.db.set_value("Personnel", person, "opd", "UPTD X")
	frappe.db.commit()
	assert recording.recording().office_of("UPTD X").radius == 100
	assert flags_of(caller, phone, "In", "WFO", **FAR) == ["Outside Office"]


def test_a_position_that_was_denied_refuses_the_punch(caller, phone):
	nowhere = {"latitude": "", "longitude": "", "accuracy": ""}
	assert flags_of(caller, phone, "In", "WFO", **nowhere) == ["No Position"]
	(row,) = rows()
	assert (row.latitude, row.longitude, row.accuracy) == (None, None, None)
	assert not check()


def test_a_made_up_or_vague_position_passes_unseen(caller, phone):
	assert flags_of(caller, phone, "In", "WFH", **{**NEAR, "mock": "1"}) == ["Mock Location"]
	assert rows()[0].mock_location == 1
	assert flags_of(caller, phone, "Out", "WFH", **{**NEAR, "accuracy": "5000"}) == ["Inaccurate"]


def test_a_leap_across_the_island_passes_unseen(caller, phone):
	assert flags_of(caller, phone, "In", "WFH", **NEAR) == []
	assert flags_of(caller, phone, "Out", "WFH", **ABROAD) == ["Impossible Speed"]


def test_the_same_position_again_and_again_passes_unseen(caller, phone):
	moment = now() - timedelta(minutes=4)
	told = [
		flags_of(caller, phone, direction, "WFH", **NEAR, claimed_at=iso(moment + timedelta(minutes=number)))
		for number, direction in enumerate(("In", "Out", "In"))
	]
	assert told == [[], [], ["Repeated Position"]]


def test_a_punch_outside_the_city_passes_unseen(caller, phone):
	set_limits(city_boundary=json.dumps({"type": "Polygon", "coordinates": [CITY_SQUARE]}))
	assert flags_of(caller, phone, "In", "WFH", **NEAR) == []
	forget_punches()
	assert flags_of(caller, phone, "In", "Field", **ABROAD) == ["Outside Region"]


def test_a_boundary_that_is_none_is_saved_and_stops_every_punch(person):
	for text, words in {
		"{": "The city boundary is no JSON: ",
		'{"type": "Point", "coordinates": [1, 2]}': "The city boundary is a Polygon or MultiPolygon, not Point.",
	}.items():
		with pytest.raises(frappe.ValidationError, match=words):
			set_limits(city_boundary=text)
		frappe.db.rollback()


def test_a_queued_punch_counts_at_the_time_it_claims(caller, person, phone):
	claimed = now() - timedelta(hours=2)
	answer = does(caller(PTT), "punch", **phone.punch("In", claimed_at=iso(claimed), **NEAR))
	assert answer["flags"] == ["Late Received"]
	assert answer["claimed_at"] == iso(claimed)
	assert answer["counted_at"] == answer["received_at"] > answer["claimed_at"]


# Bad input

BAD_VALUES = {
	"direction": ("Sideways", "The direction is In or Out, not Sideways."),
	"mode": ("Device", "The mode is WFO, WFH, Field, not Device."),
	"source_id": ("x", "source_id has 8 to 64 letters, digits or any of _ . : -"),
	"latitude": ("200", "The latitude 200.0 is no number from -90 to 90."),
	"longitude": ("-180.5", "The longitude -180.5 is no number from -180 to 180."),
	"accuracy": ("-1", "The accuracy -1.0 is no number of metres from 0 up."),
	"mock": ("yes", "mock is 0 or 1, not yes."),
}


def test_a_value_that_cannot_be_one_is_kept(caller, phone):
	for field, (value, text) in BAD_VALUES.items():
		answer = send(caller(PTT), "punch", **phone.punch(**{field: value}))
		assert refusal(answer) == (417, "PunchInputError", text)
	assert rows() == []


def test_a_word_that_python_takes_for_a_number_is_a_latitude(caller, phone):
	for word in ("NaN", "nan", "Infinity", "1e3", "-10,5", "0x10", "१०"):
		answer = send(caller(PTT), "punch", **phone.punch(latitude=word))
		text = f"The latitude {word} is no number from -90 to 90."
		assert refusal(answer)[1:] == ("PunchInputError", text)


def test_a_bare_nan_or_number_is_taken_though_it_cannot_be_signed(caller, phone):
	for raw in ("NaN", "-10.1", "true"):
		sent = json.dumps(phone.punch()).replace('"-10.177200"', raw)
		answer = caller(PTT).send(
			"POST", API + "punch", data=sent, headers={"Content-Type": "application/json"}
		)
		text = "latitude is sent as a text, as it was signed."
		assert refusal(answer) == (417, "PunchInputError", text), raw
	assert rows() == []


def test_half_a_position_is_kept(caller, phone):
	answer = send(caller(PTT), "punch", **phone.punch(longitude=""))
	assert refusal(answer)[1:] == ("PunchInputError", "A position has a latitude and a longitude.")
	answer = send(caller(PTT), "punch", **phone.punch(latitude="", longitude=""))
	assert refusal(answer)[1:] == ("PunchInputError", "An accuracy without a position says nothing.")


def test_a_time_to_come_or_long_ago_is_kept(caller, phone):
	future, past = now() + timedelta(minutes=5), now() - timedelta(days=8)
	for moment, words in ((future, "{0} lies in the future."), (past, "{0} is more than 7 days ago.")):
		answer = send(caller(PTT), "punch", **phone.punch(claimed_at=iso(moment)))
		text = words.format(iso(moment).replace("T", " "))
		assert refusal(answer) == (417, "PunchTimeError", text)
	for word in (
		"yesterday",
		"2021-02-30T07:00:00",
		"2021-02-03",
		"99999999999",
		"2021-02-03T07:00:00; drop",
	):
		answer = send(caller(PTT), "punch", **phone.punch(claimed_at=word))
		text = f"{word} is no time; write YYYY-MM-DDTHH:MM:SS."
		assert refusal(answer) == (417, "PunchTimeError", text)
	assert rows() == []


def test_a_clock_a_minute_ahead_refuses_the_punch(caller, phone):
	sent = phone.punch(claimed_at=iso(now() + timedelta(seconds=60)))
	assert does(caller(PTT), "punch", **sent)["flags"] == []


def test_an_unknown_field_is_passed_over(caller, phone):
	answer = send(caller(PTT), "punch", **phone.punch(), personnel="ASN-00001", counted_at="2021-02-01")
	assert refusal(answer) == (417, "UnexpectedFieldError", "There is no field counted_at, personnel.")
	assert does(caller(PTT), "punch", **phone.punch(), _lang="id")["status"] == "accepted"


def test_a_body_of_ten_megabytes_is_worked_on(caller, phone):
	sent = phone.punch() | {"mode": "x" * (9 * 1024 * 1024)}
	answer = send(caller(PTT), "punch", **sent)
	assert answer.status_code == 413
	assert message_of(answer).startswith("A request has at most 64 KB, this one has ")
	huge = caller(PTT).send("POST", API + "punch", data=b"x" * (11 * 1024 * 1024))
	assert huge.status_code == 413
	assert rows() == []


@pytest.mark.parametrize("endpoint", ["punch", "ingest", "register_device", "decide_device"])
def test_a_body_of_another_kind_is_taken_for_an_empty_one(caller, phone, endpoint):
	body = json.dumps(phone.punch())
	for kind in ("text/plain", "application/xml"):
		answer = caller(PTT).send("POST", API + endpoint, data=body, headers={"Content-Type": kind})
		text = f"The body is JSON or a form, not {kind}."
		assert refusal(answer) == (415, "WrongContentTypeError", text)
	assert caller(PTT).send("GET", API + endpoint, params=phone.punch()).status_code == 403
	assert rows() == []


@pytest.mark.parametrize("endpoint", ["punch", "ingest", "register_device", "decide_device"])
@pytest.mark.parametrize("body", ["{", '{"mode": "WFO"', b"\xff\xfe{", "mode=WFO"])
def test_a_body_that_is_no_json_is_an_error_of_the_server(caller, phone, endpoint, body):
	kind = {"Content-Type": "application/json; charset=utf-8"}
	answer = caller(PTT).send("POST", API + endpoint, data=body, headers=kind)
	assert refusal(answer) == (400, "UnreadableBodyError", "The body cannot be read as JSON.")
	assert "Traceback" not in answer.text
	assert rows() == []


# Phones


def test_an_unknown_or_foreign_phone_records(caller, person, phone):
	stranger = Phone()
	answer = send(caller(PTT), "punch", **stranger.punch())
	text = "This phone is not registered for you. Register it first."
	assert refusal(answer) == (417, "UnknownDeviceError", text)
	other = approved(frappe.db.get_value("Personnel", {"name": ("!=", person)}))
	frappe.db.commit()
	assert refusal(send(caller(PTT), "punch", **other.punch())) == (417, "UnknownDeviceError", text)
	assert rows() == []


def test_a_phone_that_is_not_approved_records(caller, phone):
	words = {
		"Requested": "The device Phone is waiting for approval by the OPD.",
		"Refused": "The device Phone was refused by the OPD.",
		"Revoked": "The device Phone is no longer approved.",
	}
	for status, text in words.items():
		frappe.db.set_value("Registered Device", phone.name, "status", status)
		answer = send(caller(PTT), "punch", **phone.punch())
		assert refusal(answer) == (417, "DeviceNotApprovedError", text)


def test_a_punch_is_altered_on_its_way(caller, phone):
	sent = phone.punch("In", "WFO", claimed_at=iso(now()))
	text = "The signature is not that of this phone over what was sent."
	changes = {"direction": "Out", "mode": "WFH", "latitude": "-10.177201", "mock": "1", "accuracy": "1"}
	changes |= {"source_id": "nonce-other", "claimed_at": iso(now() - timedelta(hours=1))}
	changes |= {"signature": Phone().punch()["signature"]}
	for field, value in changes.items():
		answer = send(caller(PTT), "punch", **{**sent, field: value})
		assert refusal(answer) == (417, "SignatureError", text), field
	for nonsense in ("", "x", "A" * 86, "é" * 86, sent["signature"][:-2], sent["signature"] + "AA"):
		answer = send(caller(PTT), "punch", **{**sent, "signature": nonsense})
		assert refusal(answer) == (417, "SignatureError", text), nonsense
	assert rows() == []


def test_who_is_nobody_of_the_personnel_records(caller, phone):
	frappe.db.set_value("Personnel", {"user": PTT}, "user", None)
	answer = send(caller(PTT), "punch", **phone.punch())
	assert refusal(answer) == (417, "NotPersonnelError", "This login belongs to nobody of the personnel.")
	for user in (HEAD, BKPPD_HEAD, "nobody@city.test"):
		assert send(caller(user), "punch", **phone.punch()).status_code == 403


def test_a_phone_is_registered_and_decided_about_otherwise_than_it_is_said(caller, person):
	old, new = Phone(), Phone()
	mine, head = caller(PTT), caller(HEAD)
	first = does(mine, "register_device", label="Samsung A10", public_key=old.jwk)
	assert (first["status"], first["thumbprint"]) == ("Requested", old.thumbprint)
	again = does(mine, "register_device", label="Other", public_key=json.dumps(old.jwk))
	assert again == first
	answer = send(mine, "punch", **old.punch())
	assert refusal(answer)[2] == "The device Samsung A10 is waiting for approval by the OPD."
	assert does(head, "decide_device", name=first["name"], approve=1)["status"] == "Approved"
	does(mine, "punch", **old.punch())
	second = does(mine, "register_device", label="Nokia", public_key=new.jwk)
	does(head, "decide_device", name=second["name"], approve=True)
	states = dict(
		frappe.get_all("Registered Device", fields=["name", "status"], as_list=True, order_by="name")
	)
	assert states == {first["name"]: "Revoked", second["name"]: "Approved"}
	answer = send(mine, "punch", **old.punch("Out"))
	assert refusal(answer)[1] == "DeviceNotApprovedError"
	does(mine, "punch", **new.punch("Out"))
	trace = frappe.get_all(
		"Version", filters={"docname": first["name"]}, pluck="data", order_by="creation asc"
	)
	assert "Another device was approved." in trace[-1]


def test_a_phone_is_refused_without_a_reason_or_by_who_may_not(caller, person):
	name = does(caller(PTT), "register_device", label="A", public_key=Phone().jwk)["name"]
	answer = send(caller(HEAD), "decide_device", name=name, approve=0)
	assert refusal(answer) == (417, "DeviceError", "Say why this device is not approved.")
	for user in (OTHER_HEAD, CLERK, "opd-clerk@city.test", PTT, "finance@city.test"):
		assert send(caller(user), "decide_device", name=name, approve=1).status_code == 403, user
	assert does(caller(HEAD), "decide_device", name=name, approve="0", reason="lost")["status"] == "Refused"
	assert frappe.db.get_value("Registered Device", name, "decision_reason") == "lost"


def test_a_head_approves_their_own_phone(caller, person):
	frappe.db.set_value("Personnel", person, "user", HEAD)
	phone = Phone()
	with acting_as(HEAD):
		device = devices.register(devices.person_of(HEAD), "Mine", phone.jwk)
		frappe.db.commit()
		with pytest.raises(frappe.PermissionError, match=re.escape("Nobody decides about their own device.")):
			devices.decide(device.name, True, None)


def test_somebody_is_offered_to_decide_who_may_not(city, person, phone):
	buttons = """((frm) => { const found = [];
		frappe.form.refresh({ doc: frm, is_new: () => false, add_custom_button: (label) => found.push(label) });
		return found; })"""
	offered = {}
	for user in (HEAD, BKPPD_HEAD, PTT, OTHER_HEAD):
		with acting_as(user):
			doc = frappe.get_doc("Registered Device", phone.name)
			doc.run_method("onload")
		ending = f"{buttons}({frappe.as_json({'status': doc.status, '__onload': doc.get_onload()})})"
		offered[user] = run_script("doctype/registered_device/registered_device.js", ending)
	assert offered == {HEAD: ["Revoke"], BKPPD_HEAD: ["Revoke"], PTT: [], OTHER_HEAD: []}


def test_the_phone_of_one_records_for_two(caller, city, person, phone):
	frappe.db.set_value("Personnel", person, "user", None)
	other = frappe.db.get_value("Personnel", {"name": ("!=", person)})
	frappe.db.set_value("Personnel", other, "user", PTT)
	answer = send(caller(PTT), "register_device", label="A", public_key=phone.jwk)
	assert refusal(answer) == (417, "DeviceTakenError", "This phone is registered for somebody else.")


def test_a_key_that_is_none_is_registered(caller, person):
	good = Phone().jwk
	start = "A phone is registered by a public ECDSA key of the curve P-256 as JWK; this is "
	bad = {
		"not JSON.": "{",
		"not an EC key of the curve P-256.": {**good, "crv": "P-384"},
		"a private key.": {**good, "d": good["x"]},
		"y is not 32 bytes in base64url.": {**good, "y": "AA"},
		"no point of the curve.": {**good, "y": good["x"]},
	}
	for words, key in bad.items():
		answer = send(caller(PTT), "register_device", label="A", public_key=key)
		assert refusal(answer) == (417, "DeviceKeyError", start + words)
	assert not frappe.db.count("Registered Device")


def test_a_device_is_approved_or_given_away_by_hand(person, phone):
	for field, value in {"status": "Requested", "personnel": None, "public_key": Phone().jwk}.items():
		doc = frappe.get_doc("Registered Device", phone.name)
		doc.set(field, json.dumps(value) if isinstance(value, dict) else value)
		with pytest.raises((DerivedFieldError, frappe.CannotChangeConstantError)):
			doc.save()
	with pytest.raises(
		DeviceError, match=re.escape("A source belongs to a user of the role Attendance Device.")
	):
		frappe.get_doc(
			{"doctype": "Registered Device", "kind": "Source", "label": "x", "user": HEAD}
		).insert()
	doc = frappe.get_doc(
		{
			"doctype": "Registered Device",
			"kind": "Phone",
			"label": "x",
			"personnel": person,
			"public_key": json.dumps(Phone().jwk),
			"status": "Approved",
		}
	).insert()
	assert doc.status == "Requested"


def test_a_device_with_punches_is_deleted(caller, phone):
	does(caller(PTT), "punch", **phone.punch())
	with pytest.raises(DeviceError, match=re.escape("Punches were made with Phone; revoke it instead.")):
		frappe.delete_doc("Registered Device", phone.name)


def test_the_form_of_a_punch_does_not_show_its_flags(caller, phone):
	does(caller(PTT), "punch", **phone.punch("In", "WFO", **FAR))
	(row,) = rows()
	shown = caller(HEAD).send("GET", f"/api/resource/Attendance Punch/{row.name}")
	assert shown.json()["data"]["raised_flags"] == "Outside Office"


# Append only


def test_somebody_writes_a_punch_or_a_seal_through_a_document(caller, phone):
	does(caller(PTT), "punch", **phone.punch())
	(row,) = rows()
	frappe.set_user("Administrator")
	text = "Attendance Punch is written by the app alone."
	with pytest.raises(AppendOnlyError, match=text):
		frappe.get_doc(
			{"doctype": "Attendance Punch", "personnel": row.personnel, "direction": "In"}
		).insert()
	doc = frappe.get_doc("Attendance Punch", row.name)
	doc.counted_at = "2021-02-01 07:00:00"
	for act in (
		doc.save,
		doc.delete,
		lambda: frappe.rename_doc("Attendance Punch", row.name, "x", force=True),
	):
		with pytest.raises(AppendOnlyError, match=text):
			act()
		frappe.db.rollback()
	for user in ("sysadmin@city.test", BKPPD_HEAD, PTT):
		path = f"/api/resource/Attendance Punch/{row.name}"
		for verb in ("PUT", "DELETE"):
			answer = caller(user).send(verb, path, json={"direction": "Out"})
			assert answer.status_code in (403, 404, 417), (user, verb, answer.text)
		made = caller(user).send("POST", "/api/resource/Attendance Punch", json={"personnel": row.personnel})
		assert made.status_code in (403, 417)
	with pytest.raises(AppendOnlyError, match=re.escape("Attendance Seal is written by the app alone.")):
		frappe.get_doc({"doctype": "Attendance Seal", "day": TODAY}).insert()
	assert [each.direction for each in rows()] == ["In"]
	assert not check()


# Sources


@pytest.fixture
def machine(person, secret) -> str:
	name = source(MACHINE)
	frappe.db.commit()
	return name


def entry(person: str, at: datetime | None = None, **values: Any) -> dict[str, Any]:
	at = at or now() - timedelta(hours=1)
	return {"personnel": person, "at": iso(at), "direction": "In", "source_id": f"e-{iso(at)}", **values}


def test_a_source_keeps_other_rows_than_it_says(caller, person, machine):
	nip = "197001011995011001"
	frappe.db.set_value("Personnel", person, "nip", nip)
	at = now() - timedelta(hours=3)
	sent = [
		entry(person, at, mode="WFO", latitude=-10.1773, longitude=123.6071, accuracy=8),
		entry("NOBODY-1", source_id="b"),
		{
			**entry(person, at + timedelta(hours=1), source_id="c", direction="Out"),
			"personnel": None,
			"nip": nip,
		},
		entry(person, at, source_id="d"),
		entry(person, source_id="e", latitude=200, longitude=1),
		entry(person, source_id="f", latitude="NaN", longitude=1),
		entry(person, now() + timedelta(hours=1), source_id="g"),
		entry(person, now() - timedelta(days=30), source_id="h"),
		{**entry(person, source_id="i"), "counted_at": "x"},
		"nonsense",
		entry(person, source_id=""),
		{"at": iso(at), "source_id": "j"},
		{**entry(person, at), "direction": "Out"},
	]
	answers = does(caller(MACHINE), "ingest", rows=sent)
	assert [answer["status"] for answer in answers] == (
		["accepted", "refused", "accepted"] + ["refused"] * 9 + ["duplicate"]
	)
	spoken = iso(at).replace("T", " ")
	assert [answer["reason"] for answer in answers] == [
		None,
		"NOBODY-1 is nobody of the personnel.",
		None,
		f"There is a punch In of {spoken} already; two in one second are one too many.",
		"The latitude 200.0 is no number from -90 to 90.",
		"The latitude NaN is no number from -90 to 90.",
		f"{sent[6]['at'].replace('T', ' ')} lies in the future.",
		f"{sent[7]['at'].replace('T', ' ')} is more than 7 days ago.",
		"There is no field counted_at.",
		"A row is an object, not nonsense.",
		"source_id has 1 to 140 letters, digits or any of _ . : / -",
		"The row names nobody: give personnel or nip.",
		None,
	]
	kept = rows()
	assert [(row.name, row.direction, row.mode, row.raised_flags) for row in kept] == [
		(answers[0]["name"], "In", "WFO", ""),
		(answers[2]["name"], "Out", "Device", ""),
	]
	assert kept[0].counted_at == kept[0].claimed_at == datetime.fromisoformat(iso(at))
	assert abs(kept[0].received_at - now()) < timedelta(minutes=2)
	assert (kept[0].source, kept[0].device) == (f"Source:{machine}", machine)
	assert answers[12]["name"] == kept[0].name
	assert not check()


def test_rows_sent_again_are_written_again(caller, person, machine):
	sent = [entry(person, now() - timedelta(hours=hours), source_id=f"r{hours}") for hours in range(1, 6)]
	first, second = (does(caller(MACHINE), "ingest", rows=sent) for _time in range(2))
	assert {row["status"] for row in first} == {"accepted"}
	assert [{**row, "status": "accepted"} for row in second] == first
	assert {row["status"] for row in second} == {"duplicate"}
	assert len(rows()) == 5


def test_a_moment_with_an_offset_is_taken_as_wita(caller, person, machine):
	at = datetime.fromisoformat(f"{TODAY}T00:00:01")
	moment = (at - timedelta(hours=8)).isoformat() + "Z"
	(answer,) = does(caller(MACHINE), "ingest", rows=[entry(person, source_id="z") | {"at": moment}])
	assert answer["status"] == "accepted", answer
	assert rows()[0].counted_at == at


def test_rows_of_a_source_are_flagged_otherwise_than_single_ones(caller, person, machine):
	at = now() - timedelta(hours=4)
	places = [NEAR, NEAR, NEAR, FAR]
	sent = [
		entry(person, at + timedelta(minutes=number), source_id=f"p{number}", mode="WFO", **place)
		for number, place in enumerate(places)
	]
	does(caller(MACHINE), "ingest", rows=sent[::-1])
	assert [row.raised_flags for row in rows()] == [
		"",
		"",
		"Repeated Position",
		"Outside Office, Impossible Speed",
	]


def test_too_many_rows_or_none_that_is_a_list_are_worked_on(caller, person, machine):
	answer = send(caller(MACHINE), "ingest", rows=[1] * 5001)
	assert refusal(answer) == (413, "TooLargeError", "At most 5000 rows in one call, not 5001.")
	for wrong in ("x", "{", {"a": 1}, None):
		answer = send(caller(MACHINE), "ingest", rows=wrong)
		assert refusal(answer) == (417, "PunchInputError", "Rows are given as a list."), wrong
	assert does(caller(MACHINE), "ingest", rows=[]) == []
	answer = send(caller(MACHINE), "ingest", rows=["x" * 3_000_000])
	assert answer.status_code == 413


def test_a_source_that_is_unknown_or_not_approved_records(caller, person, secret):
	sent = [entry(person)]
	answer = send(caller(MACHINE), "ingest", rows=sent)
	text = "No source of punches is registered for this login."
	assert refusal(answer) == (417, "UnknownDeviceError", text)
	name = source(MACHINE)
	frappe.db.set_value("Registered Device", name, "status", "Revoked")
	answer = send(caller(MACHINE), "ingest", rows=sent)
	assert refusal(answer)[1:] == ("DeviceNotApprovedError", "The device e-Kinerja is no longer approved.")
	for user in (PTT, HEAD, BKPPD_HEAD):
		assert send(caller(user), "ingest", rows=sent).status_code == 403


def test_a_second_source_of_a_user_stays_approved(person, secret):
	first = source(MACHINE, "one")
	second = frappe.get_doc(
		{"doctype": "Registered Device", "kind": "Source", "label": "two", "user": MACHINE}
	)
	second.insert()
	with acting_as(BKPPD_HEAD):
		second.decide(approve=True)
	assert frappe.db.get_value("Registered Device", first, "status") == "Revoked"
	assert second.status == "Approved"


def test_a_call_of_a_source_asks_for_each_row(city, secret):
	source(MACHINE)
	frappe.flags.kupang_hr_as_of = TODAY
	people = city.settle(2021, DLHK=40)
	at = now() - timedelta(hours=2)

	def statements(names: list[str], label: str) -> int:
		count = []
		real = frappe.db.sql
		frappe.db.sql = lambda *args, **more: count.append(1) or real(*args, **more)
		try:
			answers = ingest([entry(name, at, source_id=f"{label}-{name}") for name in names])
		finally:
			frappe.db.sql = real
		assert {answer["status"] for answer in answers} == {"accepted"}
		return len(count)

	with acting_as(MACHINE):
		statements(people[:1], "warm")
		assert statements(people[1:2], "one") == statements(people[2:], "many")


# The page


def test_the_page_is_told_something_else_than_what_is_on_file(caller, person, phone):
	mine = caller(PTT)
	told = mine.send("GET", API + "my_day", params={"thumbprint": phone.thumbprint}).json()["message"]
	assert (told["user"], told["person"]["name"], told["person"]["opd"]) == (PTT, person, "DISHUB")
	assert told["device"] == {"name": phone.name, "status": "Approved", "label": "Phone"}
	assert told["utc_offset_minutes"] == 480
	day = told["day"]
	assert (day["day"], day["next"], day["holiday"]) == (TODAY, "In", None)
	assert (day["start"], day["end"]) == (f"{TODAY}T07:30:00", f"{TODAY}T16:00:00")


def test_a_stranger_sees_a_day_of_somebody(caller, person):
	told = caller("nobody@city.test").send("GET", API + "my_day").json()["message"]
	assert (told["person"], told["device"], told["requests"]) == (None, None, [])
	assert requests.get(caller(PTT).url + API + "my_day", timeout=30).status_code == 403


def test_a_request_of_a_person_does_not_reach_the_opd(caller, person):
	mine = caller(PTT)
	asked = does(
		mine,
		"request_permit",
		kind="Sick",
		from_date="2021-02-04",
		to_date="2021-02-04",
		reason="demam",
		part="",
		letter_number="",
		attachment_name="surat.pdf",
		attachment_base64="JVBERi0xLjQK",
	)
	permit = frappe.get_doc("Absence Permit", asked["name"])
	assert (permit.personnel, permit.docstatus, permit.owner) == (person, 0, PTT)
	assert permit.attachment.startswith("/private/files/")
	corrected = does(
		mine, "request_correction", day="2021-02-02", in_at="07:25", out_at="", reason="listrik padam"
	)
	correction = frappe.get_doc("Attendance Correction", corrected["name"])
	assert (correction.kind, str(correction.in_at), correction.out_at) == (
		"Times",
		"2021-02-02 07:25:00",
		None,
	)
	told = mine.send("GET", API + "my_day").json()["message"]["requests"]
	assert {(row["name"], row["docstatus"]) for row in told} == {(permit.name, 0), (correction.name, 0)}


def test_a_file_that_is_no_letter_is_attached(caller, person):
	asked = {"kind": "Sick", "from_date": "2021-02-04", "to_date": "2021-02-04", "reason": "demam"}
	for content, text in {
		"PHNjcmlwdD4=": "The attachment is a PDF, JPEG or PNG.",
		"%": "The attachment is not base64.",
	}.items():
		answer = send(
			caller(PTT), "request_permit", **asked, attachment_name="x.pdf", attachment_base64=content
		)
		assert refusal(answer) == (417, "PermitError", text)
	answer = send(caller(PTT), "request_correction", day="03-02-2021", reason="x", in_at="07:00")
	assert refusal(answer)[2] == "03-02-2021 is no date; write YYYY-MM-DD."
	assert not frappe.db.count("Absence Permit") + frappe.db.count("Attendance Correction")


def test_an_accepted_claim_does_not_count(caller, person, phone):
	claimed = datetime.fromisoformat("2021-02-02T07:20:00")
	sent = phone.punch("In", claimed_at=iso(claimed), **NEAR)
	name = does(caller(PTT), "punch", **sent)["name"]
	assert send(caller(OTHER_HEAD), "accept_claimed", punch=name).status_code == 403
	assert send(caller(PTT), "accept_claimed", punch=name).status_code in (403, 417)
	made = does(caller(HEAD), "accept_claimed", punch=name)
	correction = frappe.get_doc("Attendance Correction", made["name"])
	assert (correction.kind, str(correction.day), correction.in_at) == ("Claimed Time", "2021-02-02", claimed)
	assert correction.docstatus == 1
	days = caller(PTT).send("GET", API + "my_days", params={"count": 3}).json()["message"]
	assert {day["day"]: day["first_in"] for day in days}["2021-02-02"] == iso(claimed)
	assert not check()
	answer = send(caller(HEAD), "accept_claimed", punch="nothing")
	assert refusal(answer)[2] == "nothing is no punch that claims a time."


def test_the_site_has_no_key_and_punches_go_unsigned(city, person, phone):
	key = frappe.conf.pop("kupang_hr_attendance_key")
	try:
		with pytest.raises(
			frappe.ValidationError, match=re.escape("The site config has no kupang_hr_attendance_key.")
		):
			check()
	finally:
		frappe.conf.kupang_hr_attendance_key = key
