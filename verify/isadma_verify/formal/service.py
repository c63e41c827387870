"""Proofs about who is served: the mask, software requests, and rotating priority."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 6 to 9.
from amaranth.hdl import Assert, Assume, Cover, Module, Signal

from isadma.i8237.regs import CHANNELS, Command, WritePort

from .environment import Environment
from .invariants import capped, grant_invariants, settled, state_invariants
from .open_memories import open_chip


class MaskedNeedsRequest(Environment):
    """A service begins only for a channel whose DREQ is active and not masked, or whose request bit is on."""

    def rules(self, m: Module) -> None:
        """Look at the clock in which the request was latched: the last of an SI."""
        chip = self.chip
        timing, requests = chip.timing, chip.requests
        self.cpu_keeps_its_word(m)
        state_invariants(self, m)
        grant_invariants(self, m)
        polarity = chip.program.control.command.dreq_active_low.replicate(CHANNELS)
        dreq, hard = Signal(CHANNELS), Signal(CHANNELS)
        m.d.comb += [dreq.eq(self.dreq ^ polarity), hard.eq(dreq & ~requests.bits.masks)]
        begins = timing.service.state.requesting & ~self.past(timing.service.state.requesting, "requesting")
        was_hard, was_soft = self.past(hard, "hard"), self.past(requests.bits.requests, "soft")
        was_masked = self.past(requests.bits.masks, "masks")
        chosen = Signal(CHANNELS)
        m.d.comb += chosen.eq(1 << timing.service.channel)
        m.d.comb += [
            Assert(~self.started | ~begins | ((was_hard | was_soft) & chosen).any()),
            Assert(~self.started | ~begins | ~self.past(chip.program.control.command.disable, "disable")),
            Cover(begins & (was_masked & was_soft & chosen).any()),
            Cover(begins & (was_hard & ~was_soft & chosen).any() & (timing.service.channel == 3)),
        ]


class PassedByThree(Environment):
    """Under rotating priority a channel that keeps requesting is passed by at most three other services."""

    def __init__(self, clocking: str) -> None:
        # The channel that waits: any, but always the same.
        super().__init__(clocking, open_chip(), waiting=2)

    def rules(self, m: Module) -> None:
        """Count services of others while it waits."""
        chip, timing = self.chip, self.chip.timing
        self.cpu_keeps_its_word(m)
        state_invariants(self, m)
        grant_invariants(self, m)
        settled(self, m, self.waiting, "waiting")
        wants = Signal()
        m.d.comb += wants.eq((chip.requests.wanted >> self.waiting)[0] & chip.program.control.command.rotating)
        begins = timing.service.state.requesting & ~self.past(timing.service.state.requesting, "requesting")
        # The one clock in which `channel` has just been chosen counts against the wish of the clock before.
        wanted_then = self.past(wants, "wants")
        passed = Signal(range(CHANNELS + 2))
        served = Signal()
        m.d.comb += served.eq(begins & (timing.service.channel == self.waiting))
        with m.If(~wants | served | chip.program.clear):
            m.d.sync += passed.eq(0)
        with m.Elif(begins & wanted_then):
            m.d.sync += passed.eq(capped(passed, CHANNELS + 1))
        # How many channels come before it, given who was served last.
        ahead = Signal(2)
        m.d.comb += ahead.eq(self.waiting - timing.service.channel - 1)
        counting = Signal(range(CHANNELS + 3))
        m.d.comb += counting.eq(passed + (begins & wanted_then & ~served))
        m.d.comb += [
            Assert(passed <= CHANNELS - 1),
            Assert(~wants | served | (counting + ahead <= CHANNELS - 1)),
            Cover(wants & (passed == CHANNELS - 1)),
        ]

    def narrow(self, m: Module) -> None:
        """Assume a CPU that sets rotation and compressed timing and opens all masks, and devices that want a byte."""
        super().narrow(m)
        chip = self.chip
        told = Command.const({"rotating": 1, "compressed": 1}).as_value()
        command = (self.a == WritePort.COMMAND) & (self.db == told)
        m.d.comb += [
            Assume(self.iow_n | (self.a == WritePort.CLEAR_MASK) | command),
            Assume(self.ready & self.eop_n & self.ior_n & (self.waiting == CHANNELS - 1)),
            # DACK is low when active: each device requests until it is served.
            Assume(self.dreq == chip.dack),
            Assume(self.hlda == self.past(chip.hrq, "hrq")),
        ]
