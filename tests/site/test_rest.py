"""The contract year over HTTP: a real web server, real logins, and a real worker for what is large."""

import inspect
import json
import time
from collections.abc import Iterator
from typing import Any

import frappe
import pytest
import requests
from frappe.installer import update_site_config
from frappe.utils.password import set_encrypted_password, update_password

from dev import servers
from kupang_hr.api import cycle
from kupang_hr.cycle.year_end import run_all
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, OTHER_HEAD, PARAF, SCORES, USERS, City
from tests.site.rows import before, written_since

ROUND, TODAY = "2021", "2021-02-03"
PASSWORD = "Kupang-2021!"
PTT, NOBODY, FINANCE = "ptt@city.test", "nobody@city.test", "finance@city.test"
BY_REQUESTS = {
	"tabSessions",
	"tabActivity Log",
	"tabUser",
	"tabAccess Log",
	"tabToken Cache",
	"tabScheduled Job Log",
}

ENDPOINTS = {
	name: frappe.allowed_http_methods_for_whitelisted_func[function]
	for name, function in inspect.getmembers(cycle, inspect.isfunction)
	if function in frappe.allowed_http_methods_for_whitelisted_func
}
WRITING = sorted(name for name, methods in ENDPOINTS.items() if "GET" not in methods)
READING = sorted(set(ENDPOINTS) - set(WRITING))
ARGUMENTS = {
	"round": ROUND,
	"scores": {"x": {}},
	"names": ["x"],
	"reason": "alasan",
	"name": "x",
	"action": "Recommend",
	"leavers": {"x": {}},
	"order": "x",
	"decree": "x",
	"criterion": {"round": ROUND},
}


class Caller:
	"""Somebody who calls the server; what others have committed since is seen after each call."""

	def __init__(self, url: str, **headers: str) -> None:
		self.url = url
		self.session = requests.Session()
		self.session.headers.update(headers)

	def call(
		self, endpoint: str, verb: str = "POST", form: bool = False, **arguments: Any
	) -> requests.Response:
		"""An endpoint of the year with a JSON body, a form, or (GET) a query."""
		path = f"/api/method/kupang_hr.api.cycle.{endpoint}"
		if verb == "GET":
			return self.send("GET", path, params=_texts(arguments))
		return self.send(verb, path, **({"data": _texts(arguments)} if form else {"json": arguments}))

	def send(self, verb: str, path: str, **how: Any) -> requests.Response:
		frappe.db.commit()
		answer = self.session.request(verb, self.url + path, timeout=120, **how)
		frappe.db.rollback()
		return answer

	def does(self, endpoint: str, **arguments: Any) -> Any:
		answer = self.call(endpoint, **arguments)
		assert answer.status_code == 200, answer.text
		return answer.json()["message"]


def _texts(arguments: dict) -> dict[str, str]:
	return {key: value if isinstance(value, str) else json.dumps(value) for key, value in arguments.items()}


def message_of(answer: requests.Response) -> str:
	"""What the caller is told: Frappe's message, otherwise the error's own words."""
	body = answer.json()
	if messages := json.loads(body.get("_server_messages") or "[]"):
		return json.loads(messages[-1])["message"]
	return (body.get("exception") or "").partition(": ")[2]


@pytest.fixture(scope="module")
def callers(web) -> dict[str, Caller]:
	"""Each user with an API token."""
	City().sweep()
	secret = frappe.generate_hash(length=15)
	for number, user in enumerate(USERS):
		frappe.db.set_value("User", user, "api_key", f"key{number}", update_modified=False)
		set_encrypted_password("User", user, secret, "api_secret")
	frappe.db.commit()
	return {
		user: Caller(web.url, Authorization=f"token key{number}:{secret}")
		for number, user in enumerate(USERS)
	}


@pytest.fixture
def caller(city, callers):
	return callers.__getitem__


def logged_in(web, user: str, password: str = PASSWORD) -> tuple[Caller, requests.Response]:
	person = Caller(web.url)
	return person, person.send("POST", "/api/method/login", data={"usr": user, "pwd": password})


def renewals(city: City, **headcounts: int) -> list[str]:
	people = city.settle(**headcounts or {"DISHUB": 2})
	city.opened()
	return [f"{ROUND}-{name}" for name in people]


