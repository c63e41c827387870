"""A recording that C++ makes (``record.h``): its rows taken, and handed to the recorder."""

from __future__ import annotations

import ctypes
from array import array
from typing import Any

from isadma_sim.engines.native.chipsloop import ChipsLoop

__all__ = ["MOST_ROWS", "NativeRecorder", "RecordedLoop"]

#: Rows that port accesses leave lying; below those (`ROWS_KEPT`) at which the loop in C++ comes back.
MOST_ROWS = 1 << 13
_ROW_BYTES = 32


class NativeRecorder:
    """Stands between C++, which looks at the pins, and a recorder.

    Parameters
    ----------
    library, machine
        Where.
    state : State
        The struct shared with C++: its `noted` is how many rows wait.
    recorder : Recorder
        Takes the rows.
    """

    def __init__(self, library: Any, machine: int, state: Any, recorder: Any) -> None:
        self._library, self._machine, self._state = library, machine, state
        self._recorder = recorder
        recorder.drain = self.drain
        library.isadma_record(machine, 1)

    def clock(self, clock: int, inputs: int, out: int) -> None:
        """Take a clock that Python made."""
        self._library.isadma_note(self._machine, inputs, out)
        if self._state.noted > MOST_ROWS:
            self.drain()

    idle = clock

    def drain(self) -> None:
        """Hand over what waits."""
        if not self._state.noted:
            return
        rows = array("Q")
        rows.frombytes(ctypes.string_at(self._library.isadma_rows(self._machine), _ROW_BYTES * self._state.noted))
        self._library.isadma_rows_taken(self._machine)
        self._recorder.take(rows)

    def close(self) -> None:
        """Record no more."""
        self.drain()
        self._library.isadma_record(self._machine, 0)
        self._recorder.drain = lambda: None


class RecordedLoop(ChipsLoop):
    """A `ChipsLoop` whose recording C++ makes; the attributes are `NativeLoop`'s."""

    def record(self, recorder: Any | None) -> None:
        """Have `recorder` keep what the pins do, or nobody; C++ looks at them."""
        if self._recorder is not None:
            self._recorder.close()
        wrapped = None if recorder is None else NativeRecorder(self._library, self._machine, self._state, recorder)
        super().record(wrapped)

    def _take_rows(self, most: int = 0) -> None:
        """Have what was recorded taken, where more than that many rows wait."""
        if self._recorder is not None and self._state.noted > most:
            self._recorder.drain()
