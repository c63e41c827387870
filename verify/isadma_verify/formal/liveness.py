"""A proof that the chip answers: a request that may be served puts the bus to use within a bound, given a fair CPU."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 6.
from amaranth.hdl import Assert, Assume, Cover, Module, Mux, Signal

from .bus import acknowledged
from .environment import Environment
from .invariants import capped, grant_invariants, state_invariants

#: States that HLDA may be behind HRQ in either direction: a number that stands for any.
LATE = 3
#: SI, the state after it, S0, the rest of a state on either side of it, and LATE for either edge of HLDA.
BOUND = 2 * LATE + 5


class Answers(Environment):
    """The states in a row in which a request is there and the bus lies idle are never more than `BOUND`."""

    def rules(self, m: Module) -> None:
        """Count them; and count HLDA's, which is assumed to follow HRQ."""
        chip, timing = self.chip, self.chip.timing
        s = timing.service.state
        self.cpu_keeps_its_word(m)
        state_invariants(self, m)
        grant_invariants(self, m)
        waiting = Signal()
        used = chip.aen | acknowledged(self, m).any()
        disabled = chip.program.control.command.disable
        m.d.comb += waiting.eq(chip.requests.wanted.any() & ~disabled & ~used & ~chip.program.clear)
        waited, behind = Signal(range(BOUND + 3)), Signal(range(LATE + 3))
        was = Signal()
        unequal = chip.hrq != self.hlda
        with m.If(~waiting):
            m.d.sync += waited.eq(0)
        with m.Elif(chip.clk_fall):
            m.d.sync += waited.eq(capped(waited, BOUND + 2))
        with m.If(self.past(chip.hrq, "hrq_fair") != chip.hrq):
            m.d.sync += behind.eq(unequal & chip.clk_fall)
        with m.Elif(chip.clk_fall):
            m.d.sync += behind.eq(Mux(unequal, capped(behind, LATE + 2), 0))
        with m.If(chip.clk_fall):
            m.d.sync += was.eq(self.hlda)
        m.d.comb += [
            Assume(~unequal | (behind < LATE)),
            Assert(waited <= BOUND, "nobody answers"),
            # Lemmas: how long each state can have taken to come.
            Assert(~(s.si & waiting & self.hlda) | (waited <= behind + 1)),
            Assert(~(s.si & waiting) | (waited <= LATE + 1)),
            Assert(~(s.requesting & waiting) | (waited <= LATE + 2)),
            Assert(~(s.s0 & waiting & ~self.hlda) | (waited <= LATE + 3 + behind)),
            Assert(~(s.s0 & waiting & self.hlda & ~was) | (waited <= 2 * LATE + 3)),
            Assert(~(s.s0 & waiting) | (waited <= 2 * LATE + 4)),
            Assert(~(s.s0 & was) | self.hlda),
            Assert(~(s.s0 & was & self.second_half) | timing.granted),
            Cover(waited == LATE + 2),
            Cover(timing.service.active & (self.past(waited, "waited") == 2 * LATE)),
        ]

    def narrow(self, m: Module) -> None:
        """Assume also that READY is high and nobody reads."""
        super().narrow(m)
        m.d.comb += Assume(self.ready & self.ior_n)
