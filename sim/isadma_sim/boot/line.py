"""COM1 at the end of a pseudo-terminal: a terminal program of the host talks with the guest."""

from __future__ import annotations

import contextlib
import os

from isadma_sim.devices.serial import SerialPort

__all__ = ["PseudoTerminal"]

#: Bytes taken from the host at once: what a 16550A holds.
_ROOM = 16


class PseudoTerminal:
    """A pseudo-terminal whose other end is a guest's serial port, at the rate that the guest sets.

    Parameters
    ----------
    serial : SerialPort
        The port. CTS, DSR and DCD are on from now on.

    Attributes
    ----------
    path : str
        What a terminal program opens.

    Raises
    ------
    OSError
        The system has no pseudo-terminals, or no more.
    """

    def __init__(self, serial: SerialPort) -> None:
        try:
            import pty
            import tty
        except ImportError:
            raise OSError("this system has no pseudo-terminals") from None
        self._ours, theirs = pty.openpty()
        tty.setraw(theirs)
        self.path = os.ttyname(theirs)
        self._theirs = theirs  # kept open, so that writing does not fail while nobody has opened it
        os.set_blocking(self._ours, False)
        self._serial = serial
        serial.on_send = self._send
        serial.modem_inputs(cts=True, dsr=True, dcd=True)

    def _send(self, value: int) -> None:
        with contextlib.suppress(BlockingIOError):  # nobody reads: the character is lost, as on a line
            os.write(self._ours, bytes([value]))

    def look(self) -> None:
        """Pass on what the host has typed; call it every now and then."""
        if not self._serial.baud:
            return
        with contextlib.suppress(BlockingIOError):
            data = os.read(self._ours, _ROOM)
            if data:
                self._serial.receive(data, baud=self._serial.baud)

    def close(self) -> None:
        """Give it back."""
        os.close(self._ours)
        os.close(self._theirs)
