"""A board as a C library, for emulators that are not in Python."""
