"""Whatever a user reads is there in Indonesian, in both files that Frappe may read."""

import ast
import json
import re
from pathlib import Path

import pytest

from dev.translations import (
	APP,
	CSV,
	NOT_OURS,
	PO,
	POT,
	Text,
	calls,
	in_document,
	in_python,
	in_script,
	literal,
	read_csv,
	read_po,
	texts,
	write_csv,
	write_po,
)

FOUND, TRANSLATIONS = texts(), read_po()
REFRESH = "run `python3 -m dev.translations`, then translate what it lists in kupang_hr/locale/id.po"
PYTHON = [path for path in sorted(APP.rglob("*.py")) if not NOT_OURS & set(path.parts)]
SCRIPTS = [path for path in sorted(APP.rglob("*.js")) if not NOT_OURS & set(path.parts)]


def place(path, line):
	return f"{path.relative_to(APP.parent)}:{line}"


# The files


def test_a_text_is_not_translated():
	assert len(FOUND) > 300
	assert not sorted(text.source for text in FOUND if not TRANSLATIONS.get(text)), REFRESH


def test_a_translation_is_of_a_text_that_is_gone():
	assert not sorted(text.source for text in TRANSLATIONS.keys() - FOUND.keys()), REFRESH


def test_the_template_or_the_csv_tells_another_story_than_the_po():
	assert read_po(POT) == dict.fromkeys(TRANSLATIONS, ""), REFRESH
	assert read_csv(CSV) == {text: translation for text, translation in TRANSLATIONS.items() if translation}


def placeholders(text):
	return sorted(re.findall(r"\{\w*\}|%[sd]|%\(\w+\)s|</?\w+", text))


def ending(text):
	return text[-1:] if text[-1:] in ".:?…" else ""


def test_a_translation_drops_a_placeholder_or_its_end():
	both = [(text.source, translation) for text, translation in TRANSLATIONS.items() if translation]
	assert not [pair for pair in both if placeholders(pair[0]) != placeholders(pair[1])]
	assert not [pair for pair in both if ending(pair[0]) != ending(pair[1])]
	assert not [translation for _source, translation in both if translation != translation.strip()]


# the city's own words
GLOSSARY = {
	r"st(?:oo|an)d(?:s|ing)? down": "rumahkan",
	r"\bcrucial": "krusial",
	r"\bdecree": r"\bSK\b|keputusan",
	r"\bpetikan": "petikan",
	r"\blampiran": "lampiran",
	r"\bTMT\b": "TMT",
	r"\bparaf": "paraf",
	r"\bmayor\b": "wali kota",
	r"\brenewal": "perpanjang",
	r"\bwave": "gelombang",
	r"\brota\b": "piket",
	r"\bOPD": "OPD",
	r"\bNIK\b": "NIK",
}


@pytest.mark.parametrize("english", GLOSSARY)
def test_a_term_of_the_city_is_called_something_else(english):
	said = {
		text.source: to for text, to in TRANSLATIONS.items() if re.search(english, text.source, re.IGNORECASE)
	}
	assert said
	wanted = GLOSSARY[english]
	assert not {source: to for source, to in said.items() if not re.search(wanted, to, re.IGNORECASE)}


def test_babel_which_frappe_compiles_with_reads_something_else():
	pofile = pytest.importorskip("babel.messages.pofile")
	with PO.open("rb") as file:
		catalog = pofile.read_po(file)
	assert str(catalog.locale) == "id"
	read = {Text(message.id, message.context or ""): message.string for message in catalog if message.id}
	assert read == TRANSLATIONS


# What reaches a user without being translated


def is_put_together(node):
	"""A text that exists only at run time: no file can hold its translation."""
	formatted = isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".format")
	if formatted and isinstance(node.func.value, ast.Constant):
		return True
	if isinstance(node, ast.BinOp):
		return any(literal(part) or is_put_together(part) for part in (node.left, node.right))
	if isinstance(node, ast.IfExp):
		return any(literal(part) or is_put_together(part) for part in (node.body, node.orelse))
	return isinstance(node, ast.JoinedStr)


def bare(node):
	return bool(literal(node)) or is_put_together(node)


