"""Who sees and does what, as the design's table says it; lists, documents and mass steps agree.

The town is built once; a test that changes it is rolled back.
"""

from itertools import product

import frappe
import pytest
from frappe import client
from frappe.desk.search import search_link

from kupang_hr.access import criterion
from kupang_hr.access.seats import rater_of, seats_of
from kupang_hr.api import counts
from kupang_hr.bulk import query, run
from kupang_hr.clock import as_of
from kupang_hr.cycle.year_end import run_all, states_by_opd
from kupang_hr.hooks import SEEN_THROUGH_ACCESS
from tests.site.city import BKPPD_HEAD, CLERK, DINKES_HEAD, HEAD, MAYOR, OTHER_HEAD, USERS, City

SYSADMIN, FINANCE, OPD_CLERK = "sysadmin@city.test", "finance@city.test", "opd-clerk@city.test"
PTT, NOBODY, ASSISTANT = "ptt@city.test", "nobody@city.test", "assistant@city.test"
KABID, SECRETARY = "kabid@city.test", "secretary@city.test"
TODAY, ROUND = "2021-02-10", "2021"
MARK = "Penanda Kota"

HEADCOUNTS = {"DISHUB": 3, "DLHK": 1, "PUPR": 2, "DINKES": 1, "PKM ALAK": 2}
SUBTREE = {
	HEAD: {"DISHUB", "DLHK"},
	OTHER_HEAD: {"PUPR"},
	DINKES_HEAD: {"DINKES", "PKM ALAK"},
	OPD_CLERK: {"DISHUB"},
}
EVERYBODY = {SYSADMIN, MAYOR, BKPPD_HEAD, CLERK, KABID, SECRETARY}
OPD_ROLES = set(SUBTREE)

