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


def bare_words(tree):
	for call in calls(tree, *SAYING):
		said = call.args[:1] + [word.value for word in call.keywords if word.arg in ("msg", "title")]
		yield from (node.lineno for node in said if bare(node))


def without(tree, function):
	"""Take a function out of a module."""
	tree.body = [node for node in tree.body if getattr(node, "name", None) != function]


def test_a_message_is_said_in_english_only():
	trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in PYTHON}
	without(trees[APP / "install.py"], "check_frappe_version")  # no site, no language yet
	assert not [place(path, line) for path, tree in trees.items() for line in bare_words(tree)]


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
)


def bare_lines(code):
	return [code.count("\n", 0, found.start()) + 1 for found in BARE_IN_SCRIPT.finditer(code)]


def test_a_script_says_something_in_english_only():
	found = [place(path, line) for path in SCRIPTS for line in bare_lines(path.read_text(encoding="utf-8"))]
	assert not found


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
