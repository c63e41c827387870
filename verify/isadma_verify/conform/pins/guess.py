"""A map guessed from port names: what each is usually called, and what is left to say by hand."""

import re
from dataclasses import dataclass, field

from isadma_verify.conform.pins.kinds import NEEDED, PINS
from isadma_verify.conform.sources.ports import Core, Port

#: What ports are called, without case, marks of direction and polarity: the stem to the pin. Each is looked for whole.
_STEMS = {
    "reset": ("reset", "rst", "mr", "reset_in", "sys_reset", "clear", "clr", "sysreset", "resetdrv", "reset_drv"),
    "cs_n": ("cs", "chip_select", "chipselect", "ce", "select", "sel", "chip_sel"),
    "ready": ("ready", "rdy", "dma_ready"),
    "hlda": ("hlda", "hold_acknowledge", "hold_ack", "hldack", "hlda_in"),
    "dreq": ("dreq", "drq", "dma_request", "dma_req", "dmareq", "request"),
    "hrq": ("hrq", "hold_request", "hold_req", "hreq", "hold", "holdreq"),
    "dack": ("dack", "dak", "dma_acknowledge", "dma_ack", "dmaack", "acknowledge", "ack"),
    "aen": ("aen", "address_enable", "addr_en"),
    "adstb": ("adstb", "address_strobe", "addr_strobe", "ads", "stb", "astb"),
    "ior_n": ("ior", "io_read", "ioread", "iord", "io_rd"),
    "iow_n": ("iow", "io_write", "iowrite", "iowr", "io_wr"),
    "memr_n": ("memr", "mem_read", "memory_read", "mrd", "memrd", "mem_rd", "mr"),
    "memw_n": ("memw", "mem_write", "memory_write", "mwr", "memwr", "mem_wr"),
    "eop_n": ("eop", "end_of_process", "eopp", "eop_tc"),
    "db": ("db", "data", "data_bus", "dbus", "d", "databus", "dat", "din", "dout", "dbin", "dbout"),
    "a": ("a", "addr", "address", "abus", "adr", "address_bus", "ab", "cpu_a", "dma_a", "cpu_addr", "dma_addr"),
    "ah": ("ah", "address_high", "abus_hi"),
}
_CLOCKS = ("osc", "clk", "clock", "clkin", "sysclk", "clk_i", "cpu_clock", "clk_in", "phi", "ck")
_FAST = re.compile(r"(clk|clock)_?(2x?|x2|fast|fabric)|fabric(_clk)?|(clk_?)?2x|mclk", re.IGNORECASE)
_RISE = re.compile(r"(ce|en|clk|clock).*(rise|pos|_p|re)$|.*posedge$|^clk_rise$", re.IGNORECASE)
_FALL = re.compile(r"(ce|en|clk|clock).*(fall|neg|_n|fe)$|.*negedge$|^clk_fall$", re.IGNORECASE)

_BOARD_STEMS = {
    **{pin: stems for pin, stems in _STEMS.items() if pin in PINS["at"]},
    "drq": _STEMS["dreq"],
    "dack_n": _STEMS["dack"],
    "d": (*_STEMS["db"], "sd", "xd"),
    "a": (*_STEMS["a"], "sa", "la", "xa"),
    "iochrdy": ("iochrdy", "chrdy", "io_ch_rdy", *_STEMS["ready"]),
    "tc": ("tc", "terminal_count", "t_c"),
    "master_n": ("master",),
    "refresh_n": ("refresh", "ref"),
    "out1": ("out1", "pit_out1"),
    "sbhe_n": ("sbhe", "bhe"),
}


#: Pins of one bit that are active high: a port whose name marks it as low has the other polarity.
_ACTIVE_HIGH = ("reset", "ready", "hlda", "hrq", "aen", "adstb", "tc", "iochrdy", "out1")


@dataclass
class _Found:
    """The ports that look like a pin."""

    io: list[Port] = field(default_factory=list)
    inward: list[Port] = field(default_factory=list)
    outward: list[Port] = field(default_factory=list)
    enable: Port | None = None


