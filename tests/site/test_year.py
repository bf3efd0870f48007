"""The year as it must come out, on fifty people; the whole year of 2,180 is played by the demonstration."""

from kupang_hr.cycle.year_end import run_all
from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR


def test_the_year_comes_out_for_a_few_people(city):
	import frappe

	city.settle(DISHUB=20, DLHK=10)
	name = city.opened()
	assert city.states(name) == {"Draft": 30}
	city.rated(name)
	assert city.states(name) == {"Rated": 30}
	city.ordered(name)
	run_all("2021-01-01")
	assert frappe.db.count("PTT Contract", {"status": "Expired"}) == 30
	assert city.duty() == {"On Duty": 30}
	run_all("2021-01-03")
	assert city.duty() == {"On Duty": 30}
	leaver = frappe.get_all("Personnel", filters={"opd": "DISHUB"}, pluck="name", order_by="name")[0]
	city.run(
		CLERK, "2021-01-03", "record-leavers", leavers={leaver: {"reason": "CPNS", "exit_date": "2020-12-31"}}
	)
	assert city.duty() == {"Left": 1, "On Duty": 29}
	run_all("2021-01-04")
	assert city.duty() == {"Left": 1, "On Duty": 10, "Stood Down": 19}
	order = frappe.get_doc("Stand Down Order", f"SDO-{name}")
	assert (order.status, order.stood_down, order.kept) == ("Carried Out", 19, 10)
	declined = frappe.get_all("Contract Renewal", filters={"workflow_state": "Rated"}, pluck="name")[0]
	with city.acting(MAYOR, "2021-01-20"):
		frappe.get_doc("Contract Renewal", declined).perform("Decline", "nilai Buruk")
	assert city.run(MAYOR, "2021-01-20", "recommend", round=name)["done"] == 28
	assert city.states(name) == {"Mayor Recommended": 28, "Not Renewed": 1, "Withdrawn": 1}
	termination = city.decree("Termination", name)
	assert termination.line_count == 30
	reappointment = city.decree("Reappointment", name)
	assert (reappointment.line_count, reappointment.applied) == (28, 28)
	assert city.duty() == {"Left": 2, "On Duty": 28}
	assert frappe.db.count("PTT Contract", {"start_date": "2021-01-01", "status": "Active"}) == 28
	assert (termination.decree_number, reappointment.decree_number) == (
		"BKPPD.814/1/B/II/2021",
		"BKPPD.814/2/B/II/2021",
	)
