"""The house stands as designed: where the arrows point, where documents live, what an endpoint says."""

import ast
import importlib
import json
import re
import runpy
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import kupang_hr

PROJECT = Path(__file__).resolve().parents[2]
APP = PROJECT / "kupang_hr"
NAME = "kupang_hr"
MODULE = "Kupang HR"

OF_EVERY_DOCUMENT = {
	"doctype",
	"meta",
	"flags",
	"parent_doc",
	"permitted_fieldnames",
	"dont_update_if_missing",
}

# Each part of the app with what it may import besides itself; design.md, "The house".
RULES = {"rules"}
GROUND = RULES | {"clock", "exceptions"}
LOW = GROUND | {"bulk", "access"}
MIDDLE = LOW | {"cycle", "attendance", "payroll", "notices", "letters"}
BESIDE = ("cycle", "attendance", "payroll", "notices")
TOP = MIDDLE | {"api", "doctype", "install"}
MAY_IMPORT = {
	"rules": set(),
	"clock": RULES,
	"exceptions": RULES,
	"access": GROUND,
	"bulk": GROUND | {"access"},
	**dict.fromkeys(BESIDE, LOW | set(BESIDE)),
	"letters": MIDDLE,
	**dict.fromkeys(("api", "doctype", "install", "report", "page", "www"), MIDDLE),
	**dict.fromkeys(("patches", "demo"), TOP),
	"commands": TOP | {"demo"},
	"hooks": set(),
	"print_format": set(),
	"kupang_hr": set(),
	"__init__": set(),
}


def python_files():
	return [path for path in sorted(APP.rglob("*.py")) if "__pycache__" not in path.parts]


def module_of(path):
	parts = path.relative_to(PROJECT).with_suffix("").parts
	return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in python_files()}


@cache
def tree_of(path):
	return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def absolute(node, module, path):
	"""The module that a `from … import` names, with its leading dots resolved."""
	if not node.level:
		return node.module
	package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
	base = package[: len(package) - node.level + 1]
	return ".".join([*base, *([node.module] if node.module else [])])


def imports_of(module, path):
	"""Every module (or name in one) that a file imports, wherever in it, with dots resolved."""
	for node in ast.walk(tree_of(path)):
		if isinstance(node, ast.Import):
			yield from (alias.name for alias in node.names)
		elif isinstance(node, ast.ImportFrom):
			yield from (f"{absolute(node, module, path)}.{alias.name}" for alias in node.names)


def dotted_texts(path):
	"""Texts that name something of the app for Frappe to import: jobs, hooks, get_attr."""
	for node in ast.walk(tree_of(path)):
		if isinstance(node, ast.Constant) and isinstance(node.value, str):
			if re.fullmatch(rf"{NAME}(\.\w+)+", node.value):
				yield node.value


def within_app(name):
	"""The parts of a dotted name after the app, by the one path or by Frappe's; None for anything else."""
	parts = name.split(".")
	if parts[0] != NAME:
		return None
	return parts[2:] if parts[1:2] == [NAME] else parts[1:]


def part_of(name):
	parts = within_app(name)
	return (parts[0] if parts else "__init__") if parts is not None else None


def is_defined(name):
	"""Whether a dotted name of the app is a module or stands at the top of one."""
	parts = within_app(name)
	if not parts or ".".join((NAME, *parts)) in MODULES or (APP / Path(*parts)).is_dir():
		return True
	path = MODULES.get(".".join((NAME, *parts[:-1])))
	return path is not None and parts[-1] in names_at_the_top(path)


def names_at_the_top(path):
	names = set()
	for node in tree_of(path).body:
		if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
			names.add(node.name)
		elif isinstance(node, ast.Import | ast.ImportFrom):
			names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
		else:
			names |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
	return names


HOOKS = runpy.run_path(str(APP / "hooks.py"))


# Arrows


def test_a_part_of_the_app_has_no_place_in_the_design():
	assert {part_of(module) for module in MODULES} <= set(MAY_IMPORT)


