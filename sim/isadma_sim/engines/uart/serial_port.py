"""A serial port opened for the bridge, or one line that says why not."""

from __future__ import annotations

import errno

import serial
from serial.tools import list_ports

from isadma_sim.engines.base import EngineError

__all__ = ["BAUD", "open_line"]

#: Speed of every board of ours: it divides all of their clocks without a rest.
BAUD = 1_000_000
#: Seconds that a read waits for the first byte, and a write for the line.
_READ_TIMEOUT = 0.05
_WRITE_TIMEOUT = 1.0


def open_line(port: str, baud: int = BAUD) -> serial.Serial:
    """Open a serial port for this process alone.

    Raises
    ------
    EngineError
        There is none of that name, it is in use, or may not be opened.
    """
    try:
        line = serial.Serial(port, baudrate=baud, timeout=_READ_TIMEOUT, write_timeout=_WRITE_TIMEOUT, exclusive=True)
        line.reset_input_buffer()
        return line
    except (serial.SerialException, OSError) as error:
        raise EngineError(_why(port, error)) from error


def _why(port: str, error: OSError) -> str:
    code = getattr(error, "errno", None)
    if code == errno.ENOENT:
        found = ", ".join(sorted(known.device for known in list_ports.comports())) or "none"
        return f"no serial port '{port}': this machine has {found}"
    if code in (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK) or "exclusively lock" in str(error):
        return f"the serial port '{port}' is in use: close the other program"
    if code == errno.EACCES:
        return f"the serial port '{port}' may not be opened: join its group (often dialout), or use sudo"
    return f"'{port}' is no serial port that can be used: {' '.join(str(error).split())}"
