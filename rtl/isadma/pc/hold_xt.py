"""The PC/XT's arbiter: out of the 8088's status lines and HRQ it makes HOLDA, AEN, and READY for both sides."""

# Ref: motherboard netlists of the IBM 5150 (U67, U82, U98, U101) and 5160 (U70, U73, U88, U90), reenigne/reenigne on
#      GitHub, 8088/circuit_5150.txt and circuit_5160.txt; Intel 8237A data sheet 231466-005, figure 13 (READY).

from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["BOARDS", "BusOwner", "HoldXt"]

#: The two boards: on the 5160 S2# is not looked at, so that a halted processor (S2# low alone) counts as passive too.
BOARDS = ("5150", "5160")
#: S0#, S1# and S2#, as the bits of `HoldXt.s`.
_S2 = 0b100


class BusOwner(wiring.Component):
    """HOLDA twice through a flip-flop: AEN of the slot, DMA WAIT, and which address drivers are on (U98, U88).

    The 8237's own AEN pin is not connected on these boards. Between the processor's drivers and the DMA's lies one
    clock of the processor with neither on, when the bus goes to the DMA; on the way back they change over at once.
    """

    #: The end of this fabric clock is the processor's CLK rising edge.
    cpu_rise: In(1)
    #: Clears both flip-flops, high.
    reset: In(1)
    #: Hold acknowledge, high.
    holda: In(1)
    #: AEN of the slot, high: from the clock after HOLDA came to the end of the clock in which it went. The processor's
    #: address latches and its bus controller are off.
    aen: Out(1)
    #: DMA WAIT, high: AEN one clock later. The processor is not ready.
    dma_wait: Out(1)
    #: Enable of the DMA's drivers of address and strobes, high: both of the two.
    dma_drives: Out(1)

    def elaborate(self, platform):
        m = Module()
        with m.If(self.cpu_rise):
            m.d.sync += [self.aen.eq(self.holda), self.dma_wait.eq(self.aen)]
        with m.If(self.reset):
            m.d.sync += [self.aen.eq(0), self.dma_wait.eq(0)]
        m.d.comb += self.dma_drives.eq(self.aen & self.dma_wait)
        return m


class HoldXt(wiring.Component):
    """The circuit between a maximum-mode 8088, which has no HLDA, and the 8237A.

    HOLDA rises on a falling edge of the processor's CLK, half a clock after a rising edge that found the processor
    passive, unlocked, and HRQ high; it falls with HRQ at once. With both clock enables tied to 1 the rising edge comes
    first, and HOLDA is a clock behind what it answers.

    Parameters
    ----------
    board : {"5150", "5160"}
        Whose netlist; they differ in S2#.
    holds_off : bool
        Whether the board waits while the processor writes to the 8237, as later boards do (U101, U90). The first
        boards give the bus away inside such a write.

    Raises
    ------
    ValueError
        There is no such board.
    """

    #: The end of this fabric clock is the processor's CLK rising edge.
    cpu_rise: In(1)
    #: The end of this fabric clock is the processor's CLK falling edge.
    cpu_fall: In(1)
    #: RESET, high: clears U98, with the next edge of the fabric's clock.
    reset: In(1)
    #: S0# (bit 0), S1# and S2# of the processor; all high is passive.
    s: In(3, init=0b111)
    #: LOCK# of the processor, low.
    lock_n: In(1, init=1)
    #: HRQ of the 8237, high.
    hrq: In(1)
    #: CS# of the 8237, low.
    dma_cs_n: In(1, init=1)
    #: IOR# as the 8237 sees it, low, whoever drives it.
    ior_n: In(1, init=1)
    #: IOW# as the 8237 sees it, low, whoever drives it.
    iow_n: In(1, init=1)
    #: MEMR#, low, whoever drives it.
    memr_n: In(1, init=1)
    #: DACK0#, low: a refresh, which gets no wait state.
    dack0_n: In(1, init=1)
    #: I/O CH RDY of the slot, high.
    iochrdy: In(1, init=1)
    #: HLDA of the 8237, high. Combinational in hrq.
    holda: Out(1)
    #: AEN BRD, high: see `BusOwner`. Changes with the processor's rising edge.
    aen: Out(1)
    #: DMA WAIT, high: AEN one clock of the processor later.
    dma_wait: Out(1)
    #: Enable of the DMA's drivers of address and strobes, high. Combinational in the two.
    dma_drives: Out(1)
    #: READY of the 8237, high: low for one wait state in each transfer but a refresh. Combinational in the strobes.
    dma_ready: Out(1)
    #: RDY/WAIT#, high: the 8284 makes the processor wait for a strobe of its own. Combinational in the strobes.
    cpu_wait: Out(1)

    def __init__(self, *, board="5150", holds_off=True):
        if board not in BOARDS:
            raise ValueError(f"board is {board!r}: choose one of {', '.join(BOARDS)}")
        self._looks_at = 0b111 if board == "5150" else 0b111 & ~_S2
        self._holds_off = holds_off
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        m.submodules.owner = owner = BusOwner()

        # The grant. U98 samples on the rising edge, U67 takes that on the falling one and holds itself until HRQ goes.
        free = Signal()
        sampled = Signal()
        held = Signal()
        busy = (~self.s & self._looks_at).any()
        writing = ~self.dma_cs_n & ~self.iow_n if self._holds_off else 0
        m.d.comb += free.eq(~busy & self.lock_n & self.hrq & ~writing & ~self.reset)
        with m.If(self.cpu_rise):
            m.d.sync += sampled.eq(free)
        with m.If(self.reset):
            m.d.sync += sampled.eq(0)
        with m.If(self.cpu_fall & Mux(self.cpu_rise, free, sampled)):
            m.d.sync += held.eq(1)
        with m.If(~self.hrq):
            m.d.sync += held.eq(0)
        m.d.comb += [
            self.holda.eq(held & self.hrq),
            owner.cpu_rise.eq(self.cpu_rise),
            owner.reset.eq(self.reset),
            owner.holda.eq(self.holda),
            self.aen.eq(owner.aen),
            self.dma_wait.eq(owner.dma_wait),
            self.dma_drives.eq(owner.dma_drives),
        ]

        # The wait state. A strobe sets U82 at once, U98 clears it with the next rising edge, and forgets with the one
        # after. The DMA's late IOW# falls too near to that edge to be seen at it, or refresh would wait for its own.
        late = Signal()
        strobe = Signal()
        before = Signal()
        waits = Signal()
        waited = Signal()
        with m.If(self.cpu_rise):
            m.d.sync += [late.eq(~self.iow_n), waited.eq(self.cpu_wait)]
        m.d.comb += [
            strobe.eq(~self.ior_n | Mux(self.aen, late & ~self.iow_n | self.dack0_n & ~self.memr_n, ~self.iow_n)),
            self.cpu_wait.eq(~self.iochrdy | ~waited & (waits | strobe & ~before)),
            self.dma_ready.eq(~self.cpu_wait & ~waited),
        ]
        m.d.sync += [before.eq(strobe), waits.eq(self.cpu_wait)]
        with m.If(self.reset):
            m.d.sync += waited.eq(0)
        return m
