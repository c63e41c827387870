"""The Wishbone DMA's two sides against the rules of the bus; and that an access counts with its ACK, or not at all."""

# Ref: OpenCores, WISHBONE revision B4, chapter 3; docs/decisions/0001-the-clock-contract.md, "The program side".

from amaranth.hdl import Assert, Assume, Cover, Module, Signal

from isadma.soc.memory import LANE_BITS, MemoryMaster
from isadma.soc.registers import ADDRESS_BITS, PAGE_BITS, Register, RegisterSlave
from isadma.soc.wishbone import PipelinedMaster, PipelinedSlave

from .inside import inside
from .runner import Property
from .wishbone_free import FROM_MASTER, FROM_SLAVE, FreePart
from .wishbone_rules import WishboneRules

#: Clocks after which a master may lose patience, in the covers.
GIVEN_UP_AFTER = range(1, 10)


class SlaveKeepsRules(FreePart):
    """The registers' side on a free master, which may give up any access at any time."""

    _OWN = {"busy": 1, "db_r": 8, "failed": 1}  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__({**FROM_MASTER, "adr": ADDRESS_BITS, **self._OWN, "which": 2})

    def rules(self, m: Module) -> None:
        """Compare with what an access does that counts in the clock of its ACK."""
        m.submodules.slave = slave = RegisterSlave()
        m.submodules.bus = rules = WishboneRules(ADDRESS_BITS, role="slave")
        bus = slave.bus
        rules.watch(m, bus)
        self.drive(m, bus, {**FROM_MASTER, "adr": ADDRESS_BITS})
        self.drive(m, slave, self._OWN)
        # One channel stands for all four: any, but always the same.
        which, started = self.past(m, self.which, "which"), self.past(m, Signal(init=1), "started")
        m.d.comb += [
            Assume(~started | (self.which == which)),
            slave.channel.eq(self.which),
            slave.serving.eq(self.which),
        ]
        counts = Signal()
        m.d.comb += counts.eq(bus.ack & bus.sel[0])
        page, error = Signal(PAGE_BITS), Signal()
        with m.If(counts & bus.we & (bus.adr == Register.PAGE + self.which)):
            m.d.sync += page.eq(bus.dat_w)
        with m.If(slave.failed):
            m.d.sync += error.eq(1)
        with m.Elif(counts & bus.we & (bus.adr == Register.ERROR) & (bus.dat_w >> self.which)[0]):
            m.d.sync += error.eq(0)
        m.d.comb += [Assert(slave.page == page), Assert(slave.stopped == error)]
        self._chip(m, slave, counts)
        self._covers(m, bus, rules)

    def _chip(self, m: Module, slave: RegisterSlave, counts: Signal) -> None:
        # As the chip does it: a strobe that was low with CS# counts in the first clock in which it is high again.
        bus = slave.bus
        of_chip = counts & (bus.adr < Register.PAGE)
        wrote = self.past(m, ~(slave.cs_n | slave.iow_n), "iow") & slave.iow_n
        read = self.past(m, ~(slave.cs_n | slave.ior_n), "ior") & slave.ior_n
        port, byte = self.past(m, slave.a, "a"), self.past(m, slave.db_w, "db_w")
        was_selected = self.past(m, ~slave.cs_n, "selected")
        # A write is owed from its ACK until the chip has it.
        owed = Signal()
        owed_port, owed_byte, age = Signal(4), Signal(8), Signal(2)
        with m.If(of_chip & bus.we):
            m.d.sync += [owed.eq(1), owed_port.eq(bus.adr), owed_byte.eq(bus.dat_w), age.eq(0)]
        with m.Elif(wrote):
            m.d.sync += owed.eq(0)
        with m.Elif(owed):
            m.d.sync += age.eq(age + 1)
        m.d.comb += [
            Assert(slave.iow_n | owed),
            Assert(~wrote | (owed & (slave.a == owed_port) & (slave.db_w == owed_byte) & ~slave.cs_n)),
            Assert(~owed | (age < 3)),
            Assert(~(owed & bus.ack)),
            # A read counts with its ACK, no sooner and not without.
            Assert(read == self.past(m, of_chip & ~bus.we, "read_acknowledged")),
            Assert(slave.ior_n | slave.iow_n),
            # The chip's own rules: address and data stand from a clock before a strobe to the clock after it.
            Assert(
                (slave.cs_n & ~was_selected)
                | (slave.ior_n & slave.iow_n & slave.cs_n)
                | (slave.a == port)
                | (slave.ior_n & slave.iow_n & ~was_selected)
            ),
            Assert(slave.iow_n | (was_selected & (slave.db_w == byte))),
            Assert(slave.cs_n | slave.accessing),
        ]

    def _covers(self, m: Module, bus: object, rules: WishboneRules) -> None:
        waited = self.past(m, rules.asking, "asking")
        lost = Signal(4)
        with m.If(rules.given_up):
            m.d.sync += lost.eq(waited)
        with m.Elif(rules.ack):
            m.d.sync += lost.eq(0)
        m.d.comb += [
            *(Cover(rules.ack & (lost == clocks) & rules.we) for clocks in GIVEN_UP_AFTER),
            Cover(rules.ack & (lost == 5) & ~rules.we & (rules.adr == 0)),
            Cover(rules.ack & (rules.adr == Register.ERROR) & rules.we & (lost == 1)),
        ]


