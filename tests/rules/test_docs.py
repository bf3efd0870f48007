"""What a reader of the README and the guide follows leads somewhere."""

import ast
import json
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
PAGES = [PROJECT / "README.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_a_link_leads_to_nothing(page):
	leading = [link for link in LINK.findall(page.read_text()) if "://" not in link]
	assert [link for link in leading if not (page.parent / link).exists()] == []


def test_a_picture_is_taken_for_nobody_or_shown_without_being_taken():
	taken = set(re.findall(r'Picture\("([a-z-]+)"', (DOCS / "screenshots.py").read_text()))
	shown = {
		Path(link).stem for page in PAGES for link in LINK.findall(page.read_text()) if link.endswith(".png")
	}
	assert taken == shown == {path.stem for path in (DOCS / "screenshots").iterdir()}


def endpoints():
	for path in sorted((PROJECT / "kupang_hr" / "api").glob("*.py")):
		for node in ast.parse(path.read_text(encoding="utf-8")).body:
			if any("whitelist" in ast.unparse(each) for each in getattr(node, "decorator_list", ())):
				yield f"{path.stem}.{node.name}"


@pytest.mark.parametrize("endpoint", list(endpoints()))
def test_an_endpoint_is_not_in_the_reference(endpoint):
	reference = "".join((DOCS / page).read_text(encoding="utf-8") for page in ("rest.md", "finance.md"))
	assert re.search(rf"`[^`\n]*\b{endpoint.partition('.')[2]}\b[^`\n]*`", reference)


GUIDES = {
	"Personnel Self Service": "ptt",
	"OPD Clerk": "operator-opd",
	"OPD Head": "kepala-opd",
	"BKPPD Clerk": "operator-bkppd",
	"BKPPD Head": "kepala-bkppd",
	"Wali Kota": "wali-kota",
	"Finance Officer": "bendahara",
}


def test_a_role_has_no_page_in_the_guide_or_a_page_no_way_to_it():
	roles = json.loads((PROJECT / "kupang_hr" / "fixtures" / "role.json").read_text(encoding="utf-8"))
	assert {role["name"] for role in roles} - {"Attendance Device"} == GUIDES.keys()  # which is no person
	assert {path.stem for path in (DOCS / "panduan").glob("*.md")} == set(GUIDES.values())
	readme = (PROJECT / "README.md").read_text(encoding="utf-8")
	assert not [page for page in GUIDES.values() if f"docs/panduan/{page}.md" not in readme]
