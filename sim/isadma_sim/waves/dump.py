"""Waveform dumps: the pins and states of every clock, in true time, with a GTKWave save file beside them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vcd.gtkw import GTKWSave

from isadma_sim.engines.pins import In, Out
from isadma_sim.waves.files import FstFile, format_of, open_wave_file
from isadma_sim.waves.handing import MARGIN, PIC_SIGNALS, given_to
from isadma_sim.waves.signals import NOTHING, TOP, Signal, Value, bus_signals, probe_signals
from isadma_sim.waves.window import Mark, Window
from isadma_tools.files.whole import WholeFile, named, write_whole

if TYPE_CHECKING:
    from isadma_sim.engines.board import Probe

_NS, _PS = 10**9, 10**12
#: A dump stops growing here unless told otherwise, in bytes.
DEFAULT_LIMIT = 512 << 20
#: How often its size is looked at, in clocks, and what those and the end of the file may take, in bytes.
_SIZE_INTERVAL, _MARGIN = 64, MARGIN


class Waves:
    """Writes what the bus loop shows it, clock by clock; an observer of `BusLoop`.

    CLK falls where a state begins and rises in its middle. Clocks that were skipped because nothing could happen show
    `asleep` high and a CLK that stands still; time goes on truly. Interrupt lines are sampled once a clock.

    Parameters
    ----------
    path : str or Path
        ``.vcd``, ``.fst`` or ``.sr``; the save file has the same name and ends in ``.gtkw``. A sigrok session (``.sr``)
        has the lines with pins only, and no save file.
    probes : sequence of Probe
        What the engine shows of the board's inside.
    clock_hz : int
        CLK, in hertz. Times are nanoseconds where half a clock is whole nanoseconds, else picoseconds.
    start : int
        The clock the dump begins with.
    devices : sequence of (str, int or None)
        Names and DMA channels, for the groups.
    irq : callable or None
        Returns (request lines, INT, in-service bits, masks) of the interrupt controllers: 16, 1, 16 and 16 bits.
    first, last : int, str or None
        What lies before the first and behind the last clock is left out. Either is a clock, or an event's name as
        `isadma_sim.waves.window` has them: ``"dreq2"``, ``"dack2"``, ``"irq6"``, ``"tc"``, ``"hrq"``.
    limit : int
        Bytes that the file does not pass: the dump ends there, `ended` tells the clock, and `full` is true.

    Raises
    ------
    ValueError
        For a file of another ending, or an event there is not.
    OSError
        When a file cannot be written.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        probes: Sequence[Probe] = (),
        clock_hz: int,
        start: int = 0,
        devices: Sequence[tuple[str, int | None]] = (),
        irq: Callable[[], tuple[int, int, int, int]] | None = None,
        first: Mark | None = None,
        last: Mark | None = None,
        limit: int = DEFAULT_LIMIT,
    ) -> None:
        self.path = Path(path)
        #: The GTKWave save file.
        self.save_path = self.path.with_suffix(".gtkw")
        self._full = False
        self._tell: Callable[[], None] | None = None
        self._window = Window(first, last, start)
        self._first = start if isinstance(first, str) else max(first or 0, start)
        self._limit = limit
        self._shown = 0
        self._seen = (In.IDLE, Out.IDLE)
        self._hz = clock_hz
        unit = _NS if 2 * clock_hz and _NS % (2 * clock_hz) == 0 else _PS
        self._unit = unit
        ending = format_of(self.path)
        self._whole = WholeFile(self.path)
        try:
            start_time = self._time(self._first)
            scale = "1 ns" if unit == _NS else "1 ps"
            self._file = open_wave_file(self._whole.temporary, scale, start_time, rate=2 * clock_hz, ending=ending)
        except BaseException as error:
            self._whole.drop()
            if isinstance(error, OSError):
                raise named(error, self.path) from None
            raise
        self._clock = self._first
        self._inputs = self._out = -1
        self._inner: tuple[int, ...] | None = None
        self._irq = irq
        self._closed = False
        #: What leaving a `with` block calls.
        self.leave: Callable[[], object] = self.close

        clk, asleep = Signal("Clock", TOP, "clk", 1), Signal("Clock", TOP, "asleep", 1)
        bus = bus_signals(devices)
        inner = probe_signals(probes)
        pic = [Signal("Interrupts", f"{TOP}.pic", name, width) for name, width in PIC_SIGNALS] if irq else []
        self.signals: list[Signal] = [clk, asleep, *(signal for signal, _ in bus), *inner, *pic]
        handles = {id(s): self._file.add(s.scope, s.name, s.width) for s in sorted(self.signals, key=_by_scope)}
        self._clk, self._asleep = handles[id(clk)], handles[id(asleep)]
        self._bus_signals, self._inner_signals = [signal for signal, _ in bus], inner
        self._bus = [(handles[id(signal)], sampler) for signal, sampler in bus]
        self._bus_values: list[Value] = [NOTHING if not signal.width else -1 for signal, _ in bus]
        self._probes = [(handles[id(s)], probe.codes) for s, probe in zip(inner, probes, strict=True)]
        self._pic = [handles[id(signal)] for signal in pic]
        self._pic_values: tuple[int, ...] = (-1,) * len(pic)
        with self._failing():
            self._change(self._asleep, self._time(self._first), 0)

    @property
    def full(self) -> bool:
        """Whether the size limit ended the dump."""
        self._look()
        return self._full

    def _time(self, clock: int) -> int:
        return clock * self._unit // self._hz

    def _change(self, handle: object, time: int, value: Value) -> None:
        self._file.change(handle, time, value)

    def _look(self) -> None:
        if self._tell is not None:
            self._tell()

    @property
    def begun(self) -> int | None:
        """Clock the dump began with, None while its event has not come."""
        self._look()
        return self._window.begun

    @property
    def ended(self) -> int | None:
        """Clock behind the last one of the dump, None while it goes on."""
        self._look()
        return self._window.ended

    @property
    def wakes(self) -> int:
        """Clock before which nothing needs to be shown."""
        return self._window.wakes

    def __enter__(self) -> Waves:
        return self

    def __exit__(self, *exception: object) -> None:
        if not self._closed:
            self.leave()

    # ---------------------------------------------------------------- an observer that writes faster
    @property
    def can_be_handed_over(self) -> bool:
        """Whether C++ can write this file."""
        return isinstance(self._file, FstFile) and len(self._pic) == len(PIC_SIGNALS)

    def hand_over(self, tell: Callable[[], None] | None) -> dict[str, Any]:
        """Let C++ write from now on (`isadma_sim.engines.native.dump`); `tell` says how far it is. None: no more."""
        self._tell = tell
        return {} if tell is None else given_to(self)

    def take_back(self, window: tuple[int | None, int | None], clock: int, full: bool) -> None:
        """Note how far C++ has come: the window's beginning and end, the clock, and whether the file is full."""
        self._window.begun, self._window.ended = window
        self._clock, self._full = clock, full

    # ---------------------------------------------------------------- the observer's side
    def clock(self, clock: int, inputs: int, out: int, inner: Sequence[int]) -> None:
        """Show one clock."""
        self._seen = inputs, out
        irq = self._irq() if self._irq is not None else ()
        if self._closed or not self._window.shows(clock, inputs, out, irq[0] if irq else 0):
            return
        self._clock = clock + 1
        try:
            self._show(clock, inputs, out, inner, irq)
        except OSError as error:
            raise self._failed(error) from None

    def _show(self, clock: int, inputs: int, out: int, inner: Sequence[int], irq: tuple[int, ...]) -> None:
        time = self._time(clock)
        change = self._file.change
        change(self._clk, time, 0)
        if inputs != self._inputs or out != self._out:
            self._inputs, self._out = inputs, out
            values = self._bus_values
            for index, (handle, sampler) in enumerate(self._bus):
                value = sampler(inputs, out)
                if value != values[index]:
                    values[index] = value
                    change(handle, time, value)
        values_inside = tuple(inner)
        if values_inside != self._inner:
            old, self._inner = self._inner, values_inside
            for index, value in enumerate(values_inside):
                if old is None or old[index] != value:
                    handle, codes = self._probes[index]
                    change(handle, time, codes.get(value, f"?{value}") if codes else value)
        self._interrupts(time, irq)
        change(self._clk, time + (self._time(clock + 1) - time) // 2, 1)
        self._shown += 1
        if self._shown % _SIZE_INTERVAL == 0 and self._file.size() > self._limit - _MARGIN:
            self._full = True
            self._window.end(clock + 1)

    def _interrupts(self, time: int, values: tuple[int, ...]) -> None:
        if values != self._pic_values:
            for handle, value, old in zip(self._pic, values, self._pic_values, strict=True):
                if value != old:
                    self._file.change(handle, time, value)
            self._pic_values = values

    def idle(self, clock: int, until: int) -> None:
        """Show that nothing happened from `clock` to `until`."""
        irq = self._irq() if self._irq is not None else ()
        wakes = self._window.wakes
        if self._closed or until <= wakes:
            return
        if not self._window.shows(max(clock, wakes), *self._seen, irq[0] if irq else 0):
            return
        until = self._window.clipped(until)
        begin, self._clock = self._time(max(clock, self._first)), until
        with self._failing():
            self._file.change(self._clk, begin, 0)
            self._file.change(self._asleep, begin, 1)
            self._interrupts(begin, irq)
            self._file.change(self._asleep, self._time(until), 0)

    def close(self) -> None:
        """Write what is left, and give the files their names; calling it again does nothing.

        Raises
        ------
        OSError
            The dump did not all reach the disk: there is nothing of it then. The error has the file's name.
        """
        if self._closed:
            return
        self._look()
        with self._failing():
            self._closed = True
            self._file.close(self._time(self._clock))
            self._whole.keep()
            if self.path.suffix.lower() != ".sr":
                write_whole(self.save_path, self._save())

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> OSError:
        """End the dump, leave nothing of it, and return what to raise: once, and with the name that the user gave."""
        self._closed = True
        with suppress(OSError, ValueError):
            self._file.close(self._time(self._clock))
        self._whole.drop()
        saved = error.filename == str(self.save_path)
        return named(error, self.save_path if saved else self.path)

    # ---------------------------------------------------------------- the save file
    def _save(self) -> bytes:
        groups: dict[str, list[Signal]] = {}
        for signal in self.signals:
            groups.setdefault(signal.group, []).append(signal)
        stream = io.StringIO(newline="\n")
        save = GTKWSave(stream)
        # Both by their bare names: GTKWave then looks for the dump beside the save file, wherever that went.
        save.dumpfile(self.path.name, abspath=False)
        save.savefile(self.save_path.name, abspath=False)
        save.timestart(self._time(self._first))
        save.treeopen(TOP)
        for group, signals in groups.items():
            with save.group(group):
                for signal in signals:
                    save.trace(signal.path, datafmt="ascii" if not signal.width else "hex")
        return stream.getvalue().encode()


def _by_scope(signal: Signal) -> tuple[int, str]:
    # Scopes are entered once each, outermost first.
    return signal.scope.count("."), signal.scope