# What each role may do with a document that it sees, beside those that the design gives it to see:
# r read, w write, c create, d delete, s submit, x cancel.
CLERKS = (CLERK, KABID, SECRETARY)
HEADS = (HEAD, OTHER_HEAD, DINKES_HEAD)
RIGHTS = {
	"Personnel": {"rwc": CLERKS, "r": (BKPPD_HEAD, SYSADMIN, MAYOR, *OPD_ROLES, PTT)},
	"Personnel Identity": {"rwcd": CLERKS, "r": (FINANCE, PTT)},
	"Attendance Summary": {"rwcd": CLERKS, "r": (BKPPD_HEAD, SYSADMIN, MAYOR, *OPD_ROLES, PTT)},
	"PTT Contract": {
		"rwcds": CLERKS,
		"rwsx": (BKPPD_HEAD,),
		"r": (SYSADMIN, MAYOR, FINANCE, *OPD_ROLES, PTT),
	},
	"Performance Appraisal": {
		"rwcs": HEADS,
		"rc": CLERKS,
		"rx": (BKPPD_HEAD,),
		"r": (SYSADMIN, MAYOR, OPD_CLERK),
	},
	"Contract Renewal": {
		"rwc": CLERKS,
		"rws": (BKPPD_HEAD,),
		"rw": (MAYOR, HEAD, OTHER_HEAD, DINKES_HEAD),
		"r": (SYSADMIN, OPD_CLERK),
	},
	"Personnel Exit": {"rwcdsx": CLERKS, "r": (BKPPD_HEAD, SYSADMIN, MAYOR, *OPD_ROLES)},
	"Stand Down Line": {"r": (*CLERKS, BKPPD_HEAD, SYSADMIN, MAYOR, *OPD_ROLES, PTT)},
	"Decree Line": {"r": (*CLERKS, BKPPD_HEAD, MAYOR, PTT)},
	"Decree": {"rwcd": CLERKS, "rwcs": (BKPPD_HEAD,), "r": (SYSADMIN, MAYOR)},
	"Stand Down Order": {"rwcd": CLERKS, "rwcsx": (BKPPD_HEAD,), "r": (SYSADMIN, MAYOR, *OPD_ROLES)},
	"Renewal Round": {"rwcd": CLERKS, "rwc": (BKPPD_HEAD,), "r": (SYSADMIN, MAYOR, *OPD_ROLES)},
	"OPD": {"rwc": CLERKS, "rwcd": (BKPPD_HEAD, SYSADMIN), "r": (MAYOR, FINANCE, *OPD_ROLES)},
	"Appraisal Scheme": {"rwcd": (BKPPD_HEAD, SYSADMIN), "r": (*CLERKS, MAYOR, *OPD_ROLES)},
	"Local Holiday": {"rwcd": (*CLERKS, BKPPD_HEAD, SYSADMIN), "r": (MAYOR, FINANCE, *OPD_ROLES)},
	"Work Schedule": {"rwcd": (*CLERKS, BKPPD_HEAD, SYSADMIN), "r": (MAYOR, FINANCE, *OPD_ROLES)},
	"Registered Device": {"rwc": (BKPPD_HEAD, SYSADMIN), "r": (*HEADS, PTT)},
	"Attendance Punch": {"r": (BKPPD_HEAD, *HEADS, PTT)},
	"Attendance Seal": {"r": (*CLERKS, BKPPD_HEAD, SYSADMIN)},
	"Attendance Violation": {"rw": HEADS, "r": (*CLERKS, BKPPD_HEAD, OPD_CLERK, PTT)},
	"Absence Permit": {"rwcdsx": HEADS, "rwcd": (OPD_CLERK,), "rwc": (PTT,), "r": (BKPPD_HEAD,)},
	"Attendance Correction": {
		"rwcdsx": HEADS,
		"rwcd": (OPD_CLERK,),
		"rwc": (PTT,),
		"r": (*CLERKS, BKPPD_HEAD),
	},
	"Attendance Log": {"r": (*CLERKS, BKPPD_HEAD, MAYOR, *OPD_ROLES, PTT)},
	"Office Rota": {"rwcdsx": HEADS, "rwcd": (OPD_CLERK,), "r": (*CLERKS, BKPPD_HEAD)},
	"Office Rota Line": {"rw": (*HEADS, OPD_CLERK), "r": (*CLERKS, BKPPD_HEAD, PTT)},
	"Attendance Period": {"rwc": (BKPPD_HEAD,), "r": (*CLERKS, FINANCE, MAYOR)},
	"Attendance Period Line": {"r": (*CLERKS, BKPPD_HEAD, FINANCE, PTT)},
	"Sent Notice": {"r": (BKPPD_HEAD, SYSADMIN)},
	"Bulk Run": {"r": (*CLERKS, BKPPD_HEAD, MAYOR, *HEADS), "rd": (SYSADMIN,)},
	"Bulk Run Failure": {
		"r": (*CLERKS, BKPPD_HEAD, MAYOR, *HEADS),
		"rd": (SYSADMIN,),
	},
}
SINGLE_RIGHTS = {"rw": (BKPPD_HEAD, SYSADMIN), "r": CLERKS}
LETTERS = {"r": "read", "w": "write", "c": "create", "d": "delete", "s": "submit", "x": "cancel"}
USERS_AND_GUEST = (*USERS, "Guest")
# Finance may choose people without reading them; a signer without a role reads the drafts shared with them.
NOT_LISTED = (("Personnel", FINANCE), ("Decree", ASSISTANT))


built: set[str] = set()  # what this session has built: a town left by another one may be of other code


@pytest.fixture
def town(site):
	"""Everybody's documents of a whole year; what a test changes in them is rolled back."""
	frappe.set_user("Administrator")
	frappe.db.rollback()
	if MARK not in built or not frappe.db.exists("Personnel", {"full_name": MARK}):
		build(City())
		built.add(MARK)
	with as_of(TODAY):
		yield City()
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.cache.delete_keys("document_cache::")
	frappe.local.role_permissions = {}
	frappe.clear_messages()


def build(city: City) -> None:
	city.sweep()
	city.seat("DISHUB", OPD_CLERK, "clerk")
	people = city.settle(**HEADCOUNTS)
	frappe.db.set_value("Personnel", people[0], "user", PTT)
	city.opened()
	city.rated(ROUND, HEAD, OTHER_HEAD, DINKES_HEAD)
	city.stand_down(ROUND)
	leavers = {people[1]: {"reason": "CPNS", "exit_date": "2020-12-31"}}
	leavers |= {people[4]: {"reason": "Moved Away", "exit_date": "2020-12-31"}}
	city.run(CLERK, "2021-01-10", "record-leavers", leavers=leavers | {"PTT-nobody": {}})
	city.run(MAYOR, "2021-01-20", "recommend", round=ROUND, names=["nobody"])
	city.run(MAYOR, "2021-01-20", "recommend", round=ROUND)
	city.run(HEAD, "2021-01-20", "rate", round=ROUND, names=["PA-nobody"])
	city.decree("Termination", ROUND)
	city.decree("Reappointment", ROUND, sign=False)
	frappe.get_doc(
		{"doctype": "Local Holiday", "day": "2021-04-25", "kind": "Holiday", "description": "HUT Kota"}
	).insert()
	keep_attendance()
	notice = {"name": "Scores Due/2021/DISHUB", "kind": "Scores Due", "day": "2021-01-05", "opd": "DISHUB"}
	query.insert_dicts("Sent Notice", [notice])
	# last, so that a town half built is built again
	new = {"doctype": "Personnel", "full_name": MARK, "opd": "PEMKOT", "position": "Penanda"}
	frappe.get_doc(new).insert()
	frappe.db.commit()


