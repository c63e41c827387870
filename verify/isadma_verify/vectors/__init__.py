"""Test vectors of the 8237A: short runs of the chip, pins at every clock, for who has no Verilog."""
