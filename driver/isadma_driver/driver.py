"""What the drivers of devices share: a `with` that gives everything back, and the account of a line's interrupts."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from isadma_driver.interrupts import InterruptLine


class Driver:
    """A driver that holds channels, a line and memory until it is closed."""

    _line: InterruptLine

    @property
    def lost_interrupts(self) -> int:
        """Interrupts that never came; polling noticed."""
        return self._line.lost

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give everything back. May be called twice."""
        raise NotImplementedError