@pytest.mark.parametrize("module", MODULES)
def test_an_arrow_points_upward(module):
	path = MODULES[module]
	named = {*imports_of(module, path), *(dotted_texts(path) if part_of(module) != "hooks" else ())}
	parts = {part_of(name) for name in named} - {None, "__init__", part_of(module)}
	assert parts <= MAY_IMPORT[part_of(module)], sorted(named)


def test_two_modules_import_each_other():
	arrows = {
		module: {found for name in imports_of(module, path) if (found := imported_module(name))} - {module}
		for module, path in MODULES.items()
	}
	while ends := {module for module, to in arrows.items() if not to & set(arrows)}:
		arrows = {module: to for module, to in arrows.items() if module not in ends}
	assert not arrows, f"in a circle, or leading into one: {sorted(arrows)}"


def imported_module(name):
	"""The module file that an import of `name` runs, without the packages above it."""
	parts = within_app(name)
	if not parts:
		return None
	whole, without_last = ".".join((NAME, *parts)), ".".join((NAME, *parts[:-1]))
	return whole if whole in MODULES else without_last if without_last in MODULES else None


@pytest.mark.parametrize("module", MODULES)
def test_a_name_of_the_app_leads_to_nothing(module):
	path = MODULES[module]
	assert not [name for name in (*imports_of(module, path), *dotted_texts(path)) if not is_defined(name)]


def test_a_hook_leads_to_nothing():
	def texts(value):
		if isinstance(value, dict):
			value = [*value.keys(), *value.values()]
		if isinstance(value, list | tuple):
			return [text for item in value for text in texts(item)]
		return [value] if isinstance(value, str) else []

	named = [name for key, value in HOOKS.items() if not key.startswith("__") for name in texts(value)]
	named = [name for name in named if re.fullmatch(rf"{NAME}(\.\w+)+", name)]
	assert len(named) > 20
	assert not [name for name in named if not is_defined(name)]


def test_hooks_hold_more_than_what_frappe_calls():
	tree = tree_of(APP / "hooks.py")
	assert not [*imports_of(f"{NAME}.hooks", APP / "hooks.py")]
	assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]


# Rules are pure

RULE_FILES = [path for module, path in MODULES.items() if part_of(module) == "rules"]
LIBRARIES = {"holidays", "shapely", "segno"}
# Clocks, chance, files, networks: nothing that is not an argument.
WORLD = {
	"time",
	"random",
	"secrets",
	"uuid",
	"os",
	"pathlib",
	"io",
	"shutil",
	"tempfile",
	"subprocess",
	"threading",
	"asyncio",
	"socket",
	"ssl",
	"urllib",
	"http",
	"sqlite3",
	"locale",
}
CLOCK = {"today", "now", "utcnow", "fromtimestamp", "localtime", "gmtime", "monotonic", "perf_counter"}


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.name)
def test_a_rule_imports_frappe_the_app_or_the_world(path):
	module = module_of(path)
	allowed = (sys.stdlib_module_names | LIBRARIES) - WORLD
	names = [name for name in imports_of(module, path) if not name.startswith(f"{NAME}.rules.")]
	assert not [name for name in names if name.split(".")[0] not in allowed]


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.name)
def test_a_rule_reads_a_clock_or_a_file(path):
	nodes = [*ast.walk(tree_of(path))]
	assert not [node.lineno for node in nodes if isinstance(node, ast.Attribute) and node.attr in CLOCK]
	names = {"open", "input", "print", "exec", "eval", "__import__"}
	assert not [node.lineno for node in nodes if isinstance(node, ast.Name) and node.id in names]


def test_the_rules_do_not_run_alone():
	modules = [module_of(path) for path in RULE_FILES]
	program = f"""
import importlib, sys
sys.modules["frappe"] = None
sys.path.insert(0, {str(PROJECT)!r})
for name in {modules!r}:
	importlib.import_module(name)
print(*sorted(name for name in sys.modules if name.split(".")[0] == {NAME!r}))
"""
	done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
	assert done.returncode == 0, done.stderr
	assert set(done.stdout.split()) == {NAME, *modules}


# Frappe's module points at the app


