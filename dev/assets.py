"""The desk's scripts and styles, built by Node.js; a bench of the user's own has built them itself.

Registry Frappe comes with their sources, without a build script and without the list of npm packages that they want.
"""

import json
import shutil
from pathlib import Path

from dev import packages
from dev.engine import Engine
from dev.steps import HOME, NoNetwork, Trouble, once, run, say, write

# What the sources of August 2023 import, as it was then; below it, what builds them.
NPM = {
	"@editorjs/editorjs": "2.26.3",
	"@vueuse/core": "9.13.0",
	"ace-builds": "1.31.2",
	"air-datepicker": "2.2.3",
	"awesomplete": "1.1.5",
	"bootstrap": "4.6.2",
	"cropperjs": "1.6.1",
	"driver.js": "0.9.8",
	"editorjs-undo": "0.1.6",
	"fast-deep-equal": "2.0.1",
	"frappe-charts": "2.0.0-rc22",
	"frappe-datatable": "1.17.16",
	"frappe-gantt": "0.6.1",
	"fullcalendar": "3.10.5",
	"highlight.js": "10.7.3",
	"html5-qrcode": "2.3.8",
	"jquery": "3.6.3",
	"js-sha256": "0.9.0",
	"jsbarcode": "3.11.6",
	"localforage": "1.10.0",
	"lodash": "4.17.21",
	"md5": "2.3.0",
	"moment": "2.29.4",
	"moment-timezone": "0.5.41",
	"pinia": "2.0.33",
	"plyr": "3.7.8",
	"popper.js": "1.16.1",
	"quill": "2.0.0-dev.4",
	"quill-image-resize": "3.0.9",
	"quill-magic-url": "3.0.2",
	"showdown": "2.1.0",
	"socket.io-client": "4.6.1",
	"sortablejs": "1.15.0",
	"vue": "3.2.47",
	"vue-router": "4.1.6",
	"vuedraggable": "4.1.0",
	"vuex": "4.0.2",
	"esbuild": "0.17.19",
	"esbuild-plugin-vue3": "0.3.2",
	"sass": "1.69.5",
}
SCRIPT = Path(__file__).with_name("assets.cjs")
# what a page is checked with in the tests, whatever the engine
AXE = "axe-core@4.10.3"


def provide(engine: Engine) -> bool:
	"""Build the desk's assets unless they are there. Returns whether they are new.

	Without them everything but the desk works, so a machine without Node.js or npm's registry only hears of it.
	"""
	try:
		if engine.source == "registry":
			return _of_registry(engine)
		if engine.source == "github":
			return once(f"{engine.tag}-desk", engine.version, lambda: _build_as_bench_does(engine))
	except Trouble as trouble:
		say(f"without its assets the desk stays empty and its tests fail: {trouble}")
	return False


def axe() -> str:
	"""The source of axe-core, which looks for barriers in a page."""
	folder = HOME / "tools" / "axe"
	once("axe", AXE, lambda: _npm_install(folder, AXE))
	return (folder / "node_modules/axe-core/axe.min.js").read_text()


def _of_registry(engine: Engine) -> bool:
	frappe = engine.bench / "apps/frappe"
	unpacked = (frappe / "requirements.txt").stat().st_mtime_ns  # anew, it has lost what we put beside it
	packages_key = f"{unpacked} {NPM}"
	once("registry-npm", packages_key, lambda: _install(frappe))
	return once("registry-desk", packages_key + SCRIPT.read_text(), lambda: _build(frappe, engine.sites))


def _install(frappe: Path):
	say("installing the npm packages of Frappe's desk")
	shutil.rmtree(frappe / "node_modules", ignore_errors=True)
	write(frappe / "package.json", json.dumps({"private": True, "dependencies": NPM}, indent=1))
	_npm_install(frappe)
	by_url = frappe / "frappe/public/node_modules"  # the desk loads some of them as they are
	by_url.unlink(missing_ok=True)
	by_url.symlink_to(frappe / "node_modules")


def _build(frappe: Path, sites: Path):
	say("building the desk's assets with Node.js")
	script = frappe / SCRIPT.name  # beside the packages that it requires
	shutil.copy(SCRIPT, script)
	run([packages.program("node"), script, sites], "building the desk's assets", cwd=frappe)


def _npm_install(folder: Path, *what: str):
	packages.require(packages.NEEDED_FOR_ASSETS)
	folder.mkdir(parents=True, exist_ok=True)
	options = ["--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", "--fetch-retries=1"]
	try:
		run(
			[packages.program("npm"), "install", "--prefix", folder, *options, *what],
			"installing the packages of Frappe's desk" if not what else f"installing {what[0]}",
			cwd=folder,
		)
	except NoNetwork as trouble:
		raise NoNetwork(f"{trouble}; they come from the npm registry (npmjs.org)")


def _build_as_bench_does(engine: Engine):
	say("building the desk's assets")
	packages.require(packages.NEEDED_FOR_ASSETS)
	command = [
		engine.python,
		"-m",
		"frappe.utils.bench_helper",
		"frappe",
		"build",
		"--app",
		"frappe",
		"--production",
	]
	run(command, "building the desk's assets", cwd=engine.sites)
