"""What axe-core finds serious on the forms, lists, reports and dialogs of a year, as whoever works there sees them."""

import frappe

from tests.browser.forms import press
from tests.site.city import BKPPD_HEAD, CLERK

TODAY = "2021-02-03"
LISTS = (
	"Personnel",
	"PTT Contract",
	"Contract Renewal",
	"Performance Appraisal",
	"Decree",
	"Renewal Round",
	"Bulk Run",
)
REPORTS = ("Renewal Progress", "Ratings by OPD", "Stand Down Roster", "Data Quality")
# What Frappe's own desk is drawn with on any site, v15 or v16, which an app does not draw anew: rule, element, what it is.
OF_FRAPPE = (
	("aria-allowed-attr", ".widget .card-actions > a", "the menu of a number card"),
	(
		"button-name",
		".menu-btn-group > .icon-btn, .page-icon-group > .icon-btn",
		"the icons above a document",
	),
	("button-name", ".form-footer > .scroll-to-top", "the arrow below a form"),
	(
		"button-name",
		".share-doc-btn, .add-assignment-btn, .add-attachment-btn, .add-tags-btn",
		"a form's sidebar",
	),
	("button-name", ".document-link > .btn-new", "the plus of a connection"),
	("button-name", ".grid-pagination > button", "the pages of a table in a form"),
	("button-name", "[data-fieldtype=Code] > .icon-btn", "copying what a code field holds"),
	("button-name", ".attachment-row button", "taking an attachment away"),
	(
		"color-contrast",
		".btn-primary.primary-action, .btn-primary.primary-action > span",
		"the blue button of a page",
	),
	("color-contrast", ".btn-modal-primary", "the blue button of a dialog"),
	("color-contrast", ".like-disabled-input, .like-disabled-input > pre", "a field that cannot be typed in"),
	("color-contrast", ".help-box", "the text below a field"),
	("color-contrast", ".frappe-control > .placeholder > span", "the name of a filter inside of it"),
	(
		"color-contrast",
		".form-grid .static-area, .form-grid .row-index > span, .grid-empty",
		"a table in a form",
	),
	(
		"color-contrast",
		".explore-link, .add-assignment-label > span, .share-label > span, .tags-label",
		"a form's sidebar",
	),
	(
		"label",
		".control-input > .input-with-feedback, .awesomplete > .input-with-feedback",
		"a field, whose label is beside it",
	),
	(
		"label",
		".grid-row-check, .form-grid .search > input, .page-number",
		"choosing and searching in a table in a form",
	),
	("label", ".form-grid .static-area > input[disabled]", "a tick in a table in a form"),
	("label", ".list-row-checkbox", "choosing a row of a list"),
	("label", ".dt-filter, .dt-paste-target", "the table of a report"),
	("label-title-only", ".list-check-all", "choosing all rows of a list"),
	("label-title-only", ".dt-filter", "the table of a report"),
	("link-in-text-block", ".timeline-content > a", "who has made a document"),
	("link-name", ".attachment-row a", "the lock of an attachment"),
	("nested-interactive", ".attachment-row button", "the name of an attachment"),
	("list", "ul.sidebar-menu", "the sidebar"),
	("listitem", ".list-sidebar li, .form-sidebar li", "the sidebar"),
	("select-name", ".control-input > select.input-with-feedback", "a field, whose label is beside it"),
	("select-name", ".frappe-control > select.input-with-feedback", "a filter"),
	("tabindex", ".list-row-container", "a row of a list"),
	("tabindex", ".dt-filter", "the table of a report"),
)


def serious(seat, where: str = ".page-container:not([style*='none'])") -> list[str]:
	return seat.barriers(where, known=OF_FRAPPE)


def there(found: dict[str, list[str]]) -> dict[str, list[str]]:
	return {name: some for name, some in found.items() if some}


def test_a_form_shuts_somebody_out(desk, papers):
	seat, found = desk(BKPPD_HEAD), {}
	for doctype, name in papers.items():
		seat.go("Form", doctype, name)
		found[doctype] = serious(seat)
	assert there(found) == {}


def test_the_settings_or_an_import_shut_somebody_out(desk, city):
	with city.acting(CLERK, TODAY):
		name = frappe.get_doc(
			{"doctype": "Data Import", "reference_doctype": "Personnel", "import_type": "Insert New Records"}
		)
		name = name.insert().name
	frappe.db.commit()
	seat, found = desk(CLERK), {}
	for doctype, document in (("Kupang HR Settings", "Kupang HR Settings"), ("Data Import", name)):
		seat.go("Form", doctype, document)
		found[doctype] = serious(seat)
	assert there(found) == {}


def test_a_list_or_the_tree_shuts_somebody_out(desk, papers):
	seat, found = desk(BKPPD_HEAD), {}
	for doctype in LISTS:
		seat.go("List", doctype)
		found[doctype] = serious(seat)
	seat.go("Tree", "OPD")
	found["Tree"] = serious(seat)
	assert there(found) == {}


def test_a_report_shuts_somebody_out(desk, papers):
	seat, found = desk(BKPPD_HEAD), {}
	for report in REPORTS:
		seat.go("query-report", report)
		seat.page.wait_for_selector(".page-container:visible .datatable .dt-row-0")
		seat.page.wait_for_selector(".page-container:visible .chart-wrapper svg")
		seat.rest()
		found[report] = serious(seat)
	seat.forgive("ResizeObserver", must=False)  # Frappe's chart of a report that has been left already
	assert there(found) == {}


def test_the_workspace_shuts_somebody_out(desk, papers):
	seat = desk(BKPPD_HEAD)
	seat.go("Workspaces", "Kupang HR")
	seat.page.wait_for_selector(".custom-block-widget-box h2")
	seat.page.wait_for_selector(".number-widget-box .number")
	seat.rest()
	assert serious(seat) == []


def test_a_mass_action_shuts_somebody_out(desk, papers):
	seat = desk(CLERK)
	seat.go("Form", "Decree", papers["Decree"])
	press(seat, "Gather People")
	assert serious(seat, ".modal.show") == []
	seat.confirm()
	seat.page.wait_for_selector(".modal.show [data-phase=result] p")
	assert serious(seat, ".modal.show") == []


def test_a_signature_shuts_somebody_out(desk, papers):
	seat = desk(BKPPD_HEAD)
	seat.go("Form", "Decree", papers["Decree"])
	press(seat, "Submit")
	assert serious(seat, ".modal.show") == []
