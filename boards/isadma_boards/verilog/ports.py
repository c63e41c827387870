"""What each port of a core means: the ``#:`` lines over it in the source, and the data sheet's words for the pins."""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from amaranth.hdl import Value
from amaranth.lib import wiring

from isadma.naming import FABRIC_CLOCK, clock_ports, port_name
from isadma.pc import isa
from isadma.soc import wishbone

# Ref: Intel 8237A data sheet, order no. 231466-005, table 1 (pin description).
_PINS: Mapping[str, str] = {
    "clk_fall": "The end of this clock is the chip's CLK falling edge; tie both high for one state per clock.",
    "clk_rise": "The end of this clock is the chip's CLK rising edge.",
    "clk": "Clock.",
    "rst": "Synchronous reset of the flip-flops, high.",
    "reset": "Reset, high.",
    "cs_n": "Chip select, low.",
    "ready": "Ready, high: low adds wait states.",
    "hlda": "Hold acknowledge, high.",
    "dreq": "DMA requests, high unless command bit 6 is set.",
    "hrq": "Hold request, high.",
    "dack": "DMA acknowledges, low unless command bit 7 is set.",
    "aen": "Address enable, high.",
    "adstb": "Address strobe, high: A8-A15 are on db.",
    "ior_n": "I/O read, low.",
    "iow_n": "I/O write, low.",
    "memr_n": "Memory read, low.",
    "memw_n": "Memory write, low.",
    "eop_n": "End of process, low, open drain.",
    "db": "Data bus, and A8-A15 while adstb is high.",
    "a": "Address: A0-A3 in, A0-A7 out.",
}
_HALVES: Mapping[str, str] = {"i": "In. ", "o": "Out. ", "oe": "Enable. "}
_COMMENTED = re.compile(r'((?:^[ ]*#: .*\n)+)[ ]*"?(\w+)"?:', re.MULTILINE)


@dataclass(frozen=True)
class Port:
    """A port of the Verilog module: its name, whether it is an input, its bits, and its meaning (may be empty)."""

    name: str
    is_input: bool
    width: int
    meaning: str


def _comments(*sources: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for source in sources:
        for comment, name in _COMMENTED.findall(inspect.getsource(source)):
            found.setdefault(name, " ".join(line.strip().removeprefix("#:").strip() for line in comment.splitlines()))
    return found


def ports_of(core: wiring.Component) -> Iterator[Port]:
    """Yield the ports that Verilog will show, ``clk`` and ``rst`` of the domain ``sync`` first."""
    own = _comments(type(core))
    buses = _comments(isa, wishbone)
    clock, reset = clock_ports(core)
    yield Port(clock, True, 1, "The fabric's clock." if clock == FABRIC_CLOCK else _PINS["clk"])
    yield Port(reset, True, 1, _PINS["rst"])
    for path, member, value in core.signature.flatten(core):
        *above, last = map(str, path)
        half = _HALVES.get(last, "")
        pin = above.pop() if half and above else last
        known = own if not above else buses
        meaning = (known.get(pin) or _PINS.get(pin, "")).replace("``", "")
        first = re.match(r"(.*?\.)(?: |$)", meaning + " ")
        yield Port(
            port_name(path), member.flow is wiring.In, len(Value.cast(value)), half + (first[1] if first else meaning)
        )
