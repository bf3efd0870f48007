"""Frappe for the demo and the tests: `python3 -m dev COMMAND`, or the targets of the Makefile.

Needs the standard library only, since it runs before any virtual environment exists.

steps.py      a step is done once, cut short is done again; locks; commands with a log; messages
processes.py  what was started here, and nothing else, can be ended here
packages.py   Debian's packages and Python's
services.py   a private MariaDB and two private Redis
engine.py     which Frappe: an existing bench, GitHub (genuine.py) or the registry (registry.py)
assets.py     the desk's scripts and styles, built by Node.js (assets.cjs)
sites.py      a site made once, then restored from its dump
servers.py    web server, worker and scheduler of a site, for the demo and for tests
"""
