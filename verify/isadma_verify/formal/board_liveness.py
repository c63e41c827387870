"""A proof that each board answers: a request that may be served gets the bus within a bound, from a fair processor."""

# Ref: docs/decisions/0001-the-clock-contract.md, "The AT board"; `isadma.pc.hold_xt`.
from functools import partial

from amaranth.hdl import Assert, Assume, Cover, Module, Signal, Value

from isadma.i8237 import I8237

from .at_rules import AtKeepsRules
from .bus import acknowledged
from .invariants import capped
from .runner import Property
from .xt_hold import Arbitrated

#: States for which the processor may keep the bus, or leave HLDA high after HOLD: a number that stands for any.
LATE = 2


class _Counts:
    """Counts the states in which a wish goes on."""

    def __init__(self, m: Module, clk_fall: Signal, most: int, name: str) -> None:
        self.m, self.clk_fall, self.most = m, clk_fall, most
        self.number = Signal(range(most + 2), name=name)

    def of(self, wish: Value) -> Signal:
        """Count while a wish is there, up to one more than the most."""
        with self.m.If(~wish):
            self.m.d.sync += self.number.eq(0)
        with self.m.Elif(self.clk_fall):
            self.m.d.sync += self.number.eq(capped(self.number, self.most + 1))
        return self.number


def _may_serve(chip: I8237, channels: slice) -> Value:
    """Return whether a channel of the chip asks and no register forbids it."""
    return chip.requests.wanted[channels].any() & ~chip.program.control.command.disable & ~chip.program.clear


class AtAnswers(AtKeepsRules):
    """
    The states in a row in which a request is there and the bus lies idle are never more than `bound`.

    Assumed beside what `AtKeepsRules` assumes: HLDA is never behind HOLD for `LATE` states or more, and no program
    asks for channel 4 in software, which would hold the bus for nobody.
    """

    #: Two chips' SI, requesting and S0, the processor's delay at either edge of HLDA, and the cascade's flip-flop.
    bound = 2 * LATE + 7

    def lemmas(self, m: Module) -> None:
        """Add the count to what ties the chips together."""
        super().lemmas(m)
        board, isa = self.board, self.board.isa
        one, two = board.chips
        open_ = ~two.requests.bits.masks[0] & ~two.program.control.command.disable & ~two.program.clear
        used = isa.aen | ~isa.dack_n.all() | ~self.master_n
        waiting = Signal()
        unequal = board.hrq != self.hlda
        m.d.comb += waiting.eq(
            ((_may_serve(one, slice(0, 4)) & open_) | _may_serve(two, slice(1, 4))) & ~used & ~self.reset
        )
        waited = _Counts(m, board.clk_fall, self.bound, "waited").of(waiting)
        behind = _Counts(m, board.clk_fall, LATE, "behind").of(unequal)
        m.d.comb += [
            Assume(behind < LATE),
            Assume(~two.requests.bits.requests[0]),
            Assert(waited <= self.bound, "nobody answers"),
            Cover(waited == self.bound - 3),
        ]


class XtAnswers(Arbitrated):
    """
    The states in a row in which a request is there and the bus lies idle are never more than `bound`.

    Assumed: for fewer than `LATE` states in a row the processor is busy, locked or writes to the chip while HRQ waits.
    """

    #: SI, the state after it, and the processor's delay in S0; HOLDA falls with HRQ at once.
    bound = LATE + 2

    def rules(self, m: Module) -> None:
        """Count."""
        chip = self.chip
        self.arbiter(m)
        used = chip.aen | acknowledged(self, m).any()
        busy = (self.s != 0b111) | ~self.lock_n | (~self.cs_n & ~self.iow_n)
        waiting = Signal()
        m.d.comb += waiting.eq(_may_serve(chip, slice(0, 4)) & ~used)
        waited = _Counts(m, chip.clk_fall, self.bound, "waited").of(waiting)
        self.fair(m, busy)
        m.d.comb += [
            Assert(waited <= self.bound, "nobody answers"),
            Cover(waited == self.bound),
        ]

    def fair(self, m: Module, busy: Value) -> None:
        """Assume that the processor lets go of the bus in time."""
        kept = _Counts(m, self.chip.clk_fall, LATE, "kept").of(self.chip.hrq & ~self.hlda & busy)
        m.d.comb += Assume(kept < LATE)

    def narrow(self, m: Module) -> None:
        """Assume also what no program needs to be otherwise."""
        super().narrow(m)
        m.d.comb += Assume(self.ready)


def _build(world: type[AtAnswers] | type[XtAnswers], narrowed: bool) -> AtAnswers | XtAnswers:
    answers = world("state")
    answers.narrowed = narrowed
    return answers


_SENTENCE = (
    "On the {} a request that may be served puts the bus to use within {} states of an idle bus, where the processor "
    "is never {} states or more behind HRQ."
)
_WHY = "an induction as long as the bound needs no lemma on how far each state has come"

#: The boards' answers, at one state a clock; with the clocks that the covers need.
BOARDS_ANSWER = (
    Property(
        "at-answers",
        _SENTENCE.format("AT", AtAnswers.bound, LATE),
        partial(_build, AtAnswers),
        AtAnswers.bound + 4,
        _WHY,
        22,
    ),
    Property(
        "xt-answers",
        _SENTENCE.format("XT", XtAnswers.bound, LATE),
        partial(_build, XtAnswers),
        XtAnswers.bound + 4,
        _WHY,
        20,
    ),
)
