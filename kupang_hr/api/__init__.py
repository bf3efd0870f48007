"""Whitelisted endpoints; each one thin."""
