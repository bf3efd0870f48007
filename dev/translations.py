"""`python3 -m dev.translations`: bring the Indonesian texts up to date with the app.

The source is `kupang_hr/locale/id.po`. Every text of the app stands in it, new ones without a translation, gone
ones are taken out; `locale/main.pot` and `translations/id.csv`, which older Frappe reads, are written from it.
"""

import ast
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dev.steps import PROJECT
from kupang_hr.rules.appraisal import DEFAULT_SCHEMES, EXPECTATIONS

APP = PROJECT / "kupang_hr"
PO = APP / "locale" / "id.po"
POT = APP / "locale" / "main.pot"
CSV = APP / "translations" / "id.csv"
NOT_OURS = {"__pycache__", "node_modules", "dist"}

HEADER = """\
# Texts of Kupang HR. Written by `python3 -m dev.translations`, which keeps only what the app says.
msgid ""
msgstr ""
"Project-Id-Version: Kupang HR\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


class Text(NamedTuple):
	source: str
	context: str = ""


Places = dict[Text, set[str]]


# What the app says


def texts(app: Path = APP) -> Places:
	"""Every text that a user may read, with the files it comes from."""
	found: Places = {}
	for path in sorted(app.rglob("*")):
		if read := READERS.get(path.suffix) if not NOT_OURS & set(path.parts) else None:
			for text in read(path.read_text(encoding="utf-8")):
				if re.search("[A-Za-z]", text.source):
					found.setdefault(text, set()).add(str(path.relative_to(app.parent)))
	for source in [*_of_schemes(), *(app / "modules.txt").read_text(encoding="utf-8").split("\n")]:
		if source:
			found.setdefault(Text(source), set())
	return found


def _of_schemes() -> Iterator[str]:
	yield from EXPECTATIONS
	for scheme in DEFAULT_SCHEMES:
		yield scheme.name
		yield from (part.name for part in scheme.components)
		yield from (band.rating for band in scheme.bands)
		yield from scheme.matrix.values()
		yield from scheme.behaviour_aspects


def in_python(code: str) -> Iterator[Text]:
	"""The literals of `_("…")`, with `context="…"`."""
	for call in calls(ast.parse(code), "_", "_lt"):
		if call.args and (source := literal(call.args[0])):
			context = [literal(word.value) for word in call.keywords if word.arg == "context"]
			yield Text(source, *context)


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
	"""The calls of functions of these names, whatever stands before the name."""
	for node in ast.walk(tree):
		if isinstance(node, ast.Call):
			named = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
			if named in names:
				yield node


def literal(node: ast.expr) -> str | None:
	return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


QUOTED = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)"""
CALL = re.compile(
	rf"(?<![\w$])__?\(\s*({QUOTED}(?:\s*\+\s*{QUOTED})*)"
	rf"(?:\s*,\s*(?:null|undefined|\[[^\]]*\])\s*,\s*({QUOTED}))?"
)


def in_script(code: str) -> Iterator[Text]:
	"""The literals of `__("…")` in JavaScript and of `_("…")` in Jinja."""
	for call in CALL.finditer(code):
		yield Text(*(_unquoted(part) for part in call.groups() if part))


def _unquoted(code: str) -> str:
	return "".join(
		re.sub(r"\\(.)", lambda escape: {"n": "\n", "t": "\t"}.get(escape[1], escape[1]), part[1:-1])
		for part in re.findall(QUOTED, code)
	)


NAMED = {
	"Dashboard",
	"Dashboard Chart",
	"DocType",
	"Notification",
	"Number Card",
	"Print Format",
	"Report",
	"Role",
	"Workflow",
	"Workflow Action Master",
	"Workflow State",
	"Workspace",
}
SAID = ("label", "description", "title", "group", "placeholder", "format", "documentation")
# what a data import or a number is made of, not words
NOT_WORDS = ("naming_series",)


