"""The rules of the ISA bus as hardware: one component that watches a board, in simulation and in proofs."""

# Ref: IBM PC AT Technical Reference, "I/O Channel" (MASTER# at most 15 us, I/O CH RDY at most 2.5 us);
#      Intel 8237A data sheet 231466-005, figures 11 and 12.

from amaranth import Cat, Const, Module, Signal
from amaranth.lib import enum, wiring
from amaranth.lib.wiring import Out

from .isa import strobes
from .xt import PcXt

__all__ = ["BOARD_RULES", "WORLD_RULES", "IsaChecker", "Rule"]


class Rule(enum.IntEnum):
    """Bit of `IsaChecker.broken`. The board keeps the first ones, the processor and the cards the others."""

    ONE_DACK = 0
    """At most one channel is acknowledged."""
    BUS_TAKEN_WITHOUT_HLDA = 1
    """The board drives the address only when HLDA is or was just high."""
    STROBE_PAIR = 2
    """Of the DMA's strobes, at most one reads and one writes, and not both at I/O or both at memory."""
    UNSTEADY = 3
    """Address, SBHE# and DACK# stand still while one of the DMA's strobes stays low."""
    AEN = 4
    """AEN is high while the board drives the address of a DMA cycle, half a state earlier at most, on the PC/XT as long
    as HLDA is or was just high; TC only with AEN."""
    BOARD_AGAINST_MASTER = 5
    """The board drives neither address nor strobes while MASTER# is low."""
    HLDA_UNASKED = 6
    """HLDA rises only while HRQ is high, and falls only while it is low."""
    PROCESSOR_ON_LENT_BUS = 7
    """Nobody but a bus master moves an I/O strobe while HLDA is high."""
    MASTER_UNACKNOWLEDGED = 8
    """MASTER# falls only with a DACK#, and goes before it."""
    MASTER_TOO_LONG = 9
    """MASTER# is low for no longer than the limit."""
    NOT_READY_TOO_LONG = 10
    """IOCHRDY is low for no longer than the limit, while somebody's cycle waits for it."""


#: What a board promises; assumed by a proof about what stands around it.
BOARD_RULES = tuple(rule for rule in Rule if rule < Rule.HLDA_UNASKED)
#: What processor and cards promise; assumed by a proof about a board.
WORLD_RULES = tuple(rule for rule in Rule if rule >= Rule.HLDA_UNASKED)


class IsaChecker(wiring.Component):
    """Watches a board from outside; drives nothing.

    DACK is taken to be low when active, as command bit 7 has it after reset.

    Parameters
    ----------
    board : PcAt or PcXt
        The board; what is beside it in a design need not be told.
    master_limit, ready_limit : int or None
        How many states MASTER# and IOCHRDY may be low in a row; None does not count. At 4 MHz the AT's 15 us and
        2.5 us are 60 and 10.

    Raises
    ------
    ValueError
        When a limit is no positive number.
    """

    #: One bit for each `Rule`, high in a clock in which it is broken.
    broken: Out(len(Rule))

    def __init__(self, board, *, master_limit=None, ready_limit=None):
        for name, limit in (("master_limit", master_limit), ("ready_limit", ready_limit)):
            if limit is not None and (not isinstance(limit, int) or limit < 1):
                raise ValueError(f"{name} is {limit!r}: give a number of states from 1 on, or None")
        self._board = board
        self._master_limit, self._ready_limit = master_limit, ready_limit
        super().__init__()

    def elaborate(self, platform):
        m = Module()
        board, isa = self._board, self._board.isa
        lines = strobes(isa)
        ior, iow, memr, memw = low = [line.oe & ~line.o for line in lines]
        strobe = Cat(low).any()
        dack = ~isa.dack_n
        mastered = ~isa.master_n
        refresh = ~isa.refresh_n

        def before(value, *, init=0):
            past = Signal(len(value), init=init)
            m.d.sync += past.eq(value)
            return past

        # A board that drives is a state behind a processor that takes its HLDA back with HRQ: in the last S4 that is
        # no harm, the strobes are high.
        lent = Signal()
        # Where it takes it back in the very half, the chip drives half a state more, to the middle of its SI.
        late = Signal()
        with m.If(board.clk_fall):
            m.d.sync += lent.eq(board.hlda)
            m.d.sync += late.eq(lent)
        with m.If(board.clk_rise):
            m.d.sync += late.eq(0)
        granted = board.hlda | lent | late
        steady = Cat(isa.a.o, isa.sbhe_n.o, isa.dack_n)
        driven = Cat(isa.a.oe, isa.sbhe_n.oe, *(line.oe for line in lines))
        hlda, hrq = before(board.hlda), before(board.hrq)
        io_moved = (isa.ior_n.i != before(isa.ior_n.i, init=1)) | (isa.iow_n.i != before(isa.iow_n.i, init=1))
        aen_alone = isa.aen & (~granted if isinstance(board, PcXt) else ~isa.a.oe & board.clk_fall)
        broken = {
            Rule.ONE_DACK: (dack & (dack - 1).as_unsigned()[: len(dack)]).any(),
            Rule.BUS_TAKEN_WITHOUT_HLDA: isa.a.oe & ~granted,
            Rule.STROBE_PAIR: (ior & iow) | (memr & memw) | (ior & memr) | (iow & memw),
            Rule.UNSTEADY: (Cat(low) & before(Cat(low))).any() & (steady != before(steady)),
            Rule.AEN: (isa.a.oe & ~refresh & ~isa.aen) | aen_alone | (isa.tc & ~isa.aen),
            Rule.BOARD_AGAINST_MASTER: mastered & (driven.any() | isa.aen),
            Rule.HLDA_UNASKED: (board.hlda != hlda) & (board.hlda != board.hrq) & (board.hlda != hrq),
            Rule.PROCESSOR_ON_LENT_BUS: board.hlda & hlda & io_moved & ~mastered & ~isa.ior_n.oe,
            Rule.MASTER_UNACKNOWLEDGED: mastered & ~dack.any() & ~before(dack).any(),
            Rule.MASTER_TOO_LONG: self._too_long(m, mastered, self._master_limit),
            Rule.NOT_READY_TOO_LONG: self._too_long(m, ~isa.iochrdy & strobe, self._ready_limit),
        }
        m.d.comb += self.broken.eq(Cat(broken[rule] for rule in Rule))
        return m

    def _too_long(self, m, held, limit):
        if limit is None:
            return Const(0)
        states = Signal(range(limit + 1))
        with m.If(~held):
            m.d.sync += states.eq(0)
        with m.Elif(self._board.clk_fall & (states != limit)):
            m.d.sync += states.eq(states + 1)
        return held & (states == limit)
