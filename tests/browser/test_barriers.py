"""What axe-core finds serious on the forms, lists, reports and dialogs of a year, as whoever works there sees them."""

from tests.browser.forms import press
from tests.site.city import BKPPD_HEAD, CLERK

TODAY = "2021-02-03"
LISTS = ("Personnel", "Contract Renewal", "Decree", "Bulk Run")
REPORTS = ("Renewal Progress", "Stand Down Roster", "Data Quality")
# What Frappe's own desk is drawn with on any site, which an app does not draw anew: by rule, the elements.
OF_FRAPPE = {
	"aria-required-children": ".form-tabs, .list-sidebar *",
	"button-name": ".icon-btn, .btn-reset, .btn-open",
	"color-contrast": ".frappe-control *, .btn-primary, .btn-primary *, .list-row-head *, .list-sidebar *, .form-sidebar *",
	"label": ".frappe-control *, .frappe-list input, .datatable *",
	"label-title-only": ".frappe-control *, .frappe-list input, .datatable *",
	"link-name": ".list-sidebar *, .form-sidebar *",
	"list": ".sidebar-menu",
	"listitem": ".layout-side-section li",
	"select-name": ".frappe-control select",
	"tabindex": ".list-row-container, .datatable *",
}


def test_a_form_shuts_somebody_out(desk, papers):
	seat = desk(BKPPD_HEAD)
	found = {}
	for doctype, name in papers.items():
		seat.go("Form", doctype, name)
		found[doctype] = seat.barriers(known=OF_FRAPPE)
	assert {name: some for name, some in found.items() if some} == {}


def test_a_list_or_a_report_shuts_somebody_out(desk, papers):
	seat = desk(BKPPD_HEAD)
	found = {}
	for doctype in LISTS:
		seat.go("List", doctype)
		found[doctype] = seat.barriers(known=OF_FRAPPE)
	for report in REPORTS:
		seat.go("query-report", report)
		seat.page.wait_for_selector(".page-container:visible .datatable .dt-row-0")
		seat.rest()
		found[report] = seat.barriers(known=OF_FRAPPE)
	seat.forgive("ResizeObserver", must=False)  # Frappe's chart of a report that has been left already
	assert {name: some for name, some in found.items() if some} == {}


def test_a_mass_action_shuts_somebody_out(desk, papers):
	seat = desk(CLERK)
	seat.go("Form", "Decree", papers["Decree"])
	press(seat, "Gather People")
	assert seat.barriers(".modal.show .modal-body") == []
	seat.confirm()
	seat.page.wait_for_selector(".modal.show [data-phase=result] p")
	assert seat.barriers(".modal.show .modal-body") == []
