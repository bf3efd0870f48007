"""The texts that a clerk edits: Jinja with the letter's own facts and our filters, and nothing else.

A text may put values in and choose between wordings ({{ … }}, {% if … %}). Calls, loops, assignments, includes and
macros are refused when it is saved, and names reach into the facts alone: attributes are looked up as keys, so no
Python object, and nothing of Frappe, is within reach. Jinja's sandbox stands behind that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any

import frappe
from frappe import _
from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from kupang_hr.exceptions import LetterError
from kupang_hr.letters.indonesian import FILTERS, OPEN

JINJA_FILTERS = ("upper", "lower", "title", "trim")
LONGEST = 20_000  # characters of a rendered text
# What a text may come to; the last three where it is nested deeper than Python reads.
MISTAKES = (
	TemplateError,
	TypeError,
	ValueError,
	ArithmeticError,
	AttributeError,
	LookupError,
	RecursionError,
	SyntaxError,
	MemoryError,
)
ALLOWED = (
	nodes.Template,
	nodes.Output,
	nodes.TemplateData,
	nodes.Name,
	nodes.Getattr,
	nodes.Const,
	nodes.Filter,
	nodes.If,
	nodes.CondExpr,
	nodes.Compare,
	nodes.Operand,
	nodes.And,
	nodes.Or,
	nodes.Not,
)


class LetterEnvironment(ImmutableSandboxedEnvironment):
	"""Knows nothing but keys of the facts; calls nothing."""

	def getattr(self, obj: Any, attribute: str) -> Any:
		if isinstance(obj, Mapping) and attribute in obj:
			return obj[attribute]
		if isinstance(obj, Undefined):
			obj._fail_with_undefined_error()
		return self.undefined(obj=obj, name=attribute)

	def is_safe_callable(self, obj: Any) -> bool:
		return False


def _environment() -> LetterEnvironment:
	made = LetterEnvironment(undefined=StrictUndefined, autoescape=False, finalize=_shown)
	made.globals.clear()
	own = {name: made.filters[name] for name in JINJA_FILTERS}
	made.filters.clear()
	made.filters.update({name: _of_something(function) for name, function in {**own, **FILTERS}.items()})
	made.filters["default"] = _default
	made.tests = {name: made.tests[name] for name in ("defined", "undefined", "none")}
	return made


def _shown(value: Any) -> Any:
	return OPEN if _is_empty(value) else value


def _is_empty(value: Any) -> bool:
	return value is None or value == ""


def _of_something(function: Callable) -> Callable:
	"""A filter that makes nothing of nothing, so that it is shown, and stood in for, as without the filter."""
	return lambda value, *options, **named: "" if _is_empty(value) else function(value, *options, **named)


def _default(value: Any, instead: Any = "", boolean: bool = False) -> Any:
	"""Jinja's, which leaves an empty value as it is: an author means that too."""
	return instead if isinstance(value, Undefined) or _is_empty(value) or (boolean and not value) else value


ENVIRONMENT = _environment()


@dataclass(frozen=True)
class Text:
	"""A template with the name by which its author finds it."""

	name: str
	source: str


def rendered(text: Text, facts: Mapping[str, Any]) -> str:
	"""The text with the facts in it. Raises LetterError that names the template and the line."""
	with _told(text):
		result = _compiled(text).render(facts).strip()
	if len(result) > LONGEST:
		_refuse(text, 1, _("the text is too long"))
	return result


def try_all_of(text: Text, facts: Mapping[str, Any]) -> None:
	"""Render a text, and whatever it holds for other facts than these. Raises LetterError like `rendered`."""
	rendered(text, facts)
	with _told(text):
		_compiled(text, in_pieces=True).render(facts)


def rendered_all(texts: Iterable[Text], facts: Mapping[str, Any]) -> list[str]:
	return [rendered(text, facts) for text in texts]


def named(rows: Sequence[Any]) -> list[tuple[Any, Text]]:
	"""Rows of paragraphs with their templates, named by section and place in it: "Menimbang 2"."""
	counts: dict[tuple, int] = {}
	found = []
	for row in rows:
		key = (row.get("kind"), row.get("section"))
		counts[key] = counts.get(key, 0) + 1
		kind = f"{_(row.get('kind'))}, " if row.get("kind") else ""
		found.append((row, Text(f"{kind}{row.get('section')} {counts[key]}", row.get("text") or "")))
	return found


@contextmanager
def _told(text: Text) -> Iterator[None]:
	"""Whatever goes wrong with a text is its author's to mend, who is told where."""
	try:
		yield
	except MISTAKES as error:
		_refuse(text, _line(error, text), str(error) or type(error).__name__)


@lru_cache(maxsize=256)
def _compiled(text: Text, in_pieces: bool = False):
	"""The template, compiled once for all the people of a decree; or each of its expressions, outside all branches."""
	tree = ENVIRONMENT.parse(text.source, name=text.name, filename=_file(text))
	for node in _walk(tree):
		if not isinstance(node, ALLOWED):
			_refuse(text, node.lineno, _("{0} is not allowed in a letter").format(type(node).__name__))
	if in_pieces:
		pieces = [nodes.Output([piece], lineno=piece.lineno) for piece in _expressions(tree)]
		tree = nodes.Template(pieces, lineno=1).set_environment(ENVIRONMENT)
	code = ENVIRONMENT.compile(tree, name=text.name, filename=_file(text))
	return ENVIRONMENT.template_class.from_code(ENVIRONMENT, code, {}, None)


def _walk(node: nodes.Node) -> Iterable[nodes.Node]:
	yield node
	for child in node.iter_child_nodes():
		yield from _walk(child)


def _expressions(node: nodes.Node) -> Iterator[nodes.Expr]:
	"""Every expression below a node, but for what `default` stands in for."""
	for child in node.iter_child_nodes():
		if isinstance(node, nodes.Filter) and node.name == "default" and child is node.node:
			continue
		if isinstance(child, nodes.Expr) and not isinstance(child, nodes.TemplateData):
			yield child
		yield from _expressions(child)


def _file(text: Text) -> str:
	return f"<{text.name}>"


def _line(error: Exception, text: Text) -> int:
	"""The line of the template on which it went wrong."""
	if isinstance(error, TemplateSyntaxError):
		return error.lineno
	line, trace = 1, error.__traceback__
	while trace:
		if _is_of(trace, text):
			line = trace.tb_lineno
		trace = trace.tb_next
	return line


def _is_of(trace: TracebackType, text: Text) -> bool:
	return trace.tb_frame.f_code.co_filename == _file(text)


def _refuse(text: Text, line: int, why: str) -> None:
	message = _("{0}, line {1}: {2}").format(text.name, line, why)
	frappe.throw(frappe.utils.escape_html(message), LetterError, title=_("Letter Template"))
