"""A phone with a real Chromium, on the clean city of the site's tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from dev import packages
from tests.site.conftest import city  # the fixture


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
	"""The browser; without one the test fails and says how to install it."""
	with sync_playwright() as playwright:
		# --no-sandbox: containers run as root, which Chromium otherwise refuses
		yield playwright.chromium.launch(executable_path=packages.browser(), args=["--no-sandbox"])
