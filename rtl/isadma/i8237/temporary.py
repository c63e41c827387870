"""The temporary register: the byte on its way from memory to memory."""

# Ref: Intel 8237A data sheet, order no. 231466-005, pages 5 and 9 (memory-to-memory, temporary register), figure 12.
from amaranth import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from .service import Clocking, Service

__all__ = ["TemporaryRegister"]


class TemporaryRegister(wiring.Component):
    """Takes the byte as MEMR# rises, in the middle of S14; with a state per clock that is when S13 or SW ends."""

    #: When the byte is taken, and what clears it.
    clocking: In(Clocking())
    #: Whether it is the first half of memory-to-memory.
    service: In(Service())
    #: Pins DB0-7. Valid as MEMR# rises.
    db: In(8)
    #: The byte taken last, zero after clear. In every clock.
    byte: Out(8)

    def elaborate(self, platform):
        m = Module()
        clocking, s = self.clocking, self.service.state
        byte = Signal(8, reset_less=True)
        taken = self.service.source & clocking.clk_rise & Mux(clocking.clk_fall, s.s3 | s.sw, s.s4)
        with m.If(taken):
            m.d.sync += byte.eq(self.db)
        with m.If(clocking.clear):
            m.d.sync += byte.eq(0)
        m.d.comb += self.byte.eq(byte)
        return m
