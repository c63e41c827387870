"""The rules: each a sentence with its place in the data sheet, and what judges it."""
