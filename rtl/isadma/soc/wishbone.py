"""The Wishbone bus, as far as a DMA controller needs it: standard, pipelined or with bursts, 32 bits, byte lanes."""

# Ref: OpenCores, WISHBONE System-on-Chip Interconnection Architecture, revision B4, chapters 2 and 3 (standard and
#      pipelined cycles), 4 (registered feedback: tables of CTI and BTE) and 5 (from standard to pipelined).

from amaranth import Module, Signal
from amaranth.lib import enum, wiring
from amaranth.lib.wiring import In, Out

__all__ = ["LANES", "BurstType", "CycleType", "PipelinedMaster", "PipelinedSlave", "Wishbone"]

#: Byte lanes of the 32-bit bus.
LANES = 4


class CycleType(enum.IntEnum):
    """What CTI says of the transfer that comes after this one; the other codes are reserved."""

    CLASSIC = 0b000
    """Nothing."""
    CONSTANT = 0b001
    """The same address again."""
    INCREMENTING = 0b010
    """The next address, as `BurstType` says."""
    END = 0b111
    """None of this burst."""


class BurstType(enum.IntEnum):
    """What BTE says of an incrementing burst: how many words it goes round in, as a power of two."""

    LINEAR = 0b00
    WRAP_4 = 0b01
    WRAP_8 = 0b10
    WRAP_16 = 0b11


class Wishbone(wiring.Signature):
    """A Wishbone bus, from the master's side. Flip it for a slave.

    Little-endian: lane n is bits 8n to 8n + 7. In standard mode a cycle is ``cyc`` and ``stb`` high until ``ack`` or
    ``err``, which answer only while both are high: a cycle that the master gives up before is as if it had not been.
    In pipelined mode a transfer is asked for by a clock with ``stb`` high and ``stall`` low, and ``ack`` or ``err``
    comes in that clock or later, in order.

    There is no ``rty``. Without ``cti`` and ``bte`` each cycle is a classic one, which every slave has to know. With
    them the slave may also raise ``ack`` or ``err`` while ``stb`` is low; they count with ``stb`` only.

    Parameters
    ----------
    address_width : int
        Bits of the word address.
    pipelined : bool
        Pipelined mode, with a line ``stall``.
    bursts : bool
        Registered feedback, with ``cti`` and ``bte``: of standard mode only.

    Raises
    ------
    ValueError
        No address bit, or pipelined and bursts at once.
    """

    def __init__(self, address_width, *, pipelined=False, bursts=False):
        if not isinstance(address_width, int) or address_width < 1:
            raise ValueError(f"address_width is {address_width!r}: a bus has at least one address bit")
        if pipelined and bursts:
            raise ValueError("pipelined and bursts are both on: registered feedback is of standard mode, take one")
        members = {
            #: Address of a 32-bit word. Valid with stb.
            "adr": Out(address_width),
            #: Data to the slave. Valid with stb and we.
            "dat_w": Out(32),
            #: Data to the master. Valid with ack.
            "dat_r": In(32),
            #: Byte lanes that take part, high. Valid with stb.
            "sel": Out(LANES),
            #: Bus cycle, high; held from the first transfer of a service to its last, so that nobody comes in between.
            "cyc": Out(1),
            #: Transfer, high until ack or err; pipelined until the end of a clock with stall low.
            "stb": Out(1),
            #: Write, high. Valid with stb.
            "we": Out(1),
            #: The transfer is done; ends it at the end of this clock.
            "ack": In(1),
            #: The transfer failed; ends it as ack does.
            "err": In(1),
        }
        if pipelined:
            members |= {
                #: Pipelined: the slave does not take what is asked for in this clock.
                "stall": In(1),
            }
        if bursts:
            members |= {
                #: Cycle type: 000 classic, 010 incrementing burst, 111 end of burst. Valid with stb.
                "cti": Out(3),
                #: Type of an incrementing burst: 01 wraps at four words. Valid with stb.
                "bte": Out(2),
            }
        super().__init__(members)


class PipelinedMaster(wiring.Component):
    """A standard master on a pipelined bus: it asks once, and waits for the answer before it asks again.

    Parameters
    ----------
    address_width : int
        Bits of the word address.
    """

    def __init__(self, address_width):
        super().__init__(
            {
                #: The standard master.
                "standard": In(Wishbone(address_width)),
                #: The pipelined bus.
                "bus": Out(Wishbone(address_width, pipelined=True)),
            }
        )

    def elaborate(self, platform):
        m = Module()
        standard, bus = self.standard, self.bus
        asked = Signal()
        ended = Signal()
        m.d.comb += [
            bus.adr.eq(standard.adr),
            bus.dat_w.eq(standard.dat_w),
            bus.sel.eq(standard.sel),
            bus.we.eq(standard.we),
            bus.cyc.eq(standard.cyc),
            bus.stb.eq(standard.stb & ~asked),
            standard.dat_r.eq(bus.dat_r),
            standard.ack.eq(bus.ack),
            standard.err.eq(bus.err),
            ended.eq(bus.ack | bus.err),
        ]
        m.d.sync += asked.eq(standard.cyc & (asked | (bus.stb & ~bus.stall)) & ~ended)
        return m


class PipelinedSlave(wiring.Component):
    """A standard slave on a pipelined bus: it stalls until its answer.

    Parameters
    ----------
    address_width : int
        Bits of the word address.
    """

    def __init__(self, address_width):
        super().__init__(
            {
                #: The pipelined bus.
                "bus": In(Wishbone(address_width, pipelined=True)),
                #: The standard slave.
                "standard": Out(Wishbone(address_width)),
            }
        )

    def elaborate(self, platform):
        m = Module()
        standard, bus = self.standard, self.bus
        m.d.comb += [
            standard.adr.eq(bus.adr),
            standard.dat_w.eq(bus.dat_w),
            standard.sel.eq(bus.sel),
            standard.we.eq(bus.we),
            standard.cyc.eq(bus.cyc),
            standard.stb.eq(bus.stb),
            bus.dat_r.eq(standard.dat_r),
            bus.ack.eq(standard.ack),
            bus.err.eq(standard.err),
            bus.stall.eq(bus.cyc & ~(standard.ack | standard.err)),
        ]
        return m
