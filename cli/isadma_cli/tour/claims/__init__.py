"""The claims, in the order of the tour: one module each, with the sentence, the experiment and what is expected."""

from __future__ import annotations

from importlib import import_module

from isadma_cli.tour.claim import Claim

__all__ = ["CLAIMS", "NAMES"]

#: Modules of this package.
NAMES = (
    "modem_share",
    "modem_latency",
    "modem_fifo",
    "modem_by_dma",
    "rates",
    "cpu_free",
    "clocks",
    "forty_megabytes",
    "seven_channels",
    "sixteen_megabytes",
    "wrap",
    "locked_pages",
    "fixed_channel",
    "jumper",
    "picked",
    "everything",
)

CLAIMS: tuple[Claim, ...] = tuple(import_module(f"{__name__}.{name}").CLAIM for name in NAMES)
