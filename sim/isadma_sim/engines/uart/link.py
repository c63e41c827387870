"""One frame out, one answer back; asked again where the line lost something, and done once for all that."""

from __future__ import annotations

import time
from typing import Protocol

from isadma_sim.engines.base import EngineError
from isadma_sim.engines.uart.codes import Status
from isadma_sim.engines.uart.frame import Decoder, encode

__all__ = ["Line", "Link"]

#: Seconds to wait for an answer before the frame is sent again, and how often it is sent: under two seconds in all.
ANSWER_TIMEOUT = 0.45
TRIES = 4


class Line(Protocol):
    """What a frame goes over: `serial.Serial` has all of it."""

    name: str

    def write(self, data: bytes, /) -> int | None:
        """Send bytes."""
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
        With a short time limit on reads.
    timeout : float
        Seconds for one answer.
    """

    def __init__(self, line: Line, timeout: float = ANSWER_TIMEOUT) -> None:
        self._line = line
        self._timeout = timeout
        self._sequence = 0
        #: Frames sent again.
        self.repeats = 0

    @property
    def name(self) -> str:
        """Name of the line."""
        return self._line.name

    def exchange(self, body: bytes) -> tuple[Status, bytes]:
        """Have commands carried out.

        The bridge answers a repeated sequence number with its last answer, so a frame sent again is not done again.

        Raises
        ------
        EngineError
            No answer came, or the line is gone.
        """
        self._sequence = self._sequence % 0xFF + 1
        frame = encode(self._sequence, body)
        try:
            for attempt in range(TRIES):
                self.repeats += attempt > 0
                self._line.write(frame)
                answer = self._await(self._sequence)
                if answer is not None:
                    return Status(answer[0]), answer[1:]
        except OSError as error:  # pyserial's own are of this kind too
            raise EngineError(f"{self.name}: the line is gone ({_reason(error)}): check cable and power") from error
        raise EngineError(
            f"{self.name}: no answer within {TRIES * self._timeout:.1f} s: check that `isadma program` has loaded"
            " the board and that the speed is the board's"
        )

    def _await(self, sequence: int) -> bytes | None:
        decoder = Decoder()
        deadline = time.monotonic() + self._timeout
        while time.monotonic() < deadline:
            data = self._line.read(max(1, self._line.in_waiting))
            for number, body in decoder.feed(data):
                if number == sequence and body:
                    return body
        return None

    def close(self) -> None:
        """Let go of the line."""
        self._line.close()


def _reason(error: OSError) -> str:
    return " ".join((error.strerror or str(error)).split()).rstrip(".") or type(error).__name__