def keep_attendance() -> None:
	"""A document of every kind of attendance for everybody in town, as the steps would have written it."""
	day, month = "2021-01-05", "2021-01"
	people = frappe.get_all("Personnel", fields=["name", "opd"], order_by="name asc", limit_page_length=0)
	rotas = [{"name": f"ROTA-{opd}", "opd": opd, "from_date": day, "to_date": day} for opd in HEADCOUNTS]
	of_people = {
		"Registered Device": {"label": "HP", "kind": "Phone", "status": "Approved"},
		"Attendance Punch": {"counted_at": f"{day} 07:20:00", "direction": "In", "source": "Test"},
		"Attendance Violation": {"day": day, "kind": "Out of Region", "status": "Open"},
		"Absence Permit": {"from_date": day, "to_date": day, "kind": "Leave", "reason": "-"},
		"Attendance Correction": {"day": day, "kind": "Code", "code": "H", "reason": "-"},
		"Attendance Log": {"day": day, "code": "H"},
		"Office Rota Line": {"day": day, "place": "Office"},
		"Attendance Period Line": {"period": month, "version": 1, "reason": "Closing"},
	}
	query.insert_dicts("Office Rota", rotas)
	query.insert_dicts("Attendance Period", [{"name": month, "month": "2021-01-01", "status": "Closed"}])
	query.insert_dicts("Attendance Seal", [{"name": day, "day": day, "punches": len(people)}])
	for doctype, values in of_people.items():
		rows = [{"name": f"{doctype}-{row.name}", "personnel": row.name, **values} for row in people]
		for row, person in zip(rows, people, strict=True):
			row |= {"source_id": person.name} if doctype == "Attendance Punch" else {}
			row |= {"thumbprint": person.name} if doctype == "Registered Device" else {}
			row |= {"office_rota": f"ROTA-{person.opd}"} if doctype == "Office Rota Line" else {}
		query.insert_dicts(doctype, rows)


def names_of(doctype: str, **filters) -> set[str]:
	return set(frappe.get_all(doctype, filters=filters, pluck="name", limit=0))


def listed(doctype: str, user: str, **how) -> set[str]:
	"""What the user's list shows; nothing where the list itself is refused."""
	with run.acting_as(user):
		try:
			return set(frappe.get_list(doctype, pluck="name", limit=0, **how))
		except frappe.PermissionError:
			return set()


def rights_of(doctype: str, user: str) -> str:
	return next((letters for letters, users in RIGHTS[doctype].items() if user in users), "")


def people_of(user: str) -> set[str]:
	"""The people whom the design shows to a user, told by their present seats."""
	if user in EVERYBODY or user == FINANCE:
		return names_of("Personnel")
	if user in SUBTREE:
		return names_of("Personnel", opd=("in", sorted(SUBTREE[user])))
	return names_of("Personnel", user=user)


def to_be_seen(doctype: str, user: str) -> set[str]:
	"""The documents that the design shows to a user, told without the app's own criterion."""
	if "r" not in rights_of(doctype, user):
		return set()
	if doctype not in SEEN_THROUGH_ACCESS:
		return names_of(doctype)
	if doctype in ("Bulk Run", "Bulk Run Failure"):
		return own_runs(doctype, user)
	if doctype == "Personnel":
		return people_of(user)
	if doctype == "Office Rota" and user in SUBTREE:
		return names_of(doctype, opd=("in", sorted(SUBTREE[user])))
	if doctype == "Office Rota":
		return names_of(doctype)
	of_people = {"personnel": ("in", sorted(people_of(user)))}
	if doctype == "Decree Line" and user == PTT:
		of_people["signed"] = 1
	return names_of(doctype, **of_people)


