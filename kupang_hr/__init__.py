"""Kupang HR: the yearly contract cycle of a city's contract staff, on the Frappe framework."""

__version__ = "0.1.0"
