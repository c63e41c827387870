"""Data that wait for nobody: units pass the head at a fixed rate, and a FIFO stands between head and host."""

from __future__ import annotations

import struct
from collections import deque
from fractions import Fraction
from typing import Protocol

#: What the disk writes where the host was late.
FILLER = 0x00


def units_of(data: bytes | bytearray, width: int) -> list[int]:
    """Return data as units of 1 or 2 bytes, low byte first."""
    return list(data) if width == 1 else list(struct.unpack(f"<{len(data) // 2}H", data))


def bytes_of(units: list[int], width: int) -> bytes:
    """Return units of 1 or 2 bytes as data, low byte first."""
    return bytes(units) if width == 1 else struct.pack(f"<{len(units)}H", *units)


class Rate:
    """How many units pass in how many clocks, in whole numbers.

    Parameters
    ----------
    period : Fraction
        Clocks of one unit.
    """

    def __init__(self, period: Fraction) -> None:
        self._clocks, self._units = period.numerator, period.denominator

    def passed(self, clocks: int) -> int:
        """Return the units that have passed after so many clocks."""
        return clocks * self._units // self._clocks

    def clocks(self, units: int) -> int:
        """Return the clocks after which so many units have passed."""
        return -(-units * self._clocks // self._units)


class Flow(Protocol):
    """One command's data.

    Attributes
    ----------
    lost : int
        Units that were lost so far.
    to_host : bool
        Direction.
    """

    lost: int
    to_host: bool

    @property
    def ready(self) -> int:
        """Units the host can move now."""
        ...

    @property
    def left(self) -> int:
        """Units the host may still move."""
        ...

    @property
    def over(self) -> bool:
        """Whether everything has passed the head and left the FIFO."""
        ...

    def advance(self, clock: int) -> None:
        """Let the disk turn until a clock."""
        ...

    def next(self, want: int) -> int | None:
        """Return the clock at which `want` units will be ready or the flow be over, None when only the host can say."""
        ...


class Reading:
    """From the disk to the host.

    Parameters
    ----------
    units : list of int
        What passes the head.
    depth : int
        Units the FIFO holds.
    start : int
        Clock at which the first unit begins.
    period : Fraction
        Clocks of one unit.
    """

    to_host = True

    def __init__(self, units: list[int], depth: int, start: int, period: Fraction) -> None:
        self._units = units
        self._depth = depth
        self._start = start
        self._rate = Rate(period)
        self._passed = 0
        self._fifo: deque[int] = deque()
        self.lost = 0

    @property
    def ready(self) -> int:
        """Units in the FIFO."""
        return len(self._fifo)

    @property
    def left(self) -> int:
        """Units in the FIFO and before the head."""
        return len(self._units) - self._passed + len(self._fifo)

    @property
    def over(self) -> bool:
        """Whether nothing is left."""
        return not self.left

    def advance(self, clock: int) -> None:
        """Take in what has passed the head by now; what the FIFO cannot hold is lost."""
        passed = min(self._rate.passed(clock - self._start), len(self._units))
        if passed > self._passed:
            kept = min(passed - self._passed, self._depth - len(self._fifo))
            self._fifo.extend(self._units[self._passed : self._passed + kept])
            self.lost += passed - self._passed - kept
            self._passed = passed

    def take(self) -> int:
        """Remove the oldest unit from the FIFO."""
        return self._fifo.popleft()

    @property
    def head(self) -> int | None:
        """The oldest unit, None without one."""
        return self._fifo[0] if self._fifo else None

    def next(self, want: int) -> int | None:
        """Return when `want` units will be in the FIFO."""
        missing = want - len(self._fifo)
        if self._passed + missing > len(self._units):
            return None
        return self._start + self._rate.clocks(self._passed + missing)


class Writing:
    """From the host to the disk, which begins when the FIFO is full for the first time.

    Parameters
    ----------
    total : int
        Units that pass the head.
    depth : int
        Units the FIFO holds.
    period : Fraction
        Clocks of one unit.

    Attributes
    ----------
    written : list of int
        What the head wrote.
    """

    to_host = False

    def __init__(self, total: int, depth: int, period: Fraction) -> None:
        self._total = total
        self._depth = depth
        self._rate = Rate(period)
        self._start: int | None = None
        self._clock = 0
        self._fifo: deque[int] = deque()
        self.written: list[int] = []
        self.lost = 0

    @property
    def ready(self) -> int:
        """Room in the FIFO, as far as it is still wanted."""
        return min(self._depth - len(self._fifo), self.left)

    @property
    def left(self) -> int:
        """Units the disk has room for: those whose place passed the head without one are not asked for any more."""
        return self._total - len(self.written) - len(self._fifo)

    @property
    def over(self) -> bool:
        """Whether every place has passed the head."""
        return len(self.written) == self._total

    def advance(self, clock: int) -> None:
        """Write what is due by now; where the FIFO is empty, filler."""
        self._clock = clock
        if self._start is None:
            return
        due = min(self._rate.passed(clock - self._start), self._total) - len(self.written)
        from_fifo = min(due, len(self._fifo))
        self.written.extend(self._fifo.popleft() for _ in range(from_fifo))
        self.written.extend([FILLER] * (due - from_fifo))
        self.lost += due - from_fifo

    def give(self, unit: int) -> None:
        """Add a unit to the FIFO."""
        self._fifo.append(unit)
        if self._start is None and (len(self._fifo) == self._depth or not self.left):
            self._start = self._clock

    def next(self, want: int) -> int | None:
        """Return when there will be room for `want` units, or the last has passed."""
        if self._start is None:
            return None
        missing = want - self.ready
        place = len(self.written) + missing if 0 < missing <= len(self._fifo) else self._total
        return self._start + self._rate.clocks(min(place, self._total))
