"""One test vector: registers before, pin events, pins at every clock, registers after; in Python and in JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isadma_verify.vectors.pins import INPUTS, LEVELS, OUTPUTS

__all__ = ["FLOATS", "OPEN", "REGISTERS", "Event", "Vector", "VectorError", "Wave"]

FLOATS = "z"
"""Level of an output that is not driven."""
OPEN = "x"
"""Level of an output that nothing fixes in this clock."""
REGISTERS = ("command", "status", "request", "mask", "temporary", "flip_flop")
WORDS = ("address", "count", "base_address", "base_count")

Event = tuple[int, str, int | str]
"""From this clock on, this pin has this level."""


class VectorError(ValueError):
    """A line that is no vector; the message says why."""


@dataclass(frozen=True)
class Wave:
    """The pins of a vector as numbers, a row a clock.

    Attributes
    ----------
    inputs : array of uint8
        A column an input, in the order of `INPUTS`.
    expected, care : array of uint8
        The bytes of the shim's output struct, and which of their bits are compared.
    """

    inputs: NDArray[np.uint8]
    expected: NDArray[np.uint8]
    care: NDArray[np.uint8]
    first: tuple[NDArray[np.uint8], NDArray[np.uint8]] | None
    """Expected and care of the first halves; None in a vector that does not have them."""


@dataclass(frozen=True)
class Vector:
    """A test vector.

    Attributes
    ----------
    name : str
        Theme and number.
    variant : str
        ``8237A`` or ``82C37A``.
    about : str
        What it is about, in words.
    basis : str
        What says that it is right: ``data sheet``, ``silicon`` or ``choice``.
    because : tuple of str
        The choices that it rests on, each with its decision's number, or the capture that shows it.
    corners : tuple of str
        Points in which sources disagree that it goes through.
    initial, final : dict
        Registers: those of `REGISTERS` by name, and ``channels``, four dicts with mode, address and count (the final
        ones with base_address and base_count too).
    clocks : int
        Clocks of the 8237A.
    inputs, outputs : tuple of Event
        Changes of the pins; clock 0 names every pin.
    mid : tuple of Event, or None
        Outputs whose level in the first half of a clock differs from the second half's, each with that level, which
        holds for that half only; None: what the first halves show is not said.
    """

    name: str
    variant: str
    about: str
    basis: str
    because: tuple[str, ...]
    corners: tuple[str, ...]
    initial: dict[str, Any]
    clocks: int
    inputs: tuple[Event, ...]
    outputs: tuple[Event, ...]
    final: dict[str, Any]
    mid: tuple[Event, ...] | None = None

    @property
    def transfers(self) -> bool:
        """Whether the chip takes the bus in it, for a transfer of its own."""
        return any(pin == "AEN" and level == 1 for _, pin, level in self.outputs)

    def line(self) -> str:
        """Write it as one line of JSON."""
        told: dict[str, Any] = {"name": self.name, "variant": self.variant, "about": self.about, "basis": self.basis}
        told |= {"because": self.because, "corners": self.corners, "initial": self.initial, "clocks": self.clocks}
        told |= {"in": self.inputs, "out": self.outputs}
        told |= {} if self.mid is None else {"mid": self.mid}
        told["final"] = self.final
        return json.dumps(told, separators=(",", ":"))

    @classmethod
    def read(cls, line: str | bytes) -> Vector:
        """Read it from a line of JSON.

        Raises
        ------
        VectorError
            The line is no vector.
        """
        try:
            told = json.loads(line)
            lists = told["in"], told["out"], told.get("mid", ())
            inputs, outputs, mid = (tuple((int(c), str(p), v) for c, p, v in events) for events in lists)
            vector = cls(
                name=str(told["name"]),
                variant=str(told["variant"]),
                about=str(told["about"]),
                basis=str(told["basis"]),
                because=tuple(map(str, told["because"])),
                corners=tuple(map(str, told["corners"])),
                initial=told["initial"],
                clocks=int(told["clocks"]),
                inputs=inputs,
                outputs=outputs,
                final=told["final"],
                mid=mid if "mid" in told else None,
            )
            vector.check()
        except VectorError:
            raise
        except KeyError as error:
            raise VectorError(f"no vector: {error} is missing") from None
        except (TypeError, ValueError) as error:
            raise VectorError(f"no vector: {error}") from None
        return vector

    def check(self) -> None:
        """Insist that pins, levels and registers are such.

        Raises
        ------
        VectorError
            One is not; the message names it.
        """
        if self.variant not in ("8237A", "82C37A"):
            raise VectorError(f"{self.name}: no variant {self.variant!r}; there are 8237A and 82C37A")
        if not 0 < self.clocks <= 100_000:
            raise VectorError(f"{self.name}: {self.clocks} clocks; from 1 to 100,000 are possible")
        for events, pins in ((self.inputs, _IN), (self.outputs, _OUT), (self.mid or (), _OUT)):
            self._check_events(events, pins)
        for events, pins in ((self.inputs, _IN), (self.outputs, _OUT)):
            if absent := [pin for pin in pins if pin not in {name for clock, name, _ in events if clock == 0}]:
                raise VectorError(f"{self.name}: clock 0 does not say {', '.join(absent)}")
        for registers in (self.initial, self.final):
            for name in REGISTERS:
                _byte(self.name, name, registers[name], 0xFF)
            if len(registers["channels"]) != 4:
                raise VectorError(f"{self.name}: {len(registers['channels'])} channels")
            for channel in registers["channels"]:
                for name in WORDS if registers is self.final else WORDS[:2]:
                    _byte(self.name, name, channel[name], 0xFFFF)
                _byte(self.name, "mode", channel["mode"], 0xFF)

    def _check_events(self, events: Sequence[Event], widths: dict[str, int]) -> None:
        last = 0
        for clock, pin, level in events:
            if pin not in widths:
                raise VectorError(f"{self.name}: there is no pin {pin!r} on this side")
            if not last <= clock < self.clocks:
                raise VectorError(f"{self.name}: an event of clock {clock} after clock {last} of {self.clocks}")
            last = clock
            if widths is _OUT and level in (FLOATS, OPEN):
                continue
            _byte(self.name, pin, level, (1 << widths[pin]) - 1)

    def wave(self) -> Wave:
        """Give the pins as numbers, a row a clock."""
        inputs = np.zeros((self.clocks, len(INPUTS)), np.uint8)
        expected, care = np.zeros((self.clocks, LEVELS), np.uint8), np.zeros((self.clocks, LEVELS), np.uint8)
        for clock, name, level in self.inputs:
            inputs[clock:, _COLUMN[name]] = level
        for clock, name, level in self.outputs:
            _put(expected, care, slice(clock, None), name, level)
        first = None
        if self.mid is not None:
            first = expected.copy(), care.copy()
            for clock, name, level in self.mid:
                _put(*first, slice(clock, clock + 1), name, level)
        return Wave(inputs, expected, care, first)


def _put(expected: NDArray[np.uint8], care: NDArray[np.uint8], clocks: slice, name: str, level: int | str) -> None:
    pin = _PIN[name]
    if pin.driven_place >= 0:
        expected[clocks, pin.driven_place] = level != FLOATS
        care[clocks, pin.driven_place] = 0 if level == OPEN else 1
    if pin.place >= 0:
        known = not isinstance(level, str)
        expected[clocks, pin.place] = level if known else 0
        care[clocks, pin.place] = (1 << pin.width) - 1 if known else 0


_IN = {pin.name: pin.width for pin in INPUTS}
_OUT = {pin.name: pin.width for pin in OUTPUTS}
_COLUMN = {pin.name: number for number, pin in enumerate(INPUTS)}
_PIN = {pin.name: pin for pin in OUTPUTS}


def _byte(vector: str, name: str, value: Any, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise VectorError(f"{vector}: {name} is {value!r}; a whole number from 0 to {most} is needed")