SAYING = ("throw", "msgprint", "publish_progress")
NAMES = {"e-Kinerja", "BKPPD Kota Kupang ·"}  # the same in each language
NAMING = ("label", "title", "description", "message", "placeholder", "subject")


def bare_words(tree):
	for call in calls(tree, *SAYING):
		said = call.args[:1] + [word.value for word in call.keywords if word.arg in ("msg", "title")]
		yield from (node.lineno for node in said if bare(node))


def bare_names(tree):
	"""Words for columns, figures and messages; a fieldname has neither a capital nor a space."""
	for node in ast.walk(tree):
		for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
			worded = bare(value) and re.search("[A-Z ]", ast.unparse(value)) and literal(value) not in NAMES
			if worded and key and literal(key) in NAMING:
				yield value.lineno


def without(tree, function):
	"""Take a function out of a module."""
	tree.body = [node for node in tree.body if getattr(node, "name", None) != function]


def test_a_message_is_said_in_english_only():
	trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in PYTHON}
	without(trees[APP / "install.py"], "check_frappe_version")  # no site, no language yet
	assert not [place(path, line) for path, tree in trees.items() for line in bare_words(tree)]


def test_a_column_or_a_figure_is_named_in_english_only():
	trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in PYTHON}
	assert not [place(path, line) for path, tree in trees.items() for line in bare_names(tree)]


def test_a_text_is_put_together_before_it_is_translated():
	found = [
		(path, call)
		for path in PYTHON
		for call in calls(ast.parse(path.read_text(encoding="utf-8")), "_", "_lt")
	]
	assert not [place(path, call.lineno) for path, call in found if is_put_together(call.args[0])]


BARE_IN_SCRIPT = re.compile(
	r"""frappe\.(?:throw|msgprint|show_alert|confirm|prompt)\(\s*["'`]"""
	# words, and neither a fieldname nor what a template only puts together
	r"""|\b(?:title|label|message|primary_action_label|description)\s*:\s*"""
	r"""(?:["'](?=[^"']*[A-Z ])[^"']*[A-Za-z]|`(?:\$\{[^}]*\}|<[^>]*>|[^`$<A-Za-z])*[A-Za-z])"""
	r"""|__\(\s*`[^`]*\$\{"""
	# a button, a heading, an attribute, an element
	r"""|(?:_button|_action|_item|_headline|_title|_intro|\.text)\(\s*["'`](?=[^"'`]*[A-Z ])[^"'`<$]*[A-Za-z]"""
	r"""|\b(?:placeholder|title|alt|aria-label)\s*=\s*\\?["'](?=[^"'$]*[A-Z ])[^"'$]*[A-Za-z]"""
	r"""|\w>\s*[A-Z][a-z]+[^<>${}`;=()]*</"""
)


def bare_lines(code):
	return [code.count("\n", 0, found.start()) + 1 for found in BARE_IN_SCRIPT.finditer(code)]


def test_a_script_says_something_in_english_only():
	found = [place(path, line) for path in SCRIPTS for line in bare_lines(path.read_text(encoding="utf-8"))]
	assert not found


NO_WORDS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<(script|style).*?</\1>", re.DOTALL)
WORDS = re.compile(
	r""">([^<>]*[A-Za-z]{2}[^<>]*)<|\b(?:placeholder|title|alt|aria-label)="([^"]*[A-Za-z]{2}[^"]*)\""""
)
# a letter is a document of the Indonesian state, in its language only
PAGES = [path for path in sorted(APP.rglob("*.html")) if path.name != "letter.html"]


def bare_texts(page):
	said = ((one or other).strip() for one, other in WORDS.findall(NO_WORDS.sub("", page)))
	return [text for text in said if text not in NAMES]


def test_a_page_says_something_in_one_language_only():
	assert len(PAGES) >= 4
	assert not {
		str(path.relative_to(APP)): found for path in PAGES if (found := bare_texts(path.read_text("utf-8")))
	}


# The search itself


def test_a_text_in_python_is_overlooked():
	code = """
_("One "
  "text"), frappe._('Two').format(_(three)), _("Four", context="Decree"), gettext("five"), _(f"six{seven}")
"""
	assert set(in_python(code)) == {Text("One text"), Text("Two"), Text("Four", "Decree")}


