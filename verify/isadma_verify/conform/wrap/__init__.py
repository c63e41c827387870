"""The wrapper around a core: canonical pins outside, its own ports inside."""
