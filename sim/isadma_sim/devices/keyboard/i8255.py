"""The PC/XT's keyboard side of the 8255: scan codes at 60h, the line's bits of 61h, the switches at 62h."""

# Ref: IBM PC/XT Technical Reference (6936808), 8255A-5 and keyboard interface; system board switches.

from __future__ import annotations

from typing import Any

from isadma_sim.devices.keyboard import regs
from isadma_sim.devices.keyboard.keyboard import Keyboard
from isadma_sim.devices.keyboard.regs import PortB
from isadma_sim.machine.device import Device
from isadma_sim.machine.ports import PORT_B, PORT_C, XT_BLOCK

__all__ = ["KeyboardPort"]

_LOW = 3  # A1-A0, all that the 8255 sees
#: The processor holds CLK low for 20 ms to have the keyboard test itself; the keyboard takes half of it for that.
RESET_SECONDS = 0.01


class KeyboardPort(Device):
    """A keyboard of 83 keys on a PC/XT. Attach with interrupt `regs.IRQ` (1) and ``front=True``.

    It stands in front of the system control port, at 60h and again each four ports through 7Fh, and passes to it what
    is its own: the timer's gate, the speaker, OUT2.

    Parameters
    ----------
    switches : int
        The eight switches of the system board as a BIOS reads them: bits 0-3 with bit 3 of 61h low, bits 4-7 with it
        high. An open switch is 1. Bit 0: normal operation; 1: no 8087; 3-2: memory banks; 5-4: display (11 monochrome,
        10 colour with 80 columns); 7-6: floppy drives less one.

    Attributes
    ----------
    keyboard : Keyboard
        What is plugged in.
    """

    name = "keyboard port"
    ports = tuple(range(regs.DATA, regs.DATA + XT_BLOCK))

    def __init__(self, *, switches: int = 0x2D) -> None:
        if not isinstance(switches, int) or not 0 <= switches <= 0xFF:
            raise ValueError(f"switches={switches!r}: eight of them are 0..FFh")
        self._switches = switches
        self.keyboard = Keyboard(self, self._from_keyboard, self._line_free, old=True)
        self._clear()

    def _clear(self) -> None:
        self._port_b = 0
        self._code = 0
        self._full = False
        self._low_since: int | None = 0

    def reset(self) -> None:
        """Bus RESET: port B is 0, so that the keyboard's CLK is held low."""
        self._clear()
        self._low_since = self.lines.clock
        self.lines.irq(False)
        self.keyboard.reset()

    def io_read(self, port: int) -> int:
        """Read port A (the scan code), B (as the system control port has it) or C (switches, OUT2)."""
        where = port & _LOW
        if where == regs.DATA & _LOW:
            return self._code
        if where == PORT_B & _LOW:
            return int(self.lines.behind(PORT_B).io_read(PORT_B))
        if where == PORT_C & _LOW:
            nibble = self._switches >> (4 if self._port_b & PortB.HIGH_SWITCHES else 0) & regs.SWITCHES
            return int(self.lines.behind(PORT_C).io_read(PORT_C)) & ~regs.SWITCHES & 0xFF | nibble
        return 0xFF

    def io_write(self, port: int, value: int) -> None:
        """Write port B; the others are inputs, and the mode stays what a BIOS sets (99h)."""
        if port & _LOW != PORT_B & _LOW:
            return
        self.lines.behind(PORT_B).io_write(PORT_B, value)
        self._port_b = value
        if value & PortB.CLEAR:
            self._code, self._full = 0, False
            self.lines.irq(False)
        if not value & PortB.CLOCK:
            if self._low_since is None:
                self._low_since = self.lines.clock
            self.keyboard.hold()
        elif self._low_since is not None:
            long = self.lines.clock - self._low_since >= RESET_SECONDS * self.lines.clock_hz
            self._low_since = None
            if long:
                self.keyboard.reset()
        self.keyboard.poke()

    def _line_free(self) -> bool:
        return not self._full and bool(self._port_b & PortB.CLOCK) and not self._port_b & PortB.CLEAR

    def _from_keyboard(self, byte: int) -> None:
        self._code, self._full = byte, True
        self.lines.irq(True)

    _PLAIN = ("_port_b", "_code", "_full", "_low_since")

    def save_state(self) -> Any:
        """Return its state in JSON's values."""
        return {name: getattr(self, name) for name in self._PLAIN} | {"keyboard": self.keyboard.save_state()}

    def load_state(self, state: Any) -> None:
        """Take up what `save_state` returned."""
        for name in self._PLAIN:
            setattr(self, name, state[name])
        self.keyboard.load_state(state["keyboard"])