def test_a_text_in_a_script_or_a_template_is_overlooked():
	code = r"""
__("One"), __('It\'s two'), __(`three`), __("Four " +
	"more {0}", [five]), __("Six", null, "Decree"), frappe.__x("seven"), my__("eight"), __(nine)
{{ _("Ten \"quoted\"") }}
"""
	assert [tuple(text) for text in in_script(code)] == [
		("One", ""),
		("It's two", ""),
		("three", ""),
		("Four more {0}", ""),
		("Six", "Decree"),
		('Ten "quoted"', ""),
	]


def test_a_text_in_a_document_is_overlooked():
	blocks = [{"type": "header", "data": {"text": "Blocks"}}, {"type": "spacer", "data": {}}]
	document = {
		"doctype": "Workspace",
		"name": "Space",
		"links": [{"label": "Linked", "link_to": "Not said"}],
		"content": json.dumps(blocks),
		"fields": [
			{"fieldtype": "Select", "options": "\nA\nB", "label": "Choice", "description": "Choose."},
			{"fieldtype": "Link", "options": "Not said"},
			{"fieldtype": "Select", "fieldname": "naming_series", "options": "NOT-.###"},
		],
		"html": "<p>{{ _('Printed') }}</p>",
	}
	said = {text.source for text in in_document(json.dumps([document]))}
	assert said == {"Space", "Linked", "Blocks", "A", "B", "Choice", "Choose.", "Printed"}
	assert not list(in_document('{"label": "not a document"}'))


def test_a_bare_message_is_overlooked():
	told = ['throw("a")', 'frappe.throw(f"a{b}")', 'msgprint("a" + b)', 'throw("a {0}".format(b), Error)']
	told += ['throw(_("a"), title="b")', 'frappe.msgprint(msg="a")', 'throw("a" if b else _("c"))']
	assert [list(bare_words(ast.parse(code))) for code in told] == [[1]] * len(told)
	fine = ['throw(_("a").format("b"))', "throw(text)", 'throw("<br>".join(texts), Error)']
	assert not [code for code in fine if list(bare_words(ast.parse(code)))]
	assert bare_lines('frappe.throw("a");\nfrappe.msgprint({\n\ttitle: "B"\n})') == [1, 3]
	named = ['{"label": "Duty"}', '[{"fieldname": "a", "title": f"Of {b}"}]']
	assert [list(bare_names(ast.parse(code))) for code in named] == [[1]] * len(named)
	assert not list(bare_names(ast.parse('{"label": _("Duty"), "title": "duty", **more}')))
	shown = [
		'frm.add_custom_button("Sign", f)',
		"`<b>Signed</b>`",
		'`<input placeholder="Your name">`',
		'x.text("Done.")',
	]
	assert [bare_lines(code) for code in shown] == [[1]] * len(shown)
	assert not bare_lines('frm.add_custom_button(__("Sign"), f); `<b title="${a}">${b}</b>`; x.text(y)')
	assert bare_texts('<p>Hello <b>{{ _("a") }}</b></p><img alt="A picture">') == ["Hello", "A picture"]
	assert not bare_texts('<p title="{{ _("a") }}">{{ _("a") }}, {# note #}</p><style>p { a: b }</style>')
	assert not bare_lines('frappe.throw(__("a")); x = { title: __("b"), label: "" }')


def test_a_file_does_not_give_back_what_was_written(tmp_path):
	said = {
		Text('Quoted "x" \\ and\nover {0} lines\n'): 'Dikutip "x" \\ dan\n{0} baris\n',
		Text("Left"): "Sudah Keluar",
		Text("Left", "Personnel"): "Kiri",
		Text("– ü"): "",
	}
	write_po(tmp_path / "id.po", {text: {"b.py", "a.py"} for text in said}, said)
	assert read_po(tmp_path / "id.po") == said
	write_csv(tmp_path / "id.csv", said)
	assert read_csv(tmp_path / "id.csv") == {text: to for text, to in said.items() if to}
	assert read_po(Path(tmp_path / "none.po")) == {}
