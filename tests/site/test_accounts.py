"""Logins for people without a mailbox: made for many, printed once, changed at the first login, reset."""

import csv
import io
import re
from collections.abc import Iterator

import frappe
import pytest
from frappe.utils.password import set_encrypted_password, update_password

from dev import servers
from kupang_hr.api import accounts as endpoints
from kupang_hr.attendance import accounts
from kupang_hr.bulk.run import acting_as
from kupang_hr.exceptions import AccountError
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, City
from tests.site.test_rest import Caller, logged_in

TODAY = "2021-02-03"
NEW = "Sasando-Rote-77!"
API = "/api/method/kupang_hr.api.accounts."


@pytest.fixture
def clerk(city, web) -> Caller:
	secret = frappe.generate_hash(length=15)
	frappe.db.set_value("User", CLERK, "api_key", "clerk-key", update_modified=False)
	set_encrypted_password("User", CLERK, secret, "api_secret")
	frappe.db.commit()
	return Caller(web.url, Authorization=f"token clerk-key:{secret}")


@pytest.fixture(autouse=True)
def no_logins_left(city) -> Iterator[None]:
	"""Users keep their login names, and so many within an hour would stop other tests from making theirs."""
	remove_logins()
	yield
	remove_logins()


def remove_logins() -> None:
	frappe.set_user("Administrator")
	for user in frappe.get_all("User", filters={"name": ("like", f"%@{accounts.DOMAIN}")}, pluck="name"):
		frappe.delete_doc("User", user, force=True)
	for doctype in ("Contact", "Contact Email", "Contact Phone"):
		frappe.db.delete(doctype)
	frappe.db.delete("File", {"file_name": ("like", "logins-%")})
	frappe.db.commit()


def made(city: City, **criterion) -> dict:
	answer = city.run(CLERK, TODAY, "make-logins", **criterion)
	assert answer["status"] == "Completed", answer
	return answer


def slips(run: str) -> dict[str, dict]:
	with acting_as(CLERK):
		text = accounts.print_once(run).decode()
	frappe.db.commit()
	return {row["login"]: row for row in csv.DictReader(io.StringIO(text))}


def failures(run: str) -> dict[str, str]:
	rows = frappe.get_all("Bulk Run Failure", filters={"bulk_run": run}, fields=["reference_name", "reason"])
	return {row.reference_name: row.reason for row in rows}


def test_somebody_gets_no_login_or_two(city):
	people = city.settle(2021, DISHUB=3, DLHK=2)
	frappe.db.set_value("Personnel", people[0], "mobile_no", "+62 812-3456-789")
	assert made(city, opd="DISHUB")["done"] == 3
	assert made(city)["done"] == 2
	again = city.run(CLERK, TODAY, "make-logins")
	assert (again["done"], frappe.db.count("User", {"name": ("like", f"%@{accounts.DOMAIN}")})) == (2, 5)
	rows = frappe.get_all("Personnel", fields=["name", "user"], order_by="name asc")
	assert {row.user for row in rows} == {
		f"{row.name.lower().replace('-', '')}@login.invalid" for row in rows
	}
	user = frappe.get_doc("User", frappe.db.get_value("Personnel", people[0], "user"))
	assert (user.mobile_no, user.user_type, user.enabled) == ("08123456789", "Website User", 1)
	assert user.language == "id", "Indonesian, whatever language the site has"
	assert [row.role for row in user.roles] == ["Personnel Self Service"]
	assert not frappe.db.count("Email Queue", {"reference_doctype": "User"})
	trace = frappe.get_all(
		"Version", filters={"docname": people[0], "ref_doctype": "Personnel"}, pluck="data"
	)
	assert any(user.name in data for data in trace)


def test_a_civil_servants_login_is_not_their_nip(city):
	(name,) = city.settle(2021, DISHUB=1)
	frappe.db.set_value("Personnel", name, {"employment_type": "ASN", "nip": "197001011995011001"})
	run = made(city, names=[name])["name"]
	assert list(slips(run)) == ["197001011995011001"]


def test_one_bad_row_costs_the_others_their_login(city):
	people = city.settle(2021, DISHUB=3)
	frappe.db.set_value("Personnel", people[0], "mobile_no", "0812")
	frappe.db.set_value("Personnel", people[1], "mobile_no", "0812")
	taken = frappe.get_doc(
		{"doctype": "User", "email": f"x@{accounts.DOMAIN}", "first_name": "x", "send_welcome_email": 0}
	)
	taken.username = accounts.login_name(frappe._dict(name=people[2], nip=None))
	taken.insert()
	answer = made(city)
	assert (answer["done"], answer["failed"]) == (2, 1)
	assert failures(answer["name"]) == {people[2]: f"The login name {taken.username} is taken."}
	numbers = [row["mobile_no"] for row in slips(answer["name"]).values()]
	assert sorted(numbers) == ["", "0812"]
	assert not frappe.db.get_value("Personnel", people[2], "user")
	assert not frappe.db.exists("User", f"{taken.username}@{accounts.DOMAIN}")