def in_document(content: str) -> Iterator[Text]:
	"""The names, labels, descriptions and options of documents in Frappe's JSON; other JSON says nothing."""
	documents = json.loads(content)
	for document in documents if isinstance(documents, list) else [documents]:
		if isinstance(document, dict) and "doctype" in document:
			if document["doctype"] in NAMED:
				yield Text(document["name"])
			yield from _in_value(document)


def _in_value(value) -> Iterator[Text]:
	if isinstance(value, list):
		for item in value:
			yield from _in_value(item)
	elif isinstance(value, dict):
		yield from (Text(value[key]) for key in SAID if value.get(key) and isinstance(value[key], str))
		yield from map(Text, _options(value))
		for key, inner in value.items():
			yield from _in_blocks(inner) if key == "content" else _in_value(inner)
	elif isinstance(value, str):
		yield from in_script(value)


def _options(field: dict) -> list[str]:
	options = field.get("options")
	if field.get("fieldtype") == "HTML" and options:
		return [options]
	if field.get("fieldtype") != "Select" or not options or field.get("fieldname") in NOT_WORDS:
		return []
	return [option for option in options.split("\n") if option]


def _in_blocks(content: str | None) -> Iterator[Text]:
	"""The headings and paragraphs of a workspace."""
	for block in json.loads(content or "[]"):
		if text := block.get("data", {}).get("text"):
			yield Text(text)


READERS = {
	".py": in_python,
	".js": in_script,
	".html": in_script,
	".vue": in_script,
	".json": in_document,
}


# What stands in the files


def read_po(path: Path = PO) -> dict[Text, str]:
	"""The translations by text; an empty one is still to be made."""
	entries: list[dict[str, str]] = []
	word = ""
	for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
		if not (found := re.match(r'(?:(msgctxt|msgid|msgstr) )?(".*")$', line)):
			continue
		if found[1] == "msgctxt" or (found[1] == "msgid" and word != "msgctxt"):
			entries.append({})
		word = found[1] or word
		entries[-1][word] = entries[-1].get(word, "") + json.loads(found[2])
	return {Text(entry["msgid"], entry.get("msgctxt", "")): entry["msgstr"] for entry in entries[1:]}


def read_csv(path: Path = CSV) -> dict[Text, str]:
	with path.open(encoding="utf-8", newline="") as file:
		return {Text(source, context): translation for source, translation, context in csv.reader(file)}


def write_po(path: Path, places: Places, translations: dict[Text, str], header: str = HEADER):
	"""Write in the form of Frappe's own files, without dates and line numbers, which would change for nothing."""
	blocks = [header]
	for text in sorted(places):
		lines = [f"#: {place}" for place in sorted(places[text])]
		lines += [f"msgctxt {_po(text.context)}"] if text.context else []
		lines += [f"msgid {_po(text.source)}", f"msgstr {_po(translations.get(text, ''))}"]
		blocks.append("\n".join(lines) + "\n")
	path.parent.mkdir(exist_ok=True)
	path.write_text("\n".join(blocks), encoding="utf-8")


def _po(text: str) -> str:
	lines = [json.dumps(line, ensure_ascii=False) for line in text.splitlines(keepends=True)]
	return "\n".join(['""', *lines]) if len(lines) > 1 else "".join(lines) or '""'


def write_csv(path: Path, translations: dict[Text, str]):
	path.parent.mkdir(exist_ok=True)
	with path.open("w", encoding="utf-8", newline="") as file:
		rows = csv.writer(file, lineterminator="\n")
		rows.writerows(
			(text.source, said, text.context) for text, said in sorted(translations.items()) if said
		)


def main():
	places, known = texts(), read_po()
	write_po(POT, places, {})
	write_po(PO, places, known, HEADER + '"Language: id\\n"\n')
	write_csv(CSV, read_po())
	for text in sorted(known.keys() - places.keys()):
		print(f"gone: {text.source!r}, which was {known[text]!r}")
	for text in sorted(text for text in places if not known.get(text)):
		print(f"to translate in {PO.relative_to(PROJECT)}: {text.source!r}")


if __name__ == "__main__":
	main()
