"""The benches of a PC/XT's board."""
