"""CRC-16 of a byte a clock."""

# Ref: CRC-16/IBM-3740: polynomial x^16 + x^12 + x^5 + 1, start FFFFh, most significant bit first.

from amaranth import Cat, Const, Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .bridge_codes import CRC_INIT

__all__ = ["Crc16"]


class Crc16(wiring.Component):
    """The remainder of the bytes taken since ``start``; zero once the two bytes of a right CRC were taken too."""

    #: High: begin anew at the end of this clock; ``take`` is not looked at.
    start: In(1)
    #: High: take ``data`` at the end of this clock.
    take: In(1)
    #: The byte to take, valid with ``take``; most significant bit first.
    data: In(8)
    #: The remainder of what was taken before this clock; bits 15-8 are the next byte to send.
    crc: Out(16, init=CRC_INIT)

    def elaborate(self, platform):
        m = Module()
        # Eight steps of the shift register at once; the polynomial's taps are 12 and 5 above the lowest.
        mixed = Signal(8)
        folded = Signal(8)
        m.d.comb += [
            mixed.eq(self.crc[8:] ^ self.data),
            folded.eq(mixed ^ mixed[4:]),
        ]
        after = Cat(Const(0, 8), self.crc[:8]) ^ (folded << 12) ^ (folded << 5) ^ folded
        with m.If(self.start):
            m.d.sync += self.crc.eq(CRC_INIT)
        with m.Elif(self.take):
            m.d.sync += self.crc.eq(after)
        return m