def state_of(name: str) -> tuple:
	return frappe.db.get_value("Contract Renewal", name, ["workflow_state", "docstatus"])


def failures(run: str) -> dict[str, str]:
	rows = frappe.get_all("Bulk Run Failure", filters={"bulk_run": run}, fields=["reference_name", "reason"])
	return {row.reference_name: row.reason for row in rows}


def written(then) -> dict[str, list]:
	"""What has been written since, beside what logging in and calling leave."""
	return {table: rows for table, rows in written_since(then).items() if rows and table not in BY_REQUESTS}


# Who is calling


def test_a_password_would_open_more_than_its_owners_own(city, web):
	(name,) = renewals(city, DISHUB=1)
	update_password(HEAD, PASSWORD)
	stranger, refusal = logged_in(web, HEAD, "wrong")
	assert (refusal.status_code, refusal.json()["message"]) == (401, "Invalid login credentials")
	assert stranger.call("rate", round=ROUND).status_code == 403
	head, welcome = logged_in(web, HEAD)
	assert welcome.status_code == 200
	appraisal = f"PA-{name}"
	answer = head.does("score", round=ROUND, scores={appraisal: {"scores": SCORES}})
	assert (answer["status"], answer["done"], answer["failed"]) == ("Completed", 1, 0)
	assert head.does("rate", round=ROUND)["done"] == 1
	assert (state_of(name), frappe.db.get_value("Contract Renewal", name, "rated_by")) == (("Rated", 0), HEAD)
	assert frappe.db.get_value("Performance Appraisal", appraisal, "appraised_by") == HEAD
	assert head.call("recommend", round=ROUND).status_code == 403


def test_somebody_without_a_login_or_with_a_wrong_token_would_get_in(city, web):
	renewals(city, DISHUB=1)
	for headers in ({}, {"Authorization": "token x:y"}, {"Authorization": "Basic eDp5"}):
		person = Caller(web.url, **headers)
		for endpoint in ENDPOINTS:
			answer = person.call(endpoint, **arguments_of(endpoint))
			assert answer.status_code in (401, 403), (endpoint, answer.text)
	assert city.states(ROUND) == {"Draft": 1}


def arguments_of(endpoint: str) -> dict[str, Any]:
	"""Something for each argument that the endpoint must have."""
	parameters = inspect.signature(getattr(cycle, endpoint)).parameters.values()
	return {one.name: ARGUMENTS[one.name] for one in parameters if one.default is inspect.Parameter.empty}


def test_an_endpoint_would_answer_who_has_no_right_to_it(caller, city):
	(name,) = renewals(city, DISHUB=1)
	then = before()
	for user in (NOBODY, PTT, FINANCE):
		for endpoint in ENDPOINTS:
			arguments = arguments_of(endpoint)
			arguments |= {
				"act": {"name": name},
				"hold": {"opd": "DISHUB"},
				"return_to_rated": {"opd": "DISHUB"},
				"preview": {"action": "recommend"},
			}.get(endpoint, {})
			answer = caller(user).call(
				endpoint, "GET" if endpoint in ("counts", "named", "signing") else "POST", **arguments
			)
			assert answer.status_code in (403, 404), (user, endpoint, answer.text)
	assert not written(then)


# Verbs


def test_an_endpoint_would_be_missing_from_these_tests():
	assert READING == ["counts", "failures", "named", "preview", "progress", "raters", "signing"]
	assert len(WRITING) == 17


