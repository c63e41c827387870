"""The PC/AT keeps the rules of the ISA bus: `IsaChecker`, its world's rules assumed, its board's rules asserted."""

# Ref: docs/decisions/0001-the-clock-contract.md, "The AT board".
from functools import partial
from typing import cast

from amaranth.hdl import Assert, Assume, Cover, Module, ResetSignal, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In

from isadma.i8237.regs import REGISTER_BITS, ModeKind, WritePort
from isadma.pc import IsaChecker, PcAt, Rule
from isadma.pc.checker import BOARD_RULES, WORLD_RULES
from isadma.pc.isa import STROBES
from isadma.pc.ports import Window

from .environment import CLOCKINGS, Environment
from .free_chip import unused
from .inside import inside
from .invariants import sampled_grant, state_invariants, walk_invariants
from .open_memories import FreeRegisterFile, OpenModes
from .runner import Property


class _Chip:
    """One of the two chips, as the lemmas of `invariants` ask for it."""

    def __init__(self, rules: "AtKeepsRules", number: int) -> None:
        self.chip = rules.board.chips[number]
        self.clocking, self.m = rules.clocking, rules.m
        self.second_half, self.started = rules.second_half, rules.started
        self._number = number

    def past(self, value: Value, name: str) -> Signal:
        """Return what a value was one fabric clock before; zero in the first."""
        before = Signal(len(value), name=f"past_{name}_{self._number}")
        self.m.d.sync += before.eq(value)
        return before


