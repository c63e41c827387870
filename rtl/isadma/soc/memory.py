"""The memory side of the Wishbone DMA: the 8237A's strobes turned into bus transfers, READY into their end."""

# Ref: OpenCores, WISHBONE revision B4, chapter 3 (classic cycles); Intel 8237A data sheet 231466-005, figures 11 to 13.

from amaranth import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .registers import PAGE_BITS
from .wishbone import Wishbone

__all__ = ["MemoryMaster"]

#: Bits of a byte address that choose the lane.
LANE_BITS = 2


class MemoryMaster(wiring.Component):
    """A Wishbone master that takes the bus first, and then lets the chip have it.

    On HRQ it makes one empty transfer, a read of no lane, and HLDA follows its end. So the chip never waits for a bus
    that a program holds while it waits for the chip. ``cyc`` stays high until HRQ falls.
    """

    def __init__(self):
        super().__init__(
            {
                #: The bus.
                "bus": Out(Wishbone(32 - LANE_BITS)),
                #: HRQ of the chip, high.
                "hrq": In(1),
                #: HLDA to the chip, high: from the end of the empty transfer until HRQ falls, in the same clock.
                "hlda": Out(1),
                #: High: an access to the chip is under way, so no HLDA yet.
                "accessing": In(1),
                #: High from the end of the empty transfer on.
                "owner": Out(1),
                #: MEMR# of the chip, low: read a byte.
                "memr_n": In(1),
                #: MEMW# of the chip, low: write a byte.
                "memw_n": In(1),
                #: A31-A16 of the byte's address. Valid while a strobe is low.
                "page": In(PAGE_BITS),
                #: A15-A0 of the byte's address. Valid while a strobe is low.
                "address": In(16),
                #: The byte to write. Taken in the first clock with MEMW# low in which ``valid`` is high.
                "write_data": In(8),
                #: High: ``write_data`` is the byte.
                "valid": In(1),
                #: The byte read. From the clock in which READY rises until the next read.
                "read_data": Out(8),
                #: READY of the chip, high: from the clock after the transfer's end until the strobe has risen.
                "ready": Out(1),
                #: High for one clock when a transfer ends in err.
                "failed": Out(1),
            }
        )

    def elaborate(self, platform):
        m = Module()
        bus = self.bus
        ended = Signal()
        byte = Signal(8)
        lane = self.address[:LANE_BITS]
        m.d.comb += [
            ended.eq(bus.ack | bus.err),
            bus.adr.eq(Cat(self.address[LANE_BITS:], self.page)),
            bus.dat_w.eq(byte.replicate(4)),
            bus.we.eq(~self.memw_n & self.owner),
            self.failed.eq(bus.stb & bus.err & self.owner),
        ]
        with m.FSM(name="master"):
            with m.State("FREE"), m.If(self.hrq):
                m.next = "ACQUIRE"
            with m.State("ACQUIRE"):
                m.d.comb += [bus.cyc.eq(1), bus.stb.eq(1)]
                with m.If(ended):
                    m.next = "OWN"
            with m.State("OWN"):
                m.d.comb += [bus.cyc.eq(1), self.owner.eq(1)]
                with m.If(~self.hrq):
                    m.next = "FREE"

        granted = Signal()
        m.d.sync += granted.eq(self.owner & self.hrq & (granted | ~self.accessing))
        m.d.comb += self.hlda.eq(granted & self.hrq)

        # One transfer for each time that a strobe is low.
        with m.FSM(name="transfer"):
            with m.State("WAIT"):
                with m.If(self.owner & ~self.memr_n):
                    m.next = "TRANSFER"
                with m.If(self.owner & ~self.memw_n & self.valid):
                    m.d.sync += byte.eq(self.write_data)
                    m.next = "TRANSFER"
            with m.State("TRANSFER"):
                m.d.comb += [bus.stb.eq(1), bus.sel.eq(1 << lane)]
                with m.If(ended):
                    with m.If(~bus.we):
                        # What a failed read returns, as an empty bus does.
                        m.d.sync += self.read_data.eq(Mux(bus.err, 0xFF, bus.dat_r.word_select(lane, 8)))
                    m.next = "DONE"
            with m.State("DONE"):
                m.d.comb += self.ready.eq(1)
                with m.If(self.memr_n & self.memw_n):
                    m.next = "WAIT"
        return m
