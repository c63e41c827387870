"""Proofs about the program side: a CPU write changes what it names, as it says, and nothing else."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 7 to 11.
from amaranth.hdl import Assert, Cat, Const, Cover, Module, Mux, Signal, Value

from isadma.i8237.regs import CHANNELS, REGISTER_BITS, CmosPort, ReadPort, WritePort

from .access import Access, grant_never_stale, legal_accesses
from .environment import Environment
from .inside import inside
from .invariants import grant_invariants, settled, state_invariants
from .open_memories import OpenModes, WatchedRegisterFile, open_chip

_ALL = (1 << CHANNELS) - 1


class Programming(Environment):
    """What the proofs of the program side start from."""

    def __init__(self, clocking: str, variant: str = "nmos", **free: int) -> None:
        super().__init__(clocking, open_chip(variant), **free)
        self.cmos = variant == "cmos"

    def accesses(self, m: Module) -> Access:
        """Assume a legal CPU and assert the lemmas."""
        (self.high_byte,) = inside(self.chip.program, "high_byte")
        self.cpu_keeps_its_word(m)
        state_invariants(self, m)
        grant_invariants(self, m)
        grant_never_stale(self, m)
        return legal_accesses(self, m)

    def follows(self, m: Module, name: str, value: Value, following: Value) -> None:
        """Assert that a register takes the value computed for it a clock before."""
        expected = Signal(len(value), name=f"expected_{name}")
        m.d.sync += expected.eq(following)
        m.d.comb += Assert(~self.started | (value == expected), f"{name} is not as written")


class WritesRegisters(Programming):
    """Each register of ports 8 to F is after every clock what the access that ended, or the transfer, makes of it."""

    def rules(self, m: Module) -> None:
        """Compute each register's next value from the data sheet's pages 8 to 10."""
        chip, db = self.chip, self.db
        done = self.accesses(m)
        retire = chip.timing.retire

        def to(port: WritePort) -> Value:
            return done.written & (self.a == port)

        command = chip.program.control.command.as_value()
        self.follows(m, "command", command, Mux(done.cleared, 0, Mux(to(WritePort.COMMAND), db, command)))

        bits = chip.requests.bits
        masks, requests, reached = bits.masks, bits.requests, bits.status.terminal_count
        named, ended = Signal(CHANNELS), Signal(CHANNELS)
        m.d.comb += [named.eq(1 << db[:2]), ended.eq(1 << retire.channel)]
        one = Mux(db[2], masks | named, masks & ~named)
        masked = Mux(
            to(WritePort.SINGLE_MASK),
            one,
            Mux(to(WritePort.CLEAR_MASK), 0, Mux(to(WritePort.ALL_MASK), db[:CHANNELS], masks)),
        )
        masked |= Mux(retire.mask, ended, 0)
        self.follows(m, "masks", masks, Mux(done.cleared, _ALL, masked))

        requested = Mux(to(WritePort.REQUEST), Mux(db[2], requests | named, requests & ~named), requests)
        requested &= ~(Mux(retire.end_of_process, ended, 0) | Mux(retire.both, 0b0011, 0))
        self.follows(m, "requests", requests, Mux(done.cleared, 0, requested))

        taken = done.read & (self.a == ReadPort.STATUS)
        kept = Mux(taken, 0, reached | Mux(retire.end_of_process, ended, 0))
        self.follows(m, "terminal_count", reached, Mux(done.cleared, 0, kept))

        toggled = self.high_byte ^ ((done.written | done.read) & ~self.a[3])
        stopped = done.cleared | to(WritePort.CLEAR_FLIP_FLOP)
        if self.cmos:
            toggled |= done.read & (self.a == CmosPort.SET_FLIP_FLOP)
            counter = chip.program.modes.channel
            first = done.cleared | (done.read & (self.a == CmosPort.CLEAR_MODE_COUNTER))
            listed = done.read & (self.a == CmosPort.MODE)
            self.follows(m, "mode_counter", counter, Mux(first, 0, (counter + listed)[:2]))
            m.d.comb += Cover(listed & (counter == 1))
        self.follows(m, "flip_flop", self.high_byte, Mux(stopped, 0, toggled))

        modes = chip.modes
        assert isinstance(modes, OpenModes)
        for channel, mode in enumerate(modes.stored):
            hit = to(WritePort.MODE) & (db[:2] == channel)
            self.follows(m, f"mode_{channel}", mode, Mux(hit, db[2:], mode))

        # The temporary register is memory-to-memory's; no write but Master Clear reaches it.
        temporary = chip.program.temporary
        was = self.past(temporary, "temporary")
        moved, cleared = self.past(chip.timing.service.source, "moved"), self.past(done.cleared, "was_cleared")
        m.d.comb += [
            Assert(~self.started | moved | cleared | (temporary == was)),
            Assert(~self.started | ~cleared | (temporary == 0)),
            Cover(to(WritePort.SINGLE_MASK) & (db[:3] == 0b011)),
            Cover(to(WritePort.COMMAND) & chip.hrq),
            Cover(to(WritePort.MASTER_CLEAR) & chip.hrq & (masks == 0)),
            Cover(taken & ~self.high_byte),
        ]


class WritesWords(Programming):
    """An address or word count byte is written to base and current of its channel, and to no other byte of any word."""

    def __init__(self, clocking: str) -> None:
        # The channel watched: any, but always the same. Words of others read as anything.
        super().__init__(clocking, watched=2, anything=REGISTER_BITS)

    def rules(self, m: Module) -> None:
        """Compare each byte of the channel's four words with the one before."""
        chip = self.chip
        file = chip.registers
        assert isinstance(file, WatchedRegisterFile)
        m.d.comb += [file.watched.eq(self.watched), file.anything.eq(self.anything)]
        settled(self, m, self.watched, "watched")
        done = self.accesses(m)
        # Stepping and reloading go on to the first clock after the chip has left the bus.
        own = chip.timing.service.active | self.past(chip.timing.service.active, "active")
        halves = Cat(~self.high_byte, self.high_byte)
        strobed = ~self.cs_n & ~self.iow_n
        for count, current, base in ((0, file.address, file.base_address), (1, file.count, file.base_count)):
            named = self.a == Cat(Const(count, 1), self.watched, Const(0, 1))
            what = "count" if count else "address"
            for i, half in enumerate(("low", "high")):
                ended, during = done.written & named & halves[i], strobed & named & halves[i]
                byte, base_byte = current.word_select(i, 8), base.word_select(i, 8)
                was = self.past(byte, f"{what}_{half}")
                base_was = self.past(base_byte, f"base_{what}_{half}")
                by_chip, by_cpu = self.past(own, f"own_{what}_{half}"), self.past(ended, f"ended_{what}_{half}")
                strobe = self.past(during, f"during_{what}_{half}")
                data = self.past(self.db, f"data_{what}_{half}")
                m.d.comb += [
                    Assert(~self.started | by_chip | by_cpu | (byte == was), f"current {what}, {half} byte, moved"),
                    Assert(~self.started | ~by_cpu | (byte == data), f"current {what}, {half} byte, not written"),
                    # The base byte may change while its strobe is low; nobody can read it before the end.
                    Assert(~self.started | strobe | by_cpu | (base_byte == base_was), f"base {what}, {half}, moved"),
                    Assert(~self.started | ~by_cpu | (base_byte == data), f"base {what}, {half}, not written"),
                    Cover(by_cpu & (self.watched == 2 + i) & (data == 0xA5)),
                ]
        m.d.comb += [
            Assert(~done.written | ~own),
            Cover(done.written & chip.hrq & (self.a == 7) & self.high_byte & (self.watched == 3)),
        ]
