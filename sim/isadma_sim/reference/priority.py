"""Which of several requesting channels is served."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 6 and 7, "Priority".

from __future__ import annotations

LOWEST_AFTER_RESET = 3
"""Last served channel that makes channel 0 the highest."""


def winner(requests: int, rotating: bool, last: int) -> int:
    """Choose the channel to serve.

    Parameters
    ----------
    requests : int
        One bit per channel, bit 0 = channel 0; at least one is set.
    rotating : bool
        Rotating priority; fixed priority has channel 0 highest.
    last : int
        Channel served last (0-3): the lowest when rotating, its successor the highest.

    Returns
    -------
    int
        Channel number, 0-3.
    """
    first = (last + 1) & 3 if rotating else 0
    for offset in range(4):
        channel = (first + offset) & 3
        if requests >> channel & 1:
            return channel
    raise ValueError(f"no channel requests in {requests:#x}: ask only when a request bit 0-3 is set")
