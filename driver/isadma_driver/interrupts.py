"""Interrupts as a driver uses them: own a line, wait with a time limit, end it, notice a lost one."""

# Ref: Intel 8259A data sheet 231468-003, figures 7 and 8; IBM PC AT Technical Reference (slave on input 2).

from __future__ import annotations

import threading
from collections.abc import Callable

from isadma_driver.checks.values import as_int, as_kind, as_name, as_seconds
from isadma_driver.errors import DmaError, DmaTimeoutError
from isadma_driver.machines.machine import Machine
from isadma_driver.ports import PIC_CASCADE, SPECIFIC_EOI, Pic

#: Interrupts of the AT, and of one 8259A.
LINES, PIC_LINES = 16, 8

#: How often a wait looks at the device itself, in seconds: a lost interrupt costs no more than this.
POLL_SECONDS = 0.01


def _checked(irq: int) -> int:
    return as_int(f"no interrupt {{}}: use 0 to {LINES - 1}", irq, 0, LINES - 1)


class Interrupts:
    """The two 8259A of a machine, and who owns which of their lines.

    Parameters
    ----------
    machine : Machine
        Whose interrupts.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._owners = {PIC_CASCADE: "cascade"}
        self._guard = threading.RLock()

    def request_irq(self, irq: int, owner: str) -> InterruptLine:
        """Take an interrupt line and unmask it.

        Raises
        ------
        ValueError
            No such line, or no name.
        DmaError
            It is taken: ISA interrupts are not shared; the error names the owner.
        """
        irq = _checked(irq)
        as_name(f"owner of interrupt {irq},", owner)
        with self._guard:
            if irq in self._owners:
                raise DmaError(f"interrupt {irq}, wanted by {owner!r}, is held by {self._owners[irq]!r}")
            self._owners[irq] = owner
        line = InterruptLine(self, irq, owner)
        line.unmask()
        return line

    def free_irq(self, line: InterruptLine) -> None:
        """Mask an interrupt line and give it back."""
        as_kind("line", line, InterruptLine, "give what request_irq returned").mask()
        with self._guard:
            if self._owners.get(line.irq) == line.owner:
                del self._owners[line.irq]

    def end_of_interrupt(self, irq: int) -> None:
        """Send the specific end of interrupt, to the slave first where it is one of its lines."""
        irq = _checked(irq)
        if irq >= PIC_LINES:
            self._machine.outb(Pic.SLAVE_COMMAND, SPECIFIC_EOI | (irq - PIC_LINES))
            irq = PIC_CASCADE
        self._machine.outb(Pic.MASTER_COMMAND, SPECIFIC_EOI | irq)

    def set_mask(self, irq: int, masked: bool) -> None:
        """Mask or unmask one line; the other seven bits of the register stay."""
        irq = _checked(irq)
        as_kind("masked", masked, bool, "give True or False")
        port = Pic.SLAVE_MASK if irq >= PIC_LINES else Pic.MASTER_MASK
        bit = 1 << irq % PIC_LINES
        with self._guard:
            old = self._machine.inb(port)
            new = old | bit if masked else old & ~bit
            if new != old:
                self._machine.outb(port, new)

    def wait(self, irq: int, *, seconds: float) -> None:
        """Wait for one interrupt and end it.

        Raises
        ------
        TimeoutError
            It did not come within `seconds`.
        """
        self._machine.wait_irq(_checked(irq), seconds=as_seconds(seconds))
        self.end_of_interrupt(irq)


class InterruptLine:
    """One interrupt line held by one driver; got from `Interrupts.request_irq`.

    Attributes
    ----------
    irq : int
        The line, 0..15.
    owner : str
        Who holds it.
    lost : int
        Interrupts that never came although the device was done.
    taken : int
        Interrupts handled through `handle` or ended by `end`.
    """

    def __init__(self, interrupts: Interrupts, irq: int, owner: str) -> None:
        self._interrupts = interrupts
        self.irq = irq
        self.owner = owner
        self.lost = 0
        self.taken = 0

    def mask(self) -> None:
        """Let no interrupt through."""
        self._interrupts.set_mask(self.irq, True)

    def unmask(self) -> None:
        """Let interrupts through."""
        self._interrupts.set_mask(self.irq, False)

    def wait(self, *, seconds: float, done: Callable[[], bool], what: str) -> None:
        """Wait until the device is done: told by its interrupt, or, when that is lost, found out by asking it.

        Parameters
        ----------
        seconds : float
            Time limit, in the machine's time.
        done : callable
            Asks the device; decides alone whether the wait is over, so a stray interrupt ends nothing.
        what : str
            What is waited for, for the error.

        Raises
        ------
        DmaTimeoutError
            The device was not done within `seconds`.
        """
        left = as_seconds(seconds)
        while left > 0:
            piece = min(left, POLL_SECONDS)
            left -= piece
            try:
                self._interrupts.wait(self.irq, seconds=piece)
            except TimeoutError:
                if done():
                    self.lost += 1
                    return
            else:
                if done():
                    return
        raise DmaTimeoutError(f"{what}: neither interrupt {self.irq} nor its result within {seconds:g} s")

    def handle(self, *, seconds: float, service: Callable[[], bool], done: Callable[[], bool], what: str) -> None:
        """Have a handler called for every interrupt until a condition holds.

        Parameters
        ----------
        seconds : float
            Longest time in which nothing moves, in the machine's time.
        service : callable
            The handler; returns whether anything moved. It is called as well when no interrupt came for a while.
        done : callable
            The condition.
        what : str
            What is waited for, for the error.

        Raises
        ------
        DmaTimeoutError
            Nothing moved for `seconds`.
        """
        idle, seconds = 0.0, as_seconds(seconds)
        while not done():
            if idle >= seconds:
                raise DmaTimeoutError(f"{what}: nothing moved for {seconds:g} s, by interrupt {self.irq} or without")
            piece = min(seconds - idle, POLL_SECONDS)
            try:
                self._interrupts.wait(self.irq, seconds=piece)
                self.taken += 1
                lost = False
            except TimeoutError:
                lost = True
            moved = service()
            self.lost += lost and moved
            idle = 0.0 if moved else idle + piece

    def end(self) -> None:
        """End the interrupt, for a handler that the machine calls."""
        self._interrupts.end_of_interrupt(self.irq)
        self.taken += 1

    def free(self) -> None:
        """Mask the line and give it back."""
        self._interrupts.free_irq(self)
