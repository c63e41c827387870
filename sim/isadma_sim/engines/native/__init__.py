"""The RTL itself, compiled: CXXRTL's C++ of the whole board, and a harness that owns the per-clock loop."""
