"""The machine as the driver sees it: six things, so that a simulated PC, a board and a real PC all fit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol


class Memory(Protocol):
    """Physical memory: slices of bytes by physical address."""

    def __getitem__(self, where: slice, /) -> bytes | bytearray:
        """Return the bytes of a slice."""
        ...

    def __setitem__(self, where: slice, data: bytes, /) -> None:
        """Store the bytes of a slice; their number must equal the slice's length."""
        ...

    def __len__(self) -> int:
        """Return the number of bytes of physical memory."""
        ...


class Machine(Protocol):
    """What a driver needs of a PC. Every call returns after a bounded time."""

    @property
    def memory(self) -> Memory:
        """Physical memory."""
        ...

    def inb(self, port: int) -> int:
        """Read a byte from an I/O port (0..FFFFh)."""
        ...

    def outb(self, port: int, value: int) -> None:
        """Write a byte to an I/O port."""
        ...

    def wait_irq(self, irq: int, *, seconds: float) -> None:
        """Return when interrupt `irq` (0..15) has been taken; the caller sends the end of interrupt.

        Raises
        ------
        TimeoutError
            When it does not come within `seconds`.
        """
        ...

    def delay(self, seconds: float) -> None:
        """Let time go by."""
        ...


class SharedMachine:
    """A machine for several threads: every access is whole, and nobody holds it while waiting.

    A simulated PC advances only inside calls, so a thread that waited inside one would stop all others. Waits are
    cut into slices, and between two slices the others get their turn.

    Parameters
    ----------
    machine : Machine
        The machine to share.
    slice_seconds : float, optional
        Longest wait in one piece, in seconds of the machine's time.
    """

    def __init__(self, machine: Machine, *, slice_seconds: float = 0.0005) -> None:
        if slice_seconds <= 0:
            raise ValueError(f"slice_seconds is {slice_seconds}: it must be more than 0")
        self._machine = machine
        self._slice = slice_seconds
        # A simulated PC is for one thread until another takes it over.
        self._turn = _FairLock(getattr(machine, "take_over", lambda: None))

    @property
    def memory(self) -> Memory:
        """Physical memory, each access whole."""
        return _SharedMemory(self._machine.memory, self._turn)

    def inb(self, port: int) -> int:
        """Read a byte from an I/O port."""
        with self._turn:
            return self._machine.inb(port)

    def outb(self, port: int, value: int) -> None:
        """Write a byte to an I/O port."""
        with self._turn:
            self._machine.outb(port, value)

    def wait_irq(self, irq: int, *, seconds: float) -> None:
        """Wait for an interrupt, letting other threads in between."""

        def wait(piece: float) -> bool:
            try:
                self._machine.wait_irq(irq, seconds=piece)
            except TimeoutError:
                return False
            return True

        if not self._sliced(seconds, wait):
            raise TimeoutError(f"IRQ {irq} did not come within {seconds} s")

    def delay(self, seconds: float) -> None:
        """Let time go by, letting other threads in between."""

        def wait(piece: float) -> bool:
            self._machine.delay(piece)
            return False

        self._sliced(seconds, wait)

    def _sliced(self, seconds: float, wait: Callable[[float], bool]) -> bool:
        left = seconds
        while left > 0:
            piece = min(left, self._slice)
            with self._turn:
                if wait(piece):
                    return True
            left -= piece
        return False


class _FairLock:
    """A lock served in order of arrival: `threading.Lock` lets the thread that just left straight in again.

    Parameters
    ----------
    entered : callable
        Called by whoever has come in.
    """

    def __init__(self, entered: Callable[[], None]) -> None:
        self._entered = entered
        self._inner = threading.Condition()
        self._next = 0
        self._served = 0
        self._gone: set[int] = set()  # tickets whose holders went before they were served

    def __enter__(self) -> None:
        with self._inner:
            ticket = self._next
            self._next += 1
            try:
                while ticket != self._served:
                    self._inner.wait()
                self._entered()
            except BaseException:  # a Ctrl-C; those behind are not held up
                self._gone.add(ticket)
                self._skip()
                raise

    def __exit__(self, *exc: object) -> None:
        with self._inner:
            self._served += 1
            self._skip()

    def _skip(self) -> None:
        while self._served in self._gone:
            self._gone.remove(self._served)
            self._served += 1
        self._inner.notify_all()


class _SharedMemory:
    """Physical memory behind the same lock as the ports: a DMA transfer runs only while someone holds it."""

    def __init__(self, memory: Memory, turn: _FairLock) -> None:
        self._memory = memory
        self._turn = turn

    def __getitem__(self, where: slice, /) -> bytes:
        with self._turn:
            return bytes(self._memory[where])

    def __setitem__(self, where: slice, data: bytes, /) -> None:
        with self._turn:
            self._memory[where] = data

    def __len__(self) -> int:
        return len(self._memory)
