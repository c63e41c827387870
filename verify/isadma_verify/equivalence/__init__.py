"""Proves that a change of the RTL changed no behaviour: each core, before and after, the same in every clock."""
