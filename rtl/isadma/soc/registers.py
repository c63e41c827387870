"""The register side of the Wishbone DMA: bus cycles turned into the 8237A's own accesses, and the page registers."""

# Ref: Intel 8237A data sheet 231466-005, figures 9 and 10 (slave mode); docs/decisions/0001-the-clock-contract.md, "The
#      program side"; OpenCores, WISHBONE revision B4, chapter 3.

from amaranth import Cat, Module, Signal
from amaranth.lib import enum, wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from isadma.i8237.regs import CHANNELS

from .wishbone import Wishbone

__all__ = ["ADDRESS_BITS", "PAGE_BITS", "Register", "RegisterSlave"]

#: Word addresses of the slave: 32 registers.
ADDRESS_BITS = 5
#: A31-A16.
PAGE_BITS = 16


class Register(enum.IntEnum):
    """Word addresses of the slave; a program's byte address is four times as much."""

    CHIP = 0x00
    """The sixteen registers of the 8237A, in bits 7-0 of a word each."""
    PAGE = 0x10
    """The page registers of channels 0 to 3, A31-A16 in bits 15-0, write and read."""
    ERROR = 0x14
    """Bits 3-0: a memory transfer of that channel ended in err. Cleared by writing 1."""


class RegisterSlave(wiring.Component):
    """One Wishbone slave for everything that a program sees.

    What an access does, it does with its ack: one that the master gives up before has done nothing, and the next one
    is as if it had not been. So a write to the chip is acknowledged in its second clock and done in the three after it,
    for which the next access waits; a read of the chip is acknowledged in its sixth, when its side effects are sure.
    Both wait while ``busy``. Page registers and the error bits answer in the second clock, busy or not. An access
    without lane 0 changes nothing, reads as zero, and is acknowledged.
    """

    def __init__(self):
        super().__init__(
            {
                #: The bus. Addresses above `Register.ERROR` read as zero. ``ack`` is combinational in cyc and stb.
                "bus": In(Wishbone(ADDRESS_BITS)),
                #: High: the chip has the memory bus, and cannot be read or written.
                "busy": In(1),
                #: High: an access to the chip is under way, do not give it the bus.
                "accessing": Out(1),
                #: CS# of the chip, low from the clock before its strobe to the clock after it. High in the last clock
                #: of a strobe takes the read back.
                "cs_n": Out(1, init=1),
                #: IOR# of the chip, low for four clocks.
                "ior_n": Out(1, init=1),
                #: IOW# of the chip, low for one clock.
                "iow_n": Out(1, init=1),
                #: A0-A3 of the chip, valid while CS# is low.
                "a": Out(4),
                #: DB0-DB7 for the chip, valid while CS# is low.
                "db_w": Out(8),
                #: DB0-DB7 of the chip, taken at the end of the third clock of IOR#.
                "db_r": In(8),
                #: High: a memory transfer of ``serving`` failed in this clock.
                "failed": In(1),
                #: The channel in service.
                "serving": In(range(CHANNELS)),
                #: High: an earlier transfer of ``serving`` failed, and its error bit is still on.
                "stopped": Out(1),
                #: High: an error bit is on.
                "irq": Out(1),
                #: The channel whose page is wanted.
                "channel": In(range(CHANNELS)),
                #: A31-A16 of that channel. Combinational in ``channel``.
                "page": Out(PAGE_BITS),
            }
        )

    def elaborate(self, platform):
        m = Module()
        bus = self.bus
        asked = Signal()
        of_chip = Signal()
        with_lane = Signal()
        answers = Signal()
        m.d.comb += [
            asked.eq(bus.cyc & bus.stb),
            with_lane.eq(bus.sel[0]),
            of_chip.eq((bus.adr < Register.PAGE) & with_lane),
            bus.ack.eq(asked & answers),
        ]
        with m.FSM(name="slave") as fsm:
            with m.State("IDLE"), m.If(asked):
                m.d.sync += [self.a.eq(bus.adr[:4]), self.db_w.eq(bus.dat_w[:8])]
                with m.If(~of_chip):
                    m.next = "ANSWER"
                with m.Elif(~self.busy):
                    with m.If(bus.we):
                        m.next = "TAKE"
                    with m.Else():
                        m.next = "LOOK"
            # Pages and errors.
            with m.State("ANSWER"):
                m.d.comb += answers.eq(1)
                m.next = "IDLE"
            # A write is acknowledged, and then done.
            with m.State("TAKE"):
                m.d.comb += answers.eq(1)
                with m.If(asked):
                    m.next = "SETUP"
                with m.Else():
                    m.next = "IDLE"
            with m.State("SETUP"):
                m.next = "STROBE"
            with m.State("STROBE"):
                m.d.comb += self.iow_n.eq(0)
                m.next = "HOLD"
            # A read is done, but for its side effects, and then acknowledged.
            for state, then in (("LOOK", "READ1"), ("READ1", "READ2"), ("READ2", "READ3")):
                with m.State(state):
                    m.d.comb += self.ior_n.eq(state == "LOOK")
                    with m.If(asked):
                        m.next = then
                    with m.Else():
                        m.next = "IDLE" if state == "LOOK" else "CANCEL"
            with m.State("READ3"):
                m.d.comb += self.ior_n.eq(0)
                m.d.sync += bus.dat_r.eq(self.db_r)
                with m.If(asked):
                    m.next = "SHOW"
                with m.Else():
                    m.next = "CANCEL"
            with m.State("SHOW"):
                m.d.comb += [self.ior_n.eq(0), answers.eq(1)]
                with m.If(asked):
                    m.next = "HOLD"
                with m.Else():
                    m.next = "CANCEL"
            # The chip forgets a strobe whose CS# rises before it.
            with m.State("CANCEL"):
                m.d.comb += self.ior_n.eq(0)
                m.next = "IDLE"
            # The first clock with the strobe high again: the access counts.
            with m.State("HOLD"):
                m.next = "IDLE"
        m.d.comb += [
            self.accessing.eq(~(fsm.ongoing("IDLE") | fsm.ongoing("ANSWER"))),
            self.cs_n.eq(~self.accessing | fsm.ongoing("TAKE") | fsm.ongoing("CANCEL")),
        ]
        self._own_registers(m, asked & fsm.ongoing("IDLE") & ~of_chip, asked & fsm.ongoing("ANSWER") & with_lane)
        return m

    def _own_registers(self, m, look, done):
        bus = self.bus
        of_page = bus.adr[2:] == Register.PAGE >> 2
        of_error = bus.adr == Register.ERROR
        m.submodules.pages = pages = Memory(shape=PAGE_BITS, depth=CHANNELS, init=[])
        write = pages.write_port()
        lookup = pages.read_port(domain="comb")
        read = pages.read_port(domain="comb")
        errors = Signal(CHANNELS)
        clears = Signal(CHANNELS)
        fails = Signal(CHANNELS)
        m.d.comb += [
            write.addr.eq(bus.adr[:2]),
            write.data.eq(bus.dat_w[:PAGE_BITS]),
            write.en.eq(done & bus.we & of_page),
            read.addr.eq(bus.adr[:2]),
            lookup.addr.eq(self.channel),
            self.page.eq(lookup.data),
            fails.eq(Cat(self.failed & (self.serving == channel) for channel in range(CHANNELS))),
            self.stopped.eq((errors >> self.serving)[0]),
            self.irq.eq(errors.any()),
        ]
        with m.If(done & bus.we & of_error):
            m.d.comb += clears.eq(bus.dat_w[:CHANNELS])
        m.d.sync += errors.eq((errors & ~clears) | fails)
        with m.If(look):
            m.d.sync += bus.dat_r.eq(0)
            with m.If(of_page & bus.sel[0]):
                m.d.sync += bus.dat_r.eq(read.data)
            with m.Elif(of_error & bus.sel[0]):
                m.d.sync += bus.dat_r.eq(errors)