def test_frappe_looks_for_documents_in_another_folder():
	frappe_module = importlib.import_module("kupang_hr.kupang_hr")
	assert list(frappe_module.__path__) == list(kupang_hr.__path__)
	assert frappe_module.__file__ == kupang_hr.__file__
	opd = importlib.import_module("kupang_hr.kupang_hr.doctype.opd")
	assert Path(opd.__file__) == APP / "doctype/opd/__init__.py"


def test_the_module_is_a_file_that_developer_mode_would_hide():
	assert (APP / NAME).is_dir()
	assert not (APP / f"{NAME}.py").exists()
	assert {path.name for path in (APP / NAME).iterdir()} - {"__pycache__"} == {"__init__.py"}
	assert (APP / "modules.txt").read_text(encoding="utf-8").split("\n") == [MODULE, ""]


def test_the_module_holds_more_than_the_pointer():
	tree = tree_of(APP / NAME / "__init__.py")
	assert ast.get_docstring(tree)
	assert [ast.unparse(node) for node in tree.body[1:]] == [
		"import kupang_hr",
		"__file__ = kupang_hr.__file__",
		"__path__ = kupang_hr.__path__",
	]


def test_a_controller_is_imported_a_second_way():
	"""Python would run it twice, and its class would not be the one that Frappe made."""
	wrong = re.compile(rf"{NAME}\.doctype\b|from {NAME} import .*\bdoctype\b|from \.+doctype\b")
	right = re.compile(rf"{NAME}\.{NAME}\.doctype\b")
	files = [
		path for folder in ("kupang_hr", "tests", "benchmarks") for path in (PROJECT / folder).rglob("*")
	]
	texts = {
		path: path.read_text(encoding="utf-8") for path in files if path.suffix in (".py", ".js", ".json")
	}
	texts.pop(Path(__file__).resolve())
	assert not [str(path) for path, text in texts.items() if wrong.search(right.sub("", text))]


def test_a_name_says_nothing():
	names = {"utils", "util", "helpers", "helper", "common", "misc"}
	assert not [path for path in APP.rglob("*") if path.stem in names]


# Documents

DOCTYPE_FILES = sorted((APP / "doctype").glob("*/*.json"))
DOCTYPES = {path: json.loads(path.read_text(encoding="utf-8")) for path in DOCTYPE_FILES}
BY_NAME = {doctype["name"]: doctype for doctype in DOCTYPES.values()}
FRAPPE_ROLES = {"System Manager", "Administrator", "All", "Guest"}
# Names of ERPNext and Frappe HR that a personnel app comes near, and Frappe's own.
TAKEN = """
	Additional Salary, Appointment Letter, Appraisal, Appraisal Cycle, Appraisal Goal, Appraisal KRA,
	Appraisal Template, Appraisee, Attendance, Attendance Request, Branch, Company, Compensatory Leave
	Request, Contract, Contract Template, Department, Department Approver, Designation, Employee, Employee
	Advance, Employee Attendance Tool, Employee Checkin, Employee Education, Employee Feedback Rating,
	Employee Grade, Employee Grievance, Employee Group, Employee Onboarding, Employee Performance Feedback,
	Employee Promotion, Employee Property History, Employee Separation, Employee Skill, Employee Training,
	Employee Transfer, Employment Type, Exit Interview, Full and Final Statement, Goal, Gratuity, Grievance
	Type, HR Settings, Holiday, Holiday List, Holiday List Assignment, Identification Document Type,
	Interview, Job Applicant, Job Offer, Job Opening, Job Requisition, KRA, Leave Allocation, Leave
	Application, Leave Block List, Leave Ledger Entry, Leave Period, Leave Policy, Leave Type, Letter Head,
	Location, Overtime Slip, Payroll Correction, Payroll Entry, Payroll Period, Payroll Settings, Retention
	Bonus, Salary Component, Salary Slip, Salary Structure, Shift Assignment, Shift Location, Shift
	Request, Shift Schedule, Shift Type, Skill, Staffing Plan, Training Event, Training Program, Training
	Result, Travel Request, Upload Attendance, Activity Log, Bulk Update, Comment, File, Note, Notification
	Log, Permission Log, Report, Role, Submission Queue, User, Version, Workflow, Workflow Action, Workflow
	State
"""


