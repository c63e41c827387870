"""The PC/XT's arbiter around a chip: one driver on the address bus, AEN over every strobe, and the bus given back."""

# Ref: netlists of the IBM 5150 and 5160 motherboards, see `isadma.pc.hold_xt`.
from functools import partial

from amaranth.hdl import Assert, Assume, Cover, Module, Mux, Signal

from isadma.pc import HoldXt

from .bus import strobe_low
from .environment import CLOCKINGS, Environment
from .inside import inside
from .invariants import grant_invariants, sampled_grant, settled, state_invariants
from .open_memories import open_chip
from .runner import Property


class Arbitrated(Environment):
    """
    The chip with `HoldXt` for its HLDA, and a processor whose status lines, LOCK# and strobes are free.

    The chip's CLK is the processor's or its inverse: a proof holds for both. RESET is left out; it breaks off
    whatever is under way.
    """

    def __init__(self, clocking: str) -> None:
        super().__init__(clocking, open_chip(), s=3, lock_n=1, inverted=1)

    def arbiter(self, m: Module) -> HoldXt:
        """Tie arbiter and chip together, and assert what is true of the chip's states."""
        chip = self.chip
        m.submodules.hold = hold = HoldXt()
        settled(self, m, self.inverted, "inverted")
        self.cpu_keeps_its_word(m)
        m.d.comb += [
            Assume(~self.reset),
            hold.cpu_rise.eq(Mux(self.inverted, chip.clk_fall, chip.clk_rise)),
            hold.cpu_fall.eq(Mux(self.inverted, chip.clk_rise, chip.clk_fall)),
            hold.s.eq(self.s),
            hold.lock_n.eq(self.lock_n),
            hold.hrq.eq(chip.hrq),
            hold.dma_cs_n.eq(self.cs_n),
            hold.iow_n.eq(self.iow_n),
            Assume(self.hlda == hold.holda),
        ]
        state_invariants(self, m)
        grant_invariants(self, m)
        return hold


class XtHold(Arbitrated):
    """The rules of who drives."""

    def rules(self, m: Module) -> None:
        """Say who may drive."""
        chip, timing = self.chip, self.chip.timing
        hold = self.arbiter(m)
        (held,) = inside(hold, "held")
        processor_drives = ~hold.aen  # the enable of the processor's address latches, and of its bus controller
        granted = hold.holda & ~self.past(hold.holda, "holda")
        # Rising edges of the processor's CLK since HRQ is low.
        free = Signal(2)
        with m.If(chip.hrq):
            m.d.sync += free.eq(0)
        with m.Elif(hold.cpu_rise & (free != 3)):
            m.d.sync += free.eq(free + 1)
        m.d.comb += [
            # One driver at most, and neither in the clock before the DMA's come on.
            Assert(~(processor_drives & hold.dma_drives)),
            Assert(~(hold.dma_drives & ~self.past(hold.dma_drives, "drives")) | self.past(hold.aen, "aen")),
            # AEN, and the DMA's drivers, around every strobe.
            Assert(~strobe_low(self) | (hold.aen & hold.dma_drives)),
            # The processor has its drivers back one edge after HRQ has gone, and READY free after two; and it has had
            # both before it loses the bus again.
            Assert(chip.hrq | (free < 1) | ~hold.aen),
            Assert(chip.hrq | (free < 2) | ~hold.dma_wait),
            Assert(~granted | ~hold.aen),
            # Lemmas: AEN from the grant's sample on, and DMA WAIT from one state later.
            Assert(
                ~(timing.service.active | sampled_grant(self)) | hold.aen | (timing.service.state.s0 & self.inverted)
            ),
            Assert(~(timing.service.active & timing.service.was_active) | hold.dma_wait),
            Assert(
                ~(timing.service.active & self.second_half & ~self.inverted)
                | hold.dma_wait
                | (self.clocking == "state")
            ),
            Assert(~held | chip.hrq | (free < 1)),
            # AEN is low from the clock in which a request is latched to its grant.
            Assert(~(chip.hrq & ~hold.holda) | ~hold.aen),
            Assert(~(timing.service.state.requesting & ~chip.hrq & self.inverted) | ~hold.aen),
            Cover(strobe_low(self) & self.inverted),
            Cover(strobe_low(self) & ~self.inverted),
            Cover(~chip.hrq & hold.dma_wait & ~hold.aen),
            Cover(granted & self.past(self.started, "later") & (timing.service.state.s0 | timing.service.state.si)),
        ]

    def narrow(self, m: Module) -> None:
        """Assume also that the processor is passive and unlocked."""
        super().narrow(m)
        m.d.comb += Assume((self.s == 0b111) & self.lock_n)


def _build(clocking: str, narrowed: bool) -> XtHold:
    rules = XtHold(clocking)
    rules.narrowed = narrowed
    return rules


#: The arbiter's rules, in both clockings; with the clocks that the covers need.
XT_HOLD = tuple(
    Property(
        f"xt-hold-{clocking}",
        "On the XT processor and DMA never drive the address bus at once; AEN and the DMA's drivers are on around "
        "every strobe of the DMA; and after HRQ the processor has its drivers back within one rising edge of its CLK "
        "and is ready within two, each time before it loses the bus again.",
        partial(_build, clocking),
        3,
        "the lemmas make it inductive; the arbiter looks two of the processor's clocks back",
        cover_depth,
    )
    for clocking, cover_depth in zip(CLOCKINGS, (18, 34), strict=True)
)
