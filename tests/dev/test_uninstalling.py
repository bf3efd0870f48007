"""The app leaves a site of its own, and comes back to it."""

import json
from collections.abc import Iterator

import pytest

from dev import sites
from dev.steps import APP, PROJECT, run

# What Frappe itself writes down about an app that leaves and comes back.
OF_FRAPPE = {
	"tabPatch Log",
	"tabInstalled Application",
	"tabVersion",
	"tabDeleted Document",
	"tabPermission Log",  # of v16
}
LEFT = {
	"select count(*) from `tabModule Def` where app_name = 'kupang_hr'",
	"select count(*) from `tabScheduled Job Type` where method like 'kupang\\_hr.%'",
	"select count(*) from `tabWorkflow` where document_type = 'Contract Renewal'",
	"select count(*) from `tabCustom DocPerm` where role in ('BKPPD Clerk', 'OPD Head')",
	"select count(*) from `tabCustom HTML Block`",
	"select count(*) from `tabSingles` where doctype = 'Kupang HR Settings'",
	"select count(*) from `tabHas Role` where parenttype in ('Page', 'Report') and role = 'BKPPD Clerk'",
	*(
		f"select count(*) from `tab{doctype}` where module = 'Kupang HR'"
		for doctype in (
			"DocType",
			"Page",
			"Report",
			"Workspace",
			"Number Card",
			"Print Format",
			"Dashboard Chart",
		)
	),
}


@pytest.fixture(scope="module")
def leaving() -> Iterator[sites.Site]:
	with sites.fresh("leaving.kupang.localhost") as site:
		yield site
		sites.drop(site)


def bench(site: sites.Site, *arguments: str) -> None:
	run(site.command(*arguments), " ".join(arguments), cwd=site.engine.sites, env=site.environment)


def rows(site: sites.Site) -> dict[str, int]:
	"""How many rows each table has."""
	names = asked(site, "select table_name from information_schema.tables where table_schema = database()")
	counts = " union all ".join(f"select '{name}', count(*) from `{name}`" for name in names.splitlines())
	lines = (line.rpartition("\t") for line in asked(site, counts).splitlines())
	return {name: int(count) for name, _tab, count in lines}


def asked(site: sites.Site, query: str) -> str:
	return site.services.client("--skip-column-names", site.database, f"--execute={query}")


def test_the_app_leaves_something_behind_or_does_not_come_back_whole(leaving):
	then = rows(leaving)
	own = then.keys() & own_tables()
	assert len(own) > 30
	bench(leaving, "uninstall-app", APP, "--yes", "--no-backup")
	assert {query: asked(leaving, query).strip() for query in LEFT} == dict.fromkeys(LEFT, "0")
	assert own & rows(leaving).keys() == set()
	bench(leaving, "install-app", APP)
	again = rows(leaving)
	assert {name: again[name] for name in {*again} - OF_FRAPPE} == {
		name: count for name, count in then.items() if name not in OF_FRAPPE
	}


def own_tables() -> set[str]:
	"""The tables of the app's DocTypes."""
	files = (PROJECT / APP / "doctype").glob("*/*.json")
	return {f"tab{json.loads(file.read_text())['name']}" for file in files}