def test_first_passwords_are_seen_by_others_or_twice(city):
	city.settle(2021, DISHUB=3)
	answer = made(city)
	files = frappe.get_all("File", filters={"file_name": ("like", "logins-%")}, fields=["*"])
	assert [(row.owner, row.is_private, row.attached_to_name) for row in files] == [(CLERK, 1, None)]
	file = frappe.get_doc("File", files[0].name)
	for user in (BKPPD_HEAD, HEAD, "sysadmin@city.test", "mayor@city.test"):
		with acting_as(user):
			assert not file.is_downloadable(), user
			with pytest.raises(
				frappe.PermissionError, match=r"First passwords are printed by who asked for them\."
			):
				accounts.print_once(answer["name"])
	told = slips(answer["name"])
	pattern = re.compile("[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}")
	passwords = {row["password"] for row in told.values()}
	assert len(passwords) == 3
	assert all(pattern.fullmatch(password) for password in passwords)
	with (
		acting_as(CLERK),
		pytest.raises(AccountError, match=r"These first passwords have been printed already\."),
	):
		accounts.print_once(answer["name"])
	assert not frappe.db.exists("File", files[0].name)
	stored = frappe.db.sql("select criterion, message from `tabBulk Run`") + frappe.db.sql(
		"select data from tabVersion"
	)
	assert not any(password in str(stored) for password in passwords)


def test_a_first_password_stays_good_for_more_than_one_login(city, web, clerk):
	(name,) = city.settle(2021, DISHUB=1)
	frappe.db.set_value("Personnel", name, "mobile_no", "0812345678")
	frappe.db.commit()
	run = clerk.send("POST", API + "make_logins", json={"names": [name]}).json()["message"]
	assert (run["status"], run["done"]) == ("Completed", 1)
	printed = clerk.send("POST", API + "print_logins", json={"name": run["name"]})
	assert printed.headers["Content-Disposition"].split("=")[1].strip('"') == "logins.csv"
	(slip,) = csv.DictReader(io.StringIO(printed.content.decode()))
	for usr in (slip["login"], slip["mobile_no"]):
		person, answer = logged_in(web, usr, slip["password"])
		assert answer.json()["message"] == "Password Reset", answer.text
		assert person.send("GET", "/api/method/frappe.auth.get_logged_user").status_code == 403
	key = re.search("key=([^&]+)", answer.json()["redirect_to"])[1]
	changed = person.send(
		"POST",
		"/api/method/frappe.core.doctype.user.user.update_password",
		data={"key": key, "new_password": NEW},
	)
	assert changed.status_code == 200, changed.text
	person, answer = logged_in(web, slip["login"], NEW)
	assert answer.json()["message"] in ("No App", "Logged In"), answer.text
	told = person.send("GET", "/api/method/kupang_hr.api.attendance.my_day").json()["message"]
	assert told["person"]["name"] == name
	_person, answer = logged_in(web, slip["login"], slip["password"])
	assert answer.status_code == 401
	again = clerk.send("POST", API + "reset_login", json={"personnel": name}).json()["message"]
	assert again["login"] == slip["login"]
	assert person.send("GET", "/api/method/frappe.auth.get_logged_user").status_code in (401, 403)
	_person, answer = logged_in(web, slip["login"], NEW)
	assert answer.status_code == 401
	_person, answer = logged_in(web, slip["login"], again["password"])
	assert answer.json()["message"] == "Password Reset"


def test_the_login_of_others_is_asked_for_a_new_password(city, web):
	accounts.allow_logins()
	frappe.db.set_value("User", HEAD, "last_password_reset_date", "2020-01-01")
	update_password(HEAD, NEW)
	frappe.db.commit()
	_head, answer = logged_in(web, HEAD, NEW)
	assert answer.json()["message"] == "Logged In"


def test_a_clerk_gets_at_the_login_of_a_head(city):
	one, two = city.settle(2021, DISHUB=2)
	frappe.db.set_value("Personnel", one, "user", HEAD)
	with acting_as(CLERK):
		with pytest.raises(
			AccountError, match=rf"{HEAD} has other roles; a System Manager resets this login\."
		):
			accounts.reset_login(one)
		with pytest.raises(AccountError, match=rf"{two} has no login\."):
			accounts.reset_login(two)


def test_somebody_else_makes_or_resets_logins(city):
	(name,) = city.settle(2021, DISHUB=1)
	for user in (HEAD, BKPPD_HEAD, "ptt@city.test", "sysadmin@city.test"):
		with acting_as(user):
			with pytest.raises(frappe.PermissionError):
				endpoints.make_logins(names=[name])
			with pytest.raises(frappe.PermissionError):
				endpoints.reset_login(name)
			with pytest.raises(frappe.PermissionError):
				endpoints.print_logins("x")
	with acting_as(CLERK), pytest.raises(frappe.ValidationError, match=r"Names are given as a list\."):
		endpoints.make_logins(names=[])


def test_the_sixty_first_user_within_an_hour_is_refused(city, monkeypatch):
	monkeypatch.setitem(
		frappe.local.conf, "throttle_user_limit", 60
	)  # Frappe's own; test sites have a larger one
	city.settle(2021, DISHUB=70)
	settings = frappe.get_doc("Kupang HR Settings")
	settings.chunk_size = 40
	settings.save()
	answer = made(city)
	assert (answer["done"], answer["failed"]) == (70, 0)
	assert len(slips(answer["name"])) == 70
	assert frappe.conf.throttle_user_limit == 60
