"""Closing a month: one line a person, and differences for what is known later."""
