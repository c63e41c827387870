"""An engine that has the DMA subsystem alone: interrupt controllers and timer are the world's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Chipless"]


class Chipless:
    """What such an engine answers its world."""

    def own_pics(self, kind: Any, on_int: Callable[[bool], None]) -> Any:
        """Have no 8259As: those of the machine are its world's."""
        return None

    def own_chips(self) -> Any:
        """Have no timer either."""
        return None

    def set_answered(self, channel: int) -> None:
        """Know that somebody answers a channel; the world is asked about all of them."""
