"""Script reports; each one thin: columns and rows for figures of `attendance`."""
