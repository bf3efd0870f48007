"""The tree of OPDs: marks that are inherited, people counted for those who may see them."""

import frappe
import pytest

from kupang_hr.api.opds import children
from tests.site.city import CLERK, DINKES_HEAD, HEAD
from tests.site.counting import queries


@pytest.fixture
def tree(city):
	"""The children of a node as a user sees them; each call is a request of its own."""
	city.settle(2020, DINKES=1, **{"PKM ALAK": 2}, DISHUB=3)

	def ask(user: str, parent: str) -> dict[str, dict]:
		frappe.local.request_cache.clear()
		with city.acting(user, "2020-12-01"):
			return {node["value"]: node for node in children("OPD", parent)}

	return ask


def root() -> str:
	return frappe.db.get_value("OPD", {"parent_opd": ("is", "not set")})


def test_the_people_below_a_node_are_not_counted(tree):
	assert tree(CLERK, "")[root()]["PTT"] == 6
	dinkes = tree(CLERK, root())["DINKES"]
	assert (dinkes["PTT"], dinkes["ASN"], dinkes["expandable"]) == (3, 0, True)
	assert tree(CLERK, "DINKES")["PKM ALAK"]["PTT"] == 2


def test_who_has_left_is_counted(tree):
	frappe.db.set_value("Personnel", {"opd": "DISHUB"}, "duty_status", "Left")
	assert tree(CLERK, root())["DISHUB"]["PTT"] == 0


def test_people_of_others_are_counted(tree):
	assert tree(HEAD, root())["DINKES"]["PTT"] == 0
	assert tree(HEAD, root())["DISHUB"]["PTT"] == 3
	assert tree(DINKES_HEAD, "")[root()]["PTT"] == 3


def test_a_crucial_mark_is_not_inherited(tree):
	frappe.db.set_value("OPD", {"name": ("like", "PKM%")}, "is_crucial", 0)
	frappe.db.set_value("OPD", "DINKES", {"is_crucial": 1, "crucial_basis": "Keputusan"})
	own, below = tree(CLERK, root())["DINKES"], tree(CLERK, "DINKES")["PKM ALAK"]
	assert (own["own_crucial"], own["crucial_basis"]) == (True, "Keputusan")
	assert (below["own_crucial"], below["crucial_basis"]) == (False, "Keputusan")


def test_opening_the_whole_tree_asks_for_every_node(tree):
	tree(CLERK, "")
	assert queries(lambda: [children("OPD", name) for name in frappe.get_all("OPD", pluck="name")]) <= 2


def test_a_user_without_the_desk_reads_the_tree(tree):
	with pytest.raises(frappe.PermissionError):
		tree("ptt@city.test", "")
