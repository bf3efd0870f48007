"""Frappe's module "Kupang HR": points at the app's own folder, so that its documents live in kupang_hr/doctype."""

import kupang_hr

__file__ = kupang_hr.__file__
__path__ = kupang_hr.__path__
