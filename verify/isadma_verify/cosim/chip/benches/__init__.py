"""The benches: cocotb tests at the pins of an 8237A, one module per subject."""
