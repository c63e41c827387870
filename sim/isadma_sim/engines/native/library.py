"""The harness's calls and its shared struct, for ctypes; `harness.h` says what they mean."""

from __future__ import annotations

import ctypes
from enum import IntEnum, IntFlag

__all__ = [
    "CALLBACK",
    "BlockState",
    "BurstState",
    "ChipsState",
    "CounterState",
    "Event",
    "Kind",
    "PicState",
    "Reason",
    "State",
    "load",
]


class Event(IntEnum):
    """What a callback reports (`isadma_event`)."""

    DACK_OFF = 0
    DACK_ON = 1
    TC = 2
    DMA_READ = 3
    DMA_WRITE = 4
    DUE = 5
    BLOCK_OVER = 6
    BURST_OVER = 7
    IO_READ = 8
    IO_WRITE = 9


class Reason(IntEnum):
    """Why a call came back (`isadma_reason`)."""

    REACHED = 0
    STOPPED = 1
    TIMED_OUT = 2
    PAUSED = 3
    CUT = 4
    REFUSED = 5


class Kind(IntFlag):
    """Who takes part in a port access besides the board (`isadma_kind`)."""

    CLAIMED = 1
    HIDDEN = 2
    PICS = 4
    TIMER = 8
    CONTROL = 12


class BlockState(ctypes.Structure):
    """A block under way (`isadma_block`); `data` is None where there is none."""

    _fields_ = (
        ("data", ctypes.c_void_p),
        ("length", ctypes.c_uint64),
        ("position", ctypes.c_uint64),
        ("width", ctypes.c_uint32),
        ("to_host", ctypes.c_uint32),
        ("acknowledged", ctypes.c_uint32),
        ("moved", ctypes.c_uint32),
        ("counted", ctypes.c_uint32),
    )


class BurstState(ctypes.Structure):
    """A bus master's burst under way (`isadma_burst`); `data` is None where there is none."""

    _fields_ = (
        ("data", ctypes.c_void_p),
        ("length", ctypes.c_uint64),
        ("position", ctypes.c_uint64),
        ("address", ctypes.c_uint32),
        ("channel", ctypes.c_uint32),
        ("to_memory", ctypes.c_uint32),
        ("clocks", ctypes.c_uint32),
        ("width", ctypes.c_uint32),
        ("phase", ctypes.c_uint32),
        ("word", ctypes.c_uint32),
        ("carried", ctypes.c_uint32),
    )


class PicState(ctypes.Structure):
    """An 8259A (`isadma::pic`)."""

    _fields_ = tuple(
        (name, ctypes.c_uint32)
        for name in (
            *("lines", "armed", "int_out", "isr", "imr", "lowest", "vector", "icw1", "icw3", "icw4", "waits"),
            *("read_isr", "poll", "special_mask", "rotate_aeoi"),
        )
    )


class CounterState(ctypes.Structure):
    """A counter of the 8254 (`isadma::counter`)."""

    _fields_ = (
        *(
            (name, ctypes.c_uint32)
            for name in ("out", "gate", "word", "mode", "modulus", "register", "loaded", "element")
        ),
        *((name, ctypes.c_uint32) for name in ("null", "written", "counting", "armed", "held", "trigger", "load")),
        *((name, ctypes.c_uint32) for name in ("sampled", "sample")),
        ("first", ctypes.c_int32),
        ("high_next", ctypes.c_uint32),
        ("latched", ctypes.c_uint32),
        ("latch", ctypes.c_uint32 * 2),
        ("status", ctypes.c_int32),
        ("at", ctypes.c_int64),
        ("rises", ctypes.c_uint64),
    )


class ChipsState(ctypes.Structure):
    """The chips around the board (`isadma_chips`)."""

    _fields_ = (
        ("pics", PicState * 2),
        ("counters", CounterState * 3),
        *((name, ctypes.c_uint32) for name in ("pair", "timed", "xt", "read_back", "out1", "counts_cycles", "written")),
        ("shown", ctypes.c_uint32 * 2),
        ("changes", ctypes.c_int64 * 2),
        ("due", ctypes.c_uint64),
        ("clocks", ctypes.c_uint64),
        ("pulses", ctypes.c_uint64),
        ("int_since", ctypes.c_uint64),
    )


