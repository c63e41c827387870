"""A map guessed from port names: what each is usually called, and what is left to say by hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from isadma_verify.conform.pins.handshake import (
    WAITS,
    answered,
    data_inputs,
    devices,
    driven,
    idle_level,
    master,
    waits,
)
from isadma_verify.conform.pins.kinds import NEEDED, PINS
from isadma_verify.conform.pins.words import (
    ACTIVE_HIGH,
    BOARD_STEMS,
    CLOCKS,
    FALL,
    FAST,
    RISE,
    SLOW,
    STEMS,
    TURNED,
    bare_of,
    parts_of,
    stem_of,
    taken_high,
)
from isadma_verify.conform.sources.edges import rising_only
from isadma_verify.conform.sources.ports import Core, Port

CHANNELS = 4  # of one chip


@dataclass
class _Found:
    """The ports that look like a pin."""

    io: list[Port] = field(default_factory=list)
    inward: list[Port] = field(default_factory=list)
    outward: list[Port] = field(default_factory=list)
    enable: Port | None = None


def _order(port: Port, tail: str) -> tuple[int, str]:
    """Return a key that puts the highest bits first."""
    numbers = [int(number) for number in re.findall(r"\d+", tail)]
    if numbers:
        return -max(numbers), port.name
    return (-100 if tail[:1] in ("h", "u") else 0), port.name


def _quoted(ports: list[str], low: list[bool]) -> str:
    shown = [f'"{"!" if flip else ""}{name}"' for name, flip in zip(ports, low, strict=True)]
    return shown[0] if len(shown) == 1 else f"[{', '.join(shown)}]"


def guess(core: Core) -> str:
    """
    Return a map as TOML, to be looked through: what could not be guessed is marked.

    Parameters
    ----------
    core
        Its ports.
    """
    board = any("iochrdy" in name.lower() or "sbhe" in name.lower() for name in core.ports) or any(
        port.width == 8 and stem_of(parts_of(port)[0], {"drq": STEMS["dreq"]}) for port in core.ports.values()
    )
    kind, stems = (_board(core), BOARD_STEMS) if board else ("chip", STEMS)
    found: dict[str, _Found] = {}
    tails: dict[str, str] = {}
    lows: dict[str, bool] = {}
    clocks: dict[str, str] = {}
    rest: list[Port] = []
    turned: set[str] = set()
    for port in core.ports.values():
        stem, side, low = parts_of(port)
        if port.direction in ("in", "") and port.width == 1 and _clock(port, stem, clocks):
            continue
        matched = stem_of(stem, stems)
        if matched is None:
            rest.append(port)
            continue
        pin, tails[port.name] = matched
        stem = bare_of(stem, stems[pin])
        lows[port.name] = low or (stem not in stems[pin] and bool(re.search(r"^n|n$", stem)))
        place = found.setdefault(pin, _Found())
        its = PINS[kind][pin]
        if port.direction == "in" and its.inward == 1 and place.inward:
            # Two ports that look like one pin of one bit: the one with the more usual name is it.
            rest.append(max(place.inward[0], port, key=lambda one: _rank(one, stems[pin])))
            place.inward = [one for one in (*place.inward, port) if one is not rest[-1]]
            continue
        if (port.direction == "in" and not its.inward) or (
            port.direction == "out" and not its.outward and side != "oe"
        ):
            rest.append(port)  # it goes the other way: an acknowledge that comes in is no DACK
        elif side == "oe" and port.direction == "out":
            place.enable = port
        elif port.direction == "inout" or (not port.direction and its.inward and its.outward):
            place.io.append(port)
        elif port.direction == "in" or (not port.direction and its.inward):
            place.inward.append(port)
        else:
            place.outward.append(port)
        if stem in TURNED and pin.endswith("_n") and not lows[port.name]:
            lows[port.name] = True
            turned.add(port.name)
    places = [place for pin, place in found.items() if pin.endswith("_n")]
    strobes_named = {port.name for place in places for port in (*place.io, *place.inward, *place.outward)} - turned
    turned |= taken_high(strobes_named, found.get("reset", _Found()).inward, lows)
    told = devices(rest) if kind == "chip" and not ("dreq" in found and "dack" in found) else {}
    inward, outward = ({pin: getattr(place, way) for pin, place in found.items()} for way in ("inward", "outward"))
    strobes = outward.get("memr_n", []) + outward.get("memw_n", [])
    if kind == "chip" and (not strobes or waits(rest)):
        told |= master([*rest, *strobes], inward, outward)
    return _text(core, kind, found, tails, lows, clocks, rest, turned, told)


def _board(core: Core) -> str:
    """Tell an XT from an AT: it has four channels, or says so."""
    requests = [port for port in core.ports.values() if stem_of(parts_of(port)[0], {"drq": STEMS["dreq"]})]
    last = max((int(number) for port in requests for number in re.findall(r"\d+", port.member)), default=0)
    few = max((port.width for port in requests), default=0) == CHANNELS or (bool(requests) and 0 < last < CHANNELS)
    return "xt" if few or re.search(r"(?<![a-z])xt(?![a-z])", core.top, re.IGNORECASE) else "at"


def _rank(port: Port, known: tuple[str, ...]) -> int:
    stem = parts_of(port)[0]
    return known.index(stem) if stem in known else len(known)


def _clock(port: Port, stem: str, clocks: dict[str, str]) -> bool:
    """Take a port for a clock or an enable, where its name says so."""
    if FAST.fullmatch(port.member) and "fabric" not in clocks:
        clocks["fabric"] = port.name
    elif RISE.fullmatch(port.member) and "rise" not in clocks:
        clocks["rise"] = port.name
    elif FALL.fullmatch(port.member) and "fall" not in clocks and stem not in CLOCKS:
        clocks["fall"] = port.name
    elif SLOW.fullmatch(port.member) and "slow" not in clocks:
        clocks["slow"] = port.name
    elif (bare_of(stem, CLOCKS) in CLOCKS or stem.rstrip("_i") in CLOCKS) and "clock" not in clocks:
        clocks["clock"] = port.name
    else:
        return False
    return True


def _clock_lines(clocks: dict[str, str], files: Sequence[Path]) -> list[str]:
    """Return what stands under [clock]."""
    plain = clocks.get("clock")
    fabric, pin = clocks.get("fabric", plain), clocks.get("slow", plain)
    if fabric is not None and pin is not None and fabric != pin:
        lines = [f'fabric = "{fabric}"', f'pin = "{pin}"', "per_state = 2  # fabric clocks in one state"]
        if "slow" in clocks:
            lines[-1] = lines[-1].replace("2", "4", 1)
            lines.append("late = 1  # where a flip-flop looks for the edges of CLK; 0 where its level is an enable")
        return lines
    if "rise" in clocks or "fall" in clocks:
        enables = [f'{key} = "{clocks[key]}"' for key in ("rise", "fall") if key in clocks]
        return [f'fabric = "{pin or "?"}"', *enables, "per_state = 2  # fabric clocks in one state"]
    if pin is not None and rising_only(files, pin):
        return [f'fabric = "{pin}"  # each of its clocks is a state; or pin = ... for CLK of which both edges count']
    if pin is not None:
        return [f'pin = "{pin}"  # CLK itself; or fabric = ... where each of its clocks is a state']
    return ['pin = "?"  # which port is CLK?']


def _text(
    core: Core,
    kind: str,
    found: dict[str, _Found],
    tails: dict[str, str],
    lows: dict[str, bool],
    clocks: dict[str, str],
    rest: list[Port],
    turned: set[str],
    told_by_name: dict[str, str],
) -> str:
    lines = [f"# The pins of {core.top}, guessed from its port names: look through every line.", f'kind = "{kind}"']
    lines += [f'top = "{core.top}"', "", "[clock]", *_clock_lines(clocks, core.files), "", "[pins]"]
    strobes = _strobes(found, lows) if kind == "chip" and "cs_n" not in found else {}
    # DB goes both ways on many a core whose command lines do not.
    floats = any(place.io for pin, place in found.items() if pin in ("ior_n", "iow_n", "a"))
    outputs = [port for port in core.ports.values() if port.direction == "out"]
    used = " ".join(told_by_name.values())
    inputs = [port for port in rest if port.direction in ("in", "") and f'{port.name}"' not in used]
    for pin, told in PINS[kind].items():
        if pin in told_by_name:
            lines.append(f"{pin} = {told_by_name[pin]}")
        elif pin in found and (found[pin].io or found[pin].inward or found[pin].outward):
            lines.append(_line(pin, found[pin], tails, lows, floats, turned, chip=kind == "chip"))
        elif pin in found or (pin == "cs_n" and strobes):
            continue  # only what is under [drive] has it
        elif pin == "aen" and "a" in found and found["a"].enable is not None:
            lines.append(f'aen = "{found["a"].enable.name}"  # what lets the address out')
        elif pin == "ready" and any(idle_level(port) == WAITS or answered(port, outputs) for port in inputs):
            continue  # what waits for it is under [drive]
        elif pin in NEEDED[kind]:
            lines.append(f'{pin} = "?"  # nothing looks like it, and it is needed')
        elif told.name != "ah":
            lines.append(f"{pin} = false  # nothing looks like it")
    wide = [port for port in found["a"].inward if port.width > 8] if kind == "chip" and "a" in found else []
    if inputs or wide or strobes:
        lines += ["", "[drive]  # inputs that look like no pin: a level, or pins as in !cs_n & !ior_n"]
        lines += [f'"{port.name}[{port.width - 1}:4]" = 0' for port in wide]
        lines += [driven(port, level) for port, level in strobes.items()]
        data = data_inputs(inputs) if "hrq" in told_by_name else []
        lines += [
            driven(port, '"db"' if port in data else answered(port, outputs) or idle_level(port)) for port in inputs
        ]
    spare = [port.name for port in rest if port.direction not in ("in", "") and port.name not in used]
    if spare:
        lines += ["", f"# Outputs that look like no pin: {', '.join(spare)}"]
    return "\n".join(lines) + "\n"


def _strobes(found: dict[str, _Found], lows: dict[str, bool]) -> dict[Port, str]:
    """Return strobes that come already decoded, on a core without a chip select, and take them off their pins."""
    strobes = {}
    for pin in ("ior_n", "iow_n"):
        if pin in found and not found[pin].io:
            for port in found[pin].inward:
                high = parts_of(port)[0] in TURNED and not re.search(r"_?n$", port.name, re.IGNORECASE)
                doubt = (
                    "" if lows[port.name] and not high else f'  # active low? "!{pin} & !cs_n" where it is active high'
                )
                strobes[port] = f'"!{pin} & !cs_n"  # taken to be active high' if high else f'"{pin} | cs_n"{doubt}'
            found[pin].inward = []
    return strobes


def _line(
    pin: str, place: _Found, tails: dict[str, str], lows: dict[str, bool], floats: bool, turned: set[str], *, chip: bool
) -> str:
    active_low = pin.endswith("_n")

    def said(ports: list[Port]) -> str:
        ordered = sorted(ports, key=lambda port: _order(port, tails[port.name]))
        flips = [(lows[port.name] and pin in ACTIVE_HIGH) or port.name in turned for port in ordered]
        if pin in ("dreq", "dack") and len(ordered) == 1 and (ordered[0].left or 0) < (ordered[0].right or 0):
            # Bits that count up are taken for channels by their numbers.
            each = [f"{ordered[0].name}[{index}]" for index in ordered[0].indices[::-1]]
            return _quoted(each, flips * len(each))
        names = _quoted([port.name for port in ordered], flips)
        if pin in ("drq", "dack_n") and [port.width for port in ordered] == [1] * 7:
            # A board has no channel 4: nobody asks for it, and nobody is acknowledged.
            each = names.split(", ")
            names = ", ".join([*each[:3], str(int(active_low)), *each[3:]])
        return names

    doubt = ""
    ports = [*place.io, *place.inward, *place.outward]
    bare = [port.name for port in ports if not lows[port.name]]
    if active_low and any(port.name in turned for port in ports):
        doubt = "  # taken to be active high"
    elif active_low and len(bare) == len(ports):
        doubt = f'  # active low? "!{ports[0].name}" where it is active high'
    mixed = place.io + (place.outward if place.io else [])
    if place.io and place.inward and not place.outward:
        return f"{pin} = {{ in = {said(place.inward)}, out = {said(place.io)} }}{doubt}"
    if place.io:
        return f"{pin} = {said(mixed)}{doubt}"
    if pin == "dack" and chip and len(bare) == len(ports):
        doubt = f'  # active low out of RESET? "!{ports[0].name}" where it is active high'
    told = PINS["chip"].get(pin) or PINS["at"][pin]
    if not (told.three_state or told.open_drain):
        return f"{pin} = {said(place.inward or place.outward)}{doubt}"
    sides = [("in", place.inward), ("out", place.outward)]
    parts = [f"{side} = {said(group)}" for side, group in sides if group]
    if pin == "a" and chip and [port.width > 8 for port in place.inward] == [True]:
        parts[0] = f'in = "{place.inward[0].name}[3:0]"'
    if pin == "eop_n" and len(place.outward) == 1 and place.outward[0].width > 1:
        name = place.outward[0].name
        parts[-1] = 'out = "!(' + " | ".join(f"{name}[{bit}]" for bit in place.outward[0].indices) + ')"'
    if place.outward:
        wide = sum(port.width for port in place.outward)
        if pin == "a" and wide == 16:
            name = place.outward[0].name
            rest = ", ".join([part for part in parts if part.startswith("in")] + [f'out = "{name}[7:0]"'])
            if place.enable is not None:
                return f'a = {{ {rest}, oe = "{place.enable.name}" }}\nah = "{name}[15:8]"'
            return f'a = {{ {rest} }}  # no enable: AEN gates it\nah = "{name}[15:8]"'
        if place.enable is not None:
            flip = "!" if re.search(r"_[nlNLtT]$|_(oe|en)[nN]$|_(io|IO)$", place.enable.name) else ""
            parts.append(f'oe = "{flip}{place.enable.name}"')
        elif not told.open_drain and floats:
            parts.append('oe = "z"')
            doubt += "  # taken to show Z itself, as its neighbours do"
        elif not told.open_drain:
            doubt += "  # no enable: AEN gates it"
    return f"{pin} = {{ {', '.join(parts)} }}{doubt}"
