"""The web server that tests and the demo use."""

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import requests


def test_connections_on_which_a_browser_asks_nothing_shut_everybody_else_out(web):
	address = urlsplit(web.url)
	with ExitStack() as idle:
		for _ in range(12):
			idle.enter_context(socket.create_connection((address.hostname, address.port)))
		assert requests.get(f"{web.url}/api/method/ping", timeout=20).json() == {"message": "pong"}