def own_runs(doctype: str, user: str) -> set[str]:
	if user in EVERYBODY:
		return names_of(doctype)
	own = names_of("Bulk Run", requester=user)
	return own if doctype == "Bulk Run" else names_of(doctype, bulk_run=("in", sorted(own)))


# The table


def test_the_town_would_leave_a_doctype_untried(town):
	tables = frappe.get_all("DocType", {"module": "Kupang HR", "istable": 0, "issingle": 0}, pluck="name")
	assert sorted(tables) == sorted(RIGHTS)
	assert {doctype: bool(names_of(doctype)) for doctype in tables} == dict.fromkeys(tables, True)
	for doctype in SEEN_THROUGH_ACCESS:
		if "r" in rights_of(doctype, PTT):
			assert to_be_seen(doctype, PTT), doctype


@pytest.mark.parametrize("doctype", RIGHTS)
def test_a_list_would_show_other_documents_than_the_design(town, doctype):
	for user in USERS_AND_GUEST:
		if (doctype, user) not in NOT_LISTED:
			assert listed(doctype, user) == to_be_seen(doctype, user), user
	assert listed(doctype, "Administrator") == names_of(doctype)


@pytest.mark.parametrize("doctype", RIGHTS)
def test_a_list_would_be_empty_where_it_is_to_be_refused(town, doctype):
	for user in USERS_AND_GUEST:
		if not rights_of(doctype, user) and (doctype, user) not in NOT_LISTED:
			with run.acting_as(user), pytest.raises(frappe.PermissionError):
				frappe.get_list(doctype, pluck="name")


@pytest.mark.parametrize("doctype", RIGHTS)
def test_a_list_and_a_document_would_disagree(town, doctype):
	docs = [frappe.get_doc(doctype, name) for name in sorted(names_of(doctype))]
	for user in USERS_AND_GUEST:
		allowed = {doc.name for doc in docs if frappe.has_permission(doctype, "read", doc, user=user)}
		assert allowed == to_be_seen(doctype, user) | shared_with(doctype, user), user


def shared_with(doctype: str, user: str) -> set[str]:
	return set(
		frappe.get_all("DocShare", {"share_doctype": doctype, "user": user, "read": 1}, pluck="share_name")
	)


@pytest.mark.parametrize("doctype", RIGHTS)
def test_a_role_would_do_more_or_less_than_the_design_lets_it(town, doctype):
	for user in USERS_AND_GUEST:
		seen = sorted(to_be_seen(doctype, user) - shared_with(doctype, user))
		unseen = sorted(names_of(doctype) - to_be_seen(doctype, user) - shared_with(doctype, user))
		for names, letters in ((seen[:1], rights_of(doctype, user)), (unseen[:1], "")):
			for name, (letter, ptype) in product(names, LETTERS.items()):
				doc = frappe.get_doc(doctype, name)
				has = frappe.has_permission(doctype, ptype, doc, user=user)
				assert has is (letter in letters), (user, ptype, name)


def own_person(user: str) -> str | None:
	return frappe.db.get_value("Personnel", {"user": user})


def test_the_settings_would_be_open_to_more_roles(town):
	settings = frappe.get_doc("Kupang HR Settings")
	for user in USERS_AND_GUEST:
		letters = next((own for own, users in SINGLE_RIGHTS.items() if user in users), "")
		for letter in "rw":
			has = frappe.has_permission("Kupang HR Settings", LETTERS[letter], settings, user=user)
			assert has is (letter in letters), user


@pytest.mark.parametrize("doctype", SEEN_THROUGH_ACCESS)
def test_the_hook_would_answer_neither_yes_nor_no(town, doctype):
	"""v16 reads None as no, v15 as yes."""
	docs = [frappe.get_doc(doctype, sorted(names_of(doctype))[0]), frappe.new_doc(doctype)]
	for user, doc, ptype in product((*USERS_AND_GUEST, "Administrator"), docs, LETTERS.values()):
		assert type(criterion.has_permission(doc, ptype, user)) is bool
	assert criterion.has_permission(docs[0], "read", "Administrator") is True
	assert criterion.has_permission(docs[0], "read", NOBODY) is False


