"""What is run beside a capture: a board, or the chip alone, with all its pins packed in two words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amaranth.hdl import Cat, ClockDomain, Module, Signal, Value
from amaranth.lib.wiring import Elaboratable

from isadma.i8237 import I8237
from isadma.pc import HoldXt, PcAt, PcXt
from isadma_sim.engines.packed import state_code
from isadma_verify.captures.check.processor import BusController, ReadyCircuit

__all__ = ["BENCHES", "Bench", "Kind", "Top"]

_STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")
#: Levels of the lines that a capture has not: all others are low.
_HIGH = dict.fromkeys((*_STROBES, "lock_n", "iochrdy", "master_n", "sbhe_n", "cs_n", "eop_n", "ready"), 1)


class Bench:
    """
    A design with its inputs and outputs packed, lowest first, in two words of 64 bits at most.

    Attributes
    ----------
    fields_in, fields_out : dict of str to (int, int)
        Lowest bit and width of each line or bus.
    idle : int
        Inputs with nothing going on.
    """

    def __init__(self, inputs: Mapping[str, int], outputs: Mapping[str, int]) -> None:
        self.fields_in, self.fields_out = _places(inputs), _places(outputs)
        self.idle = sum(
            _HIGH.get(name, 0b111 if name == "s" else 0) << low for name, (low, _) in self.fields_in.items()
        )

    def top(self) -> Top:
        """Return the design with its words as ports."""
        return Top(self)

    def design(self, m: Module, given: Mapping[str, Value]) -> Mapping[str, Value]:
        """Add the design, and return its outputs."""
        raise NotImplementedError


class Top(Elaboratable):
    """A bench's design behind the ports ``clk``, ``inputs`` and ``outputs``."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.inputs = Signal(sum(width for _, width in bench.fields_in.values()), init=bench.idle)
        self.outputs = Signal(sum(width for _, width in bench.fields_out.values()))
        self.clk = Signal()

    def elaborate(self, platform: object) -> Module:
        """Put the design on the words."""
        m = Module()
        m.domains.sync = domain = ClockDomain(reset_less=True)
        m.d.comb += domain.clk.eq(self.clk)
        bench = self._bench
        given = {name: self.inputs[low : low + width] for name, (low, width) in bench.fields_in.items()}
        shown = bench.design(m, given)
        m.d.comb += self.outputs.eq(Cat(shown[name][:width] for name, (_, width) in bench.fields_out.items()))
        return m