def _parts(port: Port) -> tuple[str, str, bool]:
    """Return a port's stem, the side that its name marks (in, out, oe or nothing), and whether it is active low."""
    name = re.sub(r"([a-z])([A-Z])", r"\1_\2", port.name).lower().strip("_")
    name = re.sub(r"^isa_+", "", name)
    words = [word for word in re.split(r"_+", name) if word]
    side, low = "", False
    while len(words) > 1:
        last, first = words[-1], words[0]
        if last in ("i", "in", "o", "out", "oe", "en", "e", "t", "z", "io", "drive", "dir"):
            side = side or {"i": "in", "in": "in", "o": "out", "out": "out", "io": ""}.get(last, "oe")
            words.pop()
        elif last in ("n", "l", "b"):
            low = True
            words.pop()
        elif first in ("i", "o") and len(first) == 1:
            side = side or {"i": "in", "o": "out"}[first]
            words.pop(0)
        elif first == "n":
            low = True
            words.pop(0)
        else:
            break
    return "_".join(words), side, low


def _stem_of(stem: str, stems: dict[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """Return the pin that a stem is of, and what stands behind it: a channel's number, bits, or nothing."""
    for pin, known in stems.items():
        for word in known:
            bare = re.sub(r"^(x|cpu_?|dma_?|isa_?|bus_?)", "", stem) if len(word) > 2 else stem
            for name in (stem, stem.removesuffix("n"), stem.removeprefix("n"), stem.removesuffix("in"), bare):
                if name == word:
                    return pin, ""
            found = re.fullmatch(rf"{re.escape(word)}n?_?(\d+(?:_\d+)?|h|l|lo|hi|low|high)", stem)
            if found is not None:
                return pin, found.group(1)
    return None


def _order(port: Port, tail: str) -> tuple[int, str]:
    """Return a key that puts the highest bits first."""
    numbers = [int(number) for number in re.findall(r"\d+", tail)]
    if numbers:
        return -max(numbers), port.name
    return (-100 if tail.startswith("h") else 0), port.name


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
        port.width == 8 and _stem_of(_parts(port)[0], {"drq": _STEMS["dreq"]}) for port in core.ports.values()
    )
    kind, stems = ("at", _BOARD_STEMS) if board else ("chip", _STEMS)
    found: dict[str, _Found] = {}
    tails: dict[str, str] = {}
    lows: dict[str, bool] = {}
    clocks: dict[str, str] = {}
    rest: list[Port] = []
    for port in core.ports.values():
        stem, side, low = _parts(port)
        if port.direction == "in" and port.width == 1 and _clock(port, stem, clocks):
            continue
        matched = _stem_of(stem, stems)
        if matched is None:
            rest.append(port)
            continue
        pin, tails[port.name] = matched
        lows[port.name] = low or (stem not in stems[pin] and bool(re.search(r"^n|n$", stem)))
        place = found.setdefault(pin, _Found())
        told = PINS[kind][pin]
        if port.direction == "in" and told.inward == 1 and place.inward:
            # Two ports that look like one pin of one bit: the one with the more usual name is it.
            rest.append(max(place.inward[0], port, key=lambda one: _rank(one, stems[pin])))
            place.inward = [one for one in (*place.inward, port) if one is not rest[-1]]
            continue
        if side == "oe" and port.direction == "out":
            place.enable = port
        elif port.direction == "inout":
            place.io.append(port)
        elif port.direction == "in":
            place.inward.append(port)
        else:
            place.outward.append(port)
    return _text(core, kind, found, tails, lows, clocks, rest)


def _rank(port: Port, known: tuple[str, ...]) -> int:
    stem = _parts(port)[0]
    return known.index(stem) if stem in known else len(known)


def _clock(port: Port, stem: str, clocks: dict[str, str]) -> bool:
    """Take a port for a clock or an enable, where its name says so."""
    if _FAST.fullmatch(port.name) and "fabric" not in clocks:
        clocks["fabric"] = port.name
    elif _RISE.fullmatch(port.name) and "rise" not in clocks:
        clocks["rise"] = port.name
    elif _FALL.fullmatch(port.name) and "fall" not in clocks and stem not in _CLOCKS:
        clocks["fall"] = port.name
    elif (stem in _CLOCKS or stem.rstrip("_i") in _CLOCKS) and "clock" not in clocks:
        clocks["clock"] = port.name
    else:
        return False
    return True


def _text(
    core: Core,
    kind: str,
    found: dict[str, _Found],
    tails: dict[str, str],
    lows: dict[str, bool],
    clocks: dict[str, str],
    rest: list[Port],
) -> str:
    lines = [f"# The pins of {core.top}, guessed from its port names: look through every line.", f'kind = "{kind}"']
    lines += [f'top = "{core.top}"', "", "[clock]"]
    if "fabric" in clocks and "clock" in clocks:
        lines += [
            f'fabric = "{clocks["fabric"]}"',
            f'pin = "{clocks["clock"]}"',
            "per_state = 2  # fabric clocks in one state",
        ]
    elif "rise" in clocks or "fall" in clocks:
        lines.append(f'fabric = "{clocks.get("clock", "?")}"')
        lines += [f'{key} = "{clocks[key]}"' for key in ("rise", "fall") if key in clocks]
        lines.append("per_state = 2  # fabric clocks in one state")
    elif "clock" in clocks:
        lines.append(f'pin = "{clocks["clock"]}"  # CLK itself; or fabric = ... where each of its clocks is a state')
    else:
        lines.append('pin = "?"  # which port is CLK?')
    lines += ["", "[pins]"]
    floats = any(place.io for place in found.values())
    for pin, told in PINS[kind].items():
        if pin in found:
            lines.append(_line(pin, found[pin], tails, lows, floats))
        elif pin in NEEDED[kind]:
            lines.append(f'{pin} = "?"  # nothing looks like it, and it is needed')
        elif told.name != "ah":
            lines.append(f"{pin} = false  # nothing looks like it")
    inputs = [port for port in rest if port.direction == "in"]
    if inputs:
        lines += ["", "[drive]  # inputs that look like no pin: a level, or pins as in !cs_n & !ior_n"]
        lines += [f"{port.name} = 0" for port in inputs]
    spare = [port.name for port in rest if port.direction != "in"]
    if spare:
        lines += ["", f"# Outputs that look like no pin: {', '.join(spare)}"]
    return "\n".join(lines) + "\n"


def _line(pin: str, place: _Found, tails: dict[str, str], lows: dict[str, bool], floats: bool) -> str:
    active_low = pin.endswith("_n")

    def said(ports: list[Port]) -> str:
        ordered = sorted(ports, key=lambda port: _order(port, tails[port.name]))
        flips = [lows[port.name] and pin in _ACTIVE_HIGH for port in ordered]
        names = _quoted([port.name for port in ordered], flips)
        if pin in ("drq", "dack_n") and [port.width for port in ordered] == [1] * 7:
            # A board has no channel 4: nobody asks for it, and nobody is acknowledged.
            each = names.split(", ")
            names = ", ".join([*each[:3], str(int(active_low)), *each[3:]])
        return names

    doubt = ""
    ports = [*place.io, *place.inward, *place.outward]
    if active_low and not any(lows[port.name] for port in ports):
        doubt = f'  # active low? "!{ports[0].name}" where it is active high'
    mixed = place.io + (place.outward if place.io else [])
    if place.io:
        return f"{pin} = {said(mixed)}{doubt}"
    told = PINS["chip"].get(pin) or PINS["at"][pin]
    if not (told.three_state or told.open_drain):
        return f"{pin} = {said(place.inward or place.outward)}{doubt}"
    sides = [("in", place.inward), ("out", place.outward)]
    parts = [f"{side} = {said(group)}" for side, group in sides if group]
    if place.outward:
        wide = sum(port.width for port in place.outward)
        if pin == "a" and wide == 16:
            name = place.outward[0].name
            rest = ", ".join([part for part in parts if part.startswith("in")] + [f'out = "{name}[7:0]"'])
            return f'a = {{ {rest} }}  # no enable: AEN gates it\nah = "{name}[15:8]"'
        if place.enable is not None:
            flip = "!" if re.search(r"_[nlNL]$|_(oe|en)[nN]$", place.enable.name) else ""
            parts.append(f'oe = "{flip}{place.enable.name}"')
        elif not told.open_drain and floats:
            parts.append('oe = "z"')
            doubt += "  # taken to show Z itself, as its neighbours do"
        elif not told.open_drain:
            doubt += "  # no enable: AEN gates it"
    return f"{pin} = {{ {', '.join(parts)} }}{doubt}"
