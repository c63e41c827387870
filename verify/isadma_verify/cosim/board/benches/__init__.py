"""The benches of the PC/AT board, one topic each."""
