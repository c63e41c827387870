"""Captures of real machines: read, decoded, and held against the RTL."""
