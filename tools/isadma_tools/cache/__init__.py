"""Caches of compiled code: which folder may be believed, and where to go when there is none."""
