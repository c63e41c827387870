"""The system control port, 61h: gate of the timer's counter 2, the speaker, and on an AT refresh detect and OUT2."""

# Ref: IBM PC AT Technical Reference (1502494), port 61h; Interrupt List release 61, PORTS.A 0061 (bit 4 toggles with
#      refresh); IBM PC/XT Technical Reference, 8255A: port B is 61h, port C is 62h.

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isadma_sim.devices.timer.device import Timer
from isadma_sim.devices.timer.regs import AT_WRITTEN, PortB, PortC
from isadma_sim.machine.device import Device
from isadma_sim.machine.ports import PORT_B, PORT_C, XT_BLOCK, repeated

__all__ = ["SystemControl"]

_BLOCK = 0x60
_LOW = 3  # A1-A0, all that the 8255 sees


class SystemControl(Device):
    """Port 61h, and on a PC/XT port 62h as well.

    On an AT bits 0 to 3 read as written, bit 4 toggles with every refresh, bit 5 is OUT2, and bits 6 and 7, the
    checks of I/O channel and memory, are 0: nothing fails here. On a PC/XT 61h is port B of an 8255: all eight bits
    read as written, and OUT2 is bit 5 of port C at 62h, whose other bits are 0 here.

    Parameters
    ----------
    timer : Timer
        Whose counter 2 it gates.
    refreshes : callable
        Returns how many refreshes there were: cycles, or where the board makes none, requests of counter 1.
    xt : bool
        The PC/XT's 8255, at 61h and 62h and again each four ports through 7Fh.
    """

    name = "system control port"

    def __init__(self, timer: Timer, refreshes: Callable[[], int], *, xt: bool = False) -> None:
        block = range(_BLOCK, _BLOCK + XT_BLOCK)
        both = (PORT_B & _LOW, PORT_C & _LOW)
        self.ports = repeated(port for port in block if port & _LOW in both) if xt else (PORT_B,)
        self._timer = timer
        self._refreshes = refreshes
        self._xt = xt
        self._written = 0

    def reset(self) -> None:
        """Clear the port (choice for the PC/XT: an 8255 comes out of RESET with its ports as inputs)."""
        self._write(0)

    def save_state(self) -> Any:
        """Return what was written; the gate is the timer's to keep."""
        return self._written

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        self._written = int(state)

    def _write(self, value: int) -> None:
        self._written = value
        self._timer.set_gate2(bool(value & PortB.GATE_2))

    @property
    def speaker(self) -> bool:
        """Whether the speaker is driven high: speaker data and OUT2."""
        return bool(self._written & PortB.SPEAKER) and self._timer.out(2)

    def io_read(self, port: int) -> int:
        """Read port 61h, or 62h of a PC/XT."""
        out2 = self._timer.out(2)
        if not self._xt:
            refresh = PortB.REFRESH if self._refreshes() & 1 else 0
            return self._written & AT_WRITTEN | refresh | (PortB.OUT_2 if out2 else 0)
        if port & _LOW == PORT_C & _LOW:
            return PortC.OUT_2 if out2 else 0
        return self._written

    def io_write(self, port: int, value: int) -> None:
        """Write port 61h; an 8255's port C is an input here."""
        if port & _LOW == PORT_B & _LOW:
            self._write(value)
