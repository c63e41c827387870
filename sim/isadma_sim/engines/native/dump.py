"""Waveforms that C++ writes (``waves.h``): what `isadma_sim.waves.dump.Waves` has begun, handed over and taken back."""

from __future__ import annotations

import ctypes
from enum import IntEnum
from typing import Any

from isadma_sim.engines.packed import CHIPS, probe_places
from isadma_sim.engines.pins import In, Out
from isadma_sim.machine.schedule import NEVER

__all__ = ["NativeDump"]


class _Shape(IntEnum):
    """What a signal shows (`isadma_shape`)."""

    IN = 0
    OUT = 1
    LOW = 2
    ADDRESS = 3
    DATA = 4
    ACCESS = 5
    MASTER = 6
    TRANSFER = 7
    CHANNEL = 8


class _Signal(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("shape", "handle", "width", "in_low", "out_low", "shown_before")),
        ("last", ctypes.c_uint64),
    )


class _Probe(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("handle", "width", "chip", "low")),
        ("word", ctypes.c_int32),
        ("unused", ctypes.c_uint32),
        ("last", ctypes.c_uint64),
        ("names", ctypes.c_char_p),
    )


class _Level(ctypes.Structure):
    _fields_ = (("word", ctypes.c_uint32), ("low", ctypes.c_uint32), ("mask", ctypes.c_uint64))


class _Dump(ctypes.Structure):
    """`isadma_dump`."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("context", "emit_time", "emit_value", "emit_text", "flush")),
        ("path", ctypes.c_char_p),
        ("signals", ctypes.POINTER(_Signal)),
        ("probes", ctypes.POINTER(_Probe)),
        *((name, ctypes.c_uint32) for name in ("signal_count", "probe_count", "clk", "asleep")),
        ("pics", ctypes.c_uint32 * 4),
        *((name, ctypes.c_uint64) for name in ("unit", "hz", "block", "limit", "first", "last", "wakes")),
        ("begins", _Level),
        ("ends", _Level),
        ("begun", ctypes.c_int64),
        ("ended", ctypes.c_int64),
        *((name, ctypes.c_uint32) for name in ("was", "full", "started", "pics_shown")),
        *((name, ctypes.c_uint64) for name in ("clock", "shown", "time", "pending", "seen_in", "seen_out")),
        ("pic_values", ctypes.c_uint32 * 4),
        ("looked", ctypes.c_uint32),
        ("inside", ctypes.c_uint32),
        ("inputs", ctypes.c_uint64),
        ("outputs", ctypes.c_uint64),
    )


_TEXTS = {"access": _Shape.ACCESS, "master": _Shape.MASTER, "transfer": _Shape.TRANSFER, "channel": _Shape.CHANNEL}
_BUSES = {"a": _Shape.ADDRESS, "d": _Shape.DATA}
_BOTH = ("sbhe_n", "ior_n", "iow_n", "memr_n", "memw_n")
_WORDS = {"in": 1, "out": 2, "irq": 3}


def _signal(name: str, handle: int, width: int) -> _Signal:
    """Return how C++ works out a signal of `isadma_sim.waves.signals.bus_signals`, by its name."""
    shape, low_in, low_out = _Shape.OUT, 0, 0
    if name in _TEXTS or name in _BUSES:
        shape = (_TEXTS | _BUSES)[name]
    elif name in _BOTH:
        shape, low_in, low_out = _Shape.LOW, getattr(In, name.upper()).low, getattr(Out, name.upper()).low
    elif name.startswith("drq"):
        shape, low_in = _Shape.IN, In.DRQ.low + int(name[3:])
    elif name.startswith("dack"):
        low_out = Out.DACK_N.low + int(name[4:-2])
    elif hasattr(Out, name.upper()):
        low_out = getattr(Out, name.upper()).low
    else:
        shape, low_in = _Shape.IN, getattr(In, name.upper()).low
    # A line of text that says nothing yet is in the file from the beginning.
    return _Signal(shape, handle, width, low_in, low_out, shape in (_Shape.ACCESS, _Shape.TRANSFER, _Shape.CHANNEL), 0)


class NativeDump:
    """An observer whose clocks C++ shows itself; those that Python makes are shown to it.

    Parameters
    ----------
    library, machine
        Where.
    board : str
        Which board it is.
    waves : Waves
        The dump; it gives its `hand_over`.
    """

    #: C++ looks by itself.
    wakes = NEVER

    def __init__(self, library: Any, machine: int, board: str, waves: Any) -> None:
        self._library, self._machine = library, machine
        self._waves = waves
        given = waves.hand_over(self.tell)
        self._dump = dump = _Dump()
        self._came_to = given["came_to"]
        for name, value in given["plain"].items():
            setattr(dump, name, value)
        self._signals = (_Signal * len(given["signals"]))(*(_signal(*one) for one in given["signals"]))
        self._probes = (_Probe * len(given["probes"]))()
        for probe, place, (handle, width, codes) in zip(
            self._probes, probe_places(len(CHIPS[board])), given["probes"], strict=True
        ):
            probe.handle, probe.width = handle, width or place_width(codes)
            probe.chip, probe.word, probe.low = place
            if codes:
                names = [codes.get(value, f"?{value}") for value in range(1 << place_width(codes))]
                probe.names = b"".join(name.encode().ljust(8, b"\0") for name in names)
        dump.signals, dump.signal_count = self._signals, len(self._signals)
        dump.probes, dump.probe_count = self._probes, len(self._probes)
        dump.pics = (ctypes.c_uint32 * 4)(*given["pics"])
        for level, mark in ((dump.begins, given["begins"]), (dump.ends, given["ends"])):
            if mark is not None:
                level.word, level.low, level.mask = _WORDS[mark[0]], mark[2], mark[1]
        library.isadma_dump_to(machine, ctypes.addressof(dump))

    def clock(self, clock: int, inputs: int, out: int, inner: Any) -> None:
        """Show a clock that Python made."""
        self._library.isadma_show(self._machine, inputs, out)

    def idle(self, clock: int, until: int) -> None:
        """Show that nothing happened."""
        self._library.isadma_show_idle(self._machine, until)

    def tell(self) -> None:
        """Tell the dump how far it has come."""
        dump = self._dump
        begun, ended = (None if clock < 0 else clock for clock in (dump.begun, dump.ended))
        self._waves.take_back((begun, ended), dump.clock, bool(dump.full))
        self._came_to(dump.time, bool(dump.started), dump.pending)

    def close(self) -> None:
        """Show no more clocks."""
        self.tell()
        self._waves.hand_over(None)
        self._library.isadma_dump_to(self._machine, None)


def place_width(codes: dict[int, str]) -> int:
    """Return the bits that all codes of a state take."""
    return max(5, max(codes).bit_length())
