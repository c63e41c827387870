"""Proofs about transfers: what each does to its channel's address and word count, and when it ends the process."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 4 to 9.
from amaranth.hdl import Assert, Cover, Module, Mux, Signal, Value

from isadma.i8237.regs import CHANNELS

from .environment import Environment
from .inside import inside
from .invariants import grant_invariants, mode_invariants, settled, state_invariants, walk_invariants
from .open_memories import OpenModes, WatchedRegisterFile, open_chip


class Watched(Environment):
    """A chip of which one channel, any but always the same, is watched."""

    def __init__(self, clocking: str) -> None:
        super().__init__(clocking, open_chip(), watched=2, anything=16)

    def rules(self, m: Module) -> None:
        """Name what a property speaks of, then state it."""
        registers, modes = self.chip.registers, self.chip.modes
        assert isinstance(registers, WatchedRegisterFile)
        assert isinstance(modes, OpenModes)
        self.file, self.modes = registers, modes
        self.cpu_keeps_its_word(m)
        state_invariants(self, m)
        grant_invariants(self, m)
        settled(self, m, self.watched, "watched")
        m.d.comb += [registers.watched.eq(self.watched), registers.anything.eq(self.anything)]
        timing = self.chip.timing
        #: The transfer now running is the watched channel's.
        self.ours = Signal()
        m.d.comb += self.ours.eq(
            timing.service.active & ((timing.service.channel | timing.service.destination) == self.watched)
        )
        walk_invariants(self, m)
        #: The watched channel's mode register.
        self.mode = Signal(6)
        with m.Switch(self.watched):
            for channel in range(CHANNELS):
                with m.Case(channel):
                    m.d.comb += self.mode.eq(modes.stored[channel])
        mode_invariants(self, m, self.mode, self.watched)
        self.promise(m)

    def promise(self, m: Module) -> None:
        """State the property."""
        raise NotImplementedError

    def channel_bit(self, value: Value) -> Value:
        """Return the watched channel's bit of a four-bit register."""
        return (value >> self.watched)[0]


class StepsExactlyOnce(Watched):
    """Each transfer steps its channel's address once and its word count once; a reload comes only after that."""

    def promise(self, m: Module) -> None:
        """Keep the values from before the transfer, and follow the words through it."""
        chip, timing, fetch = self.chip, self.chip.timing, self.chip.fetch
        s = timing.service.state
        file = self.file
        first = self.past(chip.clk_fall, "clk_fall") & (s.s1 | (s.s2 & ~timing.service.paged))
        kept_address, kept_count = Signal(16), Signal(16)
        address0, count0 = Signal(16), Signal(16)
        m.d.comb += [
            address0.eq(Mux(first, file.address, kept_address)),
            count0.eq(Mux(first, file.count, kept_count)),
        ]
        m.d.sync += [kept_address.eq(address0), kept_count.eq(count0)]
        decrement = self.mode[3]
        hold = timing.service.source & chip.program.control.command.address_hold
        stepped, counted = Signal(16), Signal(16)
        m.d.comb += [
            stepped.eq(Mux(hold, address0, Mux(decrement, address0 - 1, address0 + 1))),
            counted.eq(count0 - 1),
        ]
        shown_address, shown_count = fetch.address_shown, fetch.count_shown
        shown_base = ~shown_address & ~shown_count
        ended = self.past(self.ours & chip.clk_fall & s.s4 & ~chip.program.clear, "ended")
        reloads = self.past(timing.reload, "reload")
        m.d.comb += [
            # The promise.
            Assert(~ended | reloads | (file.address == self.past(stepped, "stepped"))),
            Assert(~ended | reloads | (file.count == self.past(counted, "counted"))),
            # Lemmas: which word shows, and what has been written so far.
            Assert(~(self.ours & shown_address) | (file.q == address0)),
            Assert(~(self.ours & shown_address) | (fetch.port.addend == Mux(hold, 0, Mux(decrement, 0xFFFF, 1)))),
            Assert(~(self.ours & shown_address) | (file.address == address0) | (file.address == stepped)),
            Assert(~(self.ours & shown_address) | (file.count == count0)),
            Assert(~(self.ours & shown_count) | (file.q == count0)),
            Assert(~(self.ours & shown_count) | (file.address == stepped)),
            Assert(~(self.ours & shown_count) | (file.count == count0) | (file.count == counted)),
            Assert(~(self.ours & shown_base) | (file.count == counted) | timing.reload),
            Assert(~(self.ours & shown_base) | (file.address == stepped) | timing.reload),
            Cover(ended & ~reloads & (file.address == 1) & (file.count == 0xFFFF)),
            Cover(ended & ~reloads & (file.address == 0xFFFF) & (file.count == 0xFFFF)),
            Cover(ended & reloads),
        ]
        self.count_before = count0


class TerminalCount(StepsExactlyOnce):
    """A transfer ends the process exactly when its word count was 0000h, or EOP# was low on the edge that enters S2."""

    def __init__(self, clocking: str) -> None:
        super().__init__(clocking)
        (self.external_eop,) = inside(self.chip.timing, "external_eop")
        (self.next_zero,) = inside(self.chip.count, "next_zero")

    def promise(self, m: Module) -> None:
        """Compare what the end of a transfer does, and the EOP# pin, with the count from before the transfer."""
        super().promise(m)
        chip, timing = self.chip, self.chip.timing
        s = timing.service.state
        # EOP# as the edge saw it that entered S2; memory-to-memory's source has no terminal count.
        enters_s2 = s.s2 & self.past(chip.clk_fall, "clk_fall_then")
        kept_external, external = Signal(), Signal()
        m.d.comb += external.eq(Mux(enters_s2, self.past(~self.eop_n, "eop"), kept_external))
        m.d.sync += kept_external.eq(external)
        terminal = (self.count_before == 0) & ~timing.service.source
        ends = self.ours & chip.clk_fall & s.s4
        status = self.channel_bit(chip.requests.bits.status.terminal_count)
        was_ended = self.past(ends & (terminal | external) & ~chip.program.clear, "ends")
        long = s.sw | Mux(self.second_half, s.s2, s.s4)
        short = s.sw | Mux(self.second_half, s.s3, s.s4)
        pulse = Mux(timing.cycle.compressed, long, short)
        late = s.s3 | s.sw | s.s4
        base = ~chip.fetch.address_shown & ~chip.fetch.count_shown
        m.d.comb += [
            # The promise: the end of process, its status bit, and the pin.
            Assert(~ends | (timing.retire.end_of_process == (terminal | external))),
            Assert(~was_ended | status),
            Assert(~self.started | ~status | self.past(status, "status") | was_ended),
            Assert(~self.ours | (chip.eop_n.oe == (terminal & pulse))),
            Assert(timing.service.active | ~chip.eop_n.oe),
            # Lemmas: the registers that remember the count and EOP#.
            Assert(~(timing.service.active & ~s.s1) | (self.external_eop == external)),
            Assert(
                ~(self.ours & (late | (s.s2 & ~timing.service.paged))) | (chip.count.zero == (self.count_before == 0))
            ),
            Assert(~(self.ours & late & base & ~timing.reload) | (self.next_zero == (self.count_before == 1))),
            Cover(ends & terminal & ~external & timing.reload),
            Cover(ends & terminal & ~external & ~timing.reload & timing.service.destination),
            Cover(ends & external & ~terminal),
        ]
