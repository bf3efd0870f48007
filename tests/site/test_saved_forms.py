"""A form sends everything back as text: saving one without a change is neither refused nor does it change a thing."""

import frappe
import pytest

from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR, City

TODAY = "2021-01-20"
SAVED = {
	"Personnel": CLERK,
	"Renewal Round": CLERK,
	"Contract Renewal": MAYOR,
	"Performance Appraisal": HEAD,
	"Stand Down Order": BKPPD_HEAD,
	"Decree": CLERK,
	"OPD": CLERK,
	"PTT Contract": CLERK,
	"Personnel Exit": CLERK,
	"Attendance Period": BKPPD_HEAD,
	"Work Schedule": BKPPD_HEAD,
	"Deduction Rule": BKPPD_HEAD,
	"Appraisal Scheme": BKPPD_HEAD,
}


@pytest.fixture(scope="module")
def year(site):
	"""One of each: people rated, one of them on the way out, an order carried out, a decree in draft, a month."""
	city = City()
	city.sweep()
	names = city.settle(2020, DISHUB=3, PUPR=1)
	city.opened()
	city.rated("2021", HEAD)
	city.stand_down("2021")
	with city.acting(CLERK, TODAY):
		leave = {"personnel": names[0], "reason": "Resigned", "exit_date": "2021-01-10"}
		frappe.get_doc({"doctype": "Personnel Exit", **leave}).insert()
	city.run(
		MAYOR,
		TODAY,
		"recommend",
		round="2021",
		names=frappe.get_all("Contract Renewal", {"personnel": names[1]}, pluck="name"),
	)
	city.decree("Reappointment", "2021", sign=False)
	with city.acting(BKPPD_HEAD, TODAY):
		frappe.get_doc({"doctype": "Attendance Period", "month": "2021-01-01"}).insert()
	frappe.db.commit()
	return city


@pytest.mark.parametrize(("doctype", "user"), SAVED.items())
def test_an_unchanged_form_would_be_refused_or_change_something(year, doctype, user):
	names = frappe.get_all(doctype, {"docstatus": ("<", 2)}, pluck="name", order_by="name asc", limit=8)
	assert names
	saved = 0
	with year.acting(user, TODAY):
		for name in names:
			before = frappe.get_doc(doctype, name)
			if not before.has_permission("write"):
				continue
			frappe.get_doc(frappe.parse_json(before.as_json())).save()
			assert values(frappe.get_doc(doctype, name)) == values(before)
			saved += 1
	frappe.db.rollback()
	assert saved


def values(doc) -> dict:
	"""Everything but Frappe's own columns."""
	return doc.as_dict(no_default_fields=True, convert_dates_to_str=True)
