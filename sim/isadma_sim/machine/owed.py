"""The DMA cycle that a device still owes: the 8237A serves and counts a request that was withdrawn too late."""

from __future__ import annotations

__all__ = ["Owed"]


class Owed:
    """What a device gives in a cycle that comes although it has let go of its data: what the cycle was asked for.

    Attributes
    ----------
    cycle : bool
        A request was up since the last service: a cycle may come although none is up now.
    """

    def __init__(self) -> None:
        self.cycle = False
        self._value: int | None = None

    def asked(self, level: bool) -> None:
        """Note the level that DREQ is driven to."""
        self.cycle = self.cycle or level

    def keep(self, value: int | None) -> None:
        """Keep the next byte or word as the data go away, should a cycle for it be under way; None: there is none."""
        if self.cycle and value is not None:
            self._value = value

    def take(self, otherwise: int) -> int:
        """Return what was kept, once; `otherwise` when nothing was."""
        value, self._value = self._value, None
        return otherwise if value is None else value

    def service_over(self, requesting: bool) -> None:
        """Note the end of DACK#: without a request now, no cycle comes any more."""
        if not requesting:
            self.cycle, self._value = False, None
