"""The register side of the Wishbone DMA: bus cycles turned into the 8237A's own accesses, and the page registers."""

# Ref: Intel 8237A data sheet 231466-005, figures 9 and 10 (slave mode); docs/decisions/0001-the-clock-contract.md, "The
#      program side".

from amaranth import Module, Signal
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
    """Bit 0: a memory transfer ended in err. Cleared by writing 1."""


class RegisterSlave(wiring.Component):
    """One Wishbone slave for everything that a program sees.

    A register of the chip takes four clocks to write and six to read; it waits while ``busy``. Page registers and the
    error bit answer in the next clock, busy or not. A write without lane 0 changes nothing, and is acknowledged.
    """

    def __init__(self):
        super().__init__(
            {
                #: The bus. Addresses above `Register.ERROR` read as zero.
                "bus": In(Wishbone(ADDRESS_BITS)),
                #: High: the chip has the memory bus, and cannot be read or written.
                "busy": In(1),
                #: High: an access to the chip is under way, do not give it the bus.
                "accessing": Out(1),
                #: CS# of the chip, low from the clock before its strobe to the clock after it.
                "cs_n": Out(1, init=1),
                #: IOR# of the chip, low for three clocks.
                "ior_n": Out(1, init=1),
                #: IOW# of the chip, low for one clock.
                "iow_n": Out(1, init=1),
                #: A0-A3 of the chip, valid while CS# is low. Combinational in the bus's address.
                "a": Out(4),
                #: DB0-DB7 for the chip, valid while IOW# is low. Combinational in the bus's data.
                "db_w": Out(8),
                #: DB0-DB7 of the chip, taken at the end of the third clock of IOR#.
                "db_r": In(8),
                #: High: a memory transfer failed in this clock.
                "failed": In(1),
                #: The channel whose page is wanted.
                "channel": In(range(CHANNELS)),
                #: A31-A16 of that channel. Combinational in ``channel``.
                "page": Out(PAGE_BITS),
            }
        )

    def elaborate(self, platform):
        m = Module()
        bus = self.bus
        start = Signal()
        of_chip = Signal()
        m.d.comb += [
            of_chip.eq(bus.adr < Register.PAGE),
            self.a.eq(bus.adr[:4]),
            self.db_w.eq(bus.dat_w[:8]),
        ]
        m.d.sync += bus.ack.eq(0)
        with m.FSM(name="slave") as fsm:
            with m.State("IDLE"):
                # After an ack the master may still show the old access for this clock.
                m.d.comb += start.eq(bus.cyc & bus.stb & ~bus.ack)
                with m.If(start & of_chip & (~bus.we | bus.sel[0])), m.If(~self.busy):
                    m.next = "SETUP"
                with m.Elif(start):
                    m.d.sync += bus.ack.eq(1)
            with m.State("SETUP"):
                m.next = "STROBE"
            with m.State("STROBE"):
                m.d.comb += [self.iow_n.eq(~bus.we), self.ior_n.eq(bus.we)]
                with m.If(bus.we):
                    m.next = "HOLD"
                with m.Else():
                    m.next = "READ"
            with m.State("READ"):
                m.d.comb += self.ior_n.eq(0)
                m.next = "TAKE"
            with m.State("TAKE"):
                m.d.comb += self.ior_n.eq(0)
                m.d.sync += bus.dat_r.eq(self.db_r)
                m.next = "HOLD"
            with m.State("HOLD"):
                m.d.sync += bus.ack.eq(1)
                m.next = "IDLE"
        m.d.comb += [
            self.accessing.eq(~fsm.ongoing("IDLE")),
            self.cs_n.eq(fsm.ongoing("IDLE")),
        ]
        self._own_registers(m, start & ~of_chip)
        return m

    def _own_registers(self, m, start):
        bus = self.bus
        of_page = bus.adr[2:] == Register.PAGE >> 2
        m.submodules.pages = pages = Memory(shape=PAGE_BITS, depth=CHANNELS, init=[])
        write = pages.write_port()
        lookup = pages.read_port(domain="comb")
        read = pages.read_port(domain="comb")
        error = Signal()
        m.d.comb += [
            write.addr.eq(bus.adr[:2]),
            write.data.eq(bus.dat_w[:PAGE_BITS]),
            write.en.eq(start & bus.we & bus.sel[0] & of_page),
            read.addr.eq(bus.adr[:2]),
            lookup.addr.eq(self.channel),
            self.page.eq(lookup.data),
        ]
        with m.If(start):
            with m.If(of_page):
                m.d.sync += bus.dat_r.eq(read.data)
            with m.Elif(bus.adr == Register.ERROR):
                m.d.sync += bus.dat_r.eq(error)
                with m.If(bus.we & bus.sel[0] & bus.dat_w[0]):
                    m.d.sync += error.eq(0)
            with m.Else():
                m.d.sync += bus.dat_r.eq(0)
        with m.If(self.failed):
            m.d.sync += error.eq(1)
