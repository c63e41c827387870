"""One device of the crowd with its driver, and the account of its interrupt line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from isadma_cli.machine import SlicedMachine
from isadma_driver import Kernel
from isadma_sim import PC, Device, Lines

__all__ = ["CountedLines", "Member", "MemberReport", "ServingMachine"]

#: How long a program waits for an interrupt before it looks for something else to do, in seconds.
LOOK_SECONDS = 0.004


@dataclass(frozen=True)
class MemberReport:
    """What one device did.

    Attributes
    ----------
    name : str
        The device.
    channels : tuple of int
        Its DMA channels; none for one that interrupts instead.
    bytes : int
        Bytes compared with what they should be.
    right : bool
        Whether all of them were, less those that were lost.
    raised, taken, absorbed, pending : int
        Rises of its interrupt line; those that the processor took; those that a running handler had dealt with before
        they could be taken; and those that were still waiting at the end.
    lost : int
        Bytes that the device says were lost because the machine was late.
    counted : bool
        Whether its driver noticed exactly when something was lost.
    """

    name: str
    channels: tuple[int, ...]
    bytes: int
    right: bool
    raised: int
    taken: int
    absorbed: int
    pending: int
    lost: int = 0
    counted: bool = True

    @property
    def all_taken(self) -> bool:
        """Whether every interrupt is accounted for."""
        return self.raised == self.taken + self.absorbed and not self.pending


class CountedLines:
    """A device's lines, with an eye on its interrupt request.

    Parameters
    ----------
    lines : Lines
        The lines.
    acknowledged : callable
        Returns how many of its interrupts the processor took so far.
    """

    def __init__(self, lines: Lines, acknowledged: Callable[[], int]) -> None:
        self._lines = lines
        self._acknowledged = acknowledged
        self._start = acknowledged()
        self._high = False
        self._taken_before = 0
        self.raised = self.absorbed = 0

    @property
    def taken(self) -> int:
        """Interrupts that the processor took."""
        return self._acknowledged() - self._start

    def irq(self, level: bool) -> None:
        """Drive the interrupt request line."""
        if level and not self._high:
            self.raised += 1
            self._taken_before = self.taken
        elif self._high and not level and self.taken == self._taken_before:
            self.absorbed += 1
        self._high = level
        self._lines.irq(level)

    @property
    def pending(self) -> int:
        """1 while a request waits that nobody took."""
        return int(self._high and self.taken == self._taken_before)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lines, name)


class Member:
    """A device in the crowd; override what it does.

    Attributes
    ----------
    name : str
        What the report calls it.
    irq : int
        Its interrupt.
    in_foreground : bool
        Whether its driver waits for its interrupts itself, and has no handler.
    """

    name = "device"
    irq = 0
    in_foreground = False

    def plug(self, pc: PC, stack: ExitStack) -> None:
        """Attach the device; call `watch` with it."""
        raise NotImplementedError

    def load(self, kernel: Kernel, stack: ExitStack) -> None:
        """Load the driver."""
        raise NotImplementedError

    def begin(self) -> None:
        """Let it run from now on."""

    def handler(self, interrupt: object) -> None:
        """Handle its interrupt, with the end of interrupt, unless its driver waits for it."""
        raise NotImplementedError

    def end(self) -> None:
        """Begin nothing new."""

    @property
    def idle(self) -> bool:
        """Whether nothing is under way any more."""
        return True

    def report(self) -> MemberReport:
        """Return the account."""
        raise NotImplementedError

    def watch(self, pc: PC, device: Device) -> None:
        """Count what the device's interrupt line does."""
        self.lines = CountedLines(device.lines, lambda: pc.acknowledged(self.irq))
        device.lines = self.lines

    def accounted(self, **what: Any) -> MemberReport:
        """Return a report with the interrupt line's figures filled in."""
        lines = self.lines
        return MemberReport(
            name=self.name,
            raised=lines.raised,
            taken=lines.taken,
            absorbed=lines.absorbed,
            pending=lines.pending,
            **what,
        )


class ServingMachine(SlicedMachine):
    """A PC as the drivers see it, whose waits let every other device's interrupts through.

    Parameters
    ----------
    pc : PC
        The machine.
    """

    def __init__(self, pc: PC) -> None:
        super().__init__(pc, LOOK_SECONDS)
        #: What the program does between two looks for an interrupt; None: nothing.
        self.meanwhile: Callable[[], None] | None = None
        self._busy = False
        self._handlers = 0

    def _slice_over(self, *, more: bool) -> None:
        if more:
            self._do_something_else()

    def _do_something_else(self) -> None:
        if self.meanwhile is not None and not self._busy and not self._handlers:
            self._busy = True
            try:
                self.meanwhile()
            finally:
                self._busy = False

    def delay(self, seconds: float) -> None:
        """Let time go by, and interrupts through; in a handler they wait, as it has them off."""
        if self._handlers:
            self._pc.delay(seconds)
        else:
            self._pc.serve(seconds=seconds)

    def handler(self, handle: Callable[[object], None]) -> Callable[[object], None]:
        """Return a handler that is known to be one while it runs."""

        def guarded(interrupt: object) -> None:
            self._handlers += 1
            try:
                handle(interrupt)
            finally:
                self._handlers -= 1

        return guarded