@pytest.mark.parametrize("doctype", SEEN_THROUGH_ACCESS)
def test_a_document_would_be_made_about_somebody_out_of_sight(town, doctype):
	if doctype in ("Bulk Run", "Bulk Run Failure"):
		return
	if doctype == "Office Rota":
		for user, opd in product(HEADS, HEADCOUNTS):
			allowed = criterion.has_permission(frappe.new_doc(doctype, opd=opd), "create", user)
			assert allowed is (opd in SUBTREE[user]), (user, opd)
		return
	for user in HEADS:
		people = people_of(user)
		for personnel in names_of("Personnel"):
			new = frappe.new_doc(doctype, personnel=personnel)
			if doctype == "Personnel":
				new.opd = frappe.db.get_value("Personnel", personnel, "opd")
			sees = personnel in people and criterion.SIGHTS[doctype].subtree
			assert criterion.has_permission(new, "create", user) is sees, (user, personnel)


# Identities


@pytest.mark.parametrize("user", [HEAD, OPD_CLERK, MAYOR, BKPPD_HEAD, SYSADMIN, NOBODY, ASSISTANT])
def test_a_nik_would_be_found_out_by_somebody_without_right_to_it(town, user):
	doc = frappe.get_doc("Personnel Identity", {})
	tricks = [
		lambda: frappe.get_list("Personnel Identity", pluck="nik"),
		lambda: frappe.get_list("Personnel Identity", filters={"nik": doc.nik}),
		lambda: frappe.get_list("Personnel Identity", order_by="nik asc"),
		lambda: frappe.get_list("Personnel", filters=[["Personnel Identity", "nik", "like", "5%"]]),
		lambda: frappe.get_list("Personnel", fields=["name", "`tabPersonnel Identity`.nik"]),
		lambda: frappe.get_list("Personnel", order_by="`tabPersonnel Identity`.nik asc"),
		lambda: client.get("Personnel Identity", doc.name),
		lambda: client.get_value("Personnel Identity", "nik", {"name": doc.name}),
		lambda: client.get_list("Personnel Identity", fields=["nik"]),
		lambda: doc.check_permission("read"),
		lambda: search_link("Personnel Identity", doc.nik[:6]),
		lambda: counts.get_count("Personnel Identity", {"nik": ("like", "5%")}),
	]
	for number, trick in enumerate(tricks):
		with run.acting_as(user), pytest.raises(Exception) as caught:
			frappe.local.message_log = []
			assert not trick(), number
			raise frappe.PermissionError
		assert isinstance(caught.value, frappe.PermissionError | frappe.ValidationError), number


def test_a_person_would_read_anothers_identity(town):
	own = own_person(PTT)
	with run.acting_as(PTT):
		assert frappe.get_list("Personnel Identity", pluck="name") == [own]
		niks = {"nik": frappe.db.get_value("Personnel Identity", {"name": ("!=", own)}, "nik")}
		assert frappe.get_list("Personnel Identity", filters=niks) == []
		assert client.get_value("Personnel Identity", "nik", niks) == {}
		assert counts.get_count("Personnel Identity") == 1
		assert counts.get_count("Personnel Identity", niks) == 0


@pytest.mark.parametrize("user", (PTT, FINANCE, HEAD))
def test_scores_and_decisions_would_be_counted_by_their_traces(town, user):
	with run.acting_as(user):
		for doctype in ("Performance Appraisal Score", "Version", "Comment"):
			with pytest.raises(frappe.PermissionError):
				counts.get_count(doctype, {"name": ("is", "set")})
	assert counts.get_count("Performance Appraisal Score") > 0  # Administrator


def test_finance_would_write_or_read_what_is_none_of_its_business(town):
	with run.acting_as(FINANCE):
		assert len(frappe.get_list("Personnel Identity", pluck="nik")) == sum(HEADCOUNTS.values())
		doc = frappe.get_doc("Personnel Identity", {})
		with pytest.raises(frappe.PermissionError):
			doc.update({"bank_account": "1"}).save()
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc("Personnel", doc.personnel).check_permission("read")


# Decrees


def test_a_person_would_read_a_decree_before_it_is_signed(town):
	lines = {kind: names_of("Decree Line", kind=kind) for kind in ("Termination", "Reappointment")}
	own = own_person(PTT)
	seen = listed("Decree Line", PTT)
	assert len(lines["Reappointment"]) == 7 and not seen & lines["Reappointment"]
	assert [frappe.db.get_value("Decree Line", name, "personnel") for name in seen] == [own]
	assert listed("Decree Line", HEAD) == listed("Decree Line", OPD_CLERK) == set()


