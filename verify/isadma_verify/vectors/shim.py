"""Somebody's model behind the shim's functions: loaded, and run through vectors."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isadma_verify.fuzz.building import compiled
from isadma_verify.fuzz.library import FLAT, TO_CPP, netlist
from isadma_verify.fuzz.targets import target
from isadma_verify.vectors.pins import LEVELS, OUTPUTS
from isadma_verify.vectors.vector import REGISTERS, WORDS, Vector

__all__ = ["ABI", "FUNCTIONS", "Failure", "Shim", "ShimError", "golden", "header", "rtl"]

ABI = 1
"""Version of the header."""
FUNCTIONS = ("describe", "create", "destroy", "reset", "load", "store", "clock", "state")
"""Each is exported as ``i8237_`` and this."""
HALF = "half"
"""Likewise, by a model that knows the middle of a state."""

_BITS = ("address", "count", "bases", "mode", "command", "status", "request", "mask", "temporary", "flip_flop")
_C = "isadma_verify.vectors.c"


class ShimError(Exception):
    """A library that is no shim: a message in one line."""


class _Registers(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_uint16 * 4) for name in WORDS),
        ("mode", ctypes.c_uint8 * 4),
        *((name, ctypes.c_uint8) for name in REGISTERS),
    )


class _About(ctypes.Structure):
    _fields_ = (
        ("abi", ctypes.c_uint32),
        ("pins", ctypes.c_uint32),
        ("registers", ctypes.c_uint32),
        ("name", ctypes.c_char_p),
    )


class _Functions(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_void_p) for name in (*FUNCTIONS[1:], HALF))


class _Verdict(ctypes.Structure):
    _fields_ = (
        ("clock", ctypes.c_int32),
        ("pin", ctypes.c_uint32),
        ("expected", ctypes.c_uint32),
        ("got", ctypes.c_uint32),
        ("half", ctypes.c_int32),
        ("stored", ctypes.c_int32),
        ("registers", _Registers),
        ("state", ctypes.c_char * 32),
    )


@dataclass(frozen=True)
class Failure:
    """Where a model leaves a vector.

    Attributes
    ----------
    clock : int or None
        Clock of the vector; None for the registers after the last.
    what : str
        Pin or register, and whether it is in the first half of that clock.
    expected, got : str
        In hex, or ``z`` for a pin that floats.
    state : str
        What the model says of that clock.
    """

    clock: int | None
    what: str
    expected: str
    got: str
    state: str = ""

    def words(self) -> str:
        """Say it in words."""
        when = "after the last clock" if self.clock is None else f"clock {self.clock}"
        said = f" ({self.state})" if self.state else ""
        return f"{when}{said}: {self.what} is {self.got}, expected {self.expected}"


class Shim:
    """A model behind the shim.

    Parameters
    ----------
    loads : str
        Path of the shared library.
    shown : str, optional
        Its name in messages.

    Attributes
    ----------
    halves : bool
        Whether it knows the middle of a state.
    halves : bool
        Whether it knows the middle of a state.
    name : str
        What the model calls itself.
    pins : list of str
        Pins that it shows.
    registers : list of str
        Groups of registers that it gives after the last clock.

    Raises
    ------
    ShimError
        It cannot be loaded, lacks a function, or was made for another header.
    """

    def __init__(self, loads: str, shown: str | None = None) -> None:
        shown = shown or loads
        try:
            library = ctypes.CDLL(loads)
        except OSError as error:
            raise ShimError(f"{shown!r} cannot be loaded: {error}") from None
        absent = [f"i8237_{name}" for name in FUNCTIONS if not hasattr(library, f"i8237_{name}")]
        if absent:
            raise ShimError(f"{shown!r} does not export {', '.join(absent)}: isadma_vectors.h declares them")
        about = _About()
        library.i8237_describe.restype = None
        library.i8237_describe(ctypes.byref(about))
        if about.abi != ABI:
            raise ShimError(
                f"{shown!r} says ABI {about.abi}, and {ABI} is needed: compile it with isadma_vectors.h of this version"
            )
        self._library = library
        self.name = about.name.decode(errors="replace") if about.name else Path(shown).name
        self.pins = [pin.name for pin in OUTPUTS if pin.bit & about.pins]
        self.registers = [name for number, name in enumerate(_BITS) if about.registers >> number & 1]
        self._care = np.zeros(LEVELS, np.uint8)
        for pin in OUTPUTS:
            if pin.bit & about.pins:
                self._care[[place for place in (pin.place, pin.driven_place) if place >= 0]] = 0xFF
        self.halves = hasattr(library, f"i8237_{HALF}")
        names = [*FUNCTIONS[1:], *[HALF] * self.halves]
        address = [ctypes.cast(getattr(library, f"i8237_{name}"), ctypes.c_void_p) for name in names]
        self._functions = _Functions(*address)

    def run(self, vector: Vector) -> Failure | None:
        """Run one vector; return where the model leaves it, or None.

        Raises
        ------
        ShimError
            The model is of the other variant only.
        """
        wave, verdict, initial = vector.wave(), _Verdict(), _registers(vector.initial)
        halves = [wave.first] if wave.first is not None and self.halves else []
        pairs = [(expected, care & self._care) for expected, care in [(wave.expected, wave.care), *halves]]
        arrays = [np.ascontiguousarray(array) for pair in pairs for array in pair]
        pins = (ctypes.c_void_p * 4)(*[array.ctypes.data for array in arrays])
        _runner().run_vector(
            ctypes.byref(self._functions),
            int(vector.variant == "82C37A"),
            ctypes.byref(initial),
            vector.clocks,
            wave.inputs.ctypes.data,
            pins,
            ctypes.byref(verdict),
        )
        if verdict.clock == -2:
            raise ShimError(f"{self.name} is no {vector.variant}")
        if verdict.clock >= 0:
            return _pin_failure(verdict)
        return self._wrong_register(vector, verdict.registers) if verdict.stored else None

    def show(self, vector: Vector) -> NDArray[np.uint8]:
        """Return what a model with halves shows under a vector's inputs: by clock, half and place in the struct.

        Raises
        ------
        ShimError
            The model has no halves, or is of the other variant only.
        """
        shown = np.zeros((vector.clocks, 2, LEVELS), np.uint8)
        inputs, initial = vector.wave().inputs, _registers(vector.initial)
        known = self.halves and _runner().show_vector(
            ctypes.byref(self._functions),
            int(vector.variant == "82C37A"),
            ctypes.byref(initial),
            vector.clocks,
            inputs.ctypes.data,
            shown.ctypes.data,
        )
        if not known:
            raise ShimError(f"{self.name} is no {vector.variant} with halves")
        return shown

    def _wrong_register(self, vector: Vector, got: _Registers) -> Failure | None:
        for name in self.registers:
            if name in REGISTERS:
                values = [(name, vector.final[name], int(getattr(got, name)))]
            else:
                words = ("base_address", "base_count") if name == "bases" else (name,)
                channels = vector.final["channels"]
                values = [
                    (f"{word} of channel {c}", channels[c][word], int(getattr(got, word)[c]))
                    for word in words
                    for c in range(4)
                ]
            for what, expected, found in values:
                if expected != found:
                    return Failure(None, what.replace("_", " "), f"{expected:02X}h", f"{found:02X}h")
        return None


def _pin_failure(verdict: _Verdict) -> Failure:
    pin = next(pin for pin in OUTPUTS if verdict.pin in (pin.place, pin.driven_place))
    where = " in the first half" * verdict.half
    if verdict.pin == pin.driven_place:
        names = [p.name for p in OUTPUTS if p.driven_place == verdict.pin]
        words = ("z", "driven")
        expected, got = words[verdict.expected & 1], words[verdict.got & 1]
        return Failure(verdict.clock, ", ".join(names) + where, expected, got, verdict.state.decode(errors="replace"))
    expected, got = f"{verdict.expected:X}h", f"{verdict.got:X}h"
    return Failure(verdict.clock, pin.name + where, expected, got, verdict.state.decode(errors="replace"))


def _registers(told: dict[str, Any]) -> _Registers:
    registers = _Registers(**{name: told[name] for name in REGISTERS})
    for c, channel in enumerate(told["channels"]):
        registers.mode[c] = channel["mode"]
        for name in WORDS:
            getattr(registers, name)[c] = channel.get(name, channel[name.removeprefix("base_")])
    return registers


def header() -> str:
    """Return the text of ``isadma_vectors.h``."""
    return (resources.files(_C) / "isadma_vectors.h").read_text()


@cache
def _runner() -> ctypes.CDLL:
    own = resources.files(_C)
    files = {name: (own / name).read_text() for name in ("isadma_vectors.h", "run.c")}
    # The flags are the C++ compiler's: as C++ the file is the same.
    files["run.cc"] = 'extern "C" {\n' + files.pop("run.c").replace("#include <string.h>", "") + "}\n"
    files["run.cc"] = "#include <string.h>\n" + files["run.cc"]
    runner = ctypes.CDLL(compiled("vectors", files, "run.cc", what="the runner of vectors"))
    given: list[Any] = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_int32, ctypes.c_void_p]
    runner.run_vector.restype, runner.run_vector.argtypes = None, [*given, ctypes.c_void_p, ctypes.c_void_p]
    runner.show_vector.restype, runner.show_vector.argtypes = ctypes.c_int, [*given, ctypes.c_void_p]
    return runner


@cache
def golden() -> Shim:
    """Return the golden model behind the shim."""
    fuzz = resources.files("isadma_verify.fuzz.cpp")
    files = {name: (fuzz / name).read_text() for name in ("registers.h", "chip.h")}
    files |= {"isadma_vectors.h": header(), "shim.cc": (resources.files(_C) / "golden_shim.cc").read_text()}
    return Shim(compiled("vectors", files, "shim.cc", what="the golden model's shim"), "golden model")


@cache
def rtl(variant: str = "8237A") -> Shim:
    """Return the RTL behind the shim."""
    top, header_of_pins = netlist(target("82c37" if variant == "82C37A" else "i8237"), 2)
    source = (resources.files(_C) / "rtl_shim.cc").read_text()
    files = {"top.il": top, "rtl.h": header_of_pins, "isadma_vectors.h": header()}
    files["shim.cc"] = f"#define IS_CMOS {int(variant == '82C37A')}\n{source}"
    return Shim(compiled("vectors", files, "shim.cc", f"{FLAT}; {TO_CPP}", "the RTL's shim"), "RTL")
