"""Captures of real machines on the command line: `isadma check` and `isadma decode`."""
