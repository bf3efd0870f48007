"""Many documents at once: the run, its chunks, its trace and its locks."""
