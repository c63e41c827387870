"""Pin-level cocotb drivers, monitors and checkers, reusable on any 8237 RTL: of a chip, of a board, and in common."""
