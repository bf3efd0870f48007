import pytest

from dev import steps


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
	"""A `.bench/` of the test's own, so that no test touches the one it runs in."""
	monkeypatch.setattr(steps, "HOME", tmp_path / "bench")
	return tmp_path / "bench"
