"""Proofs about the bus: one DACK, nothing without the bus, the HRQ and HLDA handshake, and giving the bus back."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 6.
from amaranth.hdl import Assert, Assume, Cover, Module, Mux, Signal

from isadma.i8237.regs import CHANNELS, ModeKind

from .environment import Environment
from .invariants import grant_invariants, ones, sampled_grant, state_invariants
from .open_memories import OpenModes, open_chip

#: SW states in a row that the bounded proof allows READY to cause.
WAITS = 3


def acknowledged(env: Environment, m: Module) -> Signal:
    """Return DACK after polarity, a bit for each channel."""
    active = Signal(CHANNELS, name="acknowledged")
    m.d.comb += active.eq(env.chip.dack ^ ~env.chip.program.control.command.dack_active_high.replicate(CHANNELS))
    return active


def strobe_low(env: Environment) -> Signal:
    """Return whether the chip holds any command line low."""
    chip = env.chip
    lines = (chip.ior_n, chip.iow_n, chip.memr_n, chip.memw_n)
    low = [line.oe & ~line.o for line in lines]
    return low[0] | low[1] | low[2] | low[3]


class OneDack(Environment):
    """At most one DACK is active, in either polarity."""

    def rules(self, m: Module) -> None:
        """Count the active ones."""
        active = acknowledged(self, m)
        m.d.comb += Assert(ones(active) <= 1)
        for channel in range(CHANNELS):
            m.d.comb += Cover(active[channel])
        m.d.comb += Cover(active[1] & self.chip.program.control.command.dack_active_high)


class NothingWithoutBus(Environment):
    """Nothing is driven before HRQ and HLDA were high together, and no strobe is low without both."""

    def rules(self, m: Module) -> None:
        """Remember the grant; it ends with HRQ."""
        chip = self.chip
        self.cpu_keeps_its_word(m)
        state_invariants(self, m)
        grant_invariants(self, m)
        active = acknowledged(self, m)
        # The grant: both were high in an earlier clock of this service.
        granted = Signal()
        shows = chip.aen | chip.adstb | chip.a.oe | chip.ior_n.oe | chip.memr_n.oe | chip.eop_n.oe | active.any()
        with m.If(chip.hrq & self.hlda):
            m.d.sync += granted.eq(1)
        with m.Elif(~chip.hrq & ~shows):
            m.d.sync += granted.eq(0)
        service, s = chip.timing.service, chip.timing.service.state
        m.d.comb += [
            Assert(~shows | granted),
            Assert(~strobe_low(self) | (chip.hrq & self.hlda)),
            Assert((chip.ior_n.oe == chip.a.oe) & (chip.iow_n.oe == chip.a.oe)),
            Assert((chip.memr_n.oe == chip.a.oe) & (chip.memw_n.oe == chip.a.oe)),
            Assert(~chip.a.oe | chip.aen),
            # Lemmas: what the states know of the grant.
            Assert(~(service.active | s.sc | (service.was_active & ~self.second_half)) | granted),
            Assert(~sampled_grant(self) | granted),
            Cover(strobe_low(self) & s.s3),
            Cover(chip.aen & active[2] & ~chip.hrq),
            Cover(active[0] & ~chip.aen),
        ]


class Handshake(Environment):
    """HRQ stays until HLDA has come, and does not rise again before HLDA has gone."""

    def rules(self, m: Module) -> None:
        """Look at HRQ's edges; RESET and Master Clear end everything at once."""
        chip = self.chip
        self.cpu_keeps_its_word(m)
        state_invariants(self, m)
        grant_invariants(self, m)
        hrq, hlda = self.past(chip.hrq, "hrq"), self.past(self.hlda, "hlda")
        clear = self.past(chip.program.clear, "clear")
        fell, rose = hrq & ~chip.hrq, ~hrq & chip.hrq
        seen = Signal()
        with m.If(chip.hrq & self.hlda):
            m.d.sync += seen.eq(1)
        with m.Elif(~chip.hrq):
            m.d.sync += seen.eq(0)
        again = Signal()
        with m.If(fell & seen):
            m.d.sync += again.eq(1)
        s = chip.timing.service.state
        m.d.comb += [
            Assert(~self.started | clear | ~fell | seen),
            Assert(~self.started | ~rose | ~hlda),
            # Lemmas: SI waits for HLDA to go, a request is latched only then, and S1 comes only after HLDA.
            Assert(~(s.requesting & ~(self.second_half)) | ~self.hlda),
            Assert(~(chip.timing.service.active | s.sc) | seen | ~chip.hrq),
            Assert(~sampled_grant(self) | seen),
            Cover(fell & ~clear),
            Cover(rose & again),
        ]


class SingleGivesBack(Environment):
    """In single mode HRQ falls at most four states after the grant, plus one for each SW."""

    def __init__(self, clocking: str) -> None:
        super().__init__(clocking, open_chip())

    def rules(self, m: Module) -> None:
        """Count the states since S1, and those in which READY adds one."""
        chip, timing = self.chip, self.chip.timing
        s = timing.service.state
        self.cpu_keeps_its_word(m)
        state_invariants(self, m)
        grant_invariants(self, m)
        modes = chip.modes
        assert isinstance(modes, OpenModes)
        kind = Signal(2)
        with m.Switch(timing.service.channel):
            for channel in range(CHANNELS):
                with m.Case(channel):
                    m.d.comb += kind.eq(modes.kind(channel))
        single = (kind == ModeKind.SINGLE.value) & ~timing.memory_to_memory
        states, waits = Signal(range(8 + WAITS)), Signal(range(2 + WAITS))
        with m.If(chip.clk_fall):
            m.d.sync += states.eq(Mux(timing.service.active, states + 1, 0))
            m.d.sync += waits.eq(Mux(timing.service.active, waits + s.sw, 0))
        with m.If(chip.program.clear):
            m.d.sync += [states.eq(0), waits.eq(0)]
        before_sw = Mux(timing.cycle.compressed, 2, 3)
        running = timing.service.active & single
        m.d.comb += [
            Assume(waits + s.sw <= WAITS),
            # The bound: HRQ is high in at most three states and the SWs, and the first half of S4.
            Assert(~(running & chip.hrq) | (states < 3 + waits + s.sw) | (s.s4 & ~self.second_half)),
            Assert(~(running & s.s4 & self.second_half) | ~chip.hrq),
            # Lemmas: the states before this one, and the mode that the chip sees.
            Assert(timing.service.active | timing.service.was_active | ((states == 0) & (waits == 0))),
            Assert(~(running & s.s1) | ((states == 0) & (waits == 0))),
            Assert(~(running & s.s2) | ((states == 1) & (waits == 0))),
            Assert(~(running & s.s3) | ((states == 2) & (waits == 0))),
            Assert(~(running & (s.sw | s.s4)) | (states == before_sw + waits)),
            Assert(~(running & s.s4) | timing.cycle.last),
            Assert(~running | (timing.modes.mode.kind.as_value() == kind)),
            Cover(running & s.s4 & ~chip.hrq & (waits == 0)),
            Cover(running & s.s4 & ~chip.hrq & (waits == 1)),
        ]
