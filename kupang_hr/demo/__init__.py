"""Invented people from a fixed seed, and the year 2020/2021 played with them."""
