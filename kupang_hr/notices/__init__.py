"""Who is told what by mail and on the desk: digests, one an OPD, each sent once."""
