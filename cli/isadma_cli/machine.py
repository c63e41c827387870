"""The simulated PC that a command works on: which engine, which channel, and what its errors become."""

from __future__ import annotations

from isadma_cli.errors import UsageError, nearest
from isadma_sim.engines.base import ENGINES

__all__ = ["check_channel", "check_engine"]

#: The channels of the PC/AT, and the first that moves words.
CHANNELS = 8
FIRST_WORD_CHANNEL = 5


def check_engine(name: str) -> None:
    """Refuse an engine that does not exist.

    Raises
    ------
    UsageError
        The message has the names there are, and the one that was probably meant.
    """
    if name not in ENGINES:
        raise UsageError(f"no engine '{name}'{nearest(name, ENGINES)}; there are {', '.join(sorted(ENGINES))}")


def check_channel(channel: int) -> None:
    """Refuse a channel that a floppy controller cannot be wired to. Who owns a channel is the driver's business.

    Raises
    ------
    UsageError
        There is no such channel, or it moves words.
    """
    if not 0 <= channel < CHANNELS:
        raise UsageError(f"--dma {channel}: no such DMA channel; a floppy controller takes 0 to 3")
    if channel >= FIRST_WORD_CHANNEL:
        raise UsageError(f"--dma {channel} moves 16-bit words and a floppy controller bytes; use 0 to 3")
