"""Conformance: any 8237A, or board with two, judged rule by rule from its source files and a map of its pins."""
