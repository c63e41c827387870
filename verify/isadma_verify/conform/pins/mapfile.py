"""The map of a core's pins, read from TOML."""

import tomllib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from isadma_verify.conform.errors import ConformError
from isadma_verify.conform.pins.expression import Expression, Level, Name, Not, has_first, names, parse
from isadma_verify.conform.pins.kinds import NEEDED, PINS

_TABLES = ("kind", "top", "clock", "pins", "drive", "parameters", "wait_states")
_CLOCK = ("fabric", "pin", "rise", "fall", "per_state", "late")
_SIDES = ("io", "in", "out", "oe")


@dataclass(frozen=True)
class Clock:
    """
    How a core is clocked.

    Parameters
    ----------
    fabric
        The clock that runs all the time, and whether its falling edge counts.
    pin
        The CLK pin.
    rise, fall
        Enables of the fabric clock: the edge that ends this clock is CLK's.
    per_state
        Fabric clocks in one state.
    late
        Fabric clocks from an edge at the CLK pin to the one that acts on it, where there is a fabric clock too.
    """

    fabric: Expression | None
    pin: Expression | None
    rise: Expression | None
    fall: Expression | None
    per_state: int
    late: int = 0


@dataclass(frozen=True)
class Place:
    """
    Where a pin is among the ports, the highest bit first.

    Parameters
    ----------
    io, inward, outward
        Bidirectional ports, input ports, output ports.
    enable
        What is 1 while the core drives; None: told by Z on a bidirectional port, and by AEN on an output port.
    shows_z
        Whether an output port shows Z where it floats.
    """

    io: tuple[Expression, ...] = ()
    inward: tuple[Expression, ...] = ()
    outward: tuple[Expression, ...] = ()
    enable: Expression | None = None
    shows_z: bool = False


@dataclass(frozen=True)
class Map:
    """
    A whole map.

    Parameters
    ----------
    kind
        ``"chip"``, ``"at"`` or ``"xt"``.
    top
        The core's name, or None.
    clock
        How it is clocked.
    pins
        Where each pin is; None where the core lacks it.
    drive
        Input ports that are no pins, and what to drive them with, made of pins.
    parameters
        Values of the core's parameters.
    wait_states
        Those that a board adds to each transfer.
    """

    kind: str
    top: str | None
    clock: Clock
    pins: dict[str, Place | None]
    drive: dict[str, Expression] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    wait_states: int = 1


def _near(word: str, known: Any) -> str:
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _known(table: dict[str, Any], known: Any, where: str) -> None:
    for key in table:
        if key not in known:
            raise ConformError(f"{where}: {key!r} is unknown{_near(key, known)}; there are {', '.join(known)}")


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConformError(f"{where} = {value!r}: a table is needed")
    return value


def _bits(value: Any, where: str, *, made: bool = False) -> tuple[Expression, ...]:
    """Read a port, or several; `made` lets a level stand there that is made of several ports."""
    parts = value if isinstance(value, list) else [value]
    found = []
    for part in parts:
        if part in (0, 1) and not isinstance(part, bool):
            part = str(part)
        if not isinstance(part, str):
            raise ConformError(
                f"{where} = {value!r}: write a port's name, a list of them (highest bit first), or false"
            )
        one = _parse(part, where)
        bare = one.of if isinstance(one, Not) else one
        if not made and not isinstance(bare, Name | Level):
            raise ConformError(f"{where} = {part!r}: a port, its bits or the other polarity of either is needed here")
        found.append(one)
    return tuple(found)


def _parse(text: str, where: str) -> Expression:
    """Read an expression over ports."""
    one = parse(text, where)
    if has_first(one):
        raise ConformError(f"{where} = {text!r}: first(...) makes inputs, under [drive]")
    return one


def _level(value: Any, where: str, read: Callable[[str, str], Expression] = parse) -> Expression:
    """Read a level: an expression, or a constant as TOML has it."""
    if not isinstance(value, str) and value not in (0, 1):
        raise ConformError(f"{where} = {value!r}: write 0, 1, or an expression in quotes")
    return read(value if isinstance(value, str) else str(int(value)), where)


def _parameter(value: Any, where: str) -> str:
    if not isinstance(value, str | int | float):
        raise ConformError(f"{where} = {value!r}: write a number or a text")
    return str(int(value)) if isinstance(value, bool) else str(value)


def _place(name: str, value: Any) -> Place | None:
    where = f"pins.{name}"
    if value is False:
        return None
    if not isinstance(value, dict):
        # Which side of a three-state pin these ports are, their directions say.
        return Place(io=_bits(value, where, made=True))
    _known(value, _SIDES, where)
    if "io" in value and ("in" in value or "out" in value):
        raise ConformError(f"{where}: give io for a bidirectional port, or in and out for two")
    enable = value.get("oe")
    return Place(
        io=_bits(value["io"], f"{where}.io") if "io" in value else (),
        inward=_bits(value["in"], f"{where}.in") if "in" in value else (),
        outward=_bits(value["out"], f"{where}.out", made=True) if "out" in value else (),
        enable=None if enable in (None, "z") else _level(enable, f"{where}.oe", _parse),
        shows_z=enable == "z",
    )


