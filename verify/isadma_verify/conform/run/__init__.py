"""Runs benches on a core, and gathers what they say by rule."""
