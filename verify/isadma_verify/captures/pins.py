"""The pin map: which probe is on which line, its polarity, and where the clocks come from."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isadma_verify.captures.errors import CaptureError
from isadma_verify.captures.lines import LINES, line_of

__all__ = ["BOARDS", "PinMap", "Probe", "guessed", "read_pins"]

#: What can be held against a capture.
BOARDS = ("xt", "at", "chip")
#: Memory whose card makes the processor wait: the CGA's.
CARDS_WAIT = ((0xB8000, 0xBFFFF),)
_BUSES = ("a", "d", "ad", "dreq", "dack_n", "s")
_SETTINGS = ("board", "clock", "edge", "sample", "program", "refresh", "waits", "pins")


@dataclass(frozen=True)
class Probe:
    """One probe on a line: its number in the capture, and whether it shows the line upside down."""

    number: int
    inverted: bool = False


@dataclass(frozen=True)
class PinMap:
    """
    What a capture's probes are on.

    Attributes
    ----------
    lines : dict of str to Probe
        By line, as `isadma_verify.captures.lines` names them; any subset.
    board : str or None
        One of `BOARDS`, where the map says so.
    clock : float or None
        CLK in hertz, for a capture without it.
    edge : {"rise", "fall"} or None
        Edge of CLK at which lines are looked at; None leaves it to the board: the processor's rises, the 8237's falls.
    sample : {"before", "at"} or None
        Whether a clock shows the sample before its edge or the one at it; None finds out.
    program : tuple of (int, int)
        Ports and bytes that the machine's software had written before the capture began.
    refresh : int or None
        Clocks from one refresh request to the next, where they shall be held against that.
    waits : tuple of (int, int)
        First and last addresses of memory on cards that make the processor wait by themselves.
    """

    lines: Mapping[str, Probe]
    board: str | None = None
    clock: float | None = None
    edge: str | None = None
    sample: str | None = None
    program: tuple[tuple[int, int], ...] | None = None
    refresh: int | None = None
    waits: tuple[tuple[int, int], ...] = CARDS_WAIT


def guessed(probes: Sequence[str]) -> PinMap:
    """
    Make a pin map out of the probes' names; what is no line, or a line that another probe has too, is left out.

    Raises
    ------
    CaptureError
        A probe's name is there twice.
    """
    _once(probes)
    meant: dict[str, list[int]] = {}
    for number, name in enumerate(probes):
        if line := line_of(name):
            meant.setdefault(line, []).append(number)
    return PinMap({line: Probe(numbers[0]) for line, numbers in meant.items() if len(numbers) == 1})


def read_pins(path: Path, probes: Sequence[str]) -> PinMap:
    """
    Read a pin map from a TOML file.

    Parameters
    ----------
    path
        The file.
    probes
        Names of the capture's probes.

    Raises
    ------
    CaptureError
        It is no TOML, names a line or a probe that there is not, or one of them twice.
    OSError
        It cannot be opened.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CaptureError(f"'{path}' is no pin map: {error}") from None
    _once(probes)
    _known(path, table, _SETTINGS, "setting")
    pins = table.get("pins")
    if not isinstance(pins, dict) or not pins:
        raise CaptureError(f"'{path}' maps nothing: it needs a table [pins] with lines such as clk = \"CLK\"")
    lines: dict[str, Probe] = {}
    for line, probe in _each(path, pins):
        if line not in LINES:
            raise CaptureError(f"'{path}' maps '{line}', which is no line{_nearest(line, LINES)}")
        name = probe.removeprefix("!")
        if name not in probes:
            raise CaptureError(
                f"'{path}': {line} is on probe '{name}', which the capture has not{_nearest(name, probes)}"
            )
        number = probes.index(name)
        for other, taken in lines.items():
            if taken.number == number:
                raise CaptureError(f"'{path}' names probe '{name}' twice: for {other} and for {line}")
        lines[line] = Probe(number, probe.startswith("!"))
    return PinMap(lines, **_settings(path, table))


def _each(path: Path, pins: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line, value in pins.items():
        several = value if isinstance(value, list) else [value]
        if not all(isinstance(name, str) for name in several):
            raise CaptureError(f"'{path}': {line} = {value!r} is no probe's name, nor a list of them")
        if isinstance(value, list):
            if line not in _BUSES:
                raise CaptureError(f"'{path}': {line} has a list, and is one line; buses are {', '.join(_BUSES)}")
            stem, _, tail = line.partition("_")
            tail = f"_{tail}" if tail else ""
            found += [(f"{stem}{bit}{tail}", name) for bit, name in enumerate(value) if name]
        else:
            found.append((line, value))
    return found


def _settings(path: Path, table: Mapping[str, Any]) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for name, choices in (("board", BOARDS), ("edge", ("rise", "fall")), ("sample", ("before", "at"))):
        if name in table:
            if table[name] not in choices:
                raise CaptureError(f"'{path}': {name} = {table[name]!r} can be one of {', '.join(choices)}")
            chosen[name] = table[name]
    if "clock" in table:
        if not isinstance(table["clock"], int | float) or not 1 <= table["clock"] <= 1e9:
            raise CaptureError(f"'{path}': clock = {table['clock']!r} is no frequency in hertz")
        chosen["clock"] = float(table["clock"])
    if "refresh" in table:
        if not isinstance(table["refresh"], int) or not 8 <= table["refresh"] <= 1 << 20:
            raise CaptureError(f"'{path}': refresh = {table['refresh']!r} is no number of clocks from 8 on")
        chosen["refresh"] = table["refresh"]
    if "program" in table:
        writes = table["program"]
        if not isinstance(writes, list) or not all(_write(write) for write in writes):
            raise CaptureError(
                f"'{path}': program must be a list of [port, byte], such as [[0x0B, 0x58], [0x0A, 0x00]]"
            )
        chosen["program"] = tuple((port, value) for port, value in writes)
    if "waits" in table:
        ranges = table["waits"]
        if not isinstance(ranges, list) or not all(_range(pair) for pair in ranges):
            raise CaptureError(
                f"'{path}': waits must be a list of [first, last] addresses, such as [[0xB8000, 0xBFFFF]]"
            )
        chosen["waits"] = tuple((first, last) for first, last in ranges)
    return chosen


def _range(pair: object) -> bool:
    return (
        isinstance(pair, list)
        and len(pair) == 2
        and all(isinstance(number, int) for number in pair)
        and 0 <= pair[0] <= pair[1] <= 0xFFFFFF
    )


def _write(write: object) -> bool:
    return (
        isinstance(write, list)
        and len(write) == 2
        and all(isinstance(number, int) for number in write)
        and 0 <= write[0] <= 0xFFFF
        and 0 <= write[1] <= 0xFF
    )


def _once(probes: Sequence[str]) -> None:
    twice = sorted({name for name in probes if list(probes).count(name) > 1})
    if twice:
        raise CaptureError(f"the capture has two probes named '{twice[0]}': give each its own name")


def _known(path: Path, table: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    for name in table:
        if name not in known:
            raise CaptureError(f"'{path}' has no {what} '{name}'{_nearest(name, known)}")


def _nearest(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"; did you mean '{close[0]}'?"
    few = ", ".join(list(known)[:8])
    return f"; there are {few}" + (" and others" if len(known) > 8 else "")
