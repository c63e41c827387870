"""Page registers: the AT's 74LS612, sixteen bytes, and the PC/XT's 74LS670, four times four bits."""

# Ref: IBM PC AT Technical Reference, system board; TI SN74LS612 data sheet; Interrupt List release 61, PORTS.A
#      0080-008F. IBM PC/XT Technical Reference, system board (U19, a 74LS670).

from amaranth import Cat, Module, Mux
from amaranth.lib import wiring
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from isadma.i8237.readport import read_registered

__all__ = ["AtPages", "PageSelect", "XtPages"]


class PageSelect(wiring.Component):
    """Which of the sixteen registers the DMA looks up: the AT's wiring, and no table. Combinational.

    Bit 3 says words, bit 2 that no channel but 0 (or 4, for refresh) is acknowledged, bits 1 and 0 that channel 2 or
    6, and channel 3 or 7, is not.
    """

    #: The channel of the controller that has the bus, or gets it next.
    channel: In(2)
    #: That controller is DMA 2.
    words: In(1)
    #: A refresh cycle instead.
    refresh: In(1)
    #: The register, 0 for port 80h.
    register: Out(4)

    def elaborate(self, platform):
        m = Module()
        as_wired = Cat(self.channel != 3, self.channel != 2, self.channel == 0, self.words)
        m.d.comb += self.register.eq(as_wired | self.refresh.replicate(4))
        return m


class AtPages(wiring.Component):
    """The sixteen registers, in memory. Nothing resets them, as on the board.

    One side at a time: ``dma`` says whether ``select`` or ``port`` addresses the registers.

    Attributes
    ----------
    registers : amaranth.lib.memory.Memory
        What holds them.
    """

    #: A0-A3 of the processor's port address.
    port: In(4)
    #: Store ``write_data`` at ``port`` at the end of this clock; high for as long as IOW# is low.
    write: In(1)
    #: D0-D7.
    write_data: In(8)
    #: The register that the DMA looks up.
    select: In(4)
    #: High while the DMA has the bus: from the processor's HLDA on, as long as an address is driven.
    dma: In(1)
    #: The content of the register that was addressed in the clock before.
    page: Out(8)

    def __init__(self):
        super().__init__()
        # Nobody looks at a register in the clock after one that wrote it, so what a collision reads does not matter.
        self.registers = Memory(shape=8, depth=16, init=[], attrs={"no_rw_check": True})

    def elaborate(self, platform):
        m = Module()
        m.submodules.registers = registers = self.registers
        write = registers.write_port()
        m.d.comb += [
            write.addr.eq(self.port),
            write.data.eq(self.write_data),
            write.en.eq(self.write),
            self.page.eq(read_registered(m, registers, Mux(self.dma, self.select, self.port))),
        ]
        return m


class XtPages(wiring.Component):
    """The PC/XT's four registers, which only the DMA can read.

    The wiring of the DACK lines gives channels 2 and 3 a register each, and channels 0 and 1 the one at 83h. So it
    does with no DACK: in the first S1 of a service and in memory-to-memory. The register at 80h never comes out.

    Attributes
    ----------
    registers : amaranth.lib.memory.Memory
        What holds them.
    """

    #: A0-A1 of the processor's port address.
    port: In(2)
    #: Store ``write_data`` at ``port`` at the end of this clock; high for as long as IOW# is low.
    write: In(1)
    #: D0-D3.
    write_data: In(4)
    #: Acknowledges of channels 2 and 3, low.
    dack_n: In(2)
    #: A19-A16. Combinational.
    page: Out(4)

    def __init__(self):
        super().__init__()
        self.registers = Memory(shape=4, depth=4, init=[])

    def elaborate(self, platform):
        m = Module()
        m.submodules.registers = registers = self.registers
        write = registers.write_port()
        read = registers.read_port(domain="comb")
        m.d.comb += [
            write.addr.eq(self.port),
            write.data.eq(self.write_data),
            write.en.eq(self.write),
            read.addr.eq(Cat(self.dack_n[1], self.dack_n[0])),
            self.page.eq(read.data),
        ]
        return m