def test_a_signer_without_a_role_would_read_more_than_the_draft(town):
	for decree in names_of("Decree"):
		doc = frappe.get_doc("Decree", decree)
		assert frappe.has_permission("Decree", "read", doc, user=ASSISTANT) is True
		for ptype in ("write", "submit", "delete", "create"):
			assert frappe.has_permission("Decree", ptype, doc, user=ASSISTANT) is False
		assert frappe.has_permission("Decree", "read", doc, user=NOBODY) is False
	assert listed("Decree Line", ASSISTANT) == set()


# Seats


def sees(user: str, opd: str, on: str = TODAY) -> bool:
	"""Whether the user sees the people of an OPD on a day, by list and by document alike."""
	with as_of(on):
		names = names_of("Personnel", opd=opd)
		in_list = names <= listed("Personnel", user)
		docs = [frappe.get_doc("Personnel", name) for name in names]
		by_doc = {frappe.has_permission("Personnel", "read", doc, user=user) for doc in docs}
		assert by_doc == {in_list}
		assert (opd in seats_of(user, frappe.utils.getdate(on))) is in_list
		return in_list


def rater(opd: str, on: str = TODAY) -> str | None:
	return rater_of(opd, frappe.utils.getdate(on))


def test_an_acting_head_would_see_people_outside_the_days_of_acting(town):
	frappe.db.set_value(
		"OPD",
		"PUPR",
		{"acting_head": HEAD, "acting_head_from": "2021-02-01", "acting_head_until": "2021-02-28"},
	)
	days = ("2021-01-31", "2021-02-01", "2021-02-28", "2021-03-01")
	assert [sees(HEAD, "PUPR", day) for day in days] == [False, True, True, False]
	assert [sees(OTHER_HEAD, "PUPR", day) for day in days] == [True, False, False, True]
	assert [rater("PUPR", day) for day in days] == [OTHER_HEAD, HEAD, HEAD, OTHER_HEAD]


def test_a_head_would_see_people_outside_the_days_in_office(town):
	frappe.db.set_value("OPD", "PUPR", {"head_from": "2021-02-10", "head_until": "2021-02-11"})
	days = ("2021-02-09", "2021-02-10", "2021-02-11", "2021-02-12")
	assert [sees(OTHER_HEAD, "PUPR", day) for day in days] == [False, True, True, False]
	assert [rater("PUPR", day) for day in days] == [None, OTHER_HEAD, OTHER_HEAD, None]


def test_a_rating_officer_would_not_see_whom_they_rate(town):
	assert not sees(HEAD, "PUPR")
	frappe.db.set_value("OPD", "PUPR", "rating_officer", HEAD)
	assert sees(HEAD, "PUPR") and sees(OTHER_HEAD, "PUPR")
	assert rater("PUPR") == HEAD


def test_the_head_above_would_not_see_the_subtree_or_a_head_below_the_rest(town):
	assert sees(DINKES_HEAD, "PKM ALAK") and rater("PKM ALAK") == DINKES_HEAD
	town.seat("PKM ALAK", OTHER_HEAD)
	assert sees(DINKES_HEAD, "PKM ALAK") and sees(OTHER_HEAD, "PKM ALAK")
	assert not sees(OTHER_HEAD, "DINKES")
	assert (rater("PKM ALAK"), rater("DINKES")) == (OTHER_HEAD, DINKES_HEAD)


def test_a_node_without_anybody_would_be_rated_by_nobody(town):
	town.seat("PKM ALAK", None)
	town.seat("DINKES", None)
	assert rater("PKM ALAK") is None
	town.seat("PEMKOT", MAYOR)
	assert rater("PKM ALAK") == MAYOR


def test_a_seat_without_the_role_would_show_people(town):
	town.seat("PUPR", NOBODY)
	assert listed("Personnel", NOBODY) == set()
	town.seat("PUPR", FINANCE, "clerk")
	assert listed("Contract Renewal", FINANCE) == set()


def test_the_contracts_opd_would_decide_instead_of_the_present_seat(town):
	moved = sorted(names_of("Personnel", opd="DISHUB"))[2]
	before = {doctype: of_person(doctype, moved) for doctype in SEEN_THROUGH_ACCESS}
	frappe.db.set_value("Personnel", moved, "opd", "PUPR")
	for doctype in ("PTT Contract", "Contract Renewal", "Performance Appraisal", "Attendance Summary"):
		assert before[doctype]
		assert not before[doctype] & listed(doctype, HEAD), doctype
		assert before[doctype] <= listed(doctype, OTHER_HEAD), doctype
	assert frappe.db.get_value("PTT Contract", f"{moved}-2020-1", "opd") == "DISHUB"
	with run.acting_as(OTHER_HEAD):
		assert set(states_by_opd(ROUND)) == {"PUPR"}