def _clock(table: dict[str, Any]) -> Clock:
    _known(table, _CLOCK, "clock")
    parts = {}
    for key in ("fabric", "pin", "rise", "fall"):
        value = table.get(key)
        if value is not None and not isinstance(value, str):
            raise ConformError(f"clock.{key} = {value!r}: write a port's name")
        parts[key] = None if value is None else _parse(value, f"clock.{key}")
    if parts["fabric"] is None and parts["pin"] is None:
        raise ConformError("clock: give pin = CLK's port, or fabric = the port of the clock that runs all the time")
    default = 1 if parts["pin"] is None and parts["rise"] is None and parts["fall"] is None else 2
    per_state = table.get("per_state", default)
    if not isinstance(per_state, int) or isinstance(per_state, bool) or not 1 <= per_state <= 64:
        raise ConformError(f"clock.per_state = {per_state!r}: give the fabric clocks in one state, 1 to 64")
    if parts["pin"] is not None and per_state < 2:
        raise ConformError(f"clock.per_state = {per_state}: a CLK pin needs at least 2, for its two halves")
    if parts["fabric"] is not None and default == 1 and per_state != 1:
        raise ConformError(f"clock.per_state = {per_state}: without enables (rise, fall) each fabric clock is a state")
    late = table.get("late", 0)
    if "late" in table and (parts["fabric"] is None or parts["pin"] is None):
        raise ConformError(f"clock.late = {late!r}: it is of a core with both a fabric clock and a CLK pin")
    if not isinstance(late, int) or isinstance(late, bool) or not 0 <= late < per_state:
        raise ConformError(f"clock.late = {late!r}: give fabric clocks, 0 to {per_state - 1}")
    return Clock(**parts, per_state=per_state, late=late)


def read_map(path: Path) -> Map:
    """
    Read a map.

    Raises
    ------
    ConformError
        It cannot be read, or says something that no map can say; one line with the value and the way out.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConformError(f"cannot read the map {path}: {error.strerror}") from error
    try:
        # Editors and shells of other systems begin a text with a mark of its encoding.
        told = tomllib.loads(content.decode("utf-16" if content[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) else "utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConformError(f"{path} is no TOML: line {line} has a byte that is not UTF-8: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConformError(f"{path} is no TOML: {error}") from error
    try:
        return _read(told)
    except ConformError as error:
        raise ConformError(f"{path}: {error}") from None


def _answered(told: dict[str, Any]) -> None:
    """Insist that nothing stands open that a guessed map had to leave so."""
    tables = ("clock", "pins", "drive")
    places = [f"{table}.{key}" for table in tables for key, value in told.get(table, {}).items() if value == "?"]
    if places:
        raise ConformError(
            f'{", ".join(places)} = "?": write the ports there, or levels made of ports as in "!(RD & DONE)"; '
            "a core that has nothing of the kind is no 8237A's, and no map makes it one"
        )


def _read(told: dict[str, Any]) -> Map:
    _known(told, _TABLES, "the map")
    kind = told.get("kind", "chip")
    if not isinstance(kind, str) or kind not in PINS:
        raise ConformError(f"kind = {kind!r}: give one of {', '.join(PINS)}")
    pins = _table(told.get("pins", {}), "pins")
    _known(pins, PINS[kind], "pins")
    _answered(told)
    places = {name: _place(name, value) for name, value in pins.items()}
    drive = {port: _level(value, f"drive.{port}") for port, value in _table(told.get("drive", {}), "drive").items()}
    driven = {name for expression in drive.values() for name in names(expression)}
    for name in NEEDED[kind]:
        if name in driven and PINS[kind][name].inward:
            continue  # an input that is made of it has it
        if name not in pins:
            raise ConformError(
                f"pins.{name} is missing: without it nothing can be judged; write its port, "
                "or let `isadma conform --pins-template FILE` guess a map"
            )
        if places[name] is None:
            raise ConformError(f"pins.{name} = false: without it nothing can be judged")
    waits = told.get("wait_states", 1)
    if waits not in (0, 1):
        raise ConformError(f"wait_states = {waits!r}: give 0 or 1, what the board adds to each transfer")
    top = told.get("top")
    if top is not None and not isinstance(top, str):
        raise ConformError(f"top = {top!r}: write the core's name")
    return Map(
        kind=kind,
        top=top,
        clock=_clock(_table(told.get("clock", {}), "clock")),
        pins=places,
        drive=drive,
        parameters={
            key: _parameter(value, f"parameters.{key}")
            for key, value in _table(told.get("parameters", {}), "parameters").items()
        },
        wait_states=waits,
    )
