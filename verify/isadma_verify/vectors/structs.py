"""The structs of isadma_vectors.h and of its runner, for ctypes."""

from __future__ import annotations

import ctypes
from typing import Any

from isadma_verify.vectors.vector import REGISTERS, WORDS

__all__ = ["ABI", "FUNCTIONS", "HALF", "About", "Functions", "Registers", "Verdict", "registers_of"]

ABI = 1
"""Version of the header."""
FUNCTIONS = ("describe", "create", "destroy", "reset", "load", "store", "clock", "state")
"""Each is exported as ``i8237_`` and this."""
HALF = "half"
"""Likewise, by a model that knows the middle of a state."""


class Registers(ctypes.Structure):
    """``i8237_registers``."""

    _fields_ = (
        *((name, ctypes.c_uint16 * 4) for name in WORDS),
        ("mode", ctypes.c_uint8 * 4),
        *((name, ctypes.c_uint8) for name in REGISTERS),
    )


class About(ctypes.Structure):
    """``i8237_about``."""

    _fields_ = (
        ("abi", ctypes.c_uint32),
        ("pins", ctypes.c_uint32),
        ("registers", ctypes.c_uint32),
        ("name", ctypes.c_char_p),
    )


class Functions(ctypes.Structure):
    """``shim`` of run.c: the functions but the first."""

    _fields_ = tuple((name, ctypes.c_void_p) for name in (*FUNCTIONS[1:], HALF))


class Verdict(ctypes.Structure):
    """What the runner says of a vector, while it runs and after it: ``verdict`` of run.c."""

    _fields_ = (
        ("clock", ctypes.c_int32),
        ("pin", ctypes.c_uint32),
        ("expected", ctypes.c_uint32),
        ("got", ctypes.c_uint32),
        ("half", ctypes.c_int32),
        ("stored", ctypes.c_int32),
        ("registers", Registers),
        ("state", ctypes.c_char * 32),
        ("inside", ctypes.c_int32),
        ("now", ctypes.c_int32),
    )


def registers_of(told: dict[str, Any]) -> Registers:
    """Give a vector's registers as the shim's struct."""
    registers = Registers(**{name: told[name] for name in REGISTERS})
    for c, channel in enumerate(told["channels"]):
        registers.mode[c] = channel["mode"]
        for name in WORDS:
            getattr(registers, name)[c] = channel.get(name, channel[name.removeprefix("base_")])
    return registers
