"""The names of what can be fuzzed and mutated, for help pages: `isadma_verify.fuzz.targets` takes long to import."""

__all__ = ["NAMES", "NOISY", "PLAIN"]

PLAIN = ("i8237", "82c37", "at", "at-refresh", "xt", "socket", "bridge", "wishbone", "wishbone-bursts")
"""Those whose memories begin with zeros."""
NOISY = ("i8237-noise", "at-noise", "xt-noise")
"""Those whose memories begin with noise."""
NAMES = (*PLAIN, *NOISY)
"""All, in the order of `isadma_verify.fuzz.targets.TARGETS`."""
