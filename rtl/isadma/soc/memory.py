"""The memory side of the Wishbone DMA: the 8237A's strobes turned into bus transfers, READY into their end."""

# Ref: OpenCores, WISHBONE revision B4, chapter 3 (classic cycles); Intel 8237A data sheet 231466-005, figures 11 to 13.

from amaranth import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .registers import PAGE_BITS
from .wishbone import Wishbone

__all__ = ["LANE_BITS", "MemoryMaster"]

#: Bits of a byte address that choose the lane.
LANE_BITS = 2


class MemoryMaster(wiring.Component):
    """A Wishbone master that takes the bus first, and then lets the chip have it.

    On HRQ it makes one empty transfer, a read of no lane, and HLDA follows its end. So the chip never waits for a bus
    that a program holds while it waits for the chip. ``cyc`` stays high until HRQ falls. It never gives a transfer up,
    and what it asks for stands still until ack or err, whatever the chip and the program do meanwhile: address, data,
    lane and direction are taken once and kept.
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
                #: A31-A16 of the byte's address. Taken in the clock in which a strobe falls.
                "page": In(PAGE_BITS),
                #: A15-A0 of the byte's address. Likewise.
                "address": In(16),
                #: The byte to write. Taken in the first clock with MEMW# low in which ``valid`` is high.
                "write_data": In(8),
                #: High: ``write_data`` is the byte.
                "valid": In(1),
                #: High: memory is not touched. A read gives FFh, a write is lost.
                "suppress": In(1),
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
        transferring = Signal()
        byte = Signal(8)
        lane = Signal(LANE_BITS)
        m.d.comb += [
            ended.eq(bus.ack | bus.err),
            bus.dat_w.eq(byte.replicate(4)),
            self.failed.eq(transferring & bus.err),
        ]
        with m.FSM(name="master"):
            with m.State("FREE"), m.If(self.hrq):
                m.next = "ACQUIRE"
            with m.State("ACQUIRE"):
                m.d.comb += [bus.cyc.eq(1), bus.stb.eq(1)]
                with m.If(ended):
                    m.next = "OWN"
            with m.State("OWN"):
                m.d.comb += [bus.cyc.eq(1), self.owner.eq(1), bus.stb.eq(transferring)]
                with m.If(~self.hrq & ~transferring):
                    m.next = "FREE"

        granted = Signal()
        m.d.sync += granted.eq(self.owner & self.hrq & (granted | ~self.accessing))
        m.d.comb += self.hlda.eq(granted & self.hrq)

        # One transfer for each time that a strobe is low.
        begins = Signal()
        with m.FSM(name="transfer"):
            with m.State("WAIT"):
                m.d.comb += begins.eq(self.owner & self.hrq & (~self.memr_n | (~self.memw_n & self.valid)))
                with m.If(begins & self.suppress):
                    m.d.sync += self.read_data.eq(0xFF)
                    m.next = "DONE"
                with m.Elif(begins):
                    m.d.sync += [
                        byte.eq(self.write_data),
                        lane.eq(self.address[:LANE_BITS]),
                        bus.adr.eq(Cat(self.address[LANE_BITS:], self.page)),
                        bus.sel.eq(1 << self.address[:LANE_BITS]),
                        bus.we.eq(~self.memw_n),
                    ]
                    m.next = "TRANSFER"
            with m.State("TRANSFER"):
                m.d.comb += transferring.eq(1)
                with m.If(ended):
                    # The empty transfer that takes the bus the next time is a read of no lane.
                    m.d.sync += [bus.sel.eq(0), bus.we.eq(0)]
                    with m.If(~bus.we):
                        # What a failed read returns, as an empty bus does.
                        m.d.sync += self.read_data.eq(Mux(bus.err, 0xFF, bus.dat_r.word_select(lane, 8)))
                    m.next = "DONE"
            with m.State("DONE"):
                m.d.comb += self.ready.eq(1)
                with m.If(self.memr_n & self.memw_n):
                    m.next = "WAIT"
        return m