def of_person(doctype: str, personnel: str) -> set[str]:
	has_person = frappe.get_meta(doctype).has_field("personnel")
	return names_of(doctype, personnel=personnel) if has_person else set()


# One's own


def test_somebody_would_read_or_write_an_appraisal_or_a_renewal_about_themself(town):
	person = sorted(names_of("Personnel", opd="DISHUB"))[2]
	frappe.db.set_value("Personnel", person, "user", HEAD)
	for doctype, name in (
		("Performance Appraisal", f"PA-{ROUND}-{person}"),
		("Contract Renewal", f"{ROUND}-{person}"),
	):
		doc = frappe.get_doc(doctype, name)
		other = frappe.get_doc(doctype, name.replace(person, own_person(PTT)))
		for ptype in ("write", "submit", "cancel", "amend"):
			assert criterion.has_permission(doc, ptype, HEAD) is False
			assert criterion.has_permission(other, ptype, HEAD) is True
		assert criterion.has_permission(doc, "read", HEAD) is False
		assert criterion.has_permission(other, "read", HEAD) is True
		assert name not in listed(doctype, HEAD) and other.name in listed(doctype, HEAD)


def test_a_person_would_see_anything_of_somebody_else(town):
	own = own_person(PTT)
	for doctype in SEEN_THROUGH_ACCESS:
		names = listed(doctype, PTT)
		if doctype == "Office Rota":
			assert not names
			continue
		field = "name" if doctype == "Personnel" else "personnel"
		assert {frappe.db.get_value(doctype, name, field) for name in names} <= {own}, doctype


def test_a_person_without_a_login_would_be_everybodys(town):
	"""Personnel.user is empty for most; a user without a person must not match those."""
	frappe.db.set_value("Personnel", own_person(PTT), "user", None)
	for doctype in SEEN_THROUGH_ACCESS:
		assert listed(doctype, PTT) == set(), doctype


# Mass steps

STEPS = {
	"open": ("BKPPD Clerk, BKPPD Head", {*CLERKS, BKPPD_HEAD}),
	"score": ("OPD Head", {HEAD, OTHER_HEAD, DINKES_HEAD}),
	"rate": ("OPD Head", {HEAD, OTHER_HEAD, DINKES_HEAD}),
	"expire": ("BKPPD Clerk, BKPPD Head", {*CLERKS, BKPPD_HEAD}),
	"refresh-duty": ("BKPPD Clerk, BKPPD Head", {*CLERKS, BKPPD_HEAD}),
	"stand-down": ("BKPPD Head", {BKPPD_HEAD}),
	"record-leavers": ("BKPPD Clerk", set(CLERKS)),
	"recommend": ("Wali Kota", {MAYOR}),
	"decline": ("Wali Kota", {MAYOR}),
	"hold": ("Wali Kota", {MAYOR}),
	"return": ("Wali Kota", {MAYOR}),
	"release": ("Wali Kota", {MAYOR}),
	"gather": ("BKPPD Clerk, BKPPD Head", {*CLERKS, BKPPD_HEAD}),
	"issue": ("BKPPD Head", {BKPPD_HEAD}),
	"terminate": ("BKPPD Head", {BKPPD_HEAD}),
	"revoke": ("BKPPD Head", {BKPPD_HEAD}),
	"rebuild-days": (
		"BKPPD Clerk, BKPPD Head, OPD Head, System Manager",
		{*CLERKS, BKPPD_HEAD, *HEADS, SYSADMIN},
	),
	"summarize-attendance": ("BKPPD Clerk", set(CLERKS)),
	"blank-positions": ("BKPPD Head, System Manager", {BKPPD_HEAD, SYSADMIN}),
	"make-logins": ("BKPPD Clerk", set(CLERKS)),
	"close-period": ("BKPPD Head", {BKPPD_HEAD}),
	"bundle-petikan": ("BKPPD Clerk, BKPPD Head", {*CLERKS, BKPPD_HEAD}),
}
OWN_CRITERIA = {
	"rebuild-days": {"first": "2021-01-05", "last": "2021-01-05"},
	"summarize-attendance": {"year": 2021},
	"blank-positions": {"before": "2020-12-31"},
	"close-period": {"period": "2021-01"},
}


