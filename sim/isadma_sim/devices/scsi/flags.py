"""The adapter's interrupt flags: who may be shown together, who has to wait, and the line to the 8259A."""

# Ref: Adaptec AHA-1740A/1742A/1744 Technical Reference, chapter 4, "Interrupt Flag Port".

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isadma_sim.devices.scsi.regs import MAIL, Interrupt

if TYPE_CHECKING:
    from isadma_sim.machine.device import Device

_NOTHING = Interrupt(0)


class Flags:
    """The interrupt flag port.

    The two mailbox flags are shown together; SCRD and HACC are shown alone, and what comes meanwhile waits for the
    interrupt reset.

    Parameters
    ----------
    device : Device
        Whose line to drive.

    Attributes
    ----------
    shown : Interrupt
        What the port reads as.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self.shown = _NOTHING
        self._waiting = _NOTHING
        self._timer: Any = None

    def post(self, flag: Interrupt) -> None:
        """Show a flag, now or when its turn comes."""
        if self._timer is not None or (self.shown and not (flag & MAIL and self.shown & MAIL)):
            self._waiting |= flag
            return
        self.shown |= flag | Interrupt.ANY
        self._device.lines.irq(True)

    def acknowledge(self) -> None:
        """Interrupt reset: the line goes low, and what waits comes in the next clock, with an edge of its own."""
        self.shown = _NOTHING
        self._device.lines.irq(False)
        if self._waiting and self._timer is None:
            self._timer = self._device.lines.after(1, self._next)

    def _next(self) -> None:
        self._timer = None
        waiting, self._waiting = self._waiting, _NOTHING
        for flag in (Interrupt.SCSI_RESET, Interrupt.COMMAND_COMPLETE, Interrupt.MAILBOX_OUT, Interrupt.MAILBOX_IN):
            if waiting & flag:
                self.post(flag)

    def clear(self) -> None:
        """Forget everything: the adapter is being reset."""
        self._device.lines.cancel(self._timer)
        self._timer = None
        self.shown = self._waiting = _NOTHING
        self._device.lines.irq(False)
