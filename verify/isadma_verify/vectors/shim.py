"""Somebody's model behind the shim's functions: loaded, and run through vectors."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isadma_verify.fuzz.building import compiled
from isadma_verify.fuzz.library import FLAT, TO_CPP, netlist
from isadma_verify.fuzz.targets import target
from isadma_verify.vectors.accesses import accesses, last_event, ports_of, reading, register_read
from isadma_verify.vectors.failure import Check, Failure, Outcome
from isadma_verify.vectors.pins import LEVELS, OUTPUTS
from isadma_verify.vectors.structs import ABI, FUNCTIONS, HALF, About, Functions, Verdict, registers_of
from isadma_verify.vectors.vector import REGISTERS, Vector, Wave

__all__ = ["Shim", "ShimError", "golden", "header", "rtl"]

READS = 1 << 8
"""Bit of a model that shows DB in reads of registers alone."""

_BITS = ("address", "count", "bases", "mode", "command", "status", "request", "mask", "temporary", "flip_flop")
_WIDTHS = {"status": 4, "request": 4, "mask": 4, "flip_flop": 1}
_C = "isadma_verify.vectors.c"


class ShimError(Exception):
    """A library that is no shim: a message in one line."""


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
    verdict : Verdict
        Where it is, and what came of the last vector; may be put into memory that another process sees.
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
            raise ShimError(f"{shown!r} cannot be loaded: {_unloadable(loads) or error}") from None
        absent = [f"i8237_{name}" for name in FUNCTIONS if not hasattr(library, f"i8237_{name}")]
        if absent:
            raise ShimError(f"{shown!r} does not export {', '.join(absent)}: isadma_vectors.h declares them")
        about = About()
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
        self.verdict = Verdict()
        self._reads_alone = bool(about.pins & READS) and not about.pins & _DB.bit
        self._care = np.zeros(LEVELS, np.uint8)
        for pin in OUTPUTS:
            if pin.bit & about.pins:
                self._care[[place for place in (pin.place, pin.driven_place) if place >= 0]] = 0xFF
        self.halves = hasattr(library, f"i8237_{HALF}")
        names = [*FUNCTIONS[1:], *[HALF] * self.halves]
        address = [ctypes.cast(getattr(library, f"i8237_{name}"), ctypes.c_void_p) for name in names]
        self._functions = Functions(*address)

    def run(self, vector: Vector) -> Outcome:
        """Run one vector to its end; say where the model first leaves it, and which registers hold.

        Raises
        ------
        ShimError
            The model is of the other variant only.
        """
        wave, verdict, initial = vector.wave(), self.verdict, registers_of(vector.initial)
        halves = [wave.first] if wave.first is not None and self.halves else []
        pairs = [(expected, self._cared(wave, care)) for expected, care in [(wave.expected, wave.care), *halves]]
        arrays = [np.ascontiguousarray(array) for pair in pairs for array in pair]
        pins = (ctypes.c_void_p * 4)(*[array.ctypes.data for array in arrays])
        shown = np.zeros((vector.clocks, LEVELS), np.uint8)
        _runner().run_vector(
            ctypes.byref(self._functions),
            int(vector.variant == "82C37A"),
            ctypes.byref(initial),
            vector.clocks,
            wave.inputs.ctypes.data,
            pins,
            shown.ctypes.data,
            ctypes.byref(verdict),
        )
        if verdict.clock == -2:
            raise ShimError(f"{self.name} is no {vector.variant}")
        checks = [*self._reads(vector, wave, shown), *(self._finals(vector) if verdict.stored else ())]
        if verdict.clock >= 0:
            failure: Failure | None = self._pin_failure(vector)
        else:
            failure = next((check.failure for check in checks if check.failure and check.failure.clock is None), None)
        if failure is not None and failure.clock is not None:
            failure = replace(failure, event=last_event(vector, failure.clock))
        return Outcome(failure, tuple(checks))

    def _cared(self, wave: Wave, care: NDArray[np.uint8]) -> NDArray[np.uint8]:
        cared: NDArray[np.uint8] = care & self._care
        if self._reads_alone:
            rows = reading(wave.inputs)
            for place in (_DB.place, _DB.driven_place):
                cared[rows, place] = care[rows, place]
        return cared

    def show(self, vector: Vector) -> NDArray[np.uint8]:
        """Return what a model with halves shows under a vector's inputs: by clock, half and place in the struct.

        Raises
        ------
        ShimError
            The model has no halves, or is of the other variant only.
        """
        shown = np.zeros((vector.clocks, 2, LEVELS), np.uint8)
        inputs, initial = vector.wave().inputs, registers_of(vector.initial)
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

    def _reads(self, vector: Vector, wave: Wave, shown: NDArray[np.uint8]) -> Iterator[Check]:
        """Compare what the processor reads, in the last clock of each strobe."""
        if not (self._care[_DB.place] or self._reads_alone):
            return
        for access in accesses(wave.inputs):
            clock = access.last
            if access.written is not None or not wave.care[clock, _DB.place]:
                continue
            name = register_read(access.port, vector.variant)
            expected, got = int(wave.expected[clock, _DB.place]), int(shown[clock, _DB.place])
            fields = [("read of status, bits 7-4", 0xF0), ("read of status, bits 3-0", 0x0F)]
            if name != "status":
                fields = [(f"read of {name}", 0xFF)]
            for what, bits in fields:
                differs = (expected ^ got) & bits
                failure = Failure(clock, what, f"{expected & bits:02X}h", f"{got & bits:02X}h") if differs else None
                yield Check(what, failure)

    def _finals(self, vector: Vector) -> Iterator[Check]:
        """Compare the registers after the last clock."""
        got = self.verdict.registers
        for name in self.registers:
            if name in REGISTERS:
                values = [(name, 0, name, vector.final[name], int(getattr(got, name)))]
            else:
                words = ("base_address", "base_count") if name == "bases" else (name,)
                channels = vector.final["channels"]
                values = [
                    (word, c, f"{word} of channel {c}", channels[c][word], int(getattr(got, word)[c]))
                    for word in words
                    for c in range(4)
                ]
            for word, c, what, expected, found in values:
                kind = f"{word.replace('_', ' ')} after the last clock"
                if expected == found:
                    yield Check(kind, None)
                    continue
                wide = _WIDTHS.get(name, 16)
                got_words = f"{found:02X}h{f' of {wide} bits' * (found >> wide > 0)}"
                event = last_event(vector, None, ports_of(word, c))
                what = what.replace("_", " ")
                yield Check(kind, Failure(None, what, f"{expected:02X}h", got_words, event=event, kind=kind))

    def _pin_failure(self, vector: Vector) -> Failure:
        verdict = self.verdict
        clock, state = int(verdict.clock), verdict.state.decode(errors="replace")
        pin = next(pin for pin in OUTPUTS if verdict.pin in (pin.place, pin.driven_place))
        where = " in the first half" * verdict.half
        if verdict.pin == pin.driven_place:
            what = ", ".join(p.name for p in OUTPUTS if p.driven_place == verdict.pin) + where
            words = ("z", "driven")
            expected, got = words[verdict.expected & 1], words[bool(verdict.got)]
            return Failure(clock, what, expected, got, state, kind=f"{what} is {got}")
        expected, got, kind = f"{verdict.expected:X}h", f"{verdict.got:X}h", pin.name + where
        access = next((a for a in accesses(vector.wave().inputs) if a.first <= clock <= a.last), None)
        if pin is _DB and access is not None and access.written is None:
            kind = f"read of {register_read(access.port, vector.variant)}"
            differs = verdict.expected ^ verdict.got
            if kind.endswith("status") and not (differs & 0xF0 and differs & 0x0F):
                kind += ", bits 7-4" if differs & 0xF0 else ", bits 3-0"
        elif pin.width == 1:
            kind += f" is {got}"
        return Failure(clock, pin.name + where, expected, got, state, kind=kind)


def _unloadable(loads: str) -> str:
    """Say why a file is no library here, where its first bytes tell; the loader may only say that there is none."""
    with suppress(OSError):
        begin, own = (Path(name).read_bytes()[:20] for name in (loads, "/proc/self/exe"))
        if begin[:4] != own[:4]:
            return "it is no shared library; cc -shared -fPIC makes one"
        if begin[4:6] + begin[18:20] != own[4:6] + own[18:20]:
            return "it is for another machine; compile it for this one"
    return ""


_DB = next(pin for pin in OUTPUTS if pin.name == "DB")


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
    runner.run_vector.restype, runner.run_vector.argtypes = None, [*given, *[ctypes.c_void_p] * 3]
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
