"""Mutants of a netlist: whatever Yosys breaks, and whether random programs notice it."""
