"""Somebody at their desk: a browser of their own, logged in, with everything that goes wrong in it noted."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import frappe
from frappe.utils.password import update_password
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response

from dev import assets

PASSWORD = "Kupang-2021!"
SCREENS = {"desktop": (1366, 768), "tablet": (820, 1180), "phone": (360, 640)}
# Frappe's server for messages, which neither tests nor a small office run: progress is asked for instead
SOCKET = "/socket.io/"
SOCKETS_ABSENCE = (SOCKET, "Error connecting to socket.io")
# v16 of December 2024 draws no onboarding on a phone, and its editor complains of every workspace that has one
NO_ONBOARDING = "Block «onboarding» skipped"
SERIOUS = ("serious", "critical")


class Rooms:
	"""Browsers for whoever comes next: what was loaded stays, which spares seconds; who was there is forgotten."""

	def __init__(self, chromium: Browser, url: str) -> None:
		self.chromium, self.url = chromium, url
		self.free: dict[str, list[BrowserContext]] = {screen: [] for screen in SCREENS}

	def enter(self, screen: str) -> BrowserContext:
		return self.free[screen].pop() if self.free[screen] else self._made(screen)

	def _made(self, screen: str) -> BrowserContext:
		width, height = SCREENS[screen]
		made = self.chromium.new_context(
			viewport={"width": width, "height": height},
			base_url=self.url,
			locale="id-ID",
			accept_downloads=True,
		)
		made.set_default_timeout(30000)
		return made

	def leave(self, screen: str, context: BrowserContext) -> None:
		context.set_offline(False)
		for page in context.pages:
			page.close()
		page = context.new_page()
		kept = {"origin": self.url, "storageTypes": "cookies,local_storage,indexeddb"}
		context.new_cdp_session(page).send("Storage.clearDataForOrigin", kept)
		page.close()
		context.clear_cookies()
		self.free[screen].append(context)


class Desk:
	"""Playwright's context and page; `errors` holds console errors, page errors and failed requests."""

	def __init__(self, rooms: Rooms, screen: str = "desktop") -> None:
		self.rooms, self.screen, self.url = rooms, screen, rooms.url
		self.errors: list[str] = []
		self.context = rooms.enter(screen)
		self.page = self.new_page()

	def leave(self) -> None:
		self.rooms.leave(self.screen, self.context)

	def new_page(self) -> Page:
		page = self.context.new_page()
		page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error.stack or error}"))
		page.on("console", self._note_message)
		page.on("response", self._note_response)
		page.on("requestfailed", self._note_failure)
		return page

	def _note_message(self, message) -> None:
		# Chromium says there too what failed to load; the requests themselves are noted below
		if message.type == "error" and "Failed to load resource" not in message.text:
			frappes = (*SOCKETS_ABSENCE, NO_ONBOARDING) if self.screen == "phone" else SOCKETS_ABSENCE
			if not any(words in message.text for words in frappes):
				self.errors.append(f"{self.page.url}: {message.text}")

	def _note_response(self, response: Response) -> None:
		if response.status >= 400 and SOCKET not in response.url:
			self.errors.append(f"{response.status} {response.request.method} {response.url}")

	def _note_failure(self, request: Request) -> None:
		# a page that is left takes its open requests along
		if SOCKET not in request.url and request.failure != "net::ERR_ABORTED":
			self.errors.append(f"{request.failure} {request.url}")

	def slow_down(self) -> None:
		"""A network on which a request takes a second and a half longer."""
		slow = {"offline": False, "latency": 1500, "downloadThroughput": 50_000, "uploadThroughput": 20_000}
		self.context.new_cdp_session(self.page).send("Network.emulateNetworkConditions", slow)

	def log_in(self, user: str) -> None:
		update_password(user, PASSWORD)
		frappe.db.commit()
		answer = self.context.request.post("/api/method/login", form={"usr": user, "pwd": PASSWORD})
		assert answer.ok, answer.text()

	def open(self) -> None:
		"""Where Frappe takes this user after the login."""
		self.page.goto("/app")
		self.rest()

	def go(self, *route: str, **filters: str) -> None:
		"""Go to a route, e.g. `go("List", "Personnel")`, `go("meja-wali-kota")`; loads the desk at the first call."""
		if not self.page.evaluate("!!window.frappe?.set_route"):
			self.open()
		options = [*route, filters] if filters else [*route]
		self.page.evaluate("(route) => { frappe.set_route(route); }", options)
		self.page.wait_for_function(
			"(to) => frappe.get_route().slice(0, to.length).join('/').toLowerCase() === to.join('/').toLowerCase()",
			arg=list(route),
		)
		self.rest()

	def rest(self) -> None:
		"""Wait until the desk is there and nothing is being asked for or drawn."""
		self.page.wait_for_function(
			"window.frappe?.boot && window.cur_page && !document.querySelector('#freeze.in') && $.active === 0"
		)
		self.page.wait_for_timeout(150)
		self.page.wait_for_function("$.active === 0")

	def text(self, selector: str = "body") -> str:
		return self.page.inner_text(selector)

	def dialog(self):
		"""The dialog on top, once it is open."""
		found = self.page.locator(".modal.show:visible").last
		found.wait_for()
		return found

	def confirm(self) -> None:
		"""Press the first button of the dialog on top."""
		self.dialog().locator(
			".modal-footer .btn-primary:visible, .modal-header .btn-primary:visible"
		).first.click()

	def forgive(self, pattern: str, must: bool = True) -> None:
		"""Take what a test provoked on purpose from the errors; there must be one, unless the page may ask nothing."""
		left = [error for error in self.errors if not re.search(pattern, error)]
		assert not must or left != self.errors, f"no error like {pattern} in {self.errors}"
		self.errors = left

	def barriers(
		self,
		selector: str = ".page-container:not([style*='none'])",
		without: Iterable[str] = (),
		known: Iterable[tuple[str, str, str]] = (),
	) -> list[str]:
		"""What axe-core finds serious or critical in this part of the page; rules of `without` are left out.

		`known`: findings that are somebody else's, each by its rule, a selector of its elements, and what they are.
		"""
		if not self.page.evaluate("!!window.axe"):
			self.page.evaluate(assets.axe())
		rules = {rule: {"enabled": False} for rule in without}
		found = self.page.evaluate(
			"""async ([part, rules, known]) => {
				const matches = (node, selector) => document.querySelector(node.target[0])?.matches(selector);
				const is_known = (id, node) => known.some(([rule, selector]) => rule === id && matches(node, selector));
				const { violations } = await axe.run(part, { rules, resultTypes: ["violations"] });
				return violations.map(({ id, impact, nodes }) => ({
					id, impact, nodes: nodes.filter((node) => !is_known(id, node)).map(({ html }) => html),
				}));
			}""",
			[{"include": [[selector]]}, rules, [list(one) for one in known]],
		)
		return [
			f"{one['id']}: {html[:200]}" for one in found if one["impact"] in SERIOUS for html in one["nodes"]
		]

	def shot(self, path: Path, whole: bool = False) -> None:
		self.page.screenshot(path=path, full_page=whole)