def slug(name):
	return name.lower().replace(" ", "_").replace("-", "_")


def links(doctype):
	return [field for field in doctype["fields"] if field["fieldtype"] == "Link"]


def test_no_document_was_read():
	assert len(DOCTYPES) >= 25
	assert {"Personnel", "PTT Contract", "Contract Renewal", "Bulk Run"} <= set(BY_NAME)


@pytest.mark.parametrize("path", DOCTYPE_FILES, ids=lambda path: path.stem)
def test_a_document_has_no_controller_of_its_name_or_another_module(path):
	doctype = DOCTYPES[path]
	assert doctype["doctype"] == "DocType"
	assert doctype["module"] == MODULE
	assert path.stem == path.parent.name == slug(doctype["name"])
	assert (path.parent / "__init__.py").is_file()
	classes = [node.name for node in tree_of(path.with_suffix(".py")).body if isinstance(node, ast.ClassDef)]
	assert doctype["name"].replace(" ", "").replace("-", "") in classes


def test_a_folder_of_a_document_has_no_document():
	folders = {path for path in (APP / "doctype").iterdir() if path.is_dir() and path.name != "__pycache__"}
	assert folders == {path.parent for path in DOCTYPES}


def test_a_document_takes_a_name_of_erpnext_or_frappe():
	"""Case too: MariaDB does not tell `tabKra` from `tabKRA`."""
	assert not {slug(name) for name in BY_NAME} & {slug(name) for name in " ".join(TAKEN.split()).split(", ")}
	assert len({slug(name) for name in BY_NAME}) == len(DOCTYPES)


@pytest.mark.parametrize("path", DOCTYPE_FILES, ids=lambda path: path.stem)
def test_the_fields_of_a_document_are_named_twice_or_out_of_order(path):
	doctype = DOCTYPES[path]
	names = [field["fieldname"] for field in doctype["fields"]]
	assert max(Counter(names).values()) == 1
	assert doctype["field_order"] == names
	assert not OF_EVERY_DOCUMENT & set(names), "Frappe never fills such a field"


@pytest.mark.parametrize("path", DOCTYPE_FILES, ids=lambda path: path.stem)
def test_a_field_or_a_permission_leads_to_nothing(path):
	doctype = DOCTYPES[path]
	tables = [field for field in doctype["fields"] if field["fieldtype"].startswith("Table")]
	assert not [field["fieldname"] for field in tables if not BY_NAME[field["options"]].get("istable")]
	of_frappe = {"User", "DocType", "Role", "Workflow State", "File"}
	assert not [
		field["fieldname"] for field in links(doctype) if field["options"] not in {*BY_NAME, *of_frappe}
	]
	roles = json.loads((APP / "fixtures/role.json").read_text(encoding="utf-8"))
	known = FRAPPE_ROLES | {role["name"] for role in roles}
	assert {row["role"] for row in doctype["permissions"]} <= known
	assert bool(doctype["permissions"]) != bool(doctype.get("istable"))


HEADERS = {
	"Decree Line": "Decree",
	"Stand Down Line": "Stand Down Order",
	"Bulk Run Failure": "Bulk Run",
	"Attendance Period Line": "Attendance Period",
}


@pytest.mark.parametrize("name", [name for name in HEADERS if name in BY_NAME])
def test_a_list_that_grows_with_people_is_loaded_whole(name):
	assert not BY_NAME[name].get("istable")
	header = [field for field in links(BY_NAME[name]) if field["options"] == HEADERS[name]]
	assert header and header[0].get("search_index") == 1 and header[0].get("reqd") == 1
	fields = [field for doctype in BY_NAME.values() for field in doctype["fields"]]
	tables = [field for field in fields if field["fieldtype"].startswith("Table")]
	assert name not in {field["options"] for field in tables}


def test_a_growing_list_of_the_design_is_missing():
	assert {"Decree Line", "Stand Down Line", "Bulk Run Failure"} <= set(BY_NAME)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_user_permission_hides_a_document_of_a_person(name):
	"""Who sees whom is the business of access/; a User Permission on an OPD would cut its lists besides."""
	people = {"User", "OPD", "Personnel"}
	found = [field for field in links(BY_NAME[name]) if field["options"] in people]
	assert not [field["fieldname"] for field in found if field.get("ignore_user_permissions") != 1]


