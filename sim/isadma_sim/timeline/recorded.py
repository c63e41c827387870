"""A machine whose runs can be recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from isadma_sim.machine.savable import Savable
from isadma_sim.timeline.recorder import Recorder

__all__ = ["Recorded", "recording"]

_ASKED: ContextVar[Callable[[], Path | None] | None] = ContextVar("recording", default=None)


@contextmanager
def recording(names: Callable[[], Path | None]) -> Iterator[None]:
    """Record every machine that is switched on in this block, from its first clock on.

    Parameters
    ----------
    names : callable
        Asked for each of them: where to, or None for not.
    """
    token = _ASKED.set(names)
    try:
        yield
    finally:
        _ASKED.reset(token)


class Recorded(Savable):
    """A `Savable` machine that has a timeline."""

    _recorder: Recorder | None = None

    def _begin_recording(self) -> None:
        """Do what `recording` asks for a machine that is being switched on."""
        asked = _ASKED.get()
        path = asked() if asked is not None else None
        if path is not None:
            self.timeline(path)

    def timeline(self, path: str | Path | None) -> Recorder | None:
        """Record what follows in a trace file; None, or the end of a `with` block, ends it.

        The file has every change of the bus's pins: who has the bus, DRQ and DACK#, transfers with address and data,
        terminal count, port accesses, interrupts. ``isadma timeline`` makes a page of it, and
        `isadma_sim.timeline.decode.decode` lists of events.

        Parameters
        ----------
        path : str, Path or None
            The file.

        Returns
        -------
        Recorder or None
            The recording.

        Raises
        ------
        OSError
            The file cannot be written, or the one before could not be to its end.
        EngineError
            The engine cannot be looked at.
        """
        engine = self._running()
        self._end_recording()
        if path is not None:
            kind: dict[str, Any] = self._options
            recorder = Recorder(
                path,
                board=kind["board"],
                engine=kind["engine"],
                clock_hz=self.clock_hz,
                start=self.clocks,
                cards=self._world.slots,
                irq=self._world.pics.snapshot,
            )
            recorder.leave = lambda: self.timeline(None)
            try:
                engine.record(recorder)
            except BaseException:
                recorder.drop()
                raise
            self._recorder = recorder
        return self._recorder

    def _end_recording(self) -> None:
        old, self._recorder = self._recorder, None
        if old is None:
            return
        try:
            self._engine.record(None)
        finally:
            old.close(self.clocks)
