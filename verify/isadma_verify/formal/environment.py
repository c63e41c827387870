"""What surrounds the chip in a proof: free inputs, the two ways to clock it, and what a bus may be trusted with."""

# Ref: docs/decisions/0001-the-clock-contract.md.
from amaranth.hdl import Assume, Module, ResetSignal, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In

from isadma.i8237 import I8237

#: One state per fabric clock, and two or more fabric clocks per state: any number in either half.
CLOCKINGS = ("state", "half")

#: The chip's inputs beside its clock enables, by port name, with their widths.
INPUTS = {
    "reset": 1,
    "cs_n": 1,
    "ready": 1,
    "hlda": 1,
    "dreq": 4,
    "ior_n": 1,
    "iow_n": 1,
    "eop_n": 1,
    "db": 8,
    "a": 4,
}


class Environment(wiring.Component):
    """
    A chip whose inputs are all free; a property adds its assertions in `rules`.

    Parameters
    ----------
    clocking
        One of `CLOCKINGS`.
    chip
        The chip; a plain one if None.
    free
        Further free inputs that the property speaks of, with their widths.
    """

    def __init__(self, clocking: str, chip: I8237 | None = None, **free: int) -> None:
        if clocking not in CLOCKINGS:
            raise ValueError(f"clocking {clocking!r}: take one of {', '.join(CLOCKINGS)}")
        self.clocking = clocking
        #: Whether `narrow` is assumed: in the search for covers, which are then reached sooner.
        self.narrowed = False
        self.chip = chip or I8237()
        widths = {**INPUTS, "enable": 1, **free}
        super().__init__({name: In(width) for name, width in widths.items()})

    def elaborate(self, platform: object) -> Module:
        """Put the chip on free inputs, and add the rules."""
        m = Module()
        self.m = m
        m.submodules.chip = chip = self.chip
        three_state = {"ior_n": chip.ior_n, "iow_n": chip.iow_n, "eop_n": chip.eop_n, "db": chip.db, "a": chip.a}
        for name in INPUTS:
            pin = three_state[name].i if name in three_state else getattr(chip, name)
            m.d.comb += pin.eq(getattr(self, name))
        #: Which half of the state this clock lies in; at one state per clock always the second.
        self.second_half = Signal()
        if self.clocking == "state":
            m.d.comb += [chip.clk_fall.eq(1), chip.clk_rise.eq(1), self.second_half.eq(1)]
        else:
            with m.If(self.enable):
                m.d.sync += self.second_half.eq(~self.second_half)
            m.d.comb += [
                chip.clk_rise.eq(self.enable & ~self.second_half),
                chip.clk_fall.eq(self.enable & self.second_half),
            ]
        m.d.comb += Assume(~ResetSignal())
        #: High from the second clock on: what lies a clock back is real.
        self.started = Signal()
        m.d.sync += self.started.eq(1)
        self.rules(m)
        if self.narrowed:
            self.narrow(m)
        return m

    def rules(self, m: Module) -> None:
        """Add the property."""
        raise NotImplementedError

    def narrow(self, m: Module) -> None:
        """Assume what no cover needs to be otherwise: two fabric clocks to a state, and no RESET."""
        m.d.comb += Assume(self.enable & ~self.reset)

    def past(self, value: Value, name: str) -> Signal:
        """Return what a value was one fabric clock before; zero in the first."""
        before = Signal(len(value), name=f"past_{name}")
        self.m.d.sync += before.eq(value)
        return before

    def cpu_keeps_its_word(self, m: Module) -> None:
        """
        Assume what any CPU promises that shares a bus.

        HLDA rises only while HRQ is high and falls only while it is low. The CPU's strobes are high while HLDA or AEN
        is, and have been so for two clocks when HLDA rises. One strobe at a time; address and CS# hold from a clock
        before the strobe falls through the first in which it is high again.
        """
        hlda, port = self.past(self.hlda, "hlda_assumed"), self.past(self.a, "a_assumed")
        access = ~self.cs_n & ~(self.ior_n & self.iow_n)
        accessed = self.past(access, "access_assumed")
        m.d.comb += [
            Assume((self.hlda == hlda) | (self.hlda == self.chip.hrq)),
            Assume(~access | ~(self.hlda | self.chip.aen)),
            Assume(~accessed | ~(self.hlda | self.cs_n)),
            Assume(~self.past(accessed, "accessed_assumed") | ~self.hlda),
            Assume(~access | self.ior_n | self.iow_n),
            Assume(~(access | accessed) | (self.a == port)),
        ]
