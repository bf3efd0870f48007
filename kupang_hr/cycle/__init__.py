"""The contract year, one module a step."""