def test_a_step_of_the_app_would_go_untried():
	from kupang_hr import hooks

	assert sorted(STEPS) == sorted(hooks.kupang_hr_bulk_steps)


@pytest.mark.parametrize("action", STEPS)
def test_a_mass_step_would_be_started_by_another_role(town, action):
	roles, users = STEPS[action]
	runs = frappe.db.count("Bulk Run")
	criterion_of = {"round": ROUND, "reason": "alasan", "order": f"SDO-{ROUND}", "scores": {"x": {}}}
	criterion_of |= {"leavers": {"x": {}}, "decree": decree_for(action), "form": "zip"}
	criterion_of = OWN_CRITERIA.get(action, criterion_of)
	frappe.db.set_single_value("Kupang HR Settings", "position_retention_days", 30)
	for user in USERS_AND_GUEST:
		step = run.step_class(action)(criterion_of, user)
		if user in users:
			step.check_permission()
			continue
		with pytest.raises(frappe.PermissionError, match=f"^This step is done by {roles}\\.$"):
			step.check_permission()
		with (
			run.acting_as(user),
			pytest.raises(frappe.PermissionError, match=f"^This step is done by {roles}\\.$"),
		):
			run.start(action, criterion_of)
	assert frappe.db.count("Bulk Run") == runs


def decree_for(action: str) -> str:
	"""A decree that the step is about; signed here if it is not, which the test takes back."""
	kind = {"issue": "Reappointment", "revoke": "Revocation", "gather": "Reappointment"}.get(
		action, "Termination"
	)
	name = frappe.db.get_value("Decree", {"kind": "Termination" if kind == "Revocation" else kind})
	if action != "gather":
		frappe.db.set_value("Decree", name, {"docstatus": 1, "kind": kind})
	return name


@pytest.mark.parametrize("user", [HEAD, OTHER_HEAD, DINKES_HEAD])
def test_a_mass_step_would_reach_people_out_of_sight(town, user):
	frappe.db.set_value("Contract Renewal", {"round": ROUND}, "workflow_state", "Draft")
	frappe.db.set_value("Performance Appraisal", {"round": ROUND}, "docstatus", 0)
	step = run.step_class("rate")({"round": ROUND}, user)
	taken = set(step.names(""))
	mine = names_of("Personnel", opd=("in", sorted(SUBTREE[user])))
	assert taken == {f"PA-{ROUND}-{name}" for name in mine}
	assert taken <= listed("Performance Appraisal", user)
	assert step.count() == len(taken)


def test_a_node_named_by_the_caller_would_widen_the_step(town):
	frappe.db.set_value("Contract Renewal", {"round": ROUND}, "workflow_state", "Draft")
	frappe.db.set_value("Performance Appraisal", {"round": ROUND}, "docstatus", 0)
	for opd, count in (("PUPR", 0), ("DISHUB", 3), ("PEMKOT", 0), ("nowhere", 0)):
		assert run.step_class("rate")({"round": ROUND, "opd": opd}, HEAD).count() == count


def test_somebody_would_see_anothers_runs(town):
	own = listed("Bulk Run", HEAD)
	assert own and {frappe.db.get_value("Bulk Run", name, "requester") for name in own} == {HEAD}
	failed = listed("Bulk Run Failure", HEAD)
	assert {frappe.db.get_value("Bulk Run Failure", name, "reference_name") for name in failed} == {
		"PA-nobody"
	}
	assert listed("Bulk Run", OTHER_HEAD).isdisjoint(own)
	assert listed("Bulk Run", OPD_CLERK) == set()


def test_a_run_would_be_written_by_hand(town):
	name = sorted(names_of("Bulk Run"))[0]
	for user in USERS:
		with run.acting_as(user), pytest.raises(frappe.PermissionError):
			frappe.get_doc("Bulk Run", name).update({"failed": 0}).save()
		with run.acting_as(user), pytest.raises(frappe.PermissionError):
			frappe.get_doc({"doctype": "Bulk Run", "run_key": "mine", "attempt": 1}).insert()
	with pytest.raises(
		frappe.ValidationError, match=r"^A Bulk Run is written by the mass step it records\.$"
	):
		frappe.get_doc("Bulk Run", name).update({"failed": 0}).save()
