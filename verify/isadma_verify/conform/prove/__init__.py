"""The rules of the pins as property modules in SystemVerilog, and a core held against them by a solver."""
