"""A serial port opened for the bridge, or one line that says why not."""

from __future__ import annotations

import errno
import os

import serial
from serial.tools import list_ports

from isadma_sim.engines.base import EngineError

__all__ = ["BAUD", "open_line"]

#: Speed of every board of ours: it divides all of their clocks without a rest.
BAUD = 1_000_000
#: Seconds that a read waits for the first byte, and a write for the line: `link.EXCHANGE_TIMEOUT` counts on them.
_READ_TIMEOUT = 0.05
_WRITE_TIMEOUT = 0.3


def open_line(port: str, baud: int = BAUD) -> serial.Serial:
    """Open a serial port for this process alone.

    Parameters
    ----------
    port : str
        Its name.
    baud : int
        Its speed in bits per second.

    Raises
    ------
    EngineError
        There is none of that name, it is in use, may not be opened, or does not have that speed.
    """
    try:
        return serial.Serial(port, baudrate=baud, timeout=_READ_TIMEOUT, write_timeout=_WRITE_TIMEOUT, exclusive=True)
    except (ValueError, OverflowError) as error:
        raise EngineError(f"the serial port '{port}' has no speed of {baud} bit/s: the boards have {BAUD}") from error
    except Exception as error:  # pyserial lets errors of several modules through
        raise EngineError(_why(port, error)) from error


def _why(port: str, error: Exception) -> str:
    code = _code(error)
    if code == errno.ENOENT:
        found = ", ".join(sorted(known.device for known in list_ports.comports())) or "none"
        return f"no serial port '{port}': this machine has {found}"
    if code in (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK):
        return f"the serial port '{port}' is in use: close the other program"
    if code == errno.EACCES:
        return f"the serial port '{port}' may not be opened: join its group (often dialout), or use sudo"
    reason = os.strerror(code).lower() if code else " ".join(str(error).split())
    return f"'{port}' is no serial port that can be used ({reason}): name another one"


def _code(error: BaseException | None) -> int:
    """Return the system's error number, the error's own or that of what caused it; 0 where there is none."""
    while error is not None:
        if error.args and isinstance(error.args[0], int):
            return error.args[0]
        error = error.__context__
    return 0
