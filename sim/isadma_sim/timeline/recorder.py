"""Records a run: the pins wherever one changed, streamed to a file while the machine goes on."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from isadma_sim.engines.pins import Out
from isadma_sim.timeline.files import TraceWriter
from isadma_sim.timeline.planes import ROW
from isadma_tools.files.whole import WholeFile, named

__all__ = ["INT_BIT", "ISR_LOW", "MASK_LOW", "Recorder"]

#: Where the interrupt lines' word has INT, the in-service bits and the masks; the requests are its lowest 16 bits.
INT_BIT, ISR_LOW, MASK_LOW = 1 << 16, 17, 33
_A_OE, _NOT_A, _D_OE, _NOT_D = Out.A_OE.mask, ~Out.A.mask, Out.D_OE.mask, ~Out.D.mask
#: Rows kept until they are written.
_KEPT = 1 << 14


class Recorder:
    """Takes the pins of every clock, keeps those that changed, and writes them to a file.

    Memory is bounded: a block of rows is written as soon as it is full. The file has its name when it is complete;
    until then, and after an error, there is nothing of that name, or the old file.

    Parameters
    ----------
    path : str or Path
        The file.
    board, engine : str
        What runs.
    clock_hz : int
        CLK, in hertz.
    start : int
        The clock it begins with.
    cards : callable
        Returns the names of the cards and their DMA channels; asked at the end.
    irq : callable
        Returns (request lines, INT, in-service bits, masks) of the interrupt controllers.

    Raises
    ------
    OSError
        The file cannot be written; the error has its name.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        board: str,
        engine: str,
        clock_hz: int,
        start: int,
        cards: Callable[[], Sequence[tuple[str, int | None]]],
        irq: Callable[[], tuple[int, int, int, int]],
    ) -> None:
        self.path = Path(path)
        self._cards, self._irq = cards, irq
        self._rows: array[int] = array("Q")
        self._inputs = self._out = self._lines = -1
        self._whole = WholeFile(self.path)
        self._closed = False
        #: What leaving a `with` block calls.
        self.leave: Callable[[], object] = lambda: self.close(start)
        self._file: BinaryIO | None = None
        with self._failing():
            self._file = self._whole.temporary.open("wb")
            head = {"board": board, "engine": engine, "clock_hz": clock_hz, "begin": start}
            self._writer = TraceWriter(self._file, head)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *exception: object) -> None:
        if not self._closed:
            self.leave()

    # ---------------------------------------------------------------- what the bus loop calls
    def clock(self, clock: int, inputs: int, out: int) -> None:
        """Take a clock's pins."""
        # What nobody drives has no value: engines differ there.
        if not out & _A_OE:
            out &= _NOT_A
        if not out & _D_OE:
            out &= _NOT_D
        lines, line_int, in_service, masks = self._irq()
        word = lines | line_int * INT_BIT | in_service << ISR_LOW | masks << MASK_LOW
        if inputs == self._inputs and out == self._out and word == self._lines:
            return
        self._inputs, self._out, self._lines = inputs, out, word
        self._rows.extend((clock, inputs, out, word))
        if len(self._rows) >= ROW * _KEPT:
            self.write()

    def idle(self, clock: int, inputs: int, out: int) -> None:
        """Take the pins with which a jump over clocks begins."""
        self.clock(clock, inputs, out)

    @property
    def last(self) -> int:
        """The clock of the last row that was written."""
        return self._writer.clock

    def take(self, rows: int, clock: int, mask: int, planes: bytes) -> None:
        """Take a block of rows that somebody else kept and packed, in place of `clock`: `TraceWriter.write_planes`."""
        if self._closed:
            return
        with self._failing():
            self._writer.write_planes(rows, clock, mask, planes)

    def write(self) -> None:
        """Write what is kept.

        Raises
        ------
        OSError
            It did not reach the file: there is nothing of it then. The error has the file's name.
        """
        rows, self._rows = self._rows, array("Q")
        if self._closed:
            return
        with self._failing():
            self._writer.write(rows)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._failed(error) from None

    # ---------------------------------------------------------------- the end
    def close(self, clock: int) -> None:
        """End the recording behind that clock, and give the file its name; calling it again does nothing.

        Raises
        ------
        OSError
            It did not all reach the disk: there is nothing of it then. The error has the file's name.
        """
        if self._closed:
            return
        self.write()
        self._closed = True
        assert self._file is not None
        with self._failing():
            self._writer.end({"end": clock, "cards": list(self._cards())})
            self._file.close()
            self._whole.keep()

    def drop(self) -> None:
        """End the recording, and leave nothing of it."""
        self._failed(OSError())

    def _failed(self, error: OSError) -> OSError:
        self._closed = True
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        self._whole.drop()
        return named(error, self.path)