class State(ctypes.Structure):
    """The machine between two clocks (`isadma_state`)."""

    _fields_ = (
        ("clocks", ctypes.c_uint64),
        ("input", ctypes.c_uint64),
        ("shown", ctypes.c_uint64),
        ("out", ctypes.c_uint64),
        ("due", ctypes.c_uint64),
        ("hlda_delay", ctypes.c_uint64),
        ("bus_timeout", ctypes.c_uint64),
        ("held", ctypes.c_uint64),
        ("quiet", ctypes.c_int64),
        ("dma_clocks", ctypes.c_uint64),
        ("stepped", ctypes.c_uint64),
        ("accesses", ctypes.c_uint64),
        ("mem_to_mem", ctypes.c_uint64),
        ("refreshes", ctypes.c_uint64),
        ("transfers", ctypes.c_uint64 * 8),
        ("bytes", ctypes.c_uint64 * 8),
        ("channel_clocks", ctypes.c_uint64 * 8),
        ("refresh_clocks", ctypes.c_uint64),
        ("cpu_clocks", ctypes.c_uint64),
        ("master_clocks", ctypes.c_uint64),
        ("conflicts", ctypes.c_uint64 * 8),
        ("stop", ctypes.c_uint32),
        ("cpu", ctypes.c_uint32),
        ("data", ctypes.c_uint32),
        ("strobed", ctypes.c_uint32),
        ("failed", ctypes.c_uint32),
        ("skip_idle", ctypes.c_uint32),
        ("taken", ctypes.c_uint32),
        ("hit", ctypes.c_uint32),
        ("access", ctypes.c_uint32),
        ("owner", ctypes.c_uint64),
        ("blocks", BlockState * 8),
        ("burst", BurstState),
        ("watch_int", ctypes.c_uint32),
        ("answered", ctypes.c_uint32),
        ("more_refreshes", ctypes.c_uint64),
        ("noted", ctypes.c_uint64),
        ("chips", ChipsState),
    )


#: int32 callback(event, channel, value); it holds the interpreter's lock, as the library is entered with it.
CALLBACK = ctypes.PYFUNCTYPE(ctypes.c_int32, ctypes.c_int32, ctypes.c_int32, ctypes.c_int32)

_MACHINE = ctypes.c_void_p
_CALLS = {
    "isadma_open": (_MACHINE, [CALLBACK, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p]),
    "isadma_close": (None, [_MACHINE]),
    "isadma_state_of": (ctypes.POINTER(State), [_MACHINE]),
    "isadma_adopt": (None, [_MACHINE]),
    "isadma_run": (ctypes.c_int32, [_MACHINE, ctypes.c_uint64]),
    "isadma_run_on": (ctypes.c_int32, [_MACHINE, ctypes.c_uint64]),
    "isadma_step": (None, [_MACHINE]),
    "isadma_access": (ctypes.c_int32, [_MACHINE, ctypes.c_uint32, ctypes.c_int32, ctypes.c_uint32]),
    "isadma_access_first": (ctypes.c_int32, [_MACHINE, ctypes.c_uint32, ctypes.c_int32, ctypes.c_uint32]),
    "isadma_access_on": (ctypes.c_int32, [_MACHINE, ctypes.c_uint32, ctypes.c_int32, ctypes.c_uint32]),
    "isadma_finish": (ctypes.c_int32, [_MACHINE]),
    "isadma_set_irq": (ctypes.c_uint32, [_MACHINE, ctypes.c_int32, ctypes.c_int32]),
    "isadma_inta": (ctypes.c_uint32, [_MACHINE]),
    "isadma_chip_read": (ctypes.c_uint32, [_MACHINE, ctypes.c_uint32, ctypes.c_uint32]),
    "isadma_chip_write": (None, [_MACHINE, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32]),
    "isadma_tick": (None, [_MACHINE]),
    "isadma_order": (None, [_MACHINE]),
    "isadma_out": (ctypes.c_uint32, [_MACHINE, ctypes.c_uint32]),
    "isadma_rises": (ctypes.c_uint64, [_MACHINE, ctypes.c_uint32]),
    "isadma_gate2": (None, [_MACHINE, ctypes.c_uint32]),
    "isadma_dump_to": (None, [_MACHINE, ctypes.c_void_p]),
    "isadma_show": (None, [_MACHINE, ctypes.c_uint64, ctypes.c_uint64]),
    "isadma_show_idle": (None, [_MACHINE, ctypes.c_uint64]),
    "isadma_record": (None, [_MACHINE, ctypes.c_uint32]),
    "isadma_note": (None, [_MACHINE, ctypes.c_uint64, ctypes.c_uint64]),
    "isadma_rows_packed": (ctypes.c_uint32, [_MACHINE, ctypes.POINTER(ctypes.c_uint64), ctypes.c_void_p]),
    "isadma_drive": (ctypes.c_uint64, [_MACHINE, ctypes.c_uint64]),
    "isadma_edge": (None, [_MACHINE, ctypes.c_uint64]),
    "isadma_board_id": (ctypes.c_uint64, []),
    "isadma_board_size": (ctypes.c_uint64, []),
    "isadma_board_save": (None, [_MACHINE, ctypes.c_void_p]),
    "isadma_board_load": (None, [_MACHINE, ctypes.c_char_p]),
    "isadma_probes": (ctypes.c_uint64, [_MACHINE]),
    "isadma_register": (ctypes.c_uint32, [_MACHINE, ctypes.c_int32, ctypes.c_int32]),
}


def load(name: str) -> ctypes.PyDLL:
    """Load a built library by what `librarycache.Library.loads` says, and give its calls their types."""
    library = ctypes.PyDLL(name)
    for name, (result, arguments) in _CALLS.items():
        call = getattr(library, name)
        call.restype, call.argtypes = result, arguments
    return library
