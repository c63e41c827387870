"""A recording that C++ makes (``record.h``): its rows taken, and handed to the recorder."""

from __future__ import annotations

import ctypes
from typing import Any

from isadma_sim.engines.native.chipsloop import ChipsLoop

__all__ = ["NativeRecorder", "RecordedLoop"]

#: Rows that are left lying; below those (`ROWS_KEPT`) at which the loop in C++ comes back.
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
        library.isadma_record(machine, 1)

    def clock(self, clock: int, inputs: int, out: int) -> None:
        """Take a clock that Python made."""
        self._library.isadma_note(self._machine, inputs, out)
        if self._state.noted > MOST_ROWS:
            self.drain()

    idle = clock

    def drain(self) -> None:
        """Hand over what waits."""
        rows = self._state.noted
        if not rows:
            return
        clock, room = ctypes.c_uint64(self._recorder.last), ctypes.create_string_buffer(_ROW_BYTES * rows)
        mask = self._library.isadma_rows_packed(self._machine, ctypes.byref(clock), room)
        self._recorder.take(rows, clock.value, mask, memoryview(room)[: mask.bit_count() * rows])

    def close(self) -> None:
        """Record no more."""
        self.drain()
        self._library.isadma_record(self._machine, 0)


class RecordedLoop(ChipsLoop):
    """A `ChipsLoop` whose recording C++ makes; the attributes are `NativeLoop`'s."""

    def record(self, recorder: Any | None) -> None:
        """Have `recorder` keep what the pins do, or nobody; C++ looks at them."""
        if self._recorder is not None:
            self._recorder.close()
        wrapped = None if recorder is None else NativeRecorder(self._library, self._machine, self._state, recorder)
        super().record(wrapped)

    def _take_rows(self) -> None:
        """Have what was recorded taken, where many rows wait."""
        if self._recorder is not None and self._state.noted > MOST_ROWS:
            self._recorder.drain()
