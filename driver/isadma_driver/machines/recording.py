"""A machine that writes down every port access: alone, with scripted answers, or in front of a real one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from isadma_driver.machines.machine import Machine, Memory

#: What an open bus reads as.
OPEN_BUS = 0xFF


class RecordingMachine:
    """Record accesses as text: `0b<46` is a write of 46h to port 0Bh, `08>04` a read of 04h from port 08h.

    Parameters
    ----------
    inner : Machine, optional
        Where accesses go. Without it reads give the scripted answers, then FFh, and waits return at once.
    answers : mapping of int to iterable of int, optional
        Without `inner`: what each port answers, one value per read.
    memory_bytes : int, optional
        Without `inner`: size of the memory.
    """

    def __init__(
        self,
        inner: Machine | None = None,
        *,
        answers: Mapping[int, Iterable[int]] | None = None,
        memory_bytes: int = 1 << 20,
    ) -> None:
        self._inner = inner
        self._answers = {port: deque(values) for port, values in (answers or {}).items()}
        self._alone = bytearray(0 if inner else memory_bytes)
        self.accesses: list[str] = []

    @property
    def memory(self) -> Memory:
        """Physical memory; accesses to it are not recorded."""
        return self._inner.memory if self._inner else self._alone

    def inb(self, port: int) -> int:
        """Read a port, and record it."""
        if self._inner:
            value = self._inner.inb(port)
        else:
            queue = self._answers.get(port)
            value = queue.popleft() if queue else OPEN_BUS
        self.accesses.append(f"{port:02x}>{value:02x}")
        return value

    def outb(self, port: int, value: int) -> None:
        """Write a port, and record it."""
        self.accesses.append(f"{port:02x}<{value:02x}")
        if self._inner:
            self._inner.outb(port, value)

    def wait_irq(self, irq: int, *, seconds: float) -> None:
        """Wait for an interrupt, and record that it came (`irq6`) or did not (`irq6?`)."""
        self.accesses.append(f"irq{irq}?")
        if self._inner:
            self._inner.wait_irq(irq, seconds=seconds)
        self.accesses[-1] = f"irq{irq}"

    def delay(self, seconds: float) -> None:
        """Let time go by; not recorded."""
        if self._inner:
            self._inner.delay(seconds)

    def take_over(self) -> None:
        """Make the calling thread the one that the machine is for, where it is for one."""
        getattr(self._inner, "take_over", lambda: None)()

    def trace(self) -> str:
        """Return the accesses so far, one after the other."""
        return " ".join(self.accesses)

    def clear(self) -> None:
        """Forget the accesses so far."""
        self.accesses.clear()
