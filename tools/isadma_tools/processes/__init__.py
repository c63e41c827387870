"""Processes that this one starts, and ends with all of theirs."""
