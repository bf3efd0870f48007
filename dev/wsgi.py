"""Frappe's web application for one site, with its static files; run by gunicorn in the folder `sites`."""

import os

import frappe.app
from werkzeug.middleware.shared_data import SharedDataMiddleware

site = os.environ["KUPANG_SITE"]
# whatever the Host header says: the port is a free one, so the address is none that Frappe knows
frappe.app._site = site

folders = {"/assets": "assets", "/files": os.path.join(site, "public", "files")}
application = SharedDataMiddleware(
	frappe.app.application, {url: os.path.abspath(folder) for url, folder in folders.items()}
)
