"""Frappe's web application for one site, with its static files; run by gunicorn in the folder `sites`."""

import os
import time

import frappe.app
from werkzeug.middleware.shared_data import SharedDataMiddleware

site = os.environ["KUPANG_SITE"]
# whatever the Host header says: the port is a free one, so the address is none that Frappe knows
frappe.app._site = site


def timed(application):
	"""Say in a header of each answer how long Frappe took for it."""

	def answer(environ, start_response):
		began = time.perf_counter()

		def start(status, headers, *rest):
			took = f"app;dur={1000 * (time.perf_counter() - began):.1f}"
			return start_response(status, [*headers, ("Server-Timing", took)], *rest)

		return application(environ, start)

	return answer


folders = {"/assets": "assets", "/files": os.path.join(site, "public", "files")}
application = SharedDataMiddleware(
	timed(frappe.app.application), {url: os.path.abspath(folder) for url, folder in folders.items()}
)
