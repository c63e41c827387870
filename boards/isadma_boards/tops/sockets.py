"""The 8237A's place taken by an FPGA board: `Socket` behind named pins, at a clock that a PLL makes."""

# Ref: Lattice FPGA-TN-02052 (iCE40 PLL), FPGA-TN-02200 (ECP5 PLL); the boards' connectors are amaranth_boards'.
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from amaranth import ClockDomain, ClockSignal, Elaboratable, Module
from amaranth.build import Attrs, Pins, Resource, Subsignal
from amaranth.lib import io

from isadma.i8237.socket import Socket

from .boards import BOARDS
from .pll import Ecp5Pll, Ice40Pll

__all__ = ["SOCKETS", "SocketSpec", "SocketTop"]

#: The part's pins in the order in which they are wired: name, how many, and which way.
LINES = (
    ("clk", 1, "i"),
    ("reset", 1, "i"),
    ("cs_n", 1, "i"),
    ("ready", 1, "i"),
    ("hlda", 1, "i"),
    ("dreq", 4, "i"),
    ("hrq", 1, "o"),
    ("dack", 4, "o"),
    ("aen", 1, "o"),
    ("adstb", 1, "o"),
    ("ior_n", 1, "io"),
    ("iow_n", 1, "io"),
    ("memr_n", 1, "oe"),
    ("memw_n", 1, "oe"),
    ("eop_n", 1, "io"),
    ("db", 8, "io"),
    ("a", 8, "io"),
    # Directions of the level shifters: high, the part drives.
    ("db_drives", 1, "o"),
    ("a_drives", 1, "o"),
)


def _hx8k_pins() -> list[str]:
    # J2 and then J3; each has ground and supply between its signals.
    lines = (3, 4, 5, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 29, 32, 33, 34, 35, 36, 37)
    j3 = (0, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 16, 17, 18)
    return [f"j_2:{line + 1}" for line in lines] + [f"j_3:{line + 1}" for line in j3]


def _ulx3s_pins() -> list[str]:
    return [f"gpio_0:{pair}{half}" for pair in range(28) for half in "+-"]


@dataclass(frozen=True)
class SocketSpec:
    """One board as an 8237A.

    Attributes
    ----------
    board : str
        Which board, a key of `isadma_boards.tops.BOARDS`.
    fabric_hz : int
        What the PLL makes.
    pll : callable
        The PLL of the board's family, made with the oscillator's frequency and `fabric_hz`.
    pins : list of str
        ``connector:pin`` of each line, in the order of `LINES`.
    attributes : Mapping
        Of every pad.
    """

    board: str
    fabric_hz: int
    pll: Callable[[int, int], Ecp5Pll | Ice40Pll]
    pins: tuple[str, ...]
    attributes: Mapping[str, str]

    @property
    def wiring(self) -> dict[str, str]:
        """The connector's pin of each line: ``{"db3": "j_2:34"}``."""
        names = [f"{name}{bit}" if bits > 1 else name for name, bits, _ in LINES for bit in range(bits)]
        return dict(zip(names, self.pins, strict=False))

    def resource(self) -> Resource:
        """Return the pins as the board's platform takes them."""
        wiring = self.wiring
        lines = []
        for name, bits, way in LINES:
            pins = [wiring[f"{name}{bit}" if bits > 1 else name] for bit in range(bits)]
            lines.append(Subsignal(name, Pins(" ".join(pins), dir=way)))
        return Resource("i8237", 0, *lines, Attrs(**self.attributes))


SOCKETS: Mapping[str, SocketSpec] = {
    "socket-hx8k": SocketSpec(
        board="hx8k-breakout",
        fabric_hz=72_000_000,
        pll=Ice40Pll,
        pins=tuple(_hx8k_pins()),
        attributes={"IO_STANDARD": "SB_LVCMOS"},
    ),
    "socket-ulx3s": SocketSpec(
        board="ulx3s",
        fabric_hz=75_000_000,
        pll=Ecp5Pll,
        pins=tuple(_ulx3s_pins()),
        attributes={"IO_TYPE": "LVCMOS33"},
    ),
}


class SocketTop(Elaboratable):
    """The FPGA: the PLL, the part, and a pad for every line.

    Parameters
    ----------
    spec : SocketSpec
        Which board.
    """

    def __init__(self, spec: SocketSpec) -> None:
        self._spec = spec
        self.part = Socket(fabric_mhz=-(-spec.fabric_hz // 1_000_000))

    def elaborate(self, platform: Any) -> Module:
        """Wire it."""
        m = Module()
        m.domains.sync = ClockDomain(reset_less=True)
        m.submodules.part = part = self.part
        m.submodules.clock = clock = io.Buffer("i", platform.request(platform.default_clk, dir="-"))
        m.submodules.pll = pll = self._spec.pll(BOARDS[self._spec.board].oscillator_hz, self._spec.fabric_hz)
        m.d.comb += [pll.clk_in.eq(clock.i), ClockSignal().eq(pll.clk_out)]
        platform.add_clock_constraint(pll.clk_out, self._spec.fabric_hz)
        pads = platform.request("i8237", 0, dir={name: "-" for name, _, _ in LINES})
        extra = {"db_drives": part.db.oe, "a_drives": part.a.oe}
        for name, _, way in LINES:
            m.submodules[f"{name}_pad"] = pad = io.Buffer(way.removesuffix("e"), getattr(pads, name))
            if name in extra:
                m.d.comb += pad.o.eq(extra[name])
            elif way == "i":
                m.d.comb += getattr(part, name).eq(pad.i)
            elif way == "o":
                m.d.comb += pad.o.eq(getattr(part, name))
            else:
                line = getattr(part, name)
                m.d.comb += [pad.o.eq(line.o), pad.oe.eq(line.oe)]
                if way == "io":
                    m.d.comb += line.i.eq(pad.i)
        return m
