"""Pin-level cocotb drivers, monitors and checkers, reusable on any 8237 RTL."""
