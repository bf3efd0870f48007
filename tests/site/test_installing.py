"""The app comes onto a site, and the demonstration onto a site of its own: twice, on the wrong Frappe, among people."""

import json

import frappe
import pytest
import requests
from click.testing import CliRunner

from kupang_hr import commands, install
from kupang_hr.demo import figures, users, year
from kupang_hr.demo.report import Report
from tests.site.rows import before, written_since


def installed() -> None:
	install.let_import()
	install.set_defaults()
	install.seed_opds()


def test_installing_again_writes_over_what_the_city_has_changed(city):
	named = frappe.db.get_value("OPD", "DISHUB", "opd_name")
	settings = frappe.get_doc("Kupang HR Settings")
	settings.unexcused_days_month = 3
	settings.save()
	frappe.db.set_value("OPD", "DISHUB", "opd_name", "Perhubungan")
	try:
		then = before()
		installed()
		assert {table: rows for table, rows in written_since(then).items() if rows} == {}
		assert frappe.get_single("Kupang HR Settings").unexcused_days_month == 3
		assert frappe.db.get_value("OPD", "DISHUB", "opd_name") == "Perhubungan"
	finally:
		frappe.db.set_single_value("Kupang HR Settings", "unexcused_days_month", 4)
		frappe.db.set_value("OPD", "DISHUB", "opd_name", named)
		frappe.db.commit()


@pytest.mark.parametrize("version", ["14.70.0", "17.0.0-dev"])
def test_the_app_comes_onto_a_frappe_that_it_was_never_tried_on(site, monkeypatch, version):
	monkeypatch.setattr(frappe, "__version__", version)
	with pytest.raises(
		frappe.ValidationError, match=rf"^kupang_hr runs on Frappe 15 and 16, not on {version}\.$"
	):
		install.before_install()


@pytest.mark.parametrize("version", ["15.0.0-dev", "15.56.1", "16.0.0-dev"])
def test_a_frappe_that_the_app_runs_on_is_refused(site, monkeypatch, version):
	monkeypatch.setattr(frappe, "__version__", version)
	install.before_install()


def demo(*arguments: str):
	"""`bench --site SITE kupang-demo`, in this process; its end leaves this one's connection as it was."""
	return CliRunner().invoke(
		commands.demo, arguments, obj=frappe._dict(sites=[frappe.local.site], profile=False)
	)


@pytest.fixture
def here(monkeypatch):
	"""The command works on the site of the test, connected already."""

	class Here:
		def __init__(self, _context) -> None: ...

		def __enter__(self) -> None: ...

		def __exit__(self, *_how) -> None: ...

	monkeypatch.setattr(commands, "_site", Here)


def test_a_demonstration_mixes_with_people_who_are_there(city, here):
	city.settle(DISHUB=1)
	ended = demo("--check")
	assert ended.exit_code == 1
	assert (
		f"The site {frappe.local.site} has people; the demonstration wants a site without any."
		in ended.output
	)
	assert frappe.db.count("Personnel") == 1


@pytest.mark.parametrize(("found", "code"), [(2180, 0), (2179, 1)])
def test_a_wrong_figure_ends_well(site, here, monkeypatch, found, code):
	right = dict(figures.EXPECTED)
	monkeypatch.setattr(figures, "figures", lambda: {**right, "rated": found})
	monkeypatch.setattr(figures, "derived", lambda: {**right, "rated": found})

	def play(seed, echo, until):
		report = Report(echo)
		report.see("2020-12-08", "Rated", "rated", found)
		return report.conclude(until)

	monkeypatch.setattr(year, "play", play)
	ended = demo("--check")
	assert ended.exit_code == code
	*_table, verdict, line = ended.output.strip().splitlines()
	assert verdict == ("WRONG: Rated" if code else "All figures are right.")
	assert json.loads(line)["rated"] == found
	assert demo().exit_code == 0  # told, but nobody asked to fail


def test_a_login_that_the_demonstration_prints_opens_nothing(city, web):
	opds, password = ["BKPPD", "DISHUB", "PKM ALAK", "RSUD"], "k3pala-daerah-2021"
	users.make_users(opds, password, seed=1)
	frappe.db.commit()
	first, *lines = users.logins_table(password)
	assert first.endswith(f": {password}")
	named = {word.strip(",") for line in lines for word in line.split() if "@" in word}
	assert users.login("kepala.OPD") in named and users.head_of("PKM ALAK") in named
	logins = sorted(named - {users.login("kepala.OPD")})
	assert {account.login for account in users.STAFF} < {*logins}
	try:
		entered = {login: _enters(web.url, login, password) for login in logins}
		assert entered == dict.fromkeys(logins, (200, 200))
		assert _enters(web.url, users.MAYOR, "another") == (401, 403)
	finally:
		frappe.db.rollback()
		for account in users.accounts(opds):
			frappe.delete_doc("User", account.login, force=True)
		frappe.db.commit()


def _enters(url: str, login: str, password: str) -> tuple[int, int]:
	"""What the login answers, and afterwards the question who one is."""
	session = requests.Session()
	answer = session.post(f"{url}/api/method/login", {"usr": login, "pwd": password}, timeout=60)
	who = session.get(f"{url}/api/method/frappe.auth.get_logged_user", timeout=60)
	assert who.json().get("message") in (login, None)
	return answer.status_code, who.status_code