def about_a_person():
	return {
		name
		for name, doctype in BY_NAME.items()
		if name == "Personnel" or any(field["options"] == "Personnel" for field in links(doctype))
		if not doctype.get("istable")
	}


def test_a_document_about_a_person_is_seen_without_access():
	lists, documents = HOOKS["permission_query_conditions"], HOOKS["has_permission"]
	assert about_a_person() <= set(lists)
	assert set(lists) == set(documents) <= set(BY_NAME)
	assert len(set(lists.values())) == len(lists)
	assert {name: path.rsplit(".", 1)[1] for name, path in lists.items()} == {
		name: slug(name) for name in lists
	}
	assert all(path.startswith(f"{NAME}.access.") for path in (*lists.values(), *documents.values()))


# Endpoints


def whitelisted(path):
	"""The functions of a file that Frappe answers, each with the decorator."""
	for node in ast.walk(tree_of(path)):
		for decorator in getattr(node, "decorator_list", []):
			called = decorator.func if isinstance(decorator, ast.Call) else decorator
			if (
				isinstance(called, ast.Name | ast.Attribute)
				and ast.unparse(called).split(".")[-1] == "whitelist"
			):
				yield node, decorator


ENDPOINTS = {
	f"{module.removeprefix(f'{NAME}.')}.{node.name}": (module, node, decorator)
	for module, path in MODULES.items()
	for node, decorator in whitelisted(path)
}


def methods_of(decorator):
	stated = {word.arg: word.value for word in getattr(decorator, "keywords", [])}
	return set(ast.literal_eval(stated["methods"])) if "methods" in stated else set()


def test_an_endpoint_stands_elsewhere_than_in_api_or_there_is_none():
	assert len(ENDPOINTS) >= 15
	assert {part_of(module) for module, _node, _decorator in ENDPOINTS.values()} == {"api"}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_an_endpoint_takes_or_gives_anything(name):
	"""Frappe checks arguments against their types, and only where they are stated."""
	_module, node, _decorator = ENDPOINTS[name]
	given = node.args
	parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
	assert not [parameter.arg for parameter in parameters if parameter and not parameter.annotation]
	loose = {"Any", "object"}
	assert not [one.arg for one in parameters if one and ast.unparse(one.annotation) in loose]
	assert node.returns is not None
	assert ast.get_docstring(node)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_an_endpoint_answers_any_http_method(name):
	_module, _node, decorator = ENDPOINTS[name]
	assert methods_of(decorator) and methods_of(decorator) <= {"GET", "POST"}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_link_that_somebody_opens_can_write(name):
	"""A GET needs no CSRF token, so what answers one only reads, all the way down."""
	module, node, decorator = ENDPOINTS[name]
	if "GET" in methods_of(decorator):
		assert not [*writes_of(module, node, set())]


def test_a_button_calls_an_endpoint_that_is_not_there():
	texts = {
		path: path.read_text(encoding="utf-8") for path in APP.rglob("*") if path.suffix in (".js", ".html")
	}
	called = {name for text in texts.values() for name in re.findall(rf"{NAME}\.(api\.\w+\.\w+)", text)}
	assert called <= set(ENDPOINTS)


WRITING_METHODS = {
	"insert",
	"save",
	"submit",
	"cancel",
	"delete",
	"db_insert",
	"db_set",
	"db_update",
	"add_comment",
	"append_to",
	"perform",
	"give_paraf",
	"start",
	"start_after_commit",
	"execute",
	"enqueue",
	"commit",
}
WRITING_CALLS = re.compile(
	r"frappe\.(delete_doc|rename_doc|new_doc|enqueue|sendmail|set_user)"
	r"|frappe\.db\.(set_|delete|bulk_insert|truncate|commit|add_|multisql)"
	r"|frappe\.qb\.(update|into)"
	r"|(query|trail|audit)\.(update|insert)"
)


