"""The desk opens for every role, without an error in the console and without a request that fails."""

import pytest

from tests.site.city import BKPPD_HEAD, CLERK, HEAD, MAYOR

TODAY = "2020-12-29"
FINANCE, OPD_CLERK, SYSADMIN = "finance@city.test", "opd-clerk@city.test", "sysadmin@city.test"


@pytest.mark.parametrize("user", [CLERK, HEAD, OPD_CLERK, MAYOR, BKPPD_HEAD, FINANCE, SYSADMIN])
def test_the_desk_opens_for_every_role(desk, user):
	seat = desk(user)
	seat.open()
	assert seat.page.evaluate("frappe.session.user") == user
