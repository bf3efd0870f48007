"""The law as pure functions: no Frappe, no clock, no database."""
