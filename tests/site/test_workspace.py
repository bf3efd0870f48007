"""What the workspace says: its cards, its bars and what waits for whoever opens it."""

import json

import frappe
import pytest
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.desk.form.load import getdoc

from kupang_hr.api import desk
from kupang_hr.cycle import waiting, wording
from kupang_hr.payroll import closing
from tests.site.city import BKPPD_HEAD, HEAD, MAYOR

ON = "2021-12-20"
CARDS = ("Renewals to Score", "Renewals Rated", "Renewals Recommended", "Renewals with SK")


def card(name: str) -> dict:
	"""A number card as the desk asks for it."""
	doc = frappe.get_doc("Number Card", name)
	return frappe.call(frappe.get_attr(doc.method), filters=json.dumps(json.loads(doc.filters_json)))


def test_a_card_adds_up_the_renewals_of_all_rounds(city):
	city.settle(2020, DISHUB=3, PUPR=1)
	city.opened()
	city.rated("2021", HEAD)
	frappe.db.set_value("Renewal Round", "2021", "status", "Closed")
	city.settle(2021, DISHUB=2)
	city.opened(2022)
	for user, figures in ((MAYOR, [2, 0, 0, 0]), (HEAD, [2, 0, 0, 0])):
		with city.acting(user, ON):
			cards = [card(name) for name in CARDS]
			assert [found["value"] for found in cards] == figures
			for found in cards:
				rows = frappe.get_list(found["route"][1], found["route_options"], pluck="name", limit=0)
				assert len(rows) == found["value"]
	frappe.db.set_value("Renewal Round", "2022", "status", "Draft")
	frappe.db.set_value("Renewal Round", "2021", "status", "Open")
	with city.acting(HEAD, ON):
		assert card("Renewals Rated")["value"] == 3
	with city.acting("finance@city.test", ON), pytest.raises(frappe.PermissionError):
		desk.renewals_in()


FINANCE = "finance@city.test"
OURS = {"name": "Kupang HR", "title": "Kupang HR", "public": 1}


@pytest.mark.parametrize(
	("user", "chosen", "first"),
	[
		(HEAD, None, OURS),
		(FINANCE, None, OURS),
		(HEAD, {"name": "Users"}, {"name": "Users"}),
		("sysadmin@city.test", None, None),
		("Administrator", None, None),
		("nobody@city.test", None, None),
	],
)
def test_the_desk_begins_elsewhere_than_one_has_chosen(city, user, chosen, first):
	boot = frappe._dict(user=frappe._dict(name=user, roles=frappe.get_roles(user), default_workspace=chosen))
	waiting.on_desk(boot)
	assert boot.user.default_workspace == first


def months_to_read(city) -> list[str]:
	with city.acting(FINANCE, ON):
		lines = [line for line in desk.waiting()["lines"] if line["route"][1] == "Attendance Period"]
		return [name for line in lines for name in line["options"]["name"][1]]


def test_a_month_that_finance_has_read_waits_for_ever(city):
	city.settle(2021, DISHUB=1)
	for month in ("2021-10", "2021-11"):
		frappe.get_doc({"doctype": "Attendance Period", "month": f"{month}-01"}).insert()
		with city.acting(BKPPD_HEAD, "2021-12-01"):
			closing.close_period(month)
	assert months_to_read(city) == ["2021-10", "2021-11"]
	with city.acting(BKPPD_HEAD, ON):
		getdoc("Attendance Period", "2021-10")  # not the finance office
	assert months_to_read(city) == ["2021-10", "2021-11"]
	with city.acting(FINANCE, ON):
		getdoc("Attendance Period", "2021-10")
		make_access_log(doctype="Attendance Period Line", document="2021-11", file_type="CSV")
	assert months_to_read(city) == []
	later = frappe.utils.add_days(frappe.utils.now(), 1)
	frappe.db.set_value("Attendance Period", "2021-11", "closed_at", later)  # closed again since
	assert months_to_read(city) == ["2021-11"]


def test_a_count_is_not_in_the_citys_number_format(city, monkeypatch):
	monkeypatch.setattr(frappe.db, "get_default", lambda key: {"number_format": "#.###,##"}.get(key))
	assert wording.number(12345) == "12.345"
	monkeypatch.setattr(waiting, "_count", lambda *_: 2180)
	with city.acting(MAYOR, ON):
		lines = [line["text"] for line in desk.waiting()["lines"]]
	assert lines[0] == "2.180 rated people wait for your recommendation"
