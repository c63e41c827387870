"""A moment as the counters of an 8254 see it."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Moment"]


class Moment(NamedTuple):
    """A time in CLK pulses, which count at their falling edges.

    Attributes
    ----------
    done : int
        Pulses whose falling edge has been.
    next : int
        Number of the first pulse whose rising edge is yet to come: ``done + 1``, or ``done + 2`` while CLK is high.
        GATE and new counts are seen at rising edges, and act at the falling edge of the same pulse.
    """

    done: int
    next: int
