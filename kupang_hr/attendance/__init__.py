"""Punches, and the days that are made of them."""
