"""Proofs by induction that the chip keeps its promises, each beside a cover that shows the promise is not empty."""
