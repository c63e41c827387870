"""The ISA bus as a board sees it: one signature for the PC/XT and the PC/AT."""

# Ref: IBM PC AT Technical Reference, "I/O Channel"; Intel 8237A data sheet 231466-005, figure 11.

from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from isadma.i8237.bus import BiPin

__all__ = ["STROBES", "IsaBus", "strobes"]

#: The four strobes, all of them low when active.
STROBES = ("ior_n", "iow_n", "memr_n", "memw_n")


def strobes(pins):
    """Return the four strobes of a bus or of a chip, in the order of `STROBES`."""
    return pins.ior_n, pins.iow_n, pins.memr_n, pins.memw_n


class IsaBus(wiring.Signature):
    """The ISA bus, named from the board's side; timings are one state per clock of the clock contract.

    The processor's own cycles come in over the ``i`` halves: address on ``a``, the strobes ``ior_n`` and ``iow_n``,
    data on D0-D7. The DMA's cycles go out over the ``o`` halves, from S1 to S4 of a service; on the PC/XT from S2, with
    DACK, for its drivers come on a state later. A card that has taken
    the bus with ``master_n`` drives its cycles itself, and the board keeps all of its ``oe`` at 0 meanwhile.

    Parameters
    ----------
    address_width : int
        Bits of the address: 24 on the AT, 20 of them used on the PC/XT; 32 with EISA-class high pages.
    """

    def __init__(self, *, address_width=24):
        if address_width not in (24, 32):
            raise ValueError(f"address_width is {address_width!r}: an ISA address has 24 bits, or 32 with high pages")
        self.address_width = address_width
        super().__init__(
            {
                #: Address, high is 1. In: the port (A0-A15) of an I/O cycle of the processor. Out: memory address, S1
                #: to S4.
                "a": Out(BiPin(address_width, i_width=24)),
                #: System byte high enable, low: D8-D15 take part. Driven with the address, S1 to S4. Always 1 on the
                #: PC/XT.
                "sbhe_n": Out(BiPin(idle=1)),
                #: Data. The board drives it while the processor reads one of its registers (D0-D7), from the third
                #: clock of IOR# low on at the latest, and in the writing half of a memory-to-memory transfer. It
                #: floats whenever a device or memory drives it.
                "d": Out(BiPin(16)),
                #: I/O read strobe, low. Driven S1 to S4: low from S2 to the end of S3 (and SW) when a device gives
                #: data.
                "ior_n": Out(BiPin(idle=1)),
                #: I/O write strobe, low. Driven S1 to S4: low in S3 and SW (extended write: from S2) when a device
                #: takes data.
                "iow_n": Out(BiPin(idle=1)),
                #: Memory read strobe, low. Driven S1 to S4: low from S2 to the end of S3 (and SW) when memory gives
                #: data.
                "memr_n": Out(BiPin(idle=1)),
                #: Memory write strobe, low. Driven S1 to S4: low in S3 and SW (extended write: from S2) when memory
                #: takes data.
                "memw_n": Out(BiPin(idle=1)),
                #: Address enable, high from S1 to S4: the address is the DMA's, and no port may answer to it. Low for
                #: a bus master. On the PC/XT it is HLDA a state later, and so also high in the state after a service.
                "aen": Out(1),
                #: DMA requests, one bit a channel, high unless the controller's command bit 6 says low. Bit 4 is not
                #: on the bus.
                "drq": In(8),
                #: DMA acknowledges, one bit a channel, low unless the controller's command bit 7 says high. From S2
                #: of a service to its last S4; all through the service of a channel in cascade mode. Bit 4 is not on
                #: the bus, and always 1.
                "dack_n": Out(8, init=0xFF),
                #: Terminal count, high from S3 to the S4 of the last transfer (S2 when compressed); the channel is
                #: the one acknowledged.
                "tc": Out(1),
                #: I/O channel ready, low adds wait states (SW) to the DMA's cycle. Sampled at the end of S3 and of
                #: every SW.
                "iochrdy": In(1, init=1),
                #: Low: the card that holds a DACK# of a channel in cascade mode drives address, strobes and data
                #: itself.
                "master_n": In(1, init=1),
                #: Low: this memory read is a refresh cycle.
                "refresh_n": Out(1, init=1),
            }
        )
