"""The Wishbone bus, as far as a DMA controller needs it: classic cycles, 32 data bits, byte lanes."""

# Ref: OpenCores, WISHBONE System-on-Chip Interconnection Architecture, revision B4, chapters 2 and 3.

from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

__all__ = ["LANES", "Wishbone"]

#: Byte lanes of the 32-bit bus.
LANES = 4


class Wishbone(wiring.Signature):
    """A classic Wishbone bus, from the master's side. Flip it for a slave.

    A cycle is ``cyc`` and ``stb`` high until ``ack`` or ``err``; little-endian: lane n is bits 8n to 8n + 7.

    Parameters
    ----------
    address_width : int
        Bits of the word address.
    """

    def __init__(self, address_width):
        if not isinstance(address_width, int) or address_width < 1:
            raise ValueError(f"address_width is {address_width!r}: a bus has at least one address bit")
        super().__init__(
            {
                #: Address of a 32-bit word. Valid with stb.
                "adr": Out(address_width),
                #: Data to the slave. Valid with stb and we.
                "dat_w": Out(32),
                #: Data to the master. Valid with ack.
                "dat_r": In(32),
                #: Byte lanes that take part, high.
                "sel": Out(LANES),
                #: Bus cycle, high; held from the first transfer of a service to its last, so that nobody comes in
                #: between.
                "cyc": Out(1),
                #: Transfer, high until ack or err.
                "stb": Out(1),
                #: Write, high.
                "we": Out(1),
                #: The transfer is done; ends it at the end of this clock.
                "ack": In(1),
                #: The transfer failed; ends it as ack does.
                "err": In(1),
            }
        )