def _places(widths: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    places, low = {}, 0
    for name, width in widths.items():
        places[name] = low, width
        low += width
    return places


_BUS_OUT = {
    **dict.fromkeys(_STROBES, 1),
    "strobes_oe": 1,
    "a_oe": 1,
    "d_oe": 1,
    "tc": 1,
    "hrq": 1,
    "aen": 1,
    "state": 5,
}


def _pulled_up(line: Value) -> Value:
    return line.o | ~line.oe


def _bus(isa: Value, hrq: Value) -> dict[str, Value]:
    """Return the outputs of a board that every bench shows."""
    return {
        **{name: _pulled_up(getattr(isa, name)) for name in _STROBES},
        "strobes_oe": isa.memr_n.oe,
        "a_oe": isa.a.oe,
        "d_oe": isa.d.oe,
        "tc": isa.tc,
        "hrq": hrq,
        "aen": isa.aen,
        "dack_n": isa.dack_n,
        "a": isa.a.o,
        "d": isa.d.o,
        "refresh_n": isa.refresh_n,
    }


class XtWithProcessor(Bench):
    """The PC/XT with its arbiter, driven by the processor's status lines, a half clock of its CLK at a time."""

    def __init__(self) -> None:
        inputs = {
            "rise": 1,
            "fall": 1,
            "s": 3,
            "lock_n": 1,
            "reset": 1,
            "iochrdy": 1,
            "out1": 1,
            "drq": 4,
            "a": 20,
            "d": 8,
        }
        outputs = {**_BUS_OUT, "dack_n": 4, "a": 20, "d": 8, "refresh_n": 1, "dreq0": 1, "hlda": 1, "dma_wait": 1}
        super().__init__(inputs, {**outputs, "ready": 1})

    def design(self, m: Module, given: Mapping[str, Value]) -> Mapping[str, Value]:
        """Put arbiter and board together; the 8237's CLK is the inverse of the processor's (decision 8)."""
        m.submodules.board = board = PcXt()
        m.submodules.hold = hold = HoldXt()
        m.submodules.bus = bus = BusController()
        m.submodules.clock = clock = ReadyCircuit()
        isa, drives = board.isa, board.isa.memr_n.oe
        rise, fall = given["rise"], given["fall"]
        for part in (hold, bus, clock):
            m.d.comb += [part.cpu_rise.eq(rise), part.cpu_fall.eq(fall)]
        strobes = {name: Signal(name=name) for name in ("ior_n", "iow_n")}
        for name, line in strobes.items():
            m.d.comb += line.eq((getattr(isa, name).o & drives) | (getattr(bus, name) & ~drives))
            m.d.comb += [getattr(isa, name).i.eq(line), getattr(hold, name).eq(line)]
        m.d.comb += [
            board.clk_fall.eq(rise),
            board.clk_rise.eq(fall),
            board.reset.eq(given["reset"]),
            board.hlda.eq(hold.holda),
            board.out1.eq(given["out1"]),
            isa.drq.eq(given["drq"]),
            isa.iochrdy.eq(given["iochrdy"]),
            isa.a.i.eq(bus.address),
            isa.d.i.eq(given["d"]),
            bus.s.eq(given["s"]),
            bus.a.eq(given["a"]),
            bus.aen.eq(hold.aen),
            hold.s.eq(given["s"]),
            hold.lock_n.eq(given["lock_n"]),
            hold.reset.eq(given["reset"]),
            hold.hrq.eq(board.hrq),
            hold.memr_n.eq(_pulled_up(isa.memr_n)),
            hold.dack0_n.eq(isa.dack_n[0]),
            hold.iochrdy.eq(given["iochrdy"]),
            hold.dma_cs_n.eq(hold.aen | (bus.address[5:10] != 0)),
            clock.dma_wait.eq(hold.dma_wait),
            clock.cpu_wait.eq(hold.cpu_wait),
        ]
        inside = {
            "state": state_code(m, board.chip),
            "dreq0": board.chip.dreq[0],
            "hlda": hold.holda,
            "dma_wait": hold.dma_wait,
            "ready": clock.ready,
        }
        return {**_bus(isa, board.hrq), **inside}


class BoardAlone(Bench):
    """A board whose HLDA is given: a clock of the 8237 at a time."""

    def __init__(self, board: str) -> None:
        self._board = board
        width, channels = (20, 4) if board == "xt" else (24, 8)
        data = 8 if board == "xt" else 16
        inputs = {**dict.fromkeys((*_STROBES, "hlda", "reset", "iochrdy", "master_n", "sbhe_n", "out1"), 1)}
        outputs = {**_BUS_OUT, "dack_n": channels, "a": width, "d": 8, "refresh_n": 1}
        outputs |= {"dreq0": 1} if board == "xt" else {"state2": 5}
        super().__init__({**inputs, "drq": channels, "a": width, "d": data}, outputs)

    def design(self, m: Module, given: Mapping[str, Value]) -> Mapping[str, Value]:
        """Let each wire read what the board drives, and the capture where it does not."""
        m.submodules.board = board = PcXt() if self._board == "xt" else PcAt(refresh=True)
        isa = board.isa
        for name in _STROBES:
            line = getattr(isa, name)
            m.d.comb += line.i.eq((line.o & line.oe) | (given[name] & ~line.oe))
        for name in ("hlda", "reset", "out1"):
            m.d.comb += getattr(board, name).eq(given[name])
        m.d.comb += [
            board.clk_fall.eq(1),
            board.clk_rise.eq(1),
            isa.iochrdy.eq(given["iochrdy"]),
            isa.master_n.eq(given["master_n"]),
            isa.sbhe_n.i.eq(given["sbhe_n"]),
            isa.drq.eq(given["drq"]),
            isa.a.i.eq(given["a"]),
            isa.d.i.eq(given["d"]),
        ]
        if self._board == "xt":
            return {**_bus(isa, board.hrq), "dreq0": board.chip.dreq[0], "state": state_code(m, board.chip)}
        first, second = (state_code(m, chip) for chip in board.chips)
        return {**_bus(isa, board.hrq), "state": first, "state2": second}


class ChipAlone(Bench):
    """An 8237A by itself: a clock at a time."""

    def __init__(self) -> None:
        one = ("ior_n", "iow_n", "hlda", "reset", "ready", "cs_n", "eop_n")
        inputs = {**dict.fromkeys(one, 1), "drq": 4, "a": 4, "d": 8}
        super().__init__(inputs, {**_BUS_OUT, "dack_n": 4, "a": 8, "d": 8, "adstb": 1})

    def design(self, m: Module, given: Mapping[str, Value]) -> Mapping[str, Value]:
        """Give all pins as they are."""
        m.submodules.chip = chip = I8237()
        for name in ("ior_n", "iow_n", "eop_n"):
            m.d.comb += getattr(chip, name).i.eq(given[name])
        for name in ("hlda", "reset", "ready", "cs_n"):
            m.d.comb += getattr(chip, name).eq(given[name])
        m.d.comb += [
            chip.clk_fall.eq(1),
            chip.clk_rise.eq(1),
            chip.dreq.eq(given["drq"]),
            chip.a.i.eq(given["a"]),
            chip.db.i.eq(given["d"]),
        ]
        shown = {name: _pulled_up(getattr(chip, name)) for name in _STROBES}
        return {
            **shown,
            "strobes_oe": chip.memr_n.oe,
            "a_oe": chip.a.oe,
            "d_oe": chip.db.oe,
            "tc": chip.eop_n.oe,
            "hrq": chip.hrq,
            "aen": chip.aen,
            "dack_n": chip.dack,
            "a": chip.a.o,
            "d": chip.db.o,
            "adstb": chip.adstb,
            "state": state_code(m, chip),
        }


@dataclass(frozen=True)
class Kind:
    """
    A way of replaying a capture.

    Attributes
    ----------
    make : callable
        Makes the design.
    halves : int
        Fabric clocks to a clock of the capture.
    edge : {"rise", "fall"}
        Edge of the captured CLK before which lines are looked at.
    """

    make: Callable[[], Bench]
    halves: int
    edge: str


#: By name: the boards, and the PC/XT with its processor's status lines.
BENCHES: Mapping[str, Kind] = {
    "xt-processor": Kind(XtWithProcessor, 2, "rise"),
    "xt": Kind(lambda: BoardAlone("xt"), 1, "fall"),
    "at": Kind(lambda: BoardAlone("at"), 1, "fall"),
    "chip": Kind(ChipAlone, 1, "fall"),
}
