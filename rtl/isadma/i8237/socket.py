"""The 8237A as a part in its DIP-40 socket: a CLK pin, asynchronous inputs, registered pads."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 13 to 15 (AC characteristics), figures 11 to 15.
from math import ceil

from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.cdc import FFSynchronizer
from amaranth.lib.wiring import In

from .bus import ChipPins
from .controller import I8237

__all__ = ["Socket"]

#: Fewest flip-flops between a pin and the chip.
_FEWEST_STAGES = 2
#: More would be delay and no more safety, and most likely a slip.
_MOST_STAGES = 8
#: TAHS in microseconds, DB after ADSTB falls, and what pads and level shifters may differ by.
_HOLD = 0.030 + 0.010
#: Slowest and fastest fabric clocks in MHz. At 16 CLK's 68 ns low hold one fabric clock.
_SLOWEST, _FASTEST = 16, 250


class Socket(wiring.Component):
    """All pins of the part, and nothing else; the fabric's clock is the domain ``sync`` and need not know CLK.

    All inputs go through `stages` flip-flops. Then each is as late as the data sheet asks, counted in fabric clocks
    from the one in which CLK is seen to have moved: DREQ and HLDA count a clock later (no set-up time), READY a clock
    before (its hold time is short). An access takes address, CS# and data from the last clock in which its strobe is
    seen low; a write reaches the chip after that, as one short strobe.

    All outputs and their enables leave through flip-flops, free of glitches, on the edges that the data sheet draws:
    `stages` + 2 fabric clocks after CLK rises at the latest, `stages` + 3 after it falls. DB is held after ADSTB, and a
    read strobe ends a clock after the write strobe beside it.

    CLK must be high and low for a fabric clock at least, and what that makes of it on pads. The 8237A-5's delays need
    60 MHz: the guide has them measured, line by line.

    Pin 5 (tie high) is not here.

    Parameters
    ----------
    stages : int
        Flip-flops in each input's synchronizer; 2 to 8.
    fabric_mhz : int
        The fabric's clock, rounded up; 16 to 250. DB is held for the clocks that 40 ns are then. Told too much, the bus
        is held for too long; told too little, the latch outside may lose A8-A15.
    **options
        Those of `I8237`.

    Raises
    ------
    ValueError
        With stages or a clock beyond these, or what `I8237` refuses.
    """

    def __init__(self, *, stages=_FEWEST_STAGES, fabric_mhz=100, **options):
        if not isinstance(stages, int) or stages < _FEWEST_STAGES:
            raise ValueError(f"stages={stages!r} is too few: an asynchronous input needs {_FEWEST_STAGES} flip-flops")
        if stages > _MOST_STAGES:
            raise ValueError(f"stages={stages} is too many: give {_FEWEST_STAGES} to {_MOST_STAGES} flip-flops")
        if not isinstance(fabric_mhz, int) or not _SLOWEST <= fabric_mhz <= _FASTEST:
            raise ValueError(f"fabric_mhz={fabric_mhz!r}: give whole MHz from {_SLOWEST} to {_FASTEST}")
        self._stages = stages
        self._held = ceil(_HOLD * fabric_mhz)
        self._chip = I8237(**options)
        super().__init__(
            {
                #: Pin CLK: the chip's clock, asynchronous to the fabric's. States change as it falls.
                "clk": In(1),
                **ChipPins().members,
            }
        )

    def elaborate(self, platform):
        m = Module()
        m.submodules.chip = self._chip
        self._see_the_clock(m)
        self._hear_the_service(m)
        self._hear_the_processor(m)
        self._drive_the_pads(m)
        return m

    def _synchronized(self, m, name, pin, *, init=0, later=0):
        # `later`: so many clocks longer on the way than the others.
        inner = Signal(Value.cast(pin).shape(), name=f"{name}_in", init=init)
        m.submodules[name] = FFSynchronizer(pin, inner, init=init, stages=self._stages + later)
        return inner

    def _see_the_clock(self, m):
        clk = self._synchronized(m, "clk", self.clk, init=1)
        was = Signal(init=1, reset_less=True)
        fell = Signal(reset_less=True)
        # A CLK that is low for one fabric clock rises as its fall gets here: then the rise waits.
        postponed = Signal(reset_less=True)
        rises = clk & ~was
        m.d.sync += [was.eq(clk), fell.eq(was & ~clk), postponed.eq(rises & fell)]
        m.d.comb += [self._chip.clk_rise.eq((rises & ~fell) | postponed), self._chip.clk_fall.eq(fell)]

    def _hear_the_service(self, m):
        chip = self._chip
        m.d.comb += [
            chip.reset.eq(self._synchronized(m, "reset", self.reset)),
            chip.dreq.eq(self._synchronized(m, "dreq", self.dreq)),
            chip.hlda.eq(self._synchronized(m, "hlda", self.hlda)),
            # TRH: READY may go 20 ns after CLK has fallen, so it is taken from before.
            chip.ready.eq(self._synchronized(m, "ready", self.ready, init=1, later=2)),
            chip.eop_n.i.eq(self._synchronized(m, "eop_n__i", self.eop_n.i, init=1, later=1)),
        ]

    def _hear_the_processor(self, m):
        chip = self._chip
        cs_n = self._synchronized(m, "cs_n", self.cs_n, init=1)
        ior_n = self._synchronized(m, "ior_n__i", self.ior_n.i, init=1)
        iow_n = self._synchronized(m, "iow_n__i", self.iow_n.i, init=1)
        a = self._synchronized(m, "a__i", self.a.i)
        db = self._synchronized(m, "db__i", self.db.i)

        # TAW, TCW, TDW: all is valid 130 ns before IOW# rises, and for 20 ns after. So the last clock in which IOW# is
        # low has it, and any before may have what was on the bus earlier.
        # A read's address may go with IOR# (TRA = 0): it stands from the second clock in which IOR# is low to the first
        # in which it is not, where the chip does what a read leaves behind.
        ior_was_n = Signal(init=1, reset_less=True)
        iow_was_n = Signal(init=1, reset_less=True)
        write = Signal(reset_less=True)
        ended = Signal()
        m.d.comb += ended.eq(iow_n & ~iow_was_n & ~self.iow_n.oe)
        m.d.sync += [ior_was_n.eq(ior_n | self.ior_n.oe), iow_was_n.eq(iow_n), write.eq(ended)]
        taken_cs_n = Signal(init=1, reset_less=True)
        taken_a = Signal.like(a, reset_less=True)
        taken_db = Signal.like(db, reset_less=True)
        with m.If(~(ended | write) & ior_was_n):
            m.d.sync += [taken_cs_n.eq(cs_n), taken_a.eq(a)]
        with m.If(~iow_n):
            m.d.sync += taken_db.eq(db)
        m.d.comb += [
            chip.cs_n.eq(taken_cs_n),
            chip.a.i.eq(taken_a),
            chip.iow_n.i.eq(~write),
            # What the chip itself drives is no access, though HLDA may be gone before it.
            chip.ior_n.i.eq(ior_n | self.ior_n.oe),
            # In memory-to-memory DB counts as MEMR# rises, as late as it can be had.
            chip.db.i.eq(Mux(self.memr_n.oe, db, taken_db)),
        ]

    def _drive_the_pads(self, m):
        chip = self._chip
        # TAHS: DB keeps A8-A15, and its drivers stay on, for so many clocks after ADSTB has fallen.
        adstb = Signal(self._held, reset_less=True)
        keep = Signal()
        m.d.sync += adstb.eq(Cat(chip.adstb, adstb))
        m.d.comb += keep.eq(~chip.adstb & adstb.any())
        # TWR: the write ends first, whatever the pads differ by.
        ends = {"memr_n__o": self.iow_n.o, "ior_n__o": self.memw_n.o}

        pins = ChipPins()
        for (path, member, inner), (_, _, outer) in zip(pins.flatten(chip), pins.flatten(self), strict=True):
            name = "__".join(path)
            if member.flow == In:
                continue
            if name == "eop_n__o":
                m.d.comb += outer.eq(Const(0))
                continue
            pad = Signal.like(Value.cast(inner), name=f"{name}_pad", init=member.init or 0, reset_less=True)
            with m.If(~keep if path[0] == "db" else Const(1)):
                m.d.sync += pad.eq(inner & (ends[name] | pad) if name in ends else inner)
            m.d.comb += outer.eq(pad)