def writes_of(module, function, seen):
	"""The calls that write which a function makes, itself or through functions of the app that it names."""
	if (module, function.name) in seen:
		return
	seen.add((module, function.name))
	for node in ast.walk(function):
		if not isinstance(node, ast.Call):
			continue
		called = ast.unparse(node.func)
		if WRITING_CALLS.match(called) or called.rsplit(".", 1)[-1] in WRITING_METHODS:
			yield f"{module}.{function.name}: {called}"
		elif found := app_function(module, called):
			yield from writes_of(*found, seen)


def app_function(module, called):
	"""The module and definition of a function that `called` names in `module`, if it is one of the app."""
	first, _dot, rest = called.partition(".")
	names = {name.rsplit(".", 1)[-1]: name for name in imports_of(module, MODULES[module])}
	target = names.get(first, f"{module}.{first}") + (f".{rest}" if rest else "")
	home, _dot, name = target.rpartition(".")
	if home not in MODULES:
		return None
	defined = [node for node in tree_of(MODULES[home]).body if isinstance(node, ast.FunctionDef)]
	return next(((home, node) for node in defined if node.name == name), None)


def test_a_writing_endpoint_passes_for_a_reading_one():
	"""The search above finds a write two calls away and stops at none that only reads."""
	module = f"{NAME}.api.cycle"
	found = {name: node for name, (where, node, _decorator) in ENDPOINTS.items() if where == module}
	assert [*writes_of(module, found["api.cycle.open_round"], set())]
	assert [*writes_of(module, found["api.cycle.remind"], set())]
	assert not [*writes_of(module, found["api.cycle.counts"], set())]


# Files

SKIPPED = {"node_modules", "__pycache__", ".pytest_cache"}
FOLDERS = ("kupang_hr", "tests", "dev", "docs", "benchmarks", ".github", ".ci")
JSON_FILES = [
	path
	for folder in FOLDERS
	for path in sorted((PROJECT / folder).rglob("*.json"))
	if not SKIPPED & set(path.parts)
]


@pytest.mark.parametrize("path", JSON_FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_json_file_is_broken_or_would_change_when_frappe_writes_it(path):
	def unique(pairs):
		assert max(Counter(key for key, _value in pairs).values(), default=1) == 1, pairs
		return dict(pairs)

	text = path.read_text(encoding="utf-8")
	json.loads(text, object_pairs_hook=unique)
	assert text.endswith("\n") and not text.endswith("\n\n")


def test_a_patch_leads_to_nothing():
	lines = (APP / "patches.txt").read_text(encoding="utf-8").splitlines()
	patches = [line.split("#")[0].split() for line in lines if not line.startswith(("[", "execute:"))]
	assert not [patch for patch in patches if patch and patch[0] not in MODULES]


# The desk of v16


def test_the_sidebar_and_the_icon_of_v16_lead_elsewhere_than_the_workspace():
	workspace, sidebar, icon = (
		json.loads((APP / folder / "kupang_hr.json").read_text(encoding="utf-8"))
		for folder in ("workspace/kupang_hr", "workspace_sidebar", "desktop_icon")
	)
	pages = [
		("Page", row["label"], row["link_to"]) for row in workspace["shortcuts"] if row["type"] == "Page"
	]
	links = [(row.get("link_type"), row["label"], row.get("link_to")) for row in workspace["links"]]
	headings = {row["label"] for row in workspace["links"] if row["type"] == "Card Break"}
	items = [(row["link_type"], row["label"], row.get("link_to")) for row in sidebar["items"]]
	assert items[0] == ("Workspace", "Home", workspace["name"])
	assert items[1 : 1 + len(pages)] == pages
	assert [row[1:] for row in items[1 + len(pages) :]] == [row[1:] for row in links]
	kinds = [row[0] for row in items if row[2] and row not in (items[0], *pages)]
	assert kinds == [row[0] for row in links if row[2]]
	assert {row["label"] for row in sidebar["items"] if row["type"] == "Section Break"} == headings
	assert {row["link_to"] for row in workspace["shortcuts"]} <= {row[2] for row in items}
	assert (icon["link_type"], icon["link_to"]) == (sidebar["doctype"], sidebar["name"])
