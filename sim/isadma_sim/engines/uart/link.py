"""One frame out, one answer back; asked again where the line lost something, and done once for all that."""

from __future__ import annotations

import time
from typing import Protocol

from serial import SerialTimeoutException

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.uart.codes import Status
from isadma_sim.engines.uart.frame import Decoder, encode

__all__ = ["ANSWER_TIMEOUT", "EXCHANGE_TIMEOUT", "Line", "Link"]

#: Seconds that an exchange may take with all its repetitions: with Python's start and a write that blocks, under two.
EXCHANGE_TIMEOUT = 1.2
#: Seconds to wait for an answer before the frame is sent again. A board takes hundredths.
ANSWER_TIMEOUT = 0.4


class Line(Protocol):
    """What a frame goes over: `serial.Serial` has all of it."""

    name: str

    def write(self, data: bytes, /) -> int | None:
        """Send bytes; `serial.SerialTimeoutException` where the line takes none."""
        ...

    def read(self, size: int = 1, /) -> bytes:
        """Receive up to that many bytes; what came by the line's own time limit."""
        ...

    @property
    def in_waiting(self) -> int:
        """Bytes that came and were not read."""
        ...

    def close(self) -> None:
        """Let go of the line."""
        ...


class Link:
    """Exchanges frames with the bridge.

    Parameters
    ----------
    line : Line
        With a short time limit on reads and writes.
    timeout : float
        Seconds for one exchange.
    """

    def __init__(self, line: Line, timeout: float = EXCHANGE_TIMEOUT) -> None:
        self._line = line
        self._timeout = timeout
        self._sequence = 0
        self._heard = 0  # bytes that came in this exchange
        #: Frames sent again.
        self.repeats = 0

    @property
    def name(self) -> str:
        """Name of the line."""
        return self._line.name

    def deadline(self) -> float:
        """Return when an exchange that begins now has to have ended, in seconds of `time.monotonic`."""
        return time.monotonic() + self._timeout

    def exchange(self, body: bytes, deadline: float | None = None) -> tuple[Status, bytes]:
        """Have commands carried out.

        The bridge answers a repeated sequence number with its last answer, so a frame sent again is not done again.

        Parameters
        ----------
        body : bytes
            The commands.
        deadline : float or None
            What `deadline` returned earlier, for several exchanges that have its time together; None: this one's own.

        Returns
        -------
        tuple of Status and bytes
            The status, and what the commands returned.

        Raises
        ------
        EngineError
            No answer came, or the line is gone.
        """
        self._sequence = self._sequence % 0xFF + 1
        frame = encode(self._sequence, body)
        deadline = self.deadline() if deadline is None else deadline
        self._heard = 0
        try:
            answer = self._ask(frame, deadline)
            while answer is None and time.monotonic() < deadline:
                self.repeats += 1
                answer = self._ask(frame, deadline)
        except SerialTimeoutException as error:
            raise EngineError(f"{self.name}: the line takes no bytes: check what is at its other end") from error
        except OSError as error:  # pyserial's other ones are of this kind too
            raise EngineError(f"{self.name}: the line is gone: check cable and power") from error
        if answer is None:
            raise EngineError(self._silence())
        return Status(answer[0]), answer[1:]

    def _ask(self, frame: bytes, deadline: float) -> bytes | None:
        self._line.write(frame)
        decoder = Decoder()
        deadline = min(deadline, time.monotonic() + ANSWER_TIMEOUT)
        while time.monotonic() < deadline:
            data = self._line.read(max(1, self._line.in_waiting))
            self._heard += len(data)
            for number, body in decoder.feed(data):
                if number == self._sequence and body:
                    return body
        return None

    def _silence(self) -> str:
        """Say what came in place of an answer."""
        if self._heard:
            return (
                f"{self.name}: {self._heard:,} bytes came within {self._timeout:.1f} s and no answer among them:"
                " check that this is the board's port, and its speed"
            )
        return (
            f"{self.name}: no answer within {self._timeout:.1f} s: check that the board has power, that"
            " `isadma program` has loaded it, and that this is its port"
        )

    def close(self) -> None:
        """Let go of the line."""
        self._line.close()