class AtKeepsRules(wiring.Component):
    """
    The board with both chips, in a world that keeps its own rules of `IsaChecker`.

    Assumed beside them, each of which the checker cannot see from outside: software has put channel 4 into cascade
    mode and left memory-to-memory and the polarities alone; a strobe of the processor stands alone, with its address,
    and ends two clocks before HLDA rises; HLDA moves at the beginning of a state; a card pulls MASTER# only where the
    chips have AEN low, that is with the DACK# of a channel in cascade mode.

    Parameters
    ----------
    clocking
        One of `CLOCKINGS`.
    """

    def __init__(self, clocking: str) -> None:
        if clocking not in CLOCKINGS:
            raise ValueError(f"clocking {clocking!r}: take one of {', '.join(CLOCKINGS)}")
        self.clocking = clocking
        #: Whether the search for covers may leave out what they do not need.
        self.narrowed = False
        self.board = board = PcAt()
        for chip, cascaded in zip(board.chips, ((2,), (0, 2)), strict=True):
            for closed in (chip.modes, chip.registers):
                unused(closed)
            chip.modes, chip.registers = OpenModes(cascaded), FreeRegisterFile()
        widths = {"enable": 1, "reset": 1, "hlda": 1, "port": 16, "data": 8, "drq": 8, "iochrdy": 1, "master_n": 1}
        widths |= {"ior_n": 1, "iow_n": 1, "anything1": REGISTER_BITS, "anything2": REGISTER_BITS}
        super().__init__({name: In(width) for name, width in widths.items()})

    def elaborate(self, platform: object) -> Module:
        """Put the board on free inputs, and add the rules."""
        m = Module()
        self.m = m
        m.submodules.board = board = self.board
        m.submodules.checker = checker = IsaChecker(board)
        (self.lent,) = inside(checker, "lent")
        isa = board.isa
        self.second_half, self.started = Signal(), Signal()
        m.d.sync += self.started.eq(1)
        if self.clocking == "state":
            m.d.comb += [board.clk_fall.eq(1), board.clk_rise.eq(1), self.second_half.eq(1)]
        else:
            with m.If(self.enable):
                m.d.sync += self.second_half.eq(~self.second_half)
            m.d.comb += [
                board.clk_rise.eq(self.enable & ~self.second_half),
                board.clk_fall.eq(self.enable & self.second_half),
            ]
        m.d.comb += [
            Assume(~ResetSignal()),
            board.reset.eq(self.reset),
            board.hlda.eq(self.hlda),
            isa.a.i.eq(self.port),
            isa.d.i.eq(self.data),
            isa.drq.eq(self.drq),
            isa.iochrdy.eq(self.iochrdy),
            isa.master_n.eq(self.master_n),
        ]
        for name in STROBES:
            # A wire shows the board where it drives, and the processor or a master where it does not.
            line, others = getattr(isa, name), getattr(self, name, 1)
            m.d.comb += line.i.eq((line.o & line.oe) | (others & ~line.oe))
        for chip, anything in zip(board.chips, (self.anything1, self.anything2), strict=True):
            m.d.comb += chip.registers.anything.eq(anything)
        self.assume(m, checker)
        self.lemmas(m)
        for rule in BOARD_RULES:
            m.d.comb += Assert(~checker.broken[rule], rule.name)
        one, two = board.chips
        m.d.comb += [
            Cover(one.timing.service.state.s3 & ~isa.memw_n.o),
            Cover(two.timing.service.state.s3 & ~isa.memw_n.o),
            Cover(~self.master_n & ~isa.dack_n[2]),
            Cover(~self.master_n & ~isa.dack_n[6]),
        ]
        if self.narrowed:
            # Two fabric clocks to a state, no RESET, no waits, and a processor that only clears masks.
            m.d.comb += [
                Assume(self.enable & ~self.reset & self.iochrdy & self.ior_n),
                Assume((self.port == WritePort.CLEAR_MASK) | (self.port == Window.DMA2 + 2 * WritePort.CLEAR_MASK)),
            ]
        return m

    def past(self, value: Value, name: str) -> Signal:
        """Return what a value was one fabric clock before; zero in the first."""
        before = Signal(len(value), name=f"past_{name}")
        self.m.d.sync += before.eq(value)
        return before

    def assume(self, m: Module, checker: IsaChecker) -> None:
        """Assume the world's rules, and what the checker cannot see."""
        for rule in WORLD_RULES:
            if rule is not Rule.PROCESSOR_ON_LENT_BUS:  # assumed below, and more
                m.d.comb += Assume(~checker.broken[rule])
        self.assume_software(m)
        board, isa = self.board, self.board.isa
        one, two = board.chips
        access = ~(self.ior_n & self.iow_n)
        accessed = self.past(access, "access")
        earlier = self.past(accessed, "accessed")
        lent = self.hlda | one.aen | two.aen
        m.d.comb += [
            Assume(~access | self.ior_n | self.iow_n),
            Assume(~(access | accessed) | (self.port == self.past(self.port, "port"))),
            Assume(~access | ~lent | ~self.master_n),
            Assume(~(accessed | earlier) | ~lent | ~self.master_n),
            Assume(~access | ~self.past(lent & self.master_n, "lent")),
            Assume(self.master_n | ~(one.aen | two.aen)),
            Assume(self.master_n | (~isa.dack_n).any()),
        ]
        if self.clocking == "half":
            m.d.comb += Assume((self.hlda == self.past(self.hlda, "hlda")) | self.past(board.clk_fall, "clk_fall"))

    def assume_software(self, m: Module) -> None:
        """Assume what every BIOS does at power-up, and no program undoes."""
        one, two = self.board.chips
        m.d.comb += Assume(two.modes.kind(0) == ModeKind.CASCADE.value)
        for chip in (one, two):
            command = chip.program.control.command
            m.d.comb += Assume(~(command.memory_to_memory | command.dack_active_high))
        m.d.comb += Assume(~two.program.control.command.dreq_active_low)

    def lemmas(self, m: Module) -> None:
        """Assert what ties the two chips together: DMA 1 is served only while DMA 2 serves its cascade."""
        one, two = self.board.chips
        envs = [cast(Environment, _Chip(self, number)) for number in range(2)]
        for env in envs:
            state_invariants(env, m)
            walk_invariants(env, m)
        t1, t2 = one.timing, two.timing
        cascade = t2.service.state.sc & (t2.service.channel == 0)
        m.d.comb += [
            # HLDA stays from its sampling until HRQ falls.
            Assert(~sampled_grant(envs[1]) | self.hlda),
            Assert(~(t2.service.active | t2.service.state.sc) | self.hlda | ~two.hrq),
            # DMA 2 never drives the bus for channel 4.
            Assert(~t2.service.active | (t2.service.channel != 0)),
            # DMA 1 sees HLDA in S0 only in the cascade's service, and that lasts until its own is over.
            Assert(~(one.hlda & t1.service.state.s0) | cascade),
            Assert(~sampled_grant(envs[0]) | one.hlda),
            Assert(~(t1.service.active | t1.service.state.sc) | cascade),
        ]
        if self.clocking == "half":
            active, was_active = t1.service.active | t2.service.active, t1.service.was_active | t2.service.was_active
            m.d.comb += [
                Assert(~active | self.hlda),
                Assert(~(was_active & ~self.second_half) | self.lent),
            ]


def _build(clocking: str, narrowed: bool) -> AtKeepsRules:
    rules = AtKeepsRules(clocking)
    rules.narrowed = narrowed
    return rules


#: The board's rules, in both clockings; with the clocks that the covers need.
AT_RULES = tuple(
    Property(
        f"at-rules-{clocking}",
        "On the AT at most one channel is acknowledged; address, strobes, AEN and TC come only with HLDA, in pairs and "
        "steadily, and never while a card holds MASTER# low: `IsaChecker`'s rules for the board, where the processor "
        "and the cards keep theirs.",
        partial(_build, clocking),
        3,
        "the lemmas make it inductive; the checker, its assumptions and the cascade look up to two clocks back",
        cover_depth,
    )
    for clocking, cover_depth in zip(CLOCKINGS, (16, 24), strict=True)
)