class MasterKeepsRules(FreePart):
    """The memory's side with a free chip, free page registers and a free slave."""

    _OWN = {  # noqa: RUF012
        "hrq": 1,
        "accessing": 1,
        "memr_n": 1,
        "memw_n": 1,
        "page": PAGE_BITS,
        "address": 16,
        "write_data": 8,
        "valid": 1,
        "suppress": 1,
    }

    def __init__(self) -> None:
        super().__init__({**FROM_SLAVE, **self._OWN})

    def rules(self, m: Module) -> None:
        """Assume a slave by the rules, and nothing else."""
        m.submodules.master = master = MemoryMaster()
        m.submodules.bus = rules = WishboneRules(32 - LANE_BITS, role="master", patient=True)
        bus = master.bus
        rules.watch(m, bus)
        self.drive(m, bus, FROM_SLAVE)
        self.drive(m, master, self._OWN)
        was_page = self.past(m, self.page, "page")
        waiting = self.past(m, bus.stb & ~(bus.ack | bus.err), "waiting")
        m.d.comb += [
            Assert(~master.hlda | (master.owner & bus.cyc & self.hrq)),
            Assert(~(bus.we | bus.sel.any()) | (bus.stb & master.owner)),
            Assert(~master.ready | ~bus.stb | ~master.owner),
            Cover(bus.stb & bus.ack & bus.we & waiting & (was_page != self.page)),
            Cover(bus.stb & bus.err & ~bus.we & bus.sel.any()),
            Cover(bus.stb & bus.ack & ~bus.we & bus.sel[3] & waiting & (self.address[:2] == 0)),
            Cover(master.ready & ~self.memw_n & self.suppress & (master.read_data == 0xFF)),
            Cover(~self.hrq & bus.stb & master.owner),
        ]


class PipelinedMasterKeepsRules(FreePart):
    """A patient standard master made a pipelined one."""

    def __init__(self) -> None:
        super().__init__({**FROM_MASTER, "adr": ADDRESS_BITS, **FROM_SLAVE, "stall": 1})

    def rules(self, m: Module) -> None:
        """Assume the master before it and the slave behind it."""
        m.submodules.adapter = adapter = PipelinedMaster(ADDRESS_BITS)
        m.submodules.before = before = WishboneRules(ADDRESS_BITS, role="slave", patient=True)
        m.submodules.behind = behind = WishboneRules(ADDRESS_BITS, role="master", pipelined=True)
        self.drive(m, adapter.standard, {**FROM_MASTER, "adr": ADDRESS_BITS})
        self.drive(m, adapter.bus, {**FROM_SLAVE, "stall": 1})
        before.watch(m, adapter.standard)
        behind.watch(m, adapter.bus)
        (asked,) = inside(adapter, "asked")
        # One request at a time: what is asked for is what is open.
        m.d.comb += [
            Assert(behind.open == asked),
            Assert(~asked | adapter.standard.stb),
            Cover(adapter.standard.ack & (before.asking == 1)),
            Cover(adapter.standard.ack & (before.asking == 4) & self.past(m, adapter.bus.stb, "stb")),
            Cover(adapter.standard.err & (before.asking == 3) & ~adapter.bus.stb),
        ]


class PipelinedSlaveKeepsRules(FreePart):
    """A standard slave made a pipelined one."""

    def __init__(self) -> None:
        super().__init__({**FROM_MASTER, "adr": ADDRESS_BITS, **FROM_SLAVE})

    def rules(self, m: Module) -> None:
        """Assume the pipelined master before it and the standard slave behind it."""
        m.submodules.adapter = adapter = PipelinedSlave(ADDRESS_BITS)
        m.submodules.before = before = WishboneRules(ADDRESS_BITS, role="slave", pipelined=True)
        m.submodules.behind = behind = WishboneRules(ADDRESS_BITS, role="neither")
        self.drive(m, adapter.bus, {**FROM_MASTER, "adr": ADDRESS_BITS})
        self.drive(m, adapter.standard, FROM_SLAVE)
        before.watch(m, adapter.bus)
        behind.watch(m, adapter.standard)
        m.d.comb += [
            Assert(~(adapter.bus.ack | adapter.bus.err) | ~adapter.bus.stall),
            Cover(adapter.bus.ack & (before.asking == 3)),
            Cover(adapter.bus.ack & self.past(m, adapter.bus.ack, "ack")),
        ]


#: Both sides of the Wishbone DMA, and what makes them pipelined.
WISHBONE: tuple[Property, ...] = (
    Property(
        "wishbone-slave",
        "The Wishbone registers answer as a slave has to, and an access is done exactly when it is acknowledged: one "
        "that the master gives up leaves pages, error bits and chip as they are, and the next one works.",
        lambda _: SlaveKeepsRules(),
        10,
        "a read of the chip takes eight clocks from its first to the one in which it counts",
        24,
    ),
    Property(
        "wishbone-master",
        "The Wishbone master keeps address, data, lane and direction still until ACK or ERR and never gives a transfer "
        "up, whatever chip and page registers do meanwhile.",
        lambda _: MasterKeepsRules(),
        4,
        "a transfer looks one clock back, and the bus is taken a clock before it",
        14,
    ),
    Property(
        "wishbone-pipelined-master",
        "A standard master behind the adapter is a pipelined master with one request at a time.",
        lambda _: PipelinedMasterKeepsRules(),
        3,
        "the adapter keeps one bit, and the rules look a clock back",
        10,
    ),
    Property(
        "wishbone-pipelined-slave",
        "A standard slave behind the adapter is a pipelined slave that stalls until its answer.",
        lambda _: PipelinedSlaveKeepsRules(),
        3,
        "the adapter keeps nothing, and the rules look a clock back",
        10,
    ),
)