@pytest.mark.parametrize("verb", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_link_would_write(caller, city, verb):
	(name,) = renewals(city, DISHUB=1)
	city.rated(ROUND)
	then = before()
	for endpoint in WRITING:
		arguments = {**arguments_of(endpoint), **({"name": name} if endpoint == "act" else {})}
		for user in (MAYOR, CLERK):
			answer = caller(user).call(endpoint, verb, **arguments)
			assert answer.status_code == 403, (endpoint, answer.text)
	assert not written(then)
	assert caller(MAYOR).call("counts", "POST", round=ROUND).status_code == 403
	assert caller(MAYOR).call("counts", "GET", round=ROUND).json()["message"] == {"DISHUB": {"Rated": 1}}


# Arguments

WRONG = (
	("score", HEAD, {"round": ROUND, "scores": "nonsense"}, "Scores are given by appraisal."),
	("score", HEAD, {"round": ROUND, "scores": "[1]"}, "Scores are given by appraisal."),
	("score", HEAD, {"round": ROUND, "scores": {"PA": 90}}, "Scores are given by appraisal."),
	("score", HEAD, {"round": ROUND, "scores": {}}, "There are no scores to save."),
	("rate", HEAD, {"round": ROUND, "names": "PA-1"}, "Names are given as a list."),
	("rate", HEAD, {"round": ROUND, "names": '{"a": 1}'}, "Names are given as a list."),
	("rate", HEAD, {"round": ROUND, "names": [1, 2]}, "Names are given as a list."),
	("rate", HEAD, {"round": ROUND, "names": []}, "Say whom this is about."),
	("recommend", MAYOR, {"round": ROUND, "names": "[]"}, "Say whom this is about."),
	("recommend", MAYOR, {"round": ROUND, "leave_out": "x"}, "Names are given as a list."),
	("decline", MAYOR, {"round": ROUND, "reason": "alasan", "names": []}, "Say whom this is about."),
	("decline", MAYOR, {"round": ROUND, "reason": "alasan", "names": ""}, "Say whom this is about."),
	("decline", MAYOR, {"round": ROUND, "reason": " ", "names": ["x"]}, "Write a reason."),
	("hold", MAYOR, {"round": ROUND, "reason": "alasan"}, "Say whom to hold."),
	("hold", MAYOR, {"round": ROUND, "reason": "", "opd": "DISHUB"}, "Write a reason."),
	("record_leavers", CLERK, {"leavers": "nonsense"}, "Leavers are given by person."),
	("record_leavers", CLERK, {"leavers": {"PTT": "BUMN"}}, "Leavers are given by person."),
	("record_leavers", CLERK, {"leavers": "{}"}, "There are no leavers to record."),
)
UNKNOWN = (
	("open_round", CLERK, {"round": "2099"}, "Renewal Round 2099 not found"),
	("remind", CLERK, {"round": "2099"}, "Renewal Round 2099 not found"),
	("rate", HEAD, {"round": "2099"}, "Renewal Round 2099 not found"),
	("recommend", MAYOR, {"round": "2099"}, "Renewal Round 2099 not found"),
	("act", MAYOR, {"name": "x", "action": "Recommend"}, "Contract Renewal x not found"),
	("carry_out", BKPPD_HEAD, {"order": "x"}, "Stand Down Order x not found"),
	("gather", CLERK, {"decree": "x"}, "Decree x not found"),
	("paraf", PARAF[0], {"decree": "x"}, "Decree x not found"),
	("start_again", BKPPD_HEAD, {"decree": "x"}, "Decree x not found"),
	("progress", MAYOR, {"name": "x"}, "Bulk Run x not found"),
)
# Frappe's own check: the endpoint, whose call, the argument, what is said of its kind, and pydantic's words for it.
WRONG_KIND = (
	(
		"open_round",
		CLERK,
		{"round": ["2021"]},
		"should be of type 'str' but got 'list' instead.",
		"Input should be a valid string [type=string_type, input_value=['2021'], input_type=list]",
	),
	(
		"recommend",
		MAYOR,
		{"wave": "first"},
		"should be of type 'typing.Optional[int]' but got 'str' instead.",
		"Input should be a valid integer, unable to parse string as an integer"
		" [type=int_parsing, input_value='first', input_type=str]",
	),
)


def test_an_argument_of_the_wrong_kind_would_be_guessed_at(caller, city):
	renewals(city, DISHUB=1)
	city.rated(ROUND)
	then = before()
	for endpoint, user, arguments, message in WRONG:
		answer = caller(user).call(endpoint, **arguments)
		assert (answer.status_code, message_of(answer)) == (417, message), (endpoint, arguments, answer.text)
	for endpoint, user, arguments, message in UNKNOWN:
		answer = caller(user).call(endpoint, **arguments)
		assert (answer.status_code, message_of(answer)) == (404, message), (endpoint, arguments, answer.text)
	for endpoint, user, arguments, kinds, cause in WRONG_KIND:
		answer = caller(user).call(endpoint, **{"round": ROUND, **arguments})
		assert answer.status_code == 417
		(argument,) = arguments
		says = [
			f"Argument '{argument}'{place} {kinds}" for place in ("", f" in 'kupang_hr.api.cycle.{endpoint}'")
		]
		(told,) = json.loads(answer.json()["exc"])
		# Frappe's own words: v15's, v16's, and those of v16's development, which tells the cause instead
		assert any(f"FrappeTypeError: {words}\n" in told for words in says) or f"\n  {cause}\n" in told, told
	assert not written(then)


def test_a_wave_or_an_opd_that_nobody_is_in_would_mean_everybody(caller, city):
	renewals(city)
	city.rated(ROUND)
	for narrowed in ({"wave": 0}, {"wave": 7}, {"opd": "PUPR"}, {"opd": "nowhere"}):
		assert caller(MAYOR).does("recommend", round=ROUND, **narrowed)["done"] == 0
	assert city.states(ROUND) == {"Rated": 2}


@pytest.mark.parametrize("form", [False, True])
def test_a_form_and_a_json_body_would_not_do_the_same(caller, city, form):
	first, second = renewals(city)
	typed = {f"PA-{name}": {"scores": SCORES, "recommendation": "Renew"} for name in (first, second)}
	assert caller(HEAD).does("score", form=form, round=ROUND, scores=typed)["done"] == 2
	assert caller(HEAD).does("rate", form=form, round=ROUND, names=[f"PA-{first}"])["done"] == 1
	assert (state_of(first), state_of(second)) == (("Rated", 0), ("Draft", 0))
	assert caller(HEAD).does("rate", form=form, round=ROUND, opd="DISHUB")["done"] == 1
	left_out = {"wave": 1, "leave_out": [second]}
	assert caller(MAYOR).does("recommend", form=form, round=ROUND, **left_out)["done"] == 1
	assert (state_of(first), state_of(second)) == (("Mayor Recommended", 0), ("Rated", 0))


# The year


def test_the_year_would_not_run_over_rest_or_run_twice(caller, city):
	people = city.settle(DISHUB=3)
	first, second, third = (f"{ROUND}-{name}" for name in people)
	city.round()
	clerk, head, mayor, bkppd = map(caller, (CLERK, HEAD, MAYOR, BKPPD_HEAD))

	def twice(person: Caller, endpoint: str, **arguments: Any) -> int:
		"""How many documents the step has done; a second call changes nothing."""
		answer = person.does(endpoint, **arguments)
		then = before()
		again = person.does(endpoint, **arguments)
		assert not written(then), endpoint
		assert again == answer, endpoint
		return answer["done"]

	assert twice(clerk, "open_round", round=ROUND) == 3
	assert clerk.does("remind", round=ROUND) == [HEAD]
	assert clerk.does("remind", round=ROUND) == []
	typed = {f"PA-{name}": {"scores": SCORES} for name in (first, second, third)}
	head.does("score", round=ROUND, scores=typed)
	assert twice(head, "rate", round=ROUND) == 3
	stand_down_order(city)
	assert twice(bkppd, "carry_out", order=f"SDO-{ROUND}") == 3
	assert city.duty() == {"Stood Down": 3}
	leaver = {people[2]: {"reason": "CPNS", "exit_date": "2020-12-31"}}
	assert twice(clerk, "record_leavers", leavers=leaver) == 1
	assert twice(mayor, "hold", round=ROUND, reason="kuota", names=[second]) == 1
	assert twice(mayor, "recommend", round=ROUND) == 1
	assert twice(mayor, "release", round=ROUND, names=[second]) == 1
	assert twice(mayor, "decline", round=ROUND, reason="nilai", names=[second]) == 1
	assert twice(mayor, "return_to_rated", round=ROUND, opd="DISHUB") == 2
	answer = mayor.does("act", name=second, action="Decline", reason="nilai Buruk")
	assert answer == {"name": second, "workflow_state": "Not Renewed"}
	again = mayor.call("act", name=second, action="Decline", reason="nilai Buruk")
	message = "The renewal is no longer in the state this step starts from."
	assert (again.status_code, message_of(again)) == (417, message)
	assert mayor.does("recommend", round=ROUND, leave_out=[second])["done"] == 1
	assert city.states(ROUND) == {"Mayor Recommended": 1, "Not Renewed": 1, "Withdrawn": 1}
	decree = decree_over_rest(caller)
	assert state_of(first) == ("SK Issued", 1)
	assert twice(bkppd, "start_again", decree=decree) == 1
	assert frappe.db.count("PTT Contract", {"start_date": "2021-01-01"}) == 1
	states = {"Not Renewed": 1, "SK Issued": 1, "Withdrawn": 1}
	assert mayor.call("counts", "GET", round=ROUND).json()["message"] == {"DISHUB": states}
	assert caller(OTHER_HEAD).call("counts", "GET", round=ROUND).json()["message"] == {}


def stand_down_order(city: City) -> None:
	city.ordered(ROUND)
	run_all("2021-01-01")
	frappe.db.commit()


def decree_over_rest(caller) -> str:
	"""A Reappointment decree drafted, gathered, initialled and signed over HTTP; its name."""
	new = {"kind": "Reappointment", "round": ROUND, "date_signed": TODAY, "tmt": "2021-01-01"}
	drafted = caller(CLERK).send("POST", "/api/resource/Decree", json=new)
	assert drafted.status_code == 200, drafted.text
	decree = drafted.json()["data"]["name"]
	assert caller(CLERK).does("gather", decree=decree)["done"] == 1
	assert caller(CLERK).does("gather", decree=decree)["done"] == 1
	assert frappe.db.count("Decree Line", {"decree": decree}) == 1
	for number, user in enumerate(PARAF, 1):
		assert len(caller(user).does("paraf", decree=decree)["given"]) == number
	last = caller(PARAF[-1]).call("paraf", decree=decree)
	assert (last.status_code, message_of(last)) == (417, "Every paraf has been given.")
	with servers.worker():
		signed = caller(BKPPD_HEAD).send("PUT", f"/api/resource/Decree/{decree}", json={"docstatus": 1})
		assert signed.status_code == 200, signed.text
		wait_until(lambda: frappe.db.get_value("Decree", decree, "applied") == 1)
	return decree


def wait_until(done, seconds: int = 90) -> None:
	until = time.monotonic() + seconds
	while not done():
		assert time.monotonic() < until
		time.sleep(0.2)
		frappe.db.rollback()


# Documents


@pytest.mark.parametrize(
	"user, values, status, message",
	[
		(CLERK, {"workflow_state": "Rated"}, 403, "Rate is done by OPD Head."),
		(
			CLERK,
			{"workflow_state": "Mayor Recommended"},
			417,
			"A renewal cannot go from Draft to Mayor Recommended.",
		),
		(HEAD, {"workflow_state": "Rated"}, 417, "There is no submitted appraisal."),
		(
			BKPPD_HEAD,
			{"docstatus": 1},
			417,
			"Only a renewal in the state SK Issued is submitted, and it is.",
		),
		(
			BKPPD_HEAD,
			{"docstatus": 1, "workflow_state": "SK Issued"},
			417,
			"A renewal cannot go from Draft to SK Issued.",
		),
		(CLERK, {"docstatus": 1}, 403, ""),
		(MAYOR, {"docstatus": 2}, 417, "Cannot change docstatus from 0 (Draft) to 2 (Cancelled)"),
		(CLERK, {"rating": "Sangat Baik"}, 417, "Rating is set by the yearly steps."),
		(CLERK, {"rated_by": CLERK}, 417, "Rated by is set by the yearly steps."),
		(MAYOR, {"reason": "lain"}, 403, "In the state Draft a renewal is changed by BKPPD Clerk."),
		(OTHER_HEAD, {"reason": "lain"}, 403, ""),
		(PTT, {"reason": "lain"}, 403, ""),
	],
)
def test_a_put_would_go_past_the_workflow(caller, city, user, values, status, message):
	(name,) = renewals(city, DISHUB=1)
	then = before()
	path = f"/api/resource/Contract Renewal/{name}"
	for how in ({"json": values}, {"data": {"data": json.dumps(values)}}):
		answer = caller(user).send("PUT", path, **how)
		assert answer.status_code == status, answer.text
		assert message_of(answer) == message or not message
	arguments = {"doctype": "Contract Renewal", "name": name, "fieldname": values}
	if "docstatus" not in values:
		answer = caller(user).send("POST", "/api/method/frappe.client.set_value", json=arguments)
		assert answer.status_code == status, answer.text
		assert message_of(answer) == message or not message
	assert not written(then)


def test_a_post_or_a_delete_would_go_past_the_workflow(caller, city):
	(personnel,) = city.settle(DISHUB=1)
	city.round()
	new = {"round": ROUND, "personnel": personnel}
	then = before()
	for values in ({"workflow_state": "Rated"}, {"workflow_state": "SK Issued"}):
		for path, body in (
			("/api/resource/Contract Renewal", {**new, **values}),
			("/api/method/frappe.client.insert", {"doc": {"doctype": "Contract Renewal", **new, **values}}),
		):
			answer = caller(CLERK).send("POST", path, json=body)
			assert (answer.status_code, message_of(answer)) == (417, "A renewal begins as Draft.")
	answer = caller(CLERK).send("POST", "/api/resource/Contract Renewal", json={**new, "docstatus": 1})
	assert answer.status_code == 403
	assert not written(then)
	assert caller(CLERK).send("POST", "/api/resource/Contract Renewal", json=new).status_code == 200
	name = f"{ROUND}-{personnel}"
	again = caller(CLERK).send("POST", "/api/resource/Contract Renewal", json=new)
	full_name = frappe.db.get_value("Personnel", personnel, "full_name")
	assert (again.status_code, message_of(again)) == (
		417,
		f"{full_name} already has a renewal in round 2021.",
	)
	for user in (CLERK, BKPPD_HEAD, MAYOR):
		assert caller(user).send("DELETE", f"/api/resource/Contract Renewal/{name}").status_code == 403
	assert city.states(ROUND) == {"Draft": 1}


def test_a_lawful_put_would_leave_no_trace(caller, city):
	(name,) = renewals(city, DISHUB=1)
	city.rated(ROUND)
	values = {"workflow_state": "Mayor Recommended"}
	answer = caller(MAYOR).send("PUT", f"/api/resource/Contract Renewal/{name}", json=values)
	assert answer.status_code == 200, answer.text
	row = frappe.db.get_value("Contract Renewal", name, ["workflow_state", "recommended_by"])
	assert row == ("Mayor Recommended", MAYOR)
	about = {"reference_doctype": "Contract Renewal", "reference_name": name}
	comments = frappe.get_all(
		"Comment", {**about, "comment_type": "Workflow"}, pluck="content", order_by="creation"
	)
	assert comments == ["Rated", "Mayor Recommended"]
	assert frappe.get_all("Workflow Action", {**about, "status": "Open"}, pluck="workflow_state") == [
		"Mayor Recommended"
	]
	assert frappe.db.count("Version", {"docname": name, "owner": MAYOR}) == 1


def test_a_list_over_rest_would_show_other_peoples_people(caller, city):
	dishub, pupr = city.settle(DISHUB=1, PUPR=1)
	every = {"limit_page_length": 0}

	def seen(user: str) -> set[str]:
		answer = caller(user).send("GET", "/api/resource/Personnel", params=every)
		return {row["name"] for row in answer.json()["data"]}

	assert (seen(HEAD), seen(OTHER_HEAD), seen(MAYOR)) == ({dishub}, {pupr}, {dishub, pupr})
	assert caller(HEAD).send("GET", f"/api/resource/Personnel/{pupr}").status_code == 403
	assert caller(NOBODY).send("GET", "/api/resource/Personnel").status_code == 403


def test_a_nik_would_be_found_out_over_rest(caller, city):
	(personnel,) = city.settle(DISHUB=1)
	nik = frappe.db.get_value("Personnel Identity", personnel, "nik")
	filters = json.dumps({"nik": ["like", f"{nik[:4]}%"]})
	count = {"doctype": "Personnel Identity", "filters": filters}
	value = {**count, "fieldname": "nik"}
	for user in (HEAD, MAYOR, BKPPD_HEAD, NOBODY, PTT):
		answers = [
			caller(user).send("GET", "/api/resource/Personnel Identity", params={"filters": filters}),
			caller(user).send("GET", "/api/method/frappe.client.get_count", params=count),
			caller(user).send("GET", "/api/method/frappe.client.get_value", params=value),
			caller(user).send("GET", f"/api/resource/Personnel Identity/{personnel}"),
		]
		if user == PTT:  # may read their own, of which there is none
			assert [answer.json().get("data", answer.json().get("message")) for answer in answers[:3]] == [
				[],
				0,
				{},
			]
			assert answers[3].status_code == 403
		else:
			assert [answer.status_code for answer in answers] == [403] * 4
		assert not any(nik in answer.text for answer in answers)
	assert caller(CLERK).send("GET", "/api/method/frappe.client.get_count", params=count).json() == {
		"message": 1
	}
	answer = caller(HEAD).send("GET", "/api/method/frappe.client.get_count", params={"doctype": "OPD"})
	assert answer.json()["message"] == frappe.db.count("OPD")


def test_a_wrong_nik_would_be_repeated_to_the_caller(caller, city):
	(personnel,) = city.settle(DISHUB=1)
	nik = "5371013202900001"
	path = f"/api/resource/Personnel Identity/{personnel}"
	answer = caller(CLERK).send("PUT", path, json={"nik": nik})
	message = "NIK ************0001: there is no such date of birth."
	assert (answer.status_code, message_of(answer)) == (417, message)
	assert nik not in answer.text


# Large runs


@pytest.fixture
def large(city):
	"""What is larger than five people goes to a worker."""
	frappe.db.set_single_value("Kupang HR Settings", "answer_at_once", 5)
	frappe.db.commit()
	frappe.clear_document_cache("Kupang HR Settings", "Kupang HR Settings")


def test_a_large_run_would_be_lost_or_done_twice_on_its_way_to_the_worker(caller, city, large):
	names = renewals(city, DISHUB=12)
	city.score(ROUND)
	queued = caller(HEAD).does("rate", round=ROUND)
	assert (queued["status"], queued["total"], queued["done"]) == ("Queued", 12, 0)
	assert caller(HEAD).does("rate", round=ROUND) == queued
	assert city.states(ROUND) == {"Draft": 12}
	with servers.worker() as worker:
		wait_until(lambda: progress(caller, queued["name"])["status"] not in ("Queued", "Running"), 120)
		assert (progress(caller, queued["name"])["status"], worker.log.count("Job OK")) == ("Completed", 1)
	ended = progress(caller, queued["name"])
	assert (ended["total"], ended["done"], ended["failed"]) == (12, 12, 0)
	assert city.states(ROUND) == {"Rated": 12}
	assert caller(HEAD).does("rate", round=ROUND) == ended
	for name in names:
		assert causes(name) == [queued["name"]] and causes(f"PA-{name}") == [queued["name"]]


def progress(caller, run: str, user: str = HEAD) -> dict:
	return caller(user).call("progress", "GET", name=run).json()["message"]


def causes(name: str) -> list[str]:
	"""The runs that the Versions of a document name, of those that changed it."""
	data = [
		json.loads(row) for row in frappe.get_all("Version", {"docname": name, "owner": HEAD}, pluck="data")
	]
	found = [
		row
		for row in data
		if "docstatus" in str(row.get("changed")) or "workflow_state" in str(row.get("changed"))
	]
	return [row["updater_reference"]["docname"] for row in found]


def test_somebody_would_watch_anothers_run(caller, city):
	renewals(city)
	city.score(ROUND)
	run = caller(HEAD).does("rate", round=ROUND)["name"]
	for user, status in ((HEAD, 200), (MAYOR, 200), (CLERK, 200), (OTHER_HEAD, 403), (NOBODY, 403)):
		for verb in ("GET", "POST"):
			assert caller(user).call("progress", verb, name=run).status_code == status


def test_what_is_wrong_in_a_run_would_not_reach_the_caller(caller, city):
	first, second = renewals(city)
	typed = {f"PA-{first}": {"scores": {**SCORES, "Behaviour": "101"}}, f"PA-{second}": {"scores": SCORES}}
	answer = caller(HEAD).does("score", round=ROUND, scores=typed)
	assert (answer["status"], answer["total"], answer["done"], answer["failed"]) == ("Completed", 2, 1, 1)
	message = "The score of Behaviour must be from 0 to 100: 101"
	assert failures(answer["name"]) == {f"PA-{first}": message}
	shown = caller(HEAD).send(
		"GET", "/api/resource/Bulk Run Failure", params={"fields": '["reference_name", "reason"]'}
	)
	assert shown.json()["data"] == [{"reference_name": f"PA-{first}", "reason": message}]
