"""A cheap phone in somebody's hand: a browser of its own, a position, a connection, and the page /absen."""

from pathlib import Path

import frappe
from playwright.sync_api import Browser, Page

SCREEN = {"width": 360, "height": 640}


class Phone:
	"""Playwright's context and page, with what went wrong in the page noted in `errors`."""

	def __init__(self, chromium: Browser, url: str, position: tuple[float, float] | None) -> None:
		self.url = url
		self.errors: list[str] = []
		self.context = chromium.new_context(
			viewport=SCREEN, is_mobile=True, has_touch=True, base_url=url, locale="id-ID"
		)
		self.context.set_default_timeout(20000)
		if position:
			self.context.grant_permissions(["geolocation"])
			self.move(*position)
		self.page = self.new_page()

	def new_page(self) -> Page:
		page = self.context.new_page()
		page.on("pageerror", lambda error: self.errors.append(str(error)))
		page.on("console", self._note)
		return page

	def _note(self, message) -> None:
		# Chromium notes every refusal and every lost connection there as well; those the page says itself
		if message.type == "error" and "Failed to load resource" not in message.text:
			self.errors.append(message.text)

	def move(self, latitude: float, longitude: float, accuracy: float = 12) -> None:
		self.context.set_geolocation({"latitude": latitude, "longitude": longitude, "accuracy": accuracy})

	def log_in(self, user: str, password: str) -> None:
		answer = self.context.request.post("/api/method/login", form={"usr": user, "pwd": password})
		assert answer.ok, answer.text()

	def open(self) -> None:
		"""Open the page and wait until the service worker keeps it and everything is shown."""
		self.page.goto("/absen")
		self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
		self.rest()

	def rest(self) -> None:
		"""Wait until the page is not at work."""
		self.page.wait_for_selector("main[aria-busy=false]")
		self.page.wait_for_selector("#punch:not([aria-busy=true])")

	def register(self) -> str:
		"""Register this phone; the name of the device that waits for approval."""
		self.page.click("#register")
		self.page.wait_for_selector("#register", state="hidden")
		self.rest()
		frappe.db.rollback()
		return frappe.get_all("Registered Device", order_by="creation desc", limit=1, pluck="name")[0]

	def press(self, button: str = "#next") -> str:
		"""Press a button of the punch; what the page said when all was done."""
		self.page.click(button)
		return self.told()

	def told(self) -> str:
		"""What the page says, once it is no longer at work."""
		self.rest()
		return self.page.inner_text("#said")

	def says(self, text: str) -> None:
		"""Wait until the page says this."""
		self.page.wait_for_selector(f"#said:has-text({frappe.as_json(text)})")

	def shot(self, path: Path, whole: bool = False) -> None:
		self.page.screenshot(path=path, full_page=whole)
